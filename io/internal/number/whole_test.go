package number_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/internal/number"
)

func TestWhole(t *testing.T) {
	for word, want := range map[string]int{
		"0": 0, "7": 7, "-7": -7, "+7": 7, "-0": 0, "007": 7,
		fmt.Sprint(math.MaxInt): math.MaxInt, fmt.Sprint(-math.MaxInt): -math.MaxInt,
	} {
		got, ok := number.Whole([]byte(word))
		assert.True(t, ok, word)
		assert.Equal(t, want, got, word)
	}
	for _, word := range []string{"", "-", "+", "--1", "1-", "1.0", "1e3", "x", "/", ":", "9223372036854775808", "99999999999999999999"} {
		_, ok := number.Whole([]byte(word))
		assert.False(t, ok, word)
	}
	_, ok := number.Whole(nil)
	assert.False(t, ok)
}

func TestLoose(t *testing.T) {
	for _, word := range []string{"nan", "-NaN", "nan(ind)", "-inf", "Infinity", "1.#QNAN", "-1.#IND"} {
		v, ok := number.Loose([]byte(word))
		assert.True(t, ok, word)
		assert.True(t, math.IsNaN(float64(v)), word)
	}
	v, ok := number.Loose([]byte("-2.5"))
	assert.True(t, ok)
	assert.Equal(t, float32(-2.5), v)
	for _, word := range []string{"", "x", "1e39", "1..2"} {
		_, ok := number.Loose([]byte(word))
		assert.False(t, ok, word)
	}
}

package words_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"

	"setwise/internal/words"
)

func TestWhole(t *testing.T) {
	for word, want := range map[string]int{
		"0": 0, "7": 7, "-7": -7, "+7": 7, "-0": 0, "007": 7,
		fmt.Sprint(math.MaxInt): math.MaxInt, fmt.Sprint(-math.MaxInt): -math.MaxInt,
	} {
		got, ok := words.Whole([]byte(word))
		assert.True(t, ok, word)
		assert.Equal(t, want, got, word)
	}
	for _, word := range []string{"", "-", "+", "--1", "1-", "1.0", "1e3", "x", "/", ":", "9223372036854775808", "99999999999999999999"} {
		_, ok := words.Whole([]byte(word))
		assert.False(t, ok, word)
	}
	_, ok := words.Whole(nil)
	assert.False(t, ok)
}

func TestLoose(t *testing.T) {
	for _, word := range []string{"nan", "-NaN", "nan(ind)", "-inf", "Infinity", "1.#QNAN", "-1.#IND"} {
		v, ok := words.Loose([]byte(word))
		assert.True(t, ok, word)
		assert.True(t, math.IsNaN(float64(v)), word)
	}
	v, ok := words.Loose([]byte("-2.5"))
	assert.True(t, ok)
	assert.Equal(t, float32(-2.5), v)
	for _, word := range []string{"", "x", "1e39", "1..2"} {
		_, ok := words.Loose([]byte(word))
		assert.False(t, ok, word)
	}
}

func TestPlace(t *testing.T) {
	for _, c := range []struct {
		text             string
		place, direction string // an error or the numbers
	}{
		{"1 -2 3.5 4\n", "[1 -2 3.5]", "[1 -2 3.5]"},
		{"1 nan 3", `line 1: want a finite number within float32, got "nan"`, "[0 0 0]"},
		{"1 2 x", `line 1: want a finite number within float32, got "x"`, `line 1: want a number, got "x"`},
		{"\n1 2\n3", `line 2: the line ends early: want a finite number within float32`, `line 2: the line ends early: want a number`},
		{"1 2", `line 1: the file ends early: want a finite number within float32`, `line 1: the file ends early: want a number`},
		{"", `line 1: the file ends early: want a finite number within float32`, `line 1: the file ends early: want a number`},
	} {
		scanner := func() *words.Scanner {
			return words.NewScanner(iotest.OneByteReader(strings.NewReader(c.text)), 0, 0)
		}
		got := func(v any, err error) string {
			if err != nil {
				return err.Error()
			}
			return fmt.Sprint(v)
		}
		s := scanner()
		place, err := s.Place(s.Next())
		assert.Equal(t, c.place, got(place, err), "%q", c.text)
		s = scanner()
		direction, err := s.Direction(s.Next())
		assert.Equal(t, c.direction, got(direction, err), "%q", c.text)
	}
}

func TestAppendVector(t *testing.T) {
	v := [3]float32{0.1, -math.MaxFloat32, math.SmallestNonzeroFloat32}
	b := words.AppendVector([]byte("v"), v)
	assert.Equal(t, "v 0.1 -3.4028235e+38 1e-45", string(b))
	s := words.NewScanner(strings.NewReader(string(b[1:])), 0, 0)
	got, err := s.Direction(s.Next())
	assert.NoError(t, err)
	assert.Equal(t, v, got)
}

func TestAppendPlace(t *testing.T) {
	v := [3]float32{0.26, 10000.1, 381.036}
	b := words.AppendPlace([]byte("v"), v, [3]float64{694386, 0, 0})
	assert.Equal(t, "v 694386.26 10000.099609375 381.036", string(b), "float32 has no 10000.1")
	s := words.NewScanner(strings.NewReader(string(b[1:])), 0, 0)
	got, err := s.Place(s.Next())
	assert.NoError(t, err)
	assert.Equal(t, [3]float64{694386.26, float64(v[1]), float64(v[2])}, got)
}

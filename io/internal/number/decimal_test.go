package number

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/pointcloud"
)

func TestFloat32IsExact(t *testing.T) {
	check := func(word string) {
		t.Helper()
		want, err := strconv.ParseFloat(word, 32)
		got, ok := Float32([]byte(word))
		if ok != (err == nil) || ok && math.Float32bits(got) != math.Float32bits(float32(want)) {
			t.Errorf("%s: got %v, %v, want %v, %v", word, got, ok, float32(want), err)
		}
		place, ok := Coordinate([]byte(word))
		if ok != (err == nil) || ok && math.Float32bits(float32(place)) != math.Float32bits(got) {
			t.Errorf("%s: got %v, %v, want one next to %v, %v", word, place, ok, got, err)
		}
		if exact, _ := strconv.ParseFloat(word, 64); ok && math.Abs(float64(got)) >= pointcloud.Large && math.Abs(place-exact) > math.Abs(exact)*0x1p-52 {
			t.Errorf("%s: got %v, want %v or the next", word, place, exact)
		}
		if ok && math.Abs(float64(got)) < pointcloud.Large && place != float64(got) {
			t.Errorf("%s: got %v, want %v", word, place, got)
		}
	}
	for _, word := range []string{
		"0", "-0", "+0.0", "1", ".5", "5.", "-1.34230289E-014", "4.336809e-16", "1e22", "1e23", "1e-22", "1e-23",
		"16777217", "16777219", "16777217.0000001", "9007199254740992", "9007199254740993", "18446744073709551616",
		"3.4028234e38", "3.4028235677973366e38", "3.4028235677973365e38", "1e39", "-1e400", "1e-38", "1.17549435e-38", "1e-45", "7e-46", "7.1e-46", "1e-400",
		"0e999999999999", "1e-999999999999", "0.000000000000000000000000000000000000001e39",
		"100000000000000000000000000000000000000", "123456789012345678901234567890",
	} {
		check(word)
		check("-" + strings.TrimLeft(word, "+-"))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		v := math.Float32frombits(rng.Uint32())
		if v-v == 0 {
			check(strconv.FormatFloat(float64(v), 'g', -1, 32))
			check(strconv.FormatFloat(float64(v), 'e', rng.IntN(12), 32))
			// The point half way to the next float32, and near it.
			half := (float64(v) + float64(math.Nextafter32(v, 0))) / 2
			check(strconv.FormatFloat(half, 'g', -1, 64))
			check(strconv.FormatFloat(half, 'e', 17+rng.IntN(5), 64))
		}
		check(fmt.Sprintf("%d.%06d", rng.IntN(2000)-1000, rng.IntN(1_000_000)))
		check(fmt.Sprintf("%d.%03d", rng.IntN(10_000_000), rng.IntN(1000)))
	}
}

func TestFloat32Refuses(t *testing.T) {
	for _, word := range []string{"", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e-x", "1.5f", "1d5", "0x10", "nan", "inf", "--1", "1-", "1.2.3", "1,5", "1_000", "1e5.0"} {
		_, ok := Float32([]byte(word))
		assert.False(t, ok, word)
	}
}

// Package rgba makes colours of the numbers in text files. They go from 0 to 1
// in some files and from 0 to 255 in others, and no file says which.
package colors

import (
	"fmt"
	"image/color"
	"math"

	"setwise/internal/elementary"
)

// A List collects the colours of the elements of one file. The zero value has
// none.
type List struct {
	numbers [][4]float32
	largest float32
}

var (
	nan  = float32(math.NaN())
	none = [4]float32{nan, nan, nan, nan}
)

// Set gives element i, which is no less than any before, a colour of red,
// green and blue, and perhaps of alpha. One with a number that is not finite is
// no colour.
func (l *List) Set(i int, numbers []float32) {
	v := [4]float32{3: float32(math.Inf(1))}
	copy(v[:], numbers)
	for _, x := range numbers {
		if !elementary.Finite(x) {
			return
		}
	}
	for len(l.numbers) <= i {
		l.numbers = append(l.numbers, none)
	}
	l.numbers[i] = v
	for _, x := range numbers {
		l.largest = max(l.largest, x)
	}
}

// Colors returns the colours of n elements, or nil if none has one. An element
// without is zero, and zero, which is black and not seen, is none. Numbers of
// which one is 2 or more go from 0 to 255, others from 0 to 1; what is outside
// is taken to be at the end. A colour without alpha is opaque.
func (l *List) Colors(n int) []color.NRGBA {
	if l.numbers == nil {
		return nil
	}
	full := float32(1)
	if l.largest >= 2 {
		full = 255
	}
	part := func(x float32) uint8 { return uint8(float32(min(max(x/full, 0), 1)*255) + 0.5) }
	out := make([]color.NRGBA, n)
	some := false
	for i, v := range l.numbers {
		if v[0] == v[0] {
			out[i] = color.NRGBA{R: part(v[0]), G: part(v[1]), B: part(v[2]), A: part(v[3])}
			some = some || out[i] != color.NRGBA{}
		}
	}
	if !some {
		return nil
	}
	return out
}

// Check reports whether there is a colour for each of n things of a kind, or none.
func Check(colors []color.NRGBA, n int, kind string) error {
	if len(colors) != 0 && len(colors) != n {
		return fmt.Errorf("%d colours for %d %s: want one for each, or none", len(colors), n, kind)
	}
	return nil
}

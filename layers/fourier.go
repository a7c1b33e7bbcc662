package layers

import (
	"math"

	"setwise/internal/elementary"
	"setwise/set"
	"setwise/set/grad"
)

// Fourier replaces every element x by x itself and the sines and cosines of
// its numbers at Bands frequencies between 1 and Top half turns a unit,
// geometrically spaced: coordinates that a network can resolve finely (Mildenhall
// et al. 2020, Jaegle et al. 2021). The width grows from d to d(1 + 2 Bands).
// It has no parameters; with zero Bands it returns its input. A Top of 0 means
// 2^(Bands-1), which doubles the frequency from band to band. Fewer than 0 Bands
// or more than 64, and a Top that is not from 0 to 2^63, panic with a
// [*set.ShapeError].
type Fourier struct {
	Bands int
	Top   float64
}

// mostBands is where frequencies leave what float32 can tell apart far behind.
const mostBands = 64

func (f Fourier) must() {
	if f.Bands < 0 || f.Bands > mostBands || !(f.Top >= 0 && f.Top <= 1<<(mostBands-1)) {
		panic(set.Mismatch("layers.Fourier", "0 to %d Bands and a Top from 0 to 2^%d, got %d and %v", mostBands, mostBands-1, f.Bands, f.Top))
	}
}

// Dim returns the width of elements that come of elements of width in.
func (f Fourier) Dim(in int) int {
	f.must()
	need("layers.Fourier", argument{"in", in, 0})
	return in * (1 + 2*f.Bands)
}

// Forward returns the elements with their sines and cosines.
func (f Fourier) Forward(t *grad.Tape, x grad.Value) grad.Value {
	f.must()
	if f.Bands == 0 {
		return x
	}
	top := f.Top
	if top == 0 {
		top = math.Exp2(float64(f.Bands - 1))
	}
	parts := []grad.Value{x}
	for b := range f.Bands {
		rate := math.Pi
		if f.Bands > 1 {
			rate *= elementary.Pow(top, float64(b)/float64(f.Bands-1))
		}
		angle := t.Scale(x, float32(rate))
		parts = append(parts, t.Sin(angle), t.Cos(angle))
	}
	return t.Join(parts...)
}

package dataset

import (
	"math"

	"setwise/internal/elementary"
	"setwise/set"
)

// A Scale brings the numbers of one column to a mean of 0 and a deviation of 1:
//
//	(x - Mean) / Deviation, or (log x - Mean) / Deviation if Log
//
// The zero value gives 0 for everything.
type Scale struct {
	Log             bool
	Least           float64 // the smallest number there was
	Mean, Deviation float64 // of the numbers, or of their logarithms
}

// Of returns x scaled. A number that is not positive has no logarithm, and
// counts as the smallest that there was when the scale was made.
func (s Scale) Of(x float64) float32 {
	if s.Deviation == 0 {
		return 0
	}
	if s.Log {
		if x <= 0 {
			x = s.Least
		}
		x = elementary.Log(x)
	}
	return float32((x - s.Mean) / s.Deviation)
}

// A Scaler scales the extra numbers of shapes, one Scale for each. It is made
// from the training part, and belongs to the model that was trained with it.
type Scaler []Scale

// logRatio is how much larger than the smallest the largest number of a column
// must be for logarithms.
const logRatio = 10

// NewScaler returns the scaler by which the extra numbers of these shapes have
// a mean of 0 and a standard deviation of 1. A column whose numbers are all
// positive, the largest more than 10 times the smallest, is taken in logarithm,
// as sizes that differ so much are better told by their ratios. A column that
// is the same for all shapes becomes 0. It panics with a [*set.ShapeError] if
// the shapes do not all have as many numbers.
func NewScaler(shapes []Shape) Scaler {
	if len(shapes) == 0 {
		return nil
	}
	s := make(Scaler, len(shapes[0].Extra))
	for k := range s {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, x := range shapes {
			if len(x.Extra) != len(s) {
				panic(set.Mismatch("dataset.NewScaler", "%d numbers of %s, got %d", len(s), x.Name, len(x.Extra)))
			}
			lo, hi = min(lo, x.Extra[k]), max(hi, x.Extra[k])
		}
		s[k].Least = lo
		s[k].Log = lo > 0 && hi/lo > logRatio
		of := func(x float64) float64 { return x }
		if s[k].Log {
			of = elementary.Log
		}
		n := float64(len(shapes))
		for _, x := range shapes {
			s[k].Mean += of(x.Extra[k]) / n
		}
		var square float64
		for _, x := range shapes {
			d := of(x.Extra[k]) - s[k].Mean
			square += d * d / n
		}
		if lo < hi { // and not for what rounding makes of equal numbers
			s[k].Deviation = math.Sqrt(square)
		}
	}
	return s
}

// Apply returns the numbers of a shape, scaled. It panics with a
// [*set.ShapeError] if there are not as many as scales.
func (s Scaler) Apply(extra []float64) []float32 {
	if len(extra) != len(s) {
		panic(set.Mismatch("dataset.Scaler", "%d numbers, got %d", len(s), len(extra)))
	}
	out := make([]float32, len(s))
	for k, x := range extra {
		out[k] = s[k].Of(x)
	}
	return out
}

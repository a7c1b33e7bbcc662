package dataset

import (
	"math"
	"slices"

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

// farthest is how many deviations from the mean a number counts as at most. No
// number that a scale was made of is farther, among less than 100 million.
const farthest = 1e4

// Of returns x scaled. A number that is not positive has no logarithm, and
// counts as the smallest that there was when the scale was made; one that is more
// than 10,000 deviations from the mean counts as that far. So what is returned is
// finite, and its squares are, unless x is not a number.
func (s Scale) Of(x float64) float32 {
	if s.Deviation == 0 {
		return 0
	}
	if s.Log {
		if x <= 0 {
			x = s.Least
		}
		x = math.Log(x)
	}
	far := (x - s.Mean) / s.Deviation
	if math.IsInf(x-s.Mean, 0) {
		far = (x/2 - s.Mean/2) / (s.Deviation / 2)
	}
	return float32(max(-farthest, min(far, farthest)))
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
	s, column := make(Scaler, len(shapes[0].Extra)), make([]float64, len(shapes))
	for k := range s {
		for i, x := range shapes {
			if len(x.Extra) != len(s) {
				panic(set.Mismatch("dataset.NewScaler", "%d numbers of %s, got %d", len(s), x.Name, len(x.Extra)))
			}
			column[i] = x.Extra[k]
		}
		s[k] = newScale(column)
	}
	return s
}

// newScale returns the scale of the numbers of one column, of which there is one
// or more.
func newScale(column []float64) Scale {
	lo, hi := slices.Min(column), slices.Max(column)
	s := Scale{Least: lo, Log: lo > 0 && hi/lo > logRatio}
	// Sums and squares are of numbers from -1 to 1, times a power of two, so that
	// the largest and the smallest that there are do not overflow or vanish.
	_, exponent := math.Frexp(max(-lo, hi))
	of := func(x float64) float64 { return math.Ldexp(x, -exponent) }
	if s.Log {
		of, exponent = math.Log, 0
	}
	n := float64(len(column))
	var mean, square float64
	for _, x := range column {
		mean += of(x) / n
	}
	for _, x := range column {
		d := of(x) - mean
		square += d * d / n
	}
	s.Mean = math.Ldexp(mean, exponent)
	if lo < hi { // and not for what rounding makes of equal numbers
		s.Deviation = max(math.Ldexp(math.Sqrt(square), exponent), math.SmallestNonzeroFloat64)
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

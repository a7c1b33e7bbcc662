package classifier

import (
	"fmt"
	"math"
	"slices"

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
		x = elementary.Log(x)
	}
	far := (x - s.Mean) / s.Deviation
	if math.IsInf(x-s.Mean, 0) {
		far = (float64(x/2) - float64(s.Mean/2)) / (s.Deviation / 2)
	}
	return float32(max(-farthest, min(far, farthest)))
}

// A Scaler scales the extra numbers of shapes, one Scale for each. It is made
// from the training part, and belongs to the model that was trained with it.
type Scaler []Scale

// logRatio is how much larger than the smallest the largest number of a column
// must be for logarithms.
const logRatio = 10

// NewScaler returns the scaler by which these numbers, those of a shape in each
// row, have a mean of 0 and a standard deviation of 1. A column whose numbers
// are all positive, the largest more than 10 times the smallest, is taken in
// logarithm, as sizes that differ so much are better told by their ratios. A
// column that is the same for all shapes becomes 0. It panics with a [*set.ShapeError] if
// the rows are not all as long.
func NewScaler(rows [][]float64) Scaler {
	if len(rows) == 0 {
		return nil
	}
	s, column := make(Scaler, len(rows[0])), make([]float64, len(rows))
	for k := range s {
		for i, row := range rows {
			if len(row) != len(s) {
				panic(set.Mismatch("classifier.NewScaler", "%d numbers in row %d, got %d", len(s), i, len(row)))
			}
			column[i] = row[k]
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
		of, exponent = elementary.Log, 0
	}
	n := float64(len(column))
	var mean, square float64
	for _, x := range column {
		mean += float64(of(x) / n)
	}
	for _, x := range column {
		d := of(x) - mean
		square += float64(d * d / n)
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
		panic(set.Mismatch("classifier.Scaler", "%d numbers, got %d", len(s), len(extra)))
	}
	out := make([]float32, len(s))
	for k, x := range extra {
		out[k] = s[k].Of(x)
	}
	return out
}

// validate reports what is wrong with s, if anything.
func (s Scale) validate() error {
	switch {
	case !elementary.Finite(s.Least) || !elementary.Finite(s.Mean) || !elementary.Finite(s.Deviation):
		return fmt.Errorf("want a scale of finite numbers, got %+v", s)
	case s.Deviation < 0 || s.Log && s.Least <= 0:
		return fmt.Errorf("want a deviation of at least 0, and above 0 what has a logarithm, got %+v", s)
	}
	return nil
}

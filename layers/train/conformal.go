package train

import (
	"math"
	"slices"

	"setwise/internal/parallel"
	"setwise/layers"
	"setwise/set"
)

// Conformal returns the number that the score of one more example will exceed
// with a probability of at most miss, given scores of examples that the model
// has not learned from: the ⌈(n+1)(1-miss)⌉-th least of n scores, and +Inf if
// there are too few for such a promise (split conformal prediction: Papadopoulos
// et al. 2002, Lei et al. 2018).
//
// The promise holds for any model, any score and any distribution, if the
// examples and the one to come are exchangeable: drawn independently from the
// same source, say. It is a promise about the average over all that may come,
// not about sets of one kind, and about the draw of the n too. If scores are
// never equal, the probability is at least miss - 1/(n+1).
//
// A score is a measure of how wrong a model is, larger for worse: |y - f(x)| for
// plain regression, |y - μ(x)|/σ(x) for one that predicts its deviation, whose
// intervals are then wide where it is unsure. A score that is NaN counts as
// infinite. miss is at least 0 and less than 1; Conformal panics with a
// [*set.ShapeError] otherwise.
func Conformal(scores []float64, miss float64) float64 {
	if !(miss >= 0 && miss < 1) {
		panic(set.Mismatch("train.Conformal", "a probability to miss of at least 0 and less than 1, got %g", miss))
	}
	sorted := slices.Clone(scores)
	for i, s := range sorted {
		if math.IsNaN(s) {
			sorted[i] = math.Inf(1)
		}
	}
	slices.Sort(sorted)
	const rounding = 1e-9 // so that 1-miss, which is not exact, does not cost a place
	k := max(int(math.Ceil(float64(float64(len(sorted)+1)*(1-miss))-rounding)), 1)
	if k > len(sorted) {
		return math.Inf(1)
	}
	return sorted[k-1]
}

// Interval is a regression model that says how far it may be off: all numbers
// of a target lie within Radius of those predicted, with the probability that
// [Calibrate] was asked for.
type Interval struct {
	Model  layers.Layer
	Radius float64
}

// Calibrate returns m with the radius that holds all numbers of a target but
// with a probability of miss, found by [Conformal] from examples that m has not
// learned from. With few of them it is +Inf: it takes 1/miss - 1 to promise
// anything. It panics with a [*set.ShapeError] if the model's sets do not have
// the sizes of the targets.
func Calibrate(m layers.Layer, held []Targeted, miss float64) Interval {
	scores := make([]float64, len(held))
	parallel.Each(len(held), func(i int) {
		for _, d := range differences("train.Calibrate", m, held[i]) {
			scores[i] = max(scores[i], math.Abs(d)) // NaN stays
		}
	})
	return Interval{m, Conformal(scores, miss)}
}

// Of returns the ends of the interval of each number that is predicted for x.
func (i Interval) Of(x set.Batch) (low, high set.Batch) {
	low = layers.Apply(i.Model, x)
	high = low.Clone()
	for k, v := range low.Values {
		low.Values[k] = float32(float64(v) - i.Radius)
		high.Values[k] = float32(float64(v) + i.Radius)
	}
	return low, high
}

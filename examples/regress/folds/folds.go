// Package folds learns numbers from a few examples and finds out how well that can be
// done, by cross-validation: how far predictions are off, how often intervals about
// them hold the truth, and how much better they are than a straight line and the
// mean.
package folds

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/examples/regress/study"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// Miss is the share of truths that intervals may fail to hold.
const Miss = 0.1

// Portion is how many examples are predicted at a time.
const Portion = 32

// A Pupil predicts the numbers of examples, scaled, a set of one element each.
type Pupil[E any] interface {
	Predict(t *grad.Tape, examples []E) grad.Value
}

// Folds learn from a few examples as well as they allow, and find out how well
// that is: the examples are split into parts at random, and for each part a
// pupil learns from all others, with a scaling of the truths that is made from
// those too (k-fold cross-validation).
type Folds[E any] struct {
	Pupils   []Pupil[E]
	Examples []E
	Truth    [][]float64 // of each example, the numbers to predict
	Scales   []Scaling   // of the truth, for each pupil

	part   []int   // of each example
	half   []int   // 0 or 1, of the part
	others [][]int // examples that are not in a part
}

// New splits examples into so many parts, as equal as can be. There must be an
// example for each. Pupils are made by pupil, from the examples that they may know.
func New[E any](examples []E, truth [][]float64, parts int, rng *rand.Rand, pupil func(known []int) Pupil[E]) *Folds[E] {
	f := &Folds[E]{Examples: examples, Truth: truth}
	f.part = slices.Repeat([]int{0}, len(examples))
	f.half = slices.Clone(f.part)
	for i, e := range rng.Perm(len(examples)) {
		f.part[e], f.half[e] = i%parts, i/parts%2
	}
	for part := range parts {
		var known []int
		for e, p := range f.part {
			if p != part {
				known = append(known, e)
			}
		}
		f.others = append(f.others, known)
		f.Scales = append(f.Scales, NewScaling(len(truth[0]), func(yield func([]float64) bool) {
			for _, e := range known {
				if !yield(truth[e]) {
					return
				}
			}
		}))
		f.Pupils = append(f.Pupils, pupil(known))
	}
	return f
}

// Network returns what has the parameters, those of the pupils.
func (f *Folds[E]) Network() any { return &struct{ Pupils []Pupil[E] }{f.Pupils} }

// Fingerprint tells folds of other examples apart, by what is to be predicted of
// them: a model that has learned from some must not be tested by other folds.
func (f *Folds[E]) Fingerprint() string {
	h := fnv.New64a()
	for e, y := range f.Truth {
		fmt.Fprintln(h, f.part[e], y)
	}
	return fmt.Sprintf("%d examples %016x", len(f.Truth), h.Sum64())
}

// Draw returns an example for each pupil that it may know.
func (f *Folds[E]) Draw(rng *rand.Rand) []int {
	drawn := make([]int, len(f.Pupils))
	for i, known := range f.others {
		drawn[i] = known[rng.IntN(len(known))]
	}
	return drawn
}

// Loss returns the sum over pupils of the mean squared error of each on what was
// drawn for it.
func (f *Folds[E]) Loss(t *grad.Tape, drawn [][]int) grad.Value {
	return f.Sum(t, drawn, func(i int, examples []E, target set.Batch) grad.Value {
		return loss.SquaredError(t, f.Pupils[i].Predict(t, examples), target)
	})
}

// Sum returns the sum of a loss over pupils: of pupil i on what was drawn for it,
// of which target is the truth on its scale.
func (f *Folds[E]) Sum(t *grad.Tape, drawn [][]int, loss func(i int, examples []E, target set.Batch) grad.Value) grad.Value {
	var sum grad.Value
	for i := range f.Pupils {
		examples := make([]E, len(drawn))
		target := set.New(len(f.Scales[i].Mean), slices.Repeat([]int{1}, len(drawn))...)
		for k, numbers := range drawn {
			e := numbers[i]
			examples[k] = f.Examples[e]
			for j, y := range f.Truth[e] {
				target.Row(k)[j] = f.Scales[i].Of(j, y)
			}
		}
		l := loss(i, examples, target)
		if i == 0 {
			sum = l
		} else {
			sum = t.Add(sum, l)
		}
	}
	return sum
}

// Held returns the examples of a part.
func (f *Folds[E]) Held(part int) []int {
	var held []int
	for e, p := range f.part {
		if p == part {
			held = append(held, e)
		}
	}
	return held
}

// Predict returns what a pupil says of examples, of whose truth it knows the scale.
func Predict[E any](p Pupil[E], truth Scaling, examples []E) [][]float64 {
	out := make([][]float64, len(examples))
	study.Portions(examples, Portion, func(at int, some []E) {
		grad.Scratch(func(t *grad.Tape) {
			y := p.Predict(t, some)
			for k := range some {
				row := make([]float64, y.Dim)
				for j, v := range y.Row(k) {
					row[j] = truth.Back(j, v)
				}
				out[at+k] = row
			}
		})
	})
	return out
}

// All returns what is said of each example by the pupil that has not seen it.
func (f *Folds[E]) All() [][]float64 {
	out := make([][]float64, len(f.Examples))
	for part, p := range f.Pupils {
		held := f.Held(part)
		for k, y := range Predict(p, f.Scales[part], Pick(f.Examples, held)) {
			out[held[k]] = y
		}
	}
	return out
}

// Pick returns some of several things, by their numbers.
func Pick[E any](from []E, numbers []int) []E {
	out := make([]E, len(numbers))
	for i, n := range numbers {
		out[i] = from[n]
	}
	return out
}

// Glance returns the error on some examples of the first part, in deviations
// of the truth.
func (f *Folds[E]) Glance() string {
	held := f.Held(0)
	held = held[:min(200, len(held))]
	return fmt.Sprintf("RMSE %.3f of the deviation", math.Sqrt(study.Average(f.Squares(0, held)).Value))
}

// Squares returns the squared errors of pupil i on examples, in deviations of the
// truth.
func (f *Folds[E]) Squares(i int, examples []int) []float64 {
	var squares []float64
	for k, y := range Predict(f.Pupils[i], f.Scales[i], Pick(f.Examples, examples)) {
		for j := range y {
			squares = append(squares, sq((y[j]-f.Truth[examples[k]][j])/f.Scales[i].Deviation[j]))
		}
	}
	return squares
}

func sq(x float64) float64 { return x * x }

package main

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/internal/parallel"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

const (
	miss    = 0.1 // share of truths that intervals may fail to hold
	portion = 32  // examples that are predicted at a time
)

// A pupil predicts the numbers of examples, scaled, a set of one element each.
type pupil[E any] interface {
	predict(t *grad.Tape, examples []E) grad.Value
}

// folds learn from a few examples as well as they allow, and find out how well
// that is: the examples are split into parts at random, and for each part a
// pupil learns from all others, with a scaling of the truths that is made from
// those too (k-fold cross-validation).
type folds[E any] struct {
	Pupils   []pupil[E]
	examples []E
	truth    [][]float64 // of each example, the numbers to predict
	part     []int       // of each example
	half     []int       // 0 or 1, of the part
	others   [][]int     // examples that are not in a part
	scales   []scaling   // of the truth
}

// newFolds splits examples into so many parts, as equal as can be. There must
// be an example for each. Pupils are made by make, from the examples that they
// learn from.
func newFolds[E any](examples []E, truth [][]float64, parts int, rng *rand.Rand, make func(known []int) pupil[E]) *folds[E] {
	f := &folds[E]{examples: examples, truth: truth}
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
		f.scales = append(f.scales, newScaling(len(truth[0]), func(yield func([]float64) bool) {
			for _, e := range known {
				if !yield(truth[e]) {
					return
				}
			}
		}))
		f.Pupils = append(f.Pupils, make(known))
	}
	return f
}

func (f *folds[E]) network() any { return f }

// fingerprint tells folds of other examples apart, by what is to be predicted of
// them: a model that has learned from some must not be tested by other folds.
func (f *folds[E]) fingerprint() string {
	h := fnv.New64a()
	for e, y := range f.truth {
		fmt.Fprintln(h, f.part[e], y)
	}
	return fmt.Sprintf("%d examples %016x", len(f.truth), h.Sum64())
}

// loss returns the sum over pupils of the mean squared error of each on n
// examples that it may know.
func (f *folds[E]) loss(t *grad.Tape, n int) grad.Value {
	var sum grad.Value
	for i, p := range f.Pupils {
		drawn := make([]E, n)
		target := set.New(len(f.scales[i].Mean), slices.Repeat([]int{1}, n)...)
		for k := range drawn {
			e := f.others[i][t.Rand().IntN(len(f.others[i]))]
			drawn[k] = f.examples[e]
			for j, y := range f.truth[e] {
				target.Row(k)[j] = f.scales[i].of(j, y)
			}
		}
		l := loss.SquaredError(t, p.predict(t, drawn), target)
		if i == 0 {
			sum = l
		} else {
			sum = t.Add(sum, l)
		}
	}
	return sum
}

// held returns the examples of a part.
func (f *folds[E]) held(part int) []int {
	var held []int
	for e, p := range f.part {
		if p == part {
			held = append(held, e)
		}
	}
	return held
}

// predicted returns what pupil i says of examples.
func (f *folds[E]) predicted(i int, examples []E) [][]float64 {
	out := make([][]float64, len(examples))
	inPortions(examples, portion, func(at int, some []E) {
		grad.Scratch(func(t *grad.Tape) {
			y := f.Pupils[i].predict(t, some)
			for k := range some {
				row := make([]float64, y.Dim)
				for j, v := range y.Row(k) {
					row[j] = f.scales[i].back(j, v)
				}
				out[at+k] = row
			}
		})
	})
	return out
}

// inPortions calls f for so many of some things at a time, in parallel, with the
// place of the first of them.
func inPortions[T any](things []T, size int, f func(at int, some []T)) {
	parallel.Each((len(things)+size-1)/size, func(i int) {
		at := i * size
		f(at, things[at:min(at+size, len(things))])
	})
}

// all returns what is said of each example by the pupil that has not seen it.
func (f *folds[E]) all() [][]float64 {
	out := make([][]float64, len(f.examples))
	for part := range f.Pupils {
		for k, y := range f.predicted(part, pick(f.examples, f.held(part))) {
			out[f.held(part)[k]] = y
		}
	}
	return out
}

func pick[E any](from []E, numbers []int) []E {
	out := make([]E, len(numbers))
	for i, n := range numbers {
		out[i] = from[n]
	}
	return out
}

// glance returns the error on some examples of the first part, in deviations
// of the truth.
func (f *folds[E]) glance() string {
	held := f.held(0)
	held = held[:min(200, len(held))]
	var squares []float64
	for k, y := range f.predicted(0, pick(f.examples, held)) {
		for j := range y {
			squares = append(squares, sq((y[j]-f.truth[held[k]][j])/f.scales[0].Deviation[j]))
		}
	}
	return fmt.Sprintf("RMSE %.3f of the deviation", math.Sqrt(average(squares).Value))
}

func sq(x float64) float64 { return x * x }

package train

import (
	"math"

	"setwise/internal/elementary"
	"setwise/internal/parallel"
	"setwise/layers"
	"setwise/set"
)

// Classify returns, for each set, the probability that m gives to each class:
// the softmax of its logits. Sets are shared out over all processors. It panics
// with a [*set.ShapeError] if m does not give one element for a set, or logits
// that have no softmax: if one is NaN, or the largest is not finite.
func Classify(m layers.Layer, sets []set.Batch) [][]float64 {
	p := make([][]float64, len(sets))
	parallel.Each(len(sets), func(i int) {
		y := layers.Apply(m, sets[i])
		if y.Sets() != 1 || y.Len() != 1 || y.Dim == 0 {
			panic(set.Mismatch("train.Classify", "one element of logits for set %d, got %d elements of width %d in %d sets", i, y.Len(), y.Dim, y.Sets()))
		}
		var top float64
		if p[i], top = softmax(y.Values); p[i] == nil {
			panic(set.Mismatch("train.Classify", "logits whose largest is finite for set %d, got %g", i, top))
		}
	})
	return p
}

// Predict returns the class that m finds most probable for each example, the
// lowest of equals. It panics as [Classify] does.
func Predict(m layers.Layer, examples []Labelled) []int {
	classes := make([]int, len(examples))
	for i, p := range Classify(m, setsOf(examples)) {
		classes[i] = Largest(p)
	}
	return classes
}

func setsOf(examples []Labelled) []set.Batch {
	x := make([]set.Batch, len(examples))
	for i, e := range examples {
		x[i] = e.Set
	}
	return x
}

// Largest returns the place of the largest number, the first of equals, and 0
// if there is none. It panics with a [*set.ShapeError] for a NaN, which is
// neither larger nor smaller than anything.
func Largest[F float32 | float64](xs []F) int {
	best := 0
	for i, x := range xs {
		if x != x {
			panic(set.Mismatch("train.Largest", "numbers, got NaN at %d", i))
		}
		if x > xs[best] {
			best = i
		}
	}
	return best
}

// softmax returns the softmax of logits, nil where there is none, and the
// largest logit, NaN if one is.
func softmax(logits []float32) (p []float64, top float64) {
	top = math.Inf(-1)
	for _, x := range logits {
		top = max(top, float64(x)) // NaN stays
	}
	if !elementary.Finite(top) {
		return nil, top
	}
	p = make([]float64, len(logits))
	sum := 0.0
	for i, x := range logits {
		p[i] = elementary.Exp(float64(x) - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p, top
}

// Accuracy returns the share of examples whose class m finds, and 0 if there
// are none. It panics as [Classify] does, and with a [*set.ShapeError] for a
// class that is not one of m's.
func Accuracy(m layers.Layer, examples []Labelled) float64 {
	right := 0
	for i, p := range Classify(m, setsOf(examples)) {
		class := examples[i].Class
		if class < 0 || class >= len(p) {
			panic(set.Mismatch("train.Accuracy", "classes from 0 to %d, got %d in example %d", len(p)-1, class, i))
		}
		if Largest(p) == class {
			right++
		}
	}
	return float64(right) / float64(max(len(examples), 1))
}

// Confusion counts the examples of each true class, the row, that were given
// each class, the column.
type Confusion [][]int

// mostClasses bounds the tables that [Confuse] makes, of which it takes the
// square.
const mostClasses = 1 << 14

// Confuse counts how predictions meet examples of classes 0 to classes-1.
// Predicted classes beyond those widen the table. It panics with a
// [*set.ShapeError] if there is not a prediction for each example, if an example
// is of no such class, if a prediction is negative, and for a table of more than
// 16,384 classes.
func Confuse(predicted []int, examples []Labelled, classes int) Confusion {
	const op = "train.Confuse"
	if len(predicted) != len(examples) {
		panic(set.Mismatch(op, "predictions for %d examples, got %d", len(examples), len(predicted)))
	}
	for i, e := range examples {
		if e.Class < 0 || e.Class >= classes {
			panic(set.Mismatch(op, "classes from 0 to %d, got %d in example %d", classes-1, e.Class, i))
		}
		if predicted[i] < 0 {
			panic(set.Mismatch(op, "predictions of 0 or more, got %d for example %d", predicted[i], i))
		}
	}
	for _, p := range predicted {
		classes = max(classes, p, min(p, mostClasses)+1)
	}
	if classes < 0 || classes > mostClasses {
		panic(set.Mismatch(op, "0 to %d classes, got %d", mostClasses, classes))
	}
	c := make(Confusion, classes)
	for i := range c {
		c[i] = make([]int, classes)
	}
	for i, e := range examples {
		c[e.Class][predicted[i]]++
	}
	return c
}

// Accuracy returns the share of examples that were given their class, and 0
// if there are none.
func (c Confusion) Accuracy() float64 {
	right, all := 0, 0
	for i := range c {
		r, n := c.Class(i)
		right, all = right+r, all+n
	}
	return float64(right) / float64(max(all, 1))
}

// MeanClassAccuracy returns the mean of the accuracies of the classes that
// have examples, each class counting alike.
func (c Confusion) MeanClassAccuracy() float64 {
	var sum float64
	classes := 0
	for i := range c {
		if right, all := c.Class(i); all > 0 {
			sum += float64(right) / float64(all)
			classes++
		}
	}
	return sum / float64(max(classes, 1))
}

// Class returns how many examples of class i were given it, and how many there
// are. It panics with a [*set.ShapeError] if there is no class i, or if its row
// is not as long as the table.
func (c Confusion) Class(i int) (right, all int) {
	if i < 0 || i >= len(c) || len(c[i]) != len(c) {
		panic(set.Mismatch("train.Confusion", "a class from 0 to %d of a square table, got %d", len(c)-1, i))
	}
	for _, n := range c[i] {
		all += n
	}
	return c[i][i], all
}

// Errors returns the mean absolute error and the root of the mean squared
// error of m over all numbers of the targets, and 0 if there are none. It panics
// with a [*set.ShapeError] if the model's sets do not have the sizes of the
// targets, or if a prediction or a target is not finite.
func Errors(m layers.Layer, examples []Targeted) (mae, rmse float64) {
	absolute, squared := make([]float64, len(examples)), make([]float64, len(examples))
	parallel.Each(len(examples), func(i int) {
		for k, d := range differences("train.Errors", m, examples[i]) {
			if !elementary.Finite(d) {
				panic(set.Mismatch("train.Errors", "finite predictions and targets, got a difference of %g in number %d of example %d", d, k, i))
			}
			absolute[i] += math.Abs(d)
			squared[i] += float64(d * d)
		}
	})
	n := 0
	for i, e := range examples {
		mae, rmse, n = mae+absolute[i], rmse+squared[i], n+len(e.Target.Values)
	}
	return mae / float64(max(n, 1)), math.Sqrt(rmse / float64(max(n, 1)))
}

// differences returns what m predicts for e less the target.
func differences(op string, m layers.Layer, e Targeted) []float64 {
	y := layers.Apply(m, e.Set)
	if len(y.Values) != len(e.Target.Values) || y.Dim != e.Target.Dim {
		panic(set.Mismatch(op, "%d numbers in elements of width %d, got %d and %d", len(e.Target.Values), e.Target.Dim, len(y.Values), y.Dim))
	}
	d := make([]float64, len(y.Values))
	for i, v := range y.Values {
		d[i] = float64(v) - float64(e.Target.Values[i])
	}
	return d
}

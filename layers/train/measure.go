package train

import (
	"math"

	"setwise/internal/elementary"
	"setwise/internal/parallel"
	"setwise/layers"
	"setwise/set"
)

// Classify returns, for each set, the probability that m gives to each class:
// the softmax of its logits. Sets are shared out over all processors.
func Classify(m layers.Layer, sets []set.Batch) [][]float64 {
	p := make([][]float64, len(sets))
	parallel.Each(len(sets), func(i int) { p[i] = softmax(layers.Apply(m, sets[i]).Values) })
	return p
}

// Predict returns the class that m finds most probable for each example, the
// lowest of equals.
func Predict(m layers.Layer, examples []set.Labelled) []int {
	sets := make([]set.Batch, len(examples))
	for i, e := range examples {
		sets[i] = e.Set
	}
	classes := make([]int, len(examples))
	for i, p := range Classify(m, sets) {
		classes[i] = Largest(p)
	}
	return classes
}

// Largest returns the place of the largest number, the first of equals, and 0
// if there is none.
func Largest[F float32 | float64](xs []F) int {
	best := 0
	for i, x := range xs {
		if x > xs[best] {
			best = i
		}
	}
	return best
}

func softmax(logits []float32) []float64 {
	p := make([]float64, len(logits))
	if len(p) == 0 {
		return p
	}
	top, sum := float64(logits[Largest(logits)]), 0.0
	for i, x := range logits {
		p[i] = elementary.Exp(float64(x) - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// Accuracy returns the share of examples whose class m finds.
func Accuracy(m layers.Layer, examples []set.Labelled) float64 {
	classes := 0
	for _, e := range examples {
		classes = max(classes, e.Class+1)
	}
	return Confuse(Predict(m, examples), examples, classes).Accuracy()
}

// Confusion counts the examples of each true class, the row, that were given
// each class, the column.
type Confusion [][]int

// Confuse counts how predictions meet examples of classes 0 to classes-1.
// Predicted classes beyond those widen the table.
func Confuse(predicted []int, examples []set.Labelled, classes int) Confusion {
	for _, p := range predicted {
		classes = max(classes, p+1)
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
// are.
func (c Confusion) Class(i int) (right, all int) {
	for _, n := range c[i] {
		all += n
	}
	return c[i][i], all
}

// Errors returns the mean absolute error and the root of the mean squared
// error of m over all numbers of the targets. It panics with a
// [*set.ShapeError] if the model's sets do not have the sizes of the targets.
func Errors(m layers.Layer, examples []set.Targeted) (mae, rmse float64) {
	absolute, squared := make([]float64, len(examples)), make([]float64, len(examples))
	parallel.Each(len(examples), func(i int) {
		for _, d := range differences("train.Errors", m, examples[i]) {
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
func differences(op string, m layers.Layer, e set.Targeted) []float64 {
	y := layers.Apply(m, e.Set)
	if len(y.Values) != len(e.Target.Values) {
		panic(set.Mismatch(op, "%d numbers, got %d", len(e.Target.Values), len(y.Values)))
	}
	d := make([]float64, len(y.Values))
	for i, v := range y.Values {
		d[i] = float64(v) - float64(e.Target.Values[i])
	}
	return d
}

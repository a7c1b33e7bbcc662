package train

import (
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// Classification is the cross entropy of a model that gives one element of
// logits for each set.
func Classification(m layers.Layer) Loss[set.Labelled] { return SmoothClassification(m, 0) }

// SmoothClassification is [Classification] with a part of the true probability
// spread over all classes (Szegedy et al. 2016).
func SmoothClassification(m layers.Layer, smoothing float64) Loss[set.Labelled] {
	return func(t *grad.Tape, es []set.Labelled) grad.Value {
		x, classes := make([]set.Batch, len(es)), make([]int, len(es))
		for i, e := range es {
			x[i], classes[i] = e.Set, e.Class
		}
		return loss.CrossEntropy(t, m.Forward(t, grad.Const(set.Concat(x...))), classes, smoothing)
	}
}

// Regression is the squared error of a model that gives, for each set, a set
// as large as its target.
func Regression(m layers.Layer) Loss[set.Targeted] {
	return regression(m, loss.SquaredError)
}

// AbsoluteRegression is the absolute error of a model that gives, for each
// set, a set as large as its target.
func AbsoluteRegression(m layers.Layer) Loss[set.Targeted] {
	return regression(m, loss.AbsoluteError)
}

func regression(m layers.Layer, difference func(*grad.Tape, grad.Value, set.Batch) grad.Value) Loss[set.Targeted] {
	return func(t *grad.Tape, es []set.Targeted) grad.Value {
		x, y := make([]set.Batch, len(es)), make([]set.Batch, len(es))
		for i, e := range es {
			x[i], y[i] = e.Set, e.Target
		}
		return difference(t, m.Forward(t, grad.Const(set.Concat(x...))), set.Concat(y...))
	}
}

// Evaluate returns the mean loss over examples without training, in parts of
// size examples. It returns 0 for no examples.
func Evaluate[E any](of Loss[E], examples []E, size int) float64 {
	t := grad.NewScratch(nil)
	var total float64
	for lo := 0; lo < len(examples); lo += max(size, 1) {
		part := examples[lo:min(lo+max(size, 1), len(examples))]
		total += float64(of(t, part).Values[0]) * float64(len(part))
		t.Reset()
	}
	return total / float64(max(len(examples), 1))
}

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
// spread over all classes, at least 0 and below 1 (Szegedy et al. 2016).
func SmoothClassification(m layers.Layer, smoothing float64) Loss[set.Labelled] {
	const op = "train.Classification"
	return func(t *grad.Tape, es []set.Labelled) grad.Value {
		x, classes := make([]set.Batch, len(es)), make([]int, len(es))
		for i, e := range es {
			x[i], classes[i] = one(op, e.Set), e.Class
		}
		logits := m.Forward(t, grad.Const(set.Concat(x...)))
		if logits.Sets() != len(es) {
			panic(set.Mismatch(op, "a model that gives a set for each of %d, got %d", len(es), logits.Sets()))
		}
		for s := range es {
			if lo, hi := logits.Offsets.Bounds(s); hi-lo != 1 {
				panic(set.Mismatch(op, "a model that gives one element of logits for each set, as one that pools it does, got %d elements for a set", hi-lo))
			}
		}
		return loss.CrossEntropy(t, logits, classes, smoothing)
	}
}

// one returns x, the set of an example, which is one set.
func one(op string, x set.Batch) set.Batch {
	if x.Sets() != 1 {
		panic(set.Mismatch(op, "examples of one set each, got one of %d", x.Sets()))
	}
	return x
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
			x[i], y[i] = one("train.Regression", e.Set), one("train.Regression", e.Target)
		}
		return difference(t, m.Forward(t, grad.Const(set.Concat(x...))), set.Concat(y...))
	}
}

// Evaluate returns the mean loss over examples without training, in parts of
// size examples, of one if size is 0. It returns 0 for no examples, and panics
// with a [*set.ShapeError] for a negative size and a loss that is not one number.
func Evaluate[E any](of Loss[E], examples []E, size int) float64 {
	if size < 0 {
		panic(set.Mismatch("train.Evaluate", "a size of 0 or more, got %d", size))
	}
	size = min(max(size, 1), max(len(examples), 1))
	t := grad.NewScratch(nil)
	var total float64
	for lo := 0; lo < len(examples); lo += size {
		part := examples[lo:min(lo+size, len(examples))]
		l := of(t, part)
		if len(l.Values) != 1 {
			panic(set.Mismatch("train.Evaluate", "a loss of one number, got %d", len(l.Values)))
		}
		total += float64(l.Values[0]) * float64(len(part))
		t.Reset()
	}
	return total / float64(max(len(examples), 1))
}

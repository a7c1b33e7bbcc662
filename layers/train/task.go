package train

import (
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// Labelled is one set with its class, numbered from 0.
type Labelled struct {
	Set   set.Batch // of one set
	Class int
}

// Targeted is one set with the set that should be predicted from it.
type Targeted struct {
	Set, Target set.Batch // of one set each
}

// Classification is the cross entropy of a model that gives one element of
// logits for each set.
func Classification(m layers.Layer) Each[Labelled] { return SmoothClassification(m, 0) }

// SmoothClassification is [Classification] with a part of the true probability
// spread over all classes, at least 0 and below 1 (Szegedy et al. 2016).
func SmoothClassification(m layers.Layer, smoothing float64) Each[Labelled] {
	const op = "train.Classification"
	return func(t *grad.Tape, es []Labelled) grad.Value {
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
func Regression(m layers.Layer) Each[Targeted] {
	return regression(m, loss.SquaredError)
}

// AbsoluteRegression is the absolute error of a model that gives, for each
// set, a set as large as its target.
func AbsoluteRegression(m layers.Layer) Each[Targeted] {
	return regression(m, loss.AbsoluteError)
}

func regression(m layers.Layer, difference func(*grad.Tape, grad.Value, set.Batch) grad.Value) Each[Targeted] {
	return func(t *grad.Tape, es []Targeted) grad.Value {
		x, y := make([]set.Batch, len(es)), make([]set.Batch, len(es))
		for i, e := range es {
			x[i], y[i] = one("train.Regression", e.Set), one("train.Regression", e.Target)
		}
		return difference(t, m.Forward(t, grad.Const(set.Concat(x...))), set.Concat(y...))
	}
}

// Package loss holds losses: functions of a value and what it should be that
// give one number, which [grad.Tape.Gradients] differentiates.
//
//	l := loss.CrossEntropy(t, model.Forward(t, grad.Const(sets)), classes, 0.1)
//	g := t.Gradients(l)
//
// All of them are means over the sets or elements of a batch, as their comments
// say, so that the size of a minibatch does not change their scale. A mean over
// sets is what package layers/train calls Each, a mean over examples, where an
// example is a set; any of its rules is right for it. CrossEntropy and Poisson are
// means over elements and over numbers, and so are Each where every example has as
// many. A loss that compares the examples of a minibatch, as CrossEntropy of the
// dot products of all with all does ([grad.Tape.Dots]), is Joint.
//
// Targets and classes are only read, until the tape is reset.
package loss

import (
	"math"

	"setwise/internal/elementary"
	"setwise/set"
	"setwise/set/grad"
)

// record records a loss of value l whose gradient with respect to x is dx.
func record(t *grad.Tape, name string, l float64, x grad.Value, dx []float32) grad.Value {
	y := set.Batch{Dim: 1, Values: t.Floats(1), Offsets: t.Offsets(1)}
	y.Values[0], y.Offsets[1] = float32(l), 1
	return t.Record(grad.Op{Name: name}, y, func(dy []float32, din [][]float32) {
		for i, d := range dx {
			din[0][i] += float32(dy[0] * d)
		}
	}, x)
}

// SquaredError returns the mean over sets of the mean over a set's numbers of
// (x - target)². Where all sets are equally large, it is the mean over all.
func SquaredError(t *grad.Tape, x grad.Value, target set.Batch) grad.Value {
	return difference(t, "SquaredError", x, target, func(d float64) (loss, slope float64) { return d * d, 2 * d })
}

// AbsoluteError returns the mean over sets of the mean over a set's numbers of
// |x - target|. Its gradient where they are equal is zero.
func AbsoluteError(t *grad.Tape, x grad.Value, target set.Batch) grad.Value {
	return difference(t, "AbsoluteError", x, target, func(d float64) (loss, slope float64) {
		switch {
		case d > 0:
			return d, 1
		case d < 0:
			return -d, -1
		}
		return d, 0
	})
}

func difference(t *grad.Tape, name string, x grad.Value, target set.Batch, f func(d float64) (loss, slope float64)) grad.Value {
	checkSame(name, x, grad.Const(target))
	var total float64
	dx := t.Floats(len(x.Values))
	for s := range x.Sets() {
		lo, hi := x.Offsets[s]*x.Dim, x.Offsets[s+1]*x.Dim
		n := float64(max(hi-lo, 1) * x.Sets())
		for i := lo; i < hi; i++ {
			l, slope := f(float64(x.Values[i]) - float64(target.Values[i]))
			total += l / n
			dx[i] = float32(slope / n)
		}
	}
	return record(t, name, total, x, dx)
}

// CrossEntropy returns the mean over the elements of logits of the negative
// log probability that their softmax gives to the true classes. smoothing, at
// least 0 and below 1, is the part of the true probability that is spread
// evenly over all classes (Szegedy et al. 2016). It panics with a
// [*set.ShapeError] if a class is not a column of logits, and for any other
// smoothing.
func CrossEntropy(t *grad.Tape, logits grad.Value, class []int, smoothing float64) grad.Value {
	if logits.Len() != len(class) {
		panic(set.Mismatch("loss.CrossEntropy", "a class for each of %d elements of logits, got %d", logits.Len(), len(class)))
	}
	if !(smoothing >= 0 && smoothing < 1) {
		panic(set.Mismatch("loss.CrossEntropy", "a smoothing of at least 0 and below 1, got %g", smoothing))
	}
	n, k := float64(max(len(class), 1)), float64(logits.Dim)
	var total float64
	dx := t.Floats(len(logits.Values))
	for i, c := range class {
		if c < 0 || c >= logits.Dim {
			panic(set.Mismatch("loss.CrossEntropy", "classes from 0 to %d, got %d", logits.Dim-1, c))
		}
		row := logits.Row(i)
		lse := logSumExp(row)
		for j, a := range row {
			truth := smoothing / k
			if j == c {
				truth += 1 - smoothing
			}
			log := float64(a) - lse
			if truth > 0 {
				total -= truth * log / n
			}
			dx[i*logits.Dim+j] = float32((elementary.Exp(log) - truth) / n)
		}
	}
	return record(t, "CrossEntropy", total, logits, dx)
}

func logSumExp[F float32 | float64](xs []F) float64 {
	top := math.Inf(-1)
	for _, x := range xs {
		top = max(top, float64(x))
	}
	if math.IsInf(top, -1) {
		return top
	}
	var sum float64
	for _, x := range xs {
		sum += elementary.Exp(float64(x) - top)
	}
	return top + elementary.Log(sum)
}

// Poisson returns the mean over all numbers of the negative log likelihood of
// counts under Poisson distributions of the given rates: rate - count
// log(rate) + log(count!). Rates below 1e-8 are taken as 1e-8. It panics with a
// [*set.ShapeError] for a count that is negative or NaN.
func Poisson(t *grad.Tape, rate grad.Value, count set.Batch) grad.Value {
	checkSame("Poisson", rate, grad.Const(count))
	const least = 1e-8
	n := float64(max(len(rate.Values), 1))
	var total float64
	dx := t.Floats(len(rate.Values))
	for i, r := range rate.Values {
		k := float64(count.Values[i])
		if !(k >= 0) {
			panic(set.Mismatch("loss.Poisson", "counts of 0 or more, got %g", k))
		}
		factorial, _ := math.Lgamma(k + 1)
		lambda := max(float64(r), least)
		total += (lambda - float64(k*elementary.Log(lambda)) + factorial) / n
		dx[i] = 0
		if float64(r) > least {
			dx[i] = float32((1 - k/lambda) / n)
		}
	}
	return record(t, "Poisson", total, rate, dx)
}

// Gaussian returns the mean over sets of the mean over a set's numbers of the
// negative log density of target under Gaussians whose deviation is predicted
// too, number by number:
//
//	log(2π)/2 + log σ + ((target - μ) / σ)² / 2
//
// An element of x holds D numbers μ and D numbers log σ for each element of
// target, which has width D. A σ below 1e-4 is taken as that, and the loss is
// then flat in log σ (Nix and Weigend 1994).
func Gaussian(t *grad.Tape, x grad.Value, target set.Batch) grad.Value {
	const op = "loss.Gaussian"
	checkPairs(op, x, grad.Const(target))
	if x.Dim != 2*target.Dim {
		panic(set.Mismatch(op, "elements of width %d, got %d", 2*target.Dim, x.Dim))
	}
	var total float64
	least := elementary.Log(leastDeviation)
	dx := t.Floats(len(x.Values))
	for s := range x.Sets() {
		if x.Offsets.Size(s) != target.Offsets.Size(s) {
			panic(set.Mismatch(op, "%d elements in set %d, got %d", target.Offsets.Size(s), s, x.Offsets.Size(s)))
		}
		n := float64(max(x.Offsets.Size(s)*target.Dim, 1) * x.Sets())
		for i := x.Offsets[s]; i < x.Offsets[s+1]; i++ {
			own, d := x.Row(i), dx[i*x.Dim:(i+1)*x.Dim]
			for c, y := range target.Row(i) {
				log := max(float64(own[target.Dim+c]), least)
				z := (float64(y) - float64(own[c])) / elementary.Exp(log)
				total += (float64(elementary.Log(2*math.Pi)/2) + log + float64(z*z/2)) / n
				d[c] = float32(-z / elementary.Exp(log) / n)
				d[target.Dim+c] = 0
				if log > least {
					d[target.Dim+c] = float32((1 - float64(z*z)) / n)
				}
			}
		}
	}
	return record(t, "Gaussian", total, x, dx)
}

func checkSame(name string, x, target grad.Value) {
	if len(x.Values) != len(target.Values) || x.Dim != target.Dim {
		panic(set.Mismatch("loss."+name, "targets of %d elements of width %d, as there are values, got %d of %d", x.Len(), x.Dim, target.Len(), target.Dim))
	}
}

func checkPairs(op string, x, y grad.Value) {
	if x.Sets() != y.Sets() {
		panic(set.Mismatch(op, "%d sets, got %d", x.Sets(), y.Sets()))
	}
}

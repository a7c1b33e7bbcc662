package train

import (
	"fmt"
	"math"
	"slices"

	"setwise/internal/kernel"
	"setwise/set"
	"setwise/set/grad"
)

// blame says why the loss of a minibatch or its gradient g is not finite, as
// far as can be found out.
func (r *run) blame(batch []int, g *grad.Gradients) string {
	if flaw := r.flaw(data); flaw != "" {
		return flaw + " to begin with"
	}
	batch = slices.Compact(slices.Sorted(slices.Values(batch)))
	for _, n := range batch {
		if flaw := unsound(r.example(n)); flaw != "" {
			return fmt.Sprintf("example %d has %s", n, flaw)
		}
	}
	const rate = "a lower rate or clipping may help"
	switch alone, first, loss := r.alone(batch); {
	case alone > 0 && alone == len(batch) && alone > 1:
		return fmt.Sprintf("none of the %d examples has a finite loss by itself, such as example %d with %g; if their numbers are finite and not too large, %s",
			alone, first, loss, rate)
	case alone > 0:
		return fmt.Sprintf("example %d has a loss of %g by itself (%d of %d have none that is finite); its numbers may not be finite, or too large",
			first, loss, alone, len(batch))
	}
	if flaw := r.flaw(g.Of); flaw != "" {
		return "the gradient has " + flaw + "; " + rate
	}
	return rate
}

// data returns the numbers of a parameter.
func data(p *grad.Param) []float32 { return p.Data }

// flaw names the first parameter whose numbers, or what else of gives, are not
// all finite, or returns "".
func (r *run) flaw(of func(*grad.Param) []float32) string {
	for i, p := range r.params {
		if finite(kernel.SumSquares(of(p))) {
			continue
		}
		for k, x := range of(p) {
			if !finite(float64(x)) {
				return fmt.Sprintf("%g as number %d of parameter %.100q", x, k, r.names[i])
			}
		}
	}
	return ""
}

// alone counts the examples of a batch whose loss by themselves is not finite,
// and returns the first of them with its loss. It returns 0 for a loss that
// cannot take examples one by one.
func (r *run) alone(batch []int) (bad, first int, of float64) {
	defer func() {
		if recover() != nil {
			bad = 0
		}
	}()
	t := grad.NewTape(nil) // which records, as some losses have chance in training alone
	for _, n := range batch {
		t.Reseed(generator(r.State.Seed, 1, r.Step))
		loss := float64(r.loss(t, []int{n}).Values[0])
		t.Reset()
		if finite(loss) {
			continue
		}
		if bad == 0 {
			first, of = n, loss
		}
		bad++
	}
	return bad, first, of
}

// unsound says which number of an example is not finite, and "" if all are or
// it is of a type that is not known here.
func unsound(example any) string {
	switch e := example.(type) {
	case set.Batch:
		return among("its set", e)
	case set.Labelled:
		return among("its set", e.Set)
	case set.Targeted:
		if flaw := among("its set", e.Set); flaw != "" {
			return flaw
		}
		return among("its target", e.Target)
	}
	return ""
}

func among(what string, b set.Batch) string {
	for i, x := range b.Values {
		if !finite(float64(x)) && b.Dim > 0 {
			return fmt.Sprintf("%g in column %d of element %d of %s", x, i%b.Dim, i/b.Dim, what)
		}
	}
	return ""
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

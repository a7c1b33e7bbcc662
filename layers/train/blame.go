package train

import (
	"fmt"
	"slices"

	"setwise/internal/elementary"
	"setwise/internal/kernel"
	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
)

// blame says why the loss of the minibatches of a step or its gradient g is not
// finite, as far as can be found out.
func (r *run[E]) blame(several []Minibatch[E], g *grad.Gradients) string {
	if flaw := r.flaw(func(w optim.Weight) []float32 { return w.Data }); flaw != "" {
		return flaw + " to begin with"
	}
	var all []suspect[E]
	for _, b := range several {
		for i, e := range b.Examples {
			s := suspect[E]{e, i, b.name(i)}
			if b.Numbers != nil {
				s.number = b.Numbers[i]
			}
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b suspect[E]) int { return a.number - b.number })
	all = slices.CompactFunc(all, func(a, b suspect[E]) bool { return a.name == b.name })
	for _, s := range all {
		if flaw := unsound(s.example); flaw != "" {
			return fmt.Sprintf("%s has %s", s.name, flaw)
		}
	}
	const rate = "a lower rate or clipping may help"
	switch alone, first, loss := r.alone(all); {
	case alone > 0 && alone == len(all) && alone > 1:
		return fmt.Sprintf("none of the %d examples has a finite loss by itself, such as %s with %g; if their numbers are finite and not too large, %s",
			alone, first, loss, rate)
	case alone > 0:
		return fmt.Sprintf("%s has a loss of %g by itself (%d of %d have none that is finite); its numbers may not be finite, or too large",
			first, loss, alone, len(all))
	}
	if flaw := r.flaw(func(w optim.Weight) []float32 { return g.Of(w.Param) }); flaw != "" {
		return "the gradient has " + flaw + "; " + rate
	}
	return rate
}

// A suspect is an example that may be to blame.
type suspect[E any] struct {
	example E
	number  int
	name    string
}

// flaw names the first parameter whose numbers, or what else of gives, are not
// all finite, or returns "".
func (r *run[E]) flaw(of func(optim.Weight) []float32) string {
	for _, w := range r.weights {
		if elementary.Finite(kernel.SumSquares(of(w))) {
			continue
		}
		for k, x := range of(w) {
			if !elementary.Finite(x) {
				return fmt.Sprintf("%g as number %d of parameter %.100q", x, k, w.Name)
			}
		}
	}
	return ""
}

// alone counts the examples whose loss by themselves is not finite, and returns
// the name of the first of them with its loss. It returns 0 for a loss that cannot
// take examples one by one.
func (r *run[E]) alone(all []suspect[E]) (bad int, first string, of float64) {
	defer func() {
		if recover() != nil {
			bad = 0
		}
	}()
	t := grad.NewTape(nil) // which trains, as some losses have chance in training alone
	for _, s := range all {
		t.Reseed(generator(r.State.Seed, 1, r.Step))
		loss := float64(r.rule.Loss(t, []E{s.example}).Values[0])
		t.Reset()
		if elementary.Finite(loss) {
			continue
		}
		if bad == 0 {
			first, of = s.name, loss
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
	case Labelled:
		return among("its set", e.Set)
	case Targeted:
		if flaw := among("its set", e.Set); flaw != "" {
			return flaw
		}
		return among("its target", e.Target)
	}
	return ""
}

func among(what string, b set.Batch) string {
	for i, x := range b.Values {
		if !elementary.Finite(x) && b.Dim > 0 {
			return fmt.Sprintf("%g in column %d of element %d of %s", x, i%b.Dim, i/b.Dim, what)
		}
	}
	return ""
}

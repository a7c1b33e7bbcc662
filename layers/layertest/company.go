package layertest

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// Alone returns an error unless each set of x gives the same bits alone as it
// gives in company: with the other sets of x, before and after those of
// company, and with all sets in the reverse order. company must have the width
// and the number of relations of x.
func Alone(l layers.Layer, x, company set.Batch) error {
	var together set.Batch
	if err := set.Try(func() { together = set.Concat(company, x, company) }); err != nil {
		return err
	}
	backward := make([]int, together.Sets())
	for i := range backward {
		backward[i] = len(backward) - 1 - i
	}
	alone := make([]set.Batch, x.Sets())
	for s := range alone {
		var err error
		if alone[s], err = apply(l, x.At(s)); err != nil {
			return fmt.Errorf("set %d alone: %w", s, err)
		}
	}
	first := company.Sets()
	for _, c := range []struct {
		name string
		x    set.Batch
		at   func(s int) int // where set s of x is
	}{
		{"beside the other sets", x, func(s int) int { return s }},
		{"in company", together, func(s int) int { return first + s }},
		{"in company in reverse", together.Select(backward...), func(s int) int { return len(backward) - 1 - first - s }},
	} {
		y, err := apply(l, c.x)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		for s, want := range alone {
			got := y.At(c.at(s))
			if got.Dim != want.Dim || got.Len() != want.Len() {
				return fmt.Errorf("set %d: want %d elements of width %d as alone, got %d of %d %s",
					s, want.Len(), want.Dim, got.Len(), got.Dim, c.name)
			}
			if i := sameBits(want.Values, got.Values); i >= 0 {
				return fmt.Errorf("set %d: element %d, column %d: want %g as alone, got %g %s",
					s, i/want.Dim, i%want.Dim, want.Values[i], got.Values[i], c.name)
			}
		}
	}
	return nil
}

// Concurrent returns an error unless many goroutines can run l on x at once,
// for inference and for gradients, with the results of a single one.
func Concurrent(l layers.Layer, x set.Batch) error {
	const goroutines = 8
	want, err := everything(l, x)
	if err != nil {
		return err
	}
	errs := make([]error, goroutines)
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			got, err := everything(l, x)
			if err == nil {
				err = want.same(got)
			}
			if err != nil {
				errs[i] = fmt.Errorf("with %d goroutines at work: %w", goroutines, err)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Pure returns an error if a forward pass of l changes its parameters or x, or
// gives other bits a second time, or with a tape that uses its memory again.
func Pure(l layers.Layer, x set.Batch) error {
	before, params := x.Clone(), copies(l)
	first, err := everything(l, x)
	if err != nil {
		return err
	}
	second, err := everything(l, x)
	if err != nil {
		return err
	}
	if err := first.same(second); err != nil {
		return fmt.Errorf("a second time: %w", err)
	}
	var plain set.Batch
	if err := set.Try(func() { plain = l.Forward(nil, grad.Const(x)).Batch }); err != nil {
		return fmt.Errorf("nil tape: %w", err)
	}
	if i := sameBits(first.inferred.Values, plain.Values); i >= 0 {
		return fmt.Errorf("%s: want the bits that a scratch tape gives with a nil tape", place(plain, i))
	}
	if i := sameBits(before.Values, x.Values); i >= 0 {
		return fmt.Errorf("input, %s: want %g as before, got %g", place(x, i), before.Values[i], x.Values[i])
	}
	for name, p := range layers.Params(l) {
		if i := sameBits(params[p], p.Data); i >= 0 {
			return fmt.Errorf("parameter %s, number %d: want %g as before, got %g", name, i, params[p][i], p.Data[i])
		}
	}
	return nil
}

func copies(model any) map[*grad.Param][]float32 {
	c := map[*grad.Param][]float32{}
	for _, p := range layers.Params(model) {
		c[p] = slices.Clone(p.Data)
	}
	return c
}

// results is all that a layer makes of an input.
type results struct {
	inferred, recorded set.Batch
	input              []float32
	params             [][]float32
	names              []string
}

// everything runs l for inference, and for gradients with fixed chance, on
// tapes that have been used before.
func everything(l layers.Layer, x set.Batch) (results, error) {
	var r results
	err := set.Try(func() {
		t := grad.NewScratch(nil)
		spoil(t)
		r.inferred = l.Forward(t, grad.Const(x)).Clone()
	})
	if err == nil {
		err = formed(x, r.inferred)
	}
	if err != nil {
		return r, err
	}
	err = set.Try(func() {
		t := grad.NewTape(nil)
		spoil(t)
		t.Reseed(chance())
		in := t.Input(x)
		y := l.Forward(t, in)
		r.recorded = y.Clone()
		dy := make([]float32, len(y.Values))
		fill(dy)
		g := t.GradientsFrom(y, dy)
		r.input = slices.Clone(g.At(in))
		for name, p := range layers.Params(l) {
			r.names = append(r.names, name)
			r.params = append(r.params, slices.Clone(g.Of(p)))
		}
	})
	return r, err
}

// spoil fills the memory of t with what nobody should read.
func spoil(t *grad.Tape) {
	for i, x := 0, t.Floats(1<<12); i < len(x); i++ {
		x[i] = 1e30
	}
	t.Reset()
}

// same returns an error that says where q differs from r.
func (r results) same(q results) error {
	if i := sameBits(r.inferred.Values, q.inferred.Values); i >= 0 {
		return fmt.Errorf("inference, %s: want the same bits", place(r.inferred, i))
	}
	if i := sameBits(r.recorded.Values, q.recorded.Values); i >= 0 {
		return fmt.Errorf("training, %s: want the same bits", place(r.recorded, i))
	}
	if i := sameBits(r.input, q.input); i >= 0 {
		return fmt.Errorf("gradient of the input, number %d: want the same bits", i)
	}
	for n, name := range r.names {
		if i := sameBits(r.params[n], q.params[n]); i >= 0 {
			return fmt.Errorf("gradient of %s, number %d: want the same bits", name, i)
		}
	}
	return nil
}

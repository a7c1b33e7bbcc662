package layertest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"setwise/internal/elementary"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// Corners returns an error unless l makes something finite, with finite
// gradients, of sets at the edge of what there is: the empty set among others
// and by itself, no sets at all, single elements, and sets of one element many
// times over. They are made of the first non-empty set of x.
func Corners(l layers.Layer, x set.Batch) error {
	first := -1
	for s := range x.Sets() {
		if len(x.Set(s)) > 0 {
			first = s
			break
		}
	}
	if first < 0 {
		return fmt.Errorf("want at least one element to begin with, got none")
	}
	full, single, nothing := x.At(first), single(x.At(first)), empty(x)
	same := full.Clone()
	for i := range same.Len() {
		copy(same.Row(i), same.Row(0))
	}
	for _, c := range []struct {
		name string
		x    set.Batch
	}{
		{"no sets", nothing.Select()},
		{"an empty set", nothing},
		{"two empty sets", set.Concat(nothing, nothing)},
		{"a single element", single},
		{"one element many times over", same},
		{"empty sets among others", set.Concat(nothing, full, nothing, nothing, single, same, nothing)},
	} {
		if err := finite(l, c.x); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// single returns the first element of a set as a set, related to itself where
// it was related to anything.
func single(x set.Batch) set.Batch {
	one := set.Batch{Dim: x.Dim, Values: x.Row(0), Offsets: set.Offsets{0, 1}}
	for _, r := range x.Relations {
		own := &set.Relation{Name: r.Name, Width: r.Width, Offsets: set.Offsets{0, 0}}
		if len(r.Of(0)) > 0 {
			own.Offsets[1], own.Index, own.Features = 1, []int32{0}, slices.Clone(r.Features[:r.Width])
		}
		one.Relations = append(one.Relations, own)
	}
	return one
}

// empty returns one empty set that is otherwise like x.
func empty(x set.Batch) set.Batch {
	e := set.New(x.Dim, 0)
	for _, r := range x.Relations {
		e.Relations = append(e.Relations, &set.Relation{Name: r.Name, Width: r.Width, Offsets: set.Offsets{0}})
	}
	return e
}

// finite reports what is not finite of results and gradients, first with a
// loss of all results, then with one that ignores those of every other set.
func finite(l layers.Layer, x set.Batch) error {
	y, err := apply(l, x)
	if err != nil {
		return err
	}
	if i := odd(y.Values); i >= 0 {
		return fmt.Errorf("%s: want a finite number, got %g", place(y, i), y.Values[i])
	}
	for _, every := range []int{1, 2} {
		var problem error
		err := set.Try(func() { problem = finiteGradients(l, x, every) })
		if err == nil {
			err = problem
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// finiteGradients passes back the gradient of the results of every so many
// sets.
func finiteGradients(l layers.Layer, x set.Batch, every int) error {
	t := grad.NewTape(chance())
	in := t.Input(x)
	y := l.Forward(t, in)
	if err := formed(x, y.Batch); err != nil {
		return fmt.Errorf("training: %w", err)
	}
	dy := make([]float32, len(y.Values))
	for s := 0; s < y.Sets(); s += every {
		lo, hi := y.Offsets.Bounds(s)
		fill(dy[lo*y.Dim : hi*y.Dim])
	}
	g := t.GradientsFrom(y, dy)
	if i := odd(g.At(in)); i >= 0 {
		return fmt.Errorf("gradient of the input, %s: want a finite number, got %g", place(x, i), g.At(in)[i])
	}
	for name, p := range layers.Params(l) {
		if i := odd(g.Of(p)); i >= 0 {
			return fmt.Errorf("gradient of %s, number %d: want a finite number, got %g", name, i, g.Of(p)[i])
		}
	}
	return nil
}

// odd returns where the first number is that is not finite, -1 if all are.
func odd(xs []float32) int {
	for i, x := range xs {
		if !elementary.Finite(x) {
			return i
		}
	}
	return -1
}

// chance returns the same source of chance every time.
func chance() *rand.Rand { return rand.New(rand.NewPCG(11, 12)) }

// fill writes numbers between 1/2 and 3/2 in magnitude, of either sign, the
// same ones every time.
func fill(xs []float32) {
	rng := rand.New(rand.NewPCG(13, 14))
	for i := range xs {
		xs[i] = (0.5 + float32(rng.Float32())) * float32(1-2*rng.IntN(2))
	}
}

package layertest

import (
	"testing"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// Pair runs every check of a pair of this kind, [Elements] or [Sequence], on
// sets x of elements that attend to the sets of y, and reports to t what fails.
// x and y have as many sets; some of them should be empty, on either side and on
// both. Of Elements it is checked that shuffled elements of x give the same
// results, shuffled, and that shuffled elements of y change nothing.
//
// The checks are those of [All], made of the [Together] of x and y. Relations
// are left behind.
func Pair(t testing.TB, p layers.Pair, kind Kind, x, y set.Batch) {
	t.Helper()
	l := Together(p, x.Dim, y.Dim)
	All(t, l, kind, Union(x, y))
}

// Union returns sets in which the elements of x and of y are told apart by
// their first number, 0 or 1, after which their own numbers come, with zeros to
// fill the wider of the two.
func Union(x, y set.Batch) set.Batch {
	dim := 1 + max(x.Dim, y.Dim)
	u := set.Batch{Dim: dim, Offsets: make(set.Offsets, 1, x.Sets()+1)}
	for s := range x.Sets() {
		for mark, from := range []set.Batch{x, y} {
			lo, hi := from.Offsets.Bounds(s)
			for i := lo; i < hi; i++ {
				row := make([]float32, dim)
				row[0] = float32(mark)
				copy(row[1:], from.Row(i))
				u.Values = append(u.Values, row...)
			}
		}
		u.Offsets = append(u.Offsets, len(u.Values)/dim)
	}
	return u
}

// Together returns p as a layer on the [Union] of sets of width x and y. It
// gives what p gives in the place of each element of x, and zeros in the place
// of each of y. It is not differentiable in the mark.
func Together(p layers.Pair, x, y int) layers.Layer { return &together{p, x, y} }

type together struct {
	Pair layers.Pair
	x, y int
}

// Forward takes the union apart and puts the results together.
func (l *together) Forward(t *grad.Tape, u grad.Value) grad.Value {
	var rows [2][]int32
	offsets := [2]set.Offsets{make(set.Offsets, 1), make(set.Offsets, 1)}
	back := make([]int32, u.Len()) // of elements of x among the results, or -1
	for s := range u.Sets() {
		for i := u.Offsets[s]; i < u.Offsets[s+1]; i++ {
			mark := 0
			if u.Row(i)[0] > 0.5 {
				mark = 1
			}
			back[i] = -1
			if mark == 0 {
				back[i] = int32(len(rows[0]))
			}
			rows[mark] = append(rows[mark], int32(i))
		}
		for mark := range rows {
			offsets[mark] = append(offsets[mark], len(rows[mark]))
		}
	}
	x := t.Columns(t.Gather(u, rows[0], offsets[0]), 1, 1+l.x)
	y := t.Columns(t.Gather(u, rows[1], offsets[1]), 1, 1+l.y)
	z := l.Pair.Attend(t, x, y)
	zero := grad.Const(set.New(z.Dim, 1))
	all := t.Stack(t.Regroup(z, set.Offsets{0, z.Len()}), zero)
	for i, r := range back {
		if r < 0 {
			back[i] = int32(all.Len() - 1)
		}
	}
	return t.Gather(all, back, u.Offsets)
}

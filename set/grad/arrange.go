package grad

import (
	"setwise/internal/kernel"
	"setwise/set"
)

// Repeat returns n copies of the single set x: seeds and inducing points, one
// copy for every set of a batch.
func (t *Tape) Repeat(x Value, n int) Value {
	if x.Sets() != 1 {
		panic(set.Mismatch("grad.Repeat", "one set, got %d", x.Sets()))
	}
	if n < 0 || float64(n)*float64(len(x.Values)) > mostNumbers || int64(n) > mostNumbers {
		panic(set.Mismatch("grad.Repeat", "0 copies or more, of %d numbers in all at most, got %d of %d", int64(mostNumbers), n, len(x.Values)))
	}
	y := set.Batch{Dim: x.Dim, Values: t.Floats(n * len(x.Values)), Offsets: make(set.Offsets, n+1)}
	for i := range n {
		y.Offsets[i+1] = y.Offsets[i] + x.Len()
		copy(y.Set(i), x.Values)
	}
	return t.Record(y, func(dy []float32, din [][]float32) {
		dY := set.Batch{Dim: y.Dim, Values: dy, Offsets: y.Offsets}
		for i := range n {
			kernel.AddTo(din[0], dY.Set(i))
		}
	}, x)
}

// Join puts the elements of several values side by side: element i of the
// result is element i of all of xs, one after another. All must have as many
// elements; the sets are those of the first.
func (t *Tape) Join(xs ...Value) Value {
	if len(xs) == 0 {
		panic(set.Mismatch("grad.Join", "at least one value, got none"))
	}
	dim := 0
	for _, x := range xs {
		if x.Len() != xs[0].Len() {
			panic(set.Mismatch("grad.Join", "%d elements, got %d", xs[0].Len(), x.Len()))
		}
		dim += x.Dim
	}
	y := t.Like(xs[0].Batch, dim)
	at := 0
	for _, x := range xs {
		for i := range x.Len() {
			copy(y.Row(i)[at:], x.Row(i))
		}
		at += x.Dim
	}
	return t.Record(y, func(dy []float32, din [][]float32) {
		at := 0
		for k, x := range xs {
			if din[k] != nil {
				for i := range x.Len() {
					kernel.AddTo(din[k][i*x.Dim:(i+1)*x.Dim], dy[i*dim+at:i*dim+at+x.Dim])
				}
			}
			at += x.Dim
		}
	}, xs...)
}

// Columns returns the columns lo up to hi of every element of x.
func (t *Tape) Columns(x Value, lo, hi int) Value {
	if lo < 0 || hi < lo || hi > x.Dim {
		panic(set.Mismatch("grad.Columns", "columns within 0 to %d, got %d to %d", x.Dim, lo, hi))
	}
	y := t.Like(x.Batch, hi-lo)
	for i := range x.Len() {
		copy(y.Row(i), x.Row(i)[lo:hi])
	}
	return t.Record(y, func(dy []float32, din [][]float32) {
		for i := range x.Len() {
			kernel.AddTo(din[0][i*x.Dim+lo:i*x.Dim+hi], dy[i*(hi-lo):(i+1)*(hi-lo)])
		}
	}, x)
}

// Unfold turns every element of x, of width n*d, into n elements of width d of
// the same set, in order.
func (t *Tape) Unfold(x Value, n int) Value {
	if n <= 0 || x.Dim%n != 0 {
		panic(set.Mismatch("grad.Unfold", "a width that %d divides, got %d", n, x.Dim))
	}
	y := set.Batch{Dim: x.Dim / n, Values: x.Values, Offsets: make(set.Offsets, len(x.Offsets))}
	for i, o := range x.Offsets {
		y.Offsets[i] = o * n
	}
	return t.Record(y, func(dy []float32, din [][]float32) { kernel.AddTo(din[0], dy) }, x)
}

// Lookup returns a batch of sets, divided by offsets, whose elements are the
// numbered rows of table: the embedding of tokens.
func (t *Tape) Lookup(table *Param, rows []int, offsets set.Offsets) Value {
	needParams("grad.Lookup", table)
	needOffsets("grad.Lookup", offsets)
	if offsets.Len() != len(rows) {
		panic(set.Mismatch("grad.Lookup", "%d numbers, got %d", offsets.Len(), len(rows)))
	}
	y := set.Batch{Dim: table.Cols, Values: t.Floats(len(rows) * table.Cols), Offsets: offsets}
	for i, r := range rows {
		if r < 0 || r >= table.Rows {
			panic(set.Mismatch("grad.Lookup", "numbers from 0 to %d, got %d", table.Rows-1, r))
		}
		copy(y.Row(i), table.Data[r*table.Cols:(r+1)*table.Cols])
	}
	return t.Record(y, func(dy []float32, din [][]float32) {
		for i, r := range rows {
			kernel.AddTo(din[0][r*table.Cols:(r+1)*table.Cols], dy[i*table.Cols:(i+1)*table.Cols])
		}
	}, t.Param(table))
}

// Spread gives every element of the sets in like the one element that its set
// has in x: a global feature beside the local ones.
func (t *Tape) Spread(x Value, like set.Offsets) Value {
	needOffsets("grad.Spread", like)
	if x.Sets() != like.Sets() {
		panic(set.Mismatch("grad.Spread", "%d sets, got %d", like.Sets(), x.Sets()))
	}
	for s := range x.Sets() {
		if size(x, s) != 1 {
			panic(set.Mismatch("grad.Spread", "one element in set %d, got %d", s, size(x, s)))
		}
	}
	y := set.Batch{Dim: x.Dim, Values: t.Floats(like.Len() * x.Dim), Offsets: like}
	for s := range like.Sets() {
		lo, hi := like.Bounds(s)
		for i := lo; i < hi; i++ {
			copy(y.Row(i), x.Row(s))
		}
	}
	return t.Record(y, func(dy []float32, din [][]float32) {
		for s := range like.Sets() {
			lo, hi := like.Bounds(s)
			kernel.ColSum(din[0][s*x.Dim:(s+1)*x.Dim], dy[lo*x.Dim:hi*x.Dim], hi-lo, x.Dim)
		}
	}, x)
}

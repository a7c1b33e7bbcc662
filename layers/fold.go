package grad

import (
	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
)

// Attention of few queries to many elements need not project every element to
// a key and a value. With one head of width c, queries q, W_K and W_V,
//
//	softmax(q (X W_K)ᵀ) X W_V = (softmax((q W_Kᵀ) Xᵀ) X) W_V
//
// and a bias on the keys changes nothing, for it adds the same number to all
// logits of a query. KeyQueries makes the queries q W_Kᵀ of every head,
// [Tape.Attend] lets them meet X itself in one head, and HeadValues multiplies
// by W_V.

// KeyQueries returns, for a single set of queries and the weight that would
// make keys of elements, queries that can meet the elements themselves: one for
// each head and query, heads first, as wide as the elements.
func (t *Tape) KeyQueries(q Value, weight *Param, heads int) Value {
	width := checkHeads("grad.KeyQueries", q.Dim, weight, heads)
	if q.Sets() != 1 {
		panic(set.Mismatch("grad.KeyQueries", "one set of queries, got %d", q.Sets()))
	}
	m, in, d := q.Len(), weight.Rows, q.Dim
	y := set.Batch{Dim: in, Values: t.Floats(heads * m * in), Offsets: set.Offsets{0, heads * m}}
	if m == 0 {
		return Const(y)
	}
	for h := range heads {
		kernel.Gemm(false, true, m, in, width, 1, q.Values[h*width:], d, weight.Data[h*width:], d, false, y.Values[h*m*in:], in)
	}
	return t.Record(y, func(dy []float32, din [][]float32) {
		for h := range heads {
			dh := dy[h*m*in:]
			if din[0] != nil {
				kernel.Gemm(false, false, m, width, in, 1, dh, in, weight.Data[h*width:], d, true, din[0][h*width:], d)
			}
			kernel.Gemm(true, false, in, width, m, 1, dh, in, q.Values[h*width:], d, true, din[1][h*width:], d)
		}
	}, q, t.Param(weight))
}

// HeadValues turns what the queries of [Tape.KeyQueries] gathered from the
// elements of each set of keys into what they would have gathered from values:
// row i of the result has in the columns of head h row h*m+i of x times those
// columns of weight, plus bias. x has heads*m elements in each set, the result
// m. Where a set of keys is empty there is nothing to gather and no bias is
// added. bias may be nil.
func (t *Tape) HeadValues(x Value, weight, bias *Param, heads int, keys set.Offsets) Value {
	width := checkHeads("grad.HeadValues", weight.Cols, weight, heads)
	if x.Sets() != keys.Sets() || x.Dim != weight.Rows {
		panic(set.Mismatch("grad.HeadValues", "%d sets of elements of width %d, got %d of %d", keys.Sets(), weight.Rows, x.Sets(), x.Dim))
	}
	if bias != nil && bias.Cols != weight.Cols {
		panic(set.Mismatch("grad.HeadValues", "a bias of width %d, got %d", weight.Cols, bias.Cols))
	}
	rows, in, d := 0, weight.Rows, weight.Cols
	if x.Sets() > 0 {
		rows = size(x, 0)
	}
	m := rows / heads
	y := set.Batch{Dim: d, Offsets: make(set.Offsets, x.Sets()+1), Values: t.Floats(x.Sets() * m * d)}
	for s := range x.Sets() {
		if size(x, s) != rows || rows%heads != 0 {
			panic(set.Mismatch("grad.HeadValues", "%d elements in set %d, a multiple of %d heads, got %d", rows, s, heads, size(x, s)))
		}
		y.Offsets[s+1] = (s + 1) * m
	}
	if m == 0 {
		return Const(y)
	}
	parallel.Range(x.Sets(), grain(m*in*d), func(lo, hi int) {
		for s := lo; s < hi; s++ {
			for h := range heads {
				kernel.Gemm(false, false, m, width, in, 1, x.Set(s)[h*m*in:], in, weight.Data[h*width:], d, false, y.Set(s)[h*width:], d)
			}
			if bias != nil && keys[s+1] > keys[s] {
				kernel.AddBias(y.Set(s), m, d, bias.Data)
			}
		}
	})
	back := func(dy []float32, din [][]float32) {
		for s := range x.Sets() {
			dys, dx := dy[s*m*d:(s+1)*m*d], part(din[0], x, s)
			for h := range heads {
				if dx != nil {
					kernel.Gemm(false, true, m, in, width, 1, dys[h*width:], d, weight.Data[h*width:], d, true, dx[h*m*in:], in)
				}
				kernel.Gemm(true, false, in, width, m, 1, x.Set(s)[h*m*in:], in, dys[h*width:], d, true, din[1][h*width:], d)
			}
			if bias != nil && keys[s+1] > keys[s] {
				kernel.ColSum(din[2], dys, m, d)
			}
		}
	}
	if bias == nil {
		return t.Record(y, back, x, t.Param(weight))
	}
	return t.Record(y, back, x, t.Param(weight), t.Param(bias))
}

// checkHeads returns the width of a head.
func checkHeads(op string, dim int, weight *Param, heads int) int {
	if heads <= 0 || dim != weight.Cols || dim%heads != 0 {
		panic(set.Mismatch(op, "a weight with %d columns, which %d heads divide, got %d", dim, heads, weight.Cols))
	}
	return dim / heads
}

package layers

import (
	"setwise/internal/kernel"
	"setwise/set"
	"setwise/set/grad"
)

// Attention of few queries to many elements need not project every element to
// a key and a value. With one head of width c, queries q, W_K and W_V,
//
//	softmax(q (X W_K)ᵀ) X W_V = (softmax((q W_Kᵀ) Xᵀ) X) W_V
//
// and a bias on the keys changes nothing, for it adds the same number to all
// logits of a query. keyQueries makes the queries q W_Kᵀ of every head,
// [grad.Tape.Attend] lets them meet X itself in one head, and headValues
// multiplies by W_V.

// keyQueries returns, for a single set of queries and the weight that would
// make keys of elements, queries that can meet the elements themselves: one for
// each head and query, heads first, as wide as the elements.
func keyQueries(t *grad.Tape, q, weight grad.Value, heads int) grad.Value {
	width := checkHeads("layers.keyQueries", q.Dim, weight, heads)
	if q.Sets() != 1 {
		panic(set.Mismatch("layers.keyQueries", "one set of queries, got %d", q.Sets()))
	}
	m, in, d := q.Len(), weight.Len(), q.Dim
	y := set.Batch{Dim: in, Values: t.Floats(heads * m * in), Offsets: t.Offsets(1)}
	y.Offsets[1] = heads * m
	if m == 0 {
		return grad.Const(y)
	}
	for h := range heads {
		kernel.Gemm(false, true, m, in, width, 1, q.Values[h*width:], d, weight.Values[h*width:], d, false, y.Values[h*m*in:], in)
	}
	return t.Record(grad.Op{Name: "KeyQueries", With: heads}, y, func(dy []float32, din [][]float32) {
		for h := range heads {
			dh := dy[h*m*in:]
			if din[0] != nil {
				kernel.Gemm(false, false, m, width, in, 1, dh, in, weight.Values[h*width:], d, true, din[0][h*width:], d)
			}
			if din[1] != nil {
				kernel.Gemm(true, false, in, width, m, 1, dh, in, q.Values[h*width:], d, true, din[1][h*width:], d)
			}
		}
	}, q, weight)
}

// headValues turns what the queries of keyQueries gathered from the
// elements of each set of keys into what they would have gathered from values:
// row i of the result has in the columns of head h row h*m+i of x times those
// columns of weight, plus bias. x has heads*m elements in each set, the result
// m. Where a set of keys is empty there is nothing to gather and no bias is
// added. bias may be none.
func headValues(t *grad.Tape, x, weight, bias grad.Value, heads int, keys set.Offsets) grad.Value {
	width := checkHeads("layers.headValues", weight.Dim, weight, heads)
	if x.Sets() != keys.Sets() || x.Dim != weight.Len() {
		panic(set.Mismatch("layers.headValues", "%d sets of elements of width %d, got %d of %d", keys.Sets(), weight.Len(), x.Sets(), x.Dim))
	}
	if !bias.IsNone() && bias.Dim != weight.Dim {
		panic(set.Mismatch("layers.headValues", "a bias of width %d, got %d", weight.Dim, bias.Dim))
	}
	rows, in, d := 0, weight.Len(), weight.Dim
	if x.Sets() > 0 {
		rows = x.Offsets.Size(0)
	}
	m := rows / heads
	y := set.Batch{Dim: d, Offsets: t.Offsets(x.Sets()), Values: t.Floats(x.Sets() * m * d)}
	for s := range x.Sets() {
		if x.Offsets.Size(s) != rows || rows%heads != 0 {
			panic(set.Mismatch("layers.headValues", "%d elements in set %d, a multiple of %d heads, got %d", rows, s, heads, x.Offsets.Size(s)))
		}
		y.Offsets[s+1] = (s + 1) * m
	}
	if m == 0 {
		return grad.Const(y)
	}
	grad.Each(x.Sets(), m*in*d, func(lo, hi int) {
		for s := lo; s < hi; s++ {
			for h := range heads {
				kernel.Gemm(false, false, m, width, in, 1, x.Set(s)[h*m*in:], in, weight.Values[h*width:], d, false, y.Set(s)[h*width:], d)
			}
			if bias.Values != nil && keys[s+1] > keys[s] {
				kernel.AddBias(y.Set(s), m, d, bias.Values)
			}
		}
	})
	return t.Record(grad.Op{Name: "HeadValues", With: heads}, y, func(dy []float32, din [][]float32) {
		for s := range x.Sets() {
			dys, dx := dy[s*m*d:(s+1)*m*d], x.Part(din[0], s)
			for h := range heads {
				if dx != nil {
					kernel.Gemm(false, true, m, in, width, 1, dys[h*width:], d, weight.Values[h*width:], d, true, dx[h*m*in:], in)
				}
				if din[1] != nil {
					kernel.Gemm(true, false, in, width, m, 1, x.Set(s)[h*m*in:], in, dys[h*width:], d, true, din[1][h*width:], d)
				}
			}
			if din[2] != nil && keys[s+1] > keys[s] {
				kernel.ColSum(din[2], dys, m, d)
			}
		}
	}, x, weight, bias)
}

// checkHeads returns the width of a head.
func checkHeads(op string, dim int, weight grad.Value, heads int) int {
	if heads <= 0 || dim != weight.Dim || dim%heads != 0 {
		panic(set.Mismatch(op, "a weight with %d columns, which %d heads divide, got %d", dim, heads, weight.Dim))
	}
	return dim / heads
}

package grad

import (
	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
)

// rowsAtOnce is how many elements one worker takes at a time: with their
// results they fit in its cache.
const rowsAtOnce = 96

// grain returns how many rows, each costing the given number of
// multiplications, are worth handing to another worker.
func grain(cost int) int { return max(1, 1<<17/max(cost, 1)) }

// Affine returns x W + b for every element of x, of width w.Cols. b may be
// nil. O(elements * w.Rows * w.Cols).
func (t *Tape) Affine(x Value, w, b *Param) Value { return t.affine(x, w, b, false) }

// AffineReLU returns max(x W + b, 0) for every element of x. b may be nil.
func (t *Tape) AffineReLU(x Value, w, b *Param) Value { return t.affine(x, w, b, true) }

func (t *Tape) affine(x Value, w, b *Param, relu bool) Value {
	needParams("grad.Affine", w)
	needBias("grad.Affine", b, w.Cols)
	if x.Dim != w.Rows {
		panic(set.Mismatch("grad.Affine", "elements of width %d, got %d", w.Rows, x.Dim))
	}
	y := t.Like(x.Batch, w.Cols)
	in, out := w.Rows, w.Cols
	parallel.Range(x.Len(), grain(in*out), func(lo, hi int) {
		for i := lo; i < hi; i += rowsAtOnce {
			n := min(rowsAtOnce, hi-i)
			yi := y.Values[i*out : (i+n)*out]
			kernel.Gemm(false, false, n, out, in, 1, x.Values[i*in:], in, w.Data, out, false, yi, out)
			switch {
			case b != nil && relu:
				kernel.BiasReLU(yi, n, out, b.Data)
			case b != nil:
				kernel.AddBias(yi, n, out, b.Data)
			case relu:
				kernel.ReLU(yi, yi)
			}
		}
	})
	back := func(dy []float32, din [][]float32) {
		if relu {
			dz := t.Floats(len(dy))
			clear(dz)
			kernel.ReLUGrad(dz, dy, y.Values)
			defer t.recycle(dz)
			dy = dz
		}
		addProductBT(din[0], dy, w.Data, x.Len(), out, in)
		addProductAT(din[1], x.Values, dy, x.Len(), in, out)
		if b != nil {
			kernel.ColSum(din[2], dy, x.Len(), out)
		}
	}
	if b == nil {
		return t.Record(y, back, x, t.Param(w))
	}
	return t.Record(y, back, x, t.Param(w), t.Param(b))
}

// addProductBT adds a (n x k) times the transpose of b (m x k) to c (n x m).
// A nil c is left out.
func addProductBT(c, a, b []float32, n, k, m int) {
	if c == nil {
		return
	}
	parallel.Range(n, grain(k*m), func(lo, hi int) {
		for i := lo; i < hi; i += rowsAtOnce {
			r := min(rowsAtOnce, hi-i)
			kernel.Gemm(false, true, r, m, k, 1, a[i*k:], k, b, k, true, c[i*m:], m)
		}
	})
}

// addProductAT adds the transpose of a (n x k) times b (n x m) to c (k x m).
// A nil c is left out. Every entry of c is summed by one worker, in order.
func addProductAT(c, a, b []float32, n, k, m int) {
	if c == nil || n == 0 {
		return
	}
	parallel.Range(k, max(12, grain(n*m)), func(lo, hi int) {
		kernel.Gemm(true, false, hi-lo, m, n, 1, a[lo:], k, b, m, true, c[lo*m:], m)
	})
}

// Product returns, for every set, the matrix whose rows are the elements of x
// times the matrix whose rows are those of y: every set of y must have x.Dim
// elements. The result has the sets of x and the width of y.
func (t *Tape) Product(x, y Value) Value {
	checkPairs("grad.Product", x, y)
	z := t.Like(x.Batch, y.Dim)
	for s := range x.Sets() {
		xs, ys := x.Set(s), y.Set(s)
		n := size(x, s)
		if size(y, s) != x.Dim {
			panic(set.Mismatch("grad.Product", "%d elements in set %d of y, got %d", x.Dim, s, size(y, s)))
		}
		kernel.Gemm(false, false, n, y.Dim, x.Dim, 1, xs, x.Dim, ys, y.Dim, false, z.Set(s), y.Dim)
	}
	return t.Record(z, func(dz []float32, din [][]float32) {
		dZ := set.Batch{Dim: z.Dim, Values: dz, Offsets: z.Offsets}
		for s := range x.Sets() {
			n := size(x, s)
			addProductBT(part(din[0], x, s), dZ.Set(s), y.Set(s), n, y.Dim, x.Dim)
			addProductAT(part(din[1], y, s), x.Set(s), dZ.Set(s), n, x.Dim, y.Dim)
		}
	}, x, y)
}

// Dots returns, for every set, the dot product of each element of x with each
// of the n elements of y, which all sets of y must have: an element of width n
// for each of x. The logits of retrieval come from it.
func (t *Tape) Dots(x, y Value) Value {
	checkPairs("grad.Dots", x, y)
	if x.Dim != y.Dim {
		panic(set.Mismatch("grad.Dots", "elements of width %d, got %d", x.Dim, y.Dim))
	}
	m := 0
	if y.Sets() > 0 {
		m = size(y, 0)
	}
	z := t.Like(x.Batch, m)
	for s := range x.Sets() {
		if size(y, s) != m {
			panic(set.Mismatch("grad.Dots", "%d elements in set %d of y, got %d", m, s, size(y, s)))
		}
		kernel.Gemm(false, true, size(x, s), m, x.Dim, 1, x.Set(s), x.Dim, y.Set(s), y.Dim, false, z.Set(s), m)
	}
	return t.Record(z, func(dz []float32, din [][]float32) {
		dZ := set.Batch{Dim: m, Values: dz, Offsets: z.Offsets}
		for s := range x.Sets() {
			n := size(x, s)
			if dx := part(din[0], x, s); dx != nil {
				kernel.Gemm(false, false, n, x.Dim, m, 1, dZ.Set(s), m, y.Set(s), y.Dim, true, dx, x.Dim)
			}
			addProductAT(part(din[1], y, s), dZ.Set(s), x.Set(s), n, m, x.Dim)
		}
	}, x, y)
}

func checkPairs(op string, x, y Value) {
	if x.Sets() != y.Sets() {
		panic(set.Mismatch(op, "%d sets, got %d", x.Sets(), y.Sets()))
	}
}

func size(x Value, s int) int { return x.Offsets[s+1] - x.Offsets[s] }

// part returns the part of d, a gradient of x or nil, that belongs to set s.
func part(d []float32, x Value, s int) []float32 {
	if d == nil {
		return nil
	}
	lo, hi := x.Offsets.Bounds(s)
	return d[lo*x.Dim : hi*x.Dim]
}

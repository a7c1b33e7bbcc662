package grad

import (
	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
)

// rowsAtOnce is how many elements one worker takes at a time: with their
// results they fit in its cache.
const rowsAtOnce = 96

// Affine returns x W + b for every element of x: the elements of w are the rows
// of W, as many as x is wide, and the result is as wide as they are. b is one
// element of that width, or none. O(elements * x.Dim * w.Dim).
func (t *Tape) Affine(x, w, b Value) Value { return t.affine(Op{Name: "Affine"}, x, w, b, false) }

// AffineReLU returns max(x W + b, 0) for every element of x, as [Tape.Affine]
// and [Tape.ReLU] do.
func (t *Tape) AffineReLU(x, w, b Value) Value {
	return t.affine(Op{Name: "AffineReLU"}, x, w, b, true)
}

func (t *Tape) affine(op Op, x, w, b Value, relu bool) Value {
	in, out := w.Len(), w.Dim
	if x.Dim != in {
		panic(set.Mismatch("grad."+op.Name, "elements of width %d, got %d", in, x.Dim))
	}
	checkColumns(op, "biases", out, b)
	y := t.Like(x.Batch, out)
	n, xs, ws, bs, ys := x.Len(), x.Values, w.Values, b.Values, y.Values
	parallel.Range(n, grain(in*out), func(lo, hi int) {
		for i := lo; i < hi; i += rowsAtOnce {
			r := min(rowsAtOnce, hi-i)
			yi := ys[i*out : (i+r)*out]
			kernel.Gemm(false, false, r, out, in, 1, xs[i*in:], in, ws, out, false, yi, out)
			switch {
			case bs != nil && relu:
				kernel.BiasReLU(yi, r, out, bs)
			case bs != nil:
				kernel.AddBias(yi, r, out, bs)
			case relu:
				kernel.ReLU(yi, yi)
			}
		}
	})
	return t.Record(op, y, func(dy []float32, din [][]float32) {
		if relu {
			dz := t.Floats(len(dy))
			clear(dz)
			kernel.ReLUGrad(dz, dy, ys)
			defer t.recycle(dz)
			dy = dz
		}
		addProductBT(din[0], dy, ws, n, out, in)
		addProductAT(din[1], xs, dy, n, in, out)
		if din[2] != nil {
			kernel.ColSum(din[2], dy, n, out)
		}
	}, x, w, b)
}

// checkColumns panics unless v, which may be none, is one element of width
// cols.
func checkColumns(op Op, what string, cols int, v Value) {
	if !v.IsNone() && len(v.Values) != cols {
		panic(set.Mismatch("grad."+op.Name, "%d %s, got %d", cols, what, len(v.Values)))
	}
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
		n := x.Offsets.Size(s)
		if y.Offsets.Size(s) != x.Dim {
			panic(set.Mismatch("grad.Product", "%d elements in set %d of y, got %d", x.Dim, s, y.Offsets.Size(s)))
		}
		kernel.Gemm(false, false, n, y.Dim, x.Dim, 1, xs, x.Dim, ys, y.Dim, false, z.Set(s), y.Dim)
	}
	return t.Record(Op{Name: "Product"}, z, func(dz []float32, din [][]float32) {
		dZ := set.Batch{Dim: z.Dim, Values: dz, Offsets: z.Offsets}
		for s := range x.Sets() {
			n := x.Offsets.Size(s)
			addProductBT(x.Part(din[0], s), dZ.Set(s), y.Set(s), n, y.Dim, x.Dim)
			addProductAT(y.Part(din[1], s), x.Set(s), dZ.Set(s), n, x.Dim, y.Dim)
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
		m = y.Offsets.Size(0)
	}
	z := t.Like(x.Batch, m)
	for s := range x.Sets() {
		if y.Offsets.Size(s) != m {
			panic(set.Mismatch("grad.Dots", "%d elements in set %d of y, got %d", m, s, y.Offsets.Size(s)))
		}
		kernel.Gemm(false, true, x.Offsets.Size(s), m, x.Dim, 1, x.Set(s), x.Dim, y.Set(s), y.Dim, false, z.Set(s), m)
	}
	return t.Record(Op{Name: "Dots"}, z, func(dz []float32, din [][]float32) {
		dZ := set.Batch{Dim: m, Values: dz, Offsets: z.Offsets}
		for s := range x.Sets() {
			n := x.Offsets.Size(s)
			if dx := x.Part(din[0], s); dx != nil {
				kernel.Gemm(false, false, n, x.Dim, m, 1, dZ.Set(s), m, y.Set(s), y.Dim, true, dx, x.Dim)
			}
			addProductAT(y.Part(din[1], s), dZ.Set(s), x.Set(s), n, m, x.Dim)
		}
	}, x, y)
}

func checkPairs(op string, x, y Value) {
	if x.Sets() != y.Sets() {
		panic(set.Mismatch(op, "%d sets, got %d", x.Sets(), y.Sets()))
	}
}

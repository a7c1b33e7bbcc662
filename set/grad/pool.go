package grad

import (
	"math"

	"setwise/internal/elementary"
	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
)

// one returns an unset batch of as many sets as x, each of one element.
func (t *Tape) one(x Value, dim int) set.Batch {
	o := t.Offsets(x.Sets())
	for i := range o {
		o[i] = i
	}
	return set.Batch{Dim: dim, Values: t.Floats(x.Sets() * dim), Offsets: o}
}

// Sum returns the sum of the elements of each set, zero for an empty one. Long
// sums lose no accuracy.
func (t *Tape) Sum(x Value) Value {
	return t.total("Sum", x, func(int) float32 { return 1 })
}

// Mean returns the mean of the elements of each set, zero for an empty one.
func (t *Tape) Mean(x Value) Value {
	return t.total("Mean", x, func(n int) float32 { return 1 / float32(max(n, 1)) })
}

// total sums each set and multiplies by a weight that depends on its size.
func (t *Tape) total(name string, x Value, weight func(n int) float32) Value {
	y := t.one(x, x.Dim)
	clear(y.Values)
	parallel.Range(x.Sets(), grain(len(x.Values)/max(x.Sets(), 1)), func(lo, hi int) {
		for s := lo; s < hi; s++ {
			n := x.Offsets.Size(s)
			kernel.ColSum(y.Row(s), x.Set(s), n, x.Dim)
			kernel.Scale(y.Row(s), weight(n), y.Row(s))
		}
	})
	return t.Record(Op{Name: name}, y, func(dy []float32, din [][]float32) {
		for s := range x.Sets() {
			dx := x.Part(din[0], s)
			w := weight(x.Offsets.Size(s))
			for i := 0; i < len(dx); i += x.Dim {
				kernel.Axpy(dx[i:i+x.Dim], w, dy[s*x.Dim:(s+1)*x.Dim])
			}
		}
	}, x)
}

// Max returns, column by column, the largest number among the elements of each
// set, zero for an empty set. The gradient goes to the largest; equal numbers
// share it, so that it does not depend on their order. A column with a NaN gives
// NaN.
func (t *Tape) Max(x Value) Value {
	y := t.one(x, x.Dim)
	sets := func(f func(s int)) {
		parallel.Range(x.Sets(), grain(len(x.Values)/max(x.Sets(), 1)), func(lo, hi int) {
			for s := lo; s < hi; s++ {
				f(s)
			}
		})
	}
	sets(func(s int) {
		top, xs := y.Row(s), x.Set(s)
		clear(top)
		copy(top, xs[:min(len(xs), x.Dim)])
		for i := x.Dim; i < len(xs); i += x.Dim {
			kernel.Larger(top, top, xs[i:i+x.Dim])
		}
	})
	return t.Record(Op{Name: "Max"}, y, func(dy []float32, din [][]float32) {
		ones, shares := t.Floats(x.Dim), t.Floats(len(dy))
		for j := range ones {
			ones[j] = 1
		}
		sets(func(s int) {
			top, xs, dx := y.Row(s), x.Set(s), x.Part(din[0], s)
			share := shares[s*x.Dim : (s+1)*x.Dim]
			clear(share)
			for i := 0; i < len(xs); i += x.Dim {
				kernel.AddEqual(share, ones, xs[i:i+x.Dim], top)
			}
			for j, ties := range share {
				share[j] = dy[s*x.Dim+j] / ties
			}
			for i := 0; i < len(xs); i += x.Dim {
				kernel.AddEqual(dx[i:i+x.Dim], share, xs[i:i+x.Dim], top)
			}
		})
	}, x)
}

// Softmax returns, column by column, the softmax of each set: positive numbers
// that sum to one over its elements.
func (t *Tape) Softmax(x Value) Value {
	y := t.Like(x.Batch, x.Dim)
	top, sum := make([]float32, x.Dim), make([]float64, x.Dim)
	for s := range x.Sets() {
		xs, ys := x.Set(s), y.Set(s)
		for j := range top {
			top[j], sum[j] = float32(math.Inf(-1)), 0
		}
		for i, a := range xs {
			top[i%x.Dim] = max(top[i%x.Dim], a)
		}
		for i, a := range xs {
			e := elementary.Exp(float64(a - top[i%x.Dim]))
			ys[i] = float32(e)
			sum[i%x.Dim] += e
		}
		for i := range ys {
			ys[i] = float32(float64(ys[i]) / sum[i%x.Dim])
		}
	}
	return t.Record(Op{Name: "Softmax"}, y, func(dy []float32, din [][]float32) {
		dot := make([]float64, x.Dim)
		for s := range x.Sets() {
			ys, dx, dys := y.Set(s), x.Part(din[0], s), x.Part(dy, s)
			clear(dot)
			for i, p := range ys {
				dot[i%x.Dim] += float64(float64(p) * float64(dys[i]))
			}
			for i, p := range ys {
				dx[i] += float32(p * float32(float64(dys[i])-dot[i%x.Dim]))
			}
		}
	}, x)
}

package grad

import (
	"math"

	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
)

// epsilon keeps norms finite where there is no variance.
const epsilon = 1e-5

func checkNorm(op string, x Value, gain, bias *Param) {
	needParams(op, gain, bias)
	if len(gain.Data) != x.Dim || len(bias.Data) != x.Dim {
		panic(set.Mismatch(op, "%d gains and biases, got %d and %d", x.Dim, len(gain.Data), len(bias.Data)))
	}
}

// LayerNorm moves every element of x to mean 0 and variance 1, then
// multiplies its columns by gain and adds bias (Ba, Kiros and Hinton 2016).
func (t *Tape) LayerNorm(x Value, gain, bias *Param) Value {
	checkNorm("grad.LayerNorm", x, gain, bias)
	y := t.Like(x.Batch, x.Dim)
	n, d := x.Len(), x.Dim
	mean, rstd := t.Floats(n), t.Floats(n)
	parallel.Range(n, grain(d), func(lo, hi int) {
		kernel.LayerNorm(y.Values[lo*d:hi*d], x.Values[lo*d:hi*d], gain.Data, bias.Data, hi-lo, d, epsilon, mean[lo:hi], rstd[lo:hi])
	})
	return t.Record(y, func(dy []float32, din [][]float32) {
		kernel.LayerNormGrad(din[0], din[1], din[2], dy, x.Values, gain.Data, mean, rstd, n, d)
	}, x, t.Param(gain), t.Param(bias))
}

// SetNorm moves all the numbers of each set together to mean 0 and variance
// 1, then multiplies its columns by gain and adds bias. Unlike layer norm it
// keeps how the elements of a set differ (Zhang et al. 2022).
func (t *Tape) SetNorm(x Value, gain, bias *Param) Value {
	checkNorm("grad.SetNorm", x, gain, bias)
	y := t.Like(x.Batch, x.Dim)
	mean, rstd := t.Floats(x.Sets()), t.Floats(x.Sets())
	for s := range x.Sets() {
		m, r := moments(x.Set(s))
		mean[s], rstd[s] = float32(m), float32(r)
		ys := y.Set(s)
		for i, a := range x.Set(s) {
			j := i % x.Dim
			ys[i] = float32((a-mean[s])*rstd[s]*gain.Data[j]) + bias.Data[j]
		}
	}
	return t.Record(y, func(dy []float32, din [][]float32) {
		for s := range x.Sets() {
			xs, d := x.Set(s), part(dy, x, s)
			var m1, m2 float64 // means of the gradient, and of it times the normed value
			for i, a := range xs {
				j := i % x.Dim
				hat := (a - mean[s]) * rstd[s]
				din[1][j] += float32(d[i] * hat)
				din[2][j] += d[i]
				m1 += float64(d[i] * gain.Data[j])
				m2 += float64(d[i] * gain.Data[j] * hat)
			}
			n := float64(max(len(xs), 1))
			c1, c2 := float32(m1/n), float32(m2/n)
			if dx := part(din[0], x, s); dx != nil {
				for i, a := range xs {
					hat := (a - mean[s]) * rstd[s]
					dx[i] += float32(rstd[s] * (float32(d[i]*gain.Data[i%x.Dim]) - c1 - float32(hat*c2)))
				}
			}
		}
	}, x, t.Param(gain), t.Param(bias))
}

// moments returns the mean of xs and one over their deviation.
func moments(xs []float32) (mean, rstd float64) {
	n := float64(max(len(xs), 1))
	for _, a := range xs {
		mean += float64(a) / n
	}
	var variance float64
	for _, a := range xs {
		variance += (float64(a) - mean) * (float64(a) - mean) / n
	}
	return mean, 1 / math.Sqrt(variance+epsilon)
}

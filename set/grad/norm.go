package grad

import (
	"math"

	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
)

// epsilon keeps norms finite where there is no variance.
const epsilon = 1e-5

func checkNorm(op string, x, gain, bias Value) {
	if len(gain.Values) != len(bias.Values) {
		panic(set.Mismatch(op, "as many gains as biases, got %d and %d", len(gain.Values), len(bias.Values)))
	}
	if len(gain.Values) != x.Dim {
		panic(set.Mismatch(op, "elements of width %d, as many as there are gains, got %d", len(gain.Values), x.Dim))
	}
}

// LayerNorm moves every element of x to mean 0 and variance 1, then
// multiplies its columns by gain and adds bias (Ba, Kiros and Hinton 2016).
func (t *Tape) LayerNorm(x, gain, bias Value) Value {
	checkNorm("grad.LayerNorm", x, gain, bias)
	y := t.Like(x.Batch, x.Dim)
	n, d := x.Len(), x.Dim
	mean, rstd := t.Floats(n), t.Floats(n)
	parallel.Range(n, grain(d), func(lo, hi int) {
		kernel.LayerNorm(y.Values[lo*d:hi*d], x.Values[lo*d:hi*d], gain.Values, bias.Values, hi-lo, d, epsilon, mean[lo:hi], rstd[lo:hi])
	})
	return t.Record(Op{Name: "LayerNorm"}, y, func(dy []float32, din [][]float32) {
		dgain, dbias := t.orNowhere(din[1], d), t.orNowhere(din[2], d)
		kernel.LayerNormGrad(din[0], dgain, dbias, dy, x.Values, gain.Values, mean, rstd, n, d)
	}, x, gain, bias)
}

// SetNorm moves all the numbers of each set together to mean 0 and variance
// 1, then multiplies its columns by gain and adds bias. Unlike layer norm it
// keeps how the elements of a set differ (Zhang et al. 2022).
func (t *Tape) SetNorm(x, gain, bias Value) Value {
	checkNorm("grad.SetNorm", x, gain, bias)
	y := t.Like(x.Batch, x.Dim)
	mean, rstd := t.Floats(x.Sets()), t.Floats(x.Sets())
	for s := range x.Sets() {
		m, r := moments(x.Set(s))
		mean[s], rstd[s] = float32(m), float32(r)
		ys := y.Set(s)
		for i, a := range x.Set(s) {
			j := i % x.Dim
			ys[i] = float32((a-mean[s])*rstd[s]*gain.Values[j]) + bias.Values[j]
		}
	}
	return t.Record(Op{Name: "SetNorm"}, y, func(dy []float32, din [][]float32) {
		dgain, dbias := t.orNowhere(din[1], x.Dim), t.orNowhere(din[2], x.Dim)
		for s := range x.Sets() {
			xs, d := x.Set(s), x.Part(dy, s)
			var m1, m2 float64 // means of the gradient, and of it times the normed value
			for i, a := range xs {
				j := i % x.Dim
				hat := (a - mean[s]) * rstd[s]
				dgain[j] += float32(d[i] * hat)
				dbias[j] += d[i]
				m1 += float64(d[i] * gain.Values[j])
				m2 += float64(d[i] * gain.Values[j] * hat)
			}
			n := float64(max(len(xs), 1))
			c1, c2 := float32(m1/n), float32(m2/n)
			if dx := x.Part(din[0], s); dx != nil {
				for i, a := range xs {
					hat := (a - mean[s]) * rstd[s]
					dx[i] += float32(rstd[s] * (float32(d[i]*gain.Values[i%x.Dim]) - c1 - float32(hat*c2)))
				}
			}
		}
	}, x, gain, bias)
}

// orNowhere returns d, or if that is nil, for a constant, memory for n numbers
// that nobody will read.
func (t *Tape) orNowhere(d []float32, n int) []float32 {
	if d == nil {
		return t.Floats(n)
	}
	return d
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

package grad_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
	"setwise/set/grad"
)

func TestGaussianMixture(t *testing.T) {
	twin := func(data set.Batch) func(x []sets) sets {
		return func(x []sets) sets {
			m, l := x[0], 0.0
			for s := range m.number() {
				lo, hi := data.Offsets.Bounds(s)
				for i := lo; i < hi; i++ {
					l -= logSumExp(terms(m, s, exactly(data).row(i))) / float64((hi-lo)*m.number())
				}
			}
			return oneNumber(l)
		}
	}
	narrow := ragged(1, 5, 2, 3)
	for i := range narrow.Len() {
		narrow.Row(i)[3], narrow.Row(i)[4] = -12, -9.5 // one below the least deviation, one just below
	}
	for name, c := range map[string]struct{ mixture, data set.Batch }{
		"usual":         {ragged(1, 5, 3, 2, 1, 4), ragged(2, 2, 6, 0, 1, 5)},
		"one dimension": {ragged(1, 3, 3, 2), ragged(2, 1, 6, 30)},
		"far":           {ragged(1, 5, 3, 2), times32(ragged(2, 2, 6, 3), 1e3)},
		"very far":      {ragged(1, 5, 2), set.Of(2, []float32{1e6, -1e6, 1e6, 1e6})},
		"narrow":        {narrow, ragged(2, 2, 4, 3)},
		"unlikely":      {set.Of(3, []float32{-80, 0, 0, 30, 5, 0, 30, 5, 0}), ragged(2, 1, 5)},
		"no data":       {ragged(1, 5, 3, 2), set.New(2, 0, 0)},
		"no components": {set.New(5, 0, 0), set.New(2, 0, 0)},
	} {
		(&check{
			name: name, in: []set.Batch{c.mixture}, twin: twin(c.data),
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value {
				return t.GaussianMixture(in[0], c.data)
			},
		}).run(t)
	}
}

// terms returns the log of (π_j + 1e-10) N(x; μ_j, diag σ_j²) for the
// components of set s of a mixture.
func terms(m sets, s int, x []float64) []float64 {
	var logits, out []float64
	for j := m.off[s]; j < m.off[s+1]; j++ {
		logits = append(logits, m.row(j)[0])
	}
	for j := m.off[s]; j < m.off[s+1]; j++ {
		c, d := m.row(j), len(x)
		term := math.Log(math.Exp(c[0]-logSumExp(logits)) + 1e-10)
		for e := range d {
			sigma := max(math.Log1p(math.Exp(c[1+d+e])), 1e-4)
			z := (x[e] - c[1+e]) / sigma
			term -= z*z/2 + math.Log(sigma) + math.Log(2*math.Pi)/2
		}
		out = append(out, term)
	}
	return out
}

func TestEMStep(t *testing.T) {
	narrow := ragged(1, 5, 2, 3)
	for i := range narrow.Len() {
		narrow.Row(i)[3], narrow.Row(i)[4] = -12, -9.5
	}
	for name, c := range map[string]struct{ mixture, data set.Batch }{
		"usual":         {ragged(1, 5, 3, 2, 1, 4), ragged(2, 2, 6, 0, 1, 5)},
		"one dimension": {ragged(1, 3, 3, 2), ragged(2, 1, 6, 30)},
		"one component": {ragged(1, 5, 1, 1), ragged(2, 2, 6, 30)},
		"equal data":    {ragged(1, 5, 2), set.Of(2, []float32{1, 2, 1, 2, 1, 2})},
		"narrow":        {narrow, ragged(2, 2, 4, 3)},
		"far":           {set.Of(3, []float32{0, 0, 1, 0.5, 1e3, 1}), ragged(2, 1, 5)},
		"no data":       {ragged(1, 5, 3, 2), set.New(2, 0, 0)},
		"no components": {set.New(5, 0, 0), set.New(2, 0, 0)},
	} {
		(&check{
			name: name, in: []set.Batch{c.mixture, c.data}, apart: []int{0, 1},
			op: func(t *grad.Tape, in []grad.Value, _ []*grad.Param) grad.Value { return t.EMStep(in[0], in[1]) },
			twin: func(x []sets) sets {
				m, data, d := x[0], x[1], x[1].dim
				y := zeros(m.off, m.dim)
				copy(y.v, m.v)
				for s := range m.number() {
					lo, hi := data.off.Bounds(s)
					for j := m.off[s]; j < m.off[s+1] && lo < hi; j++ {
						var total float64
						r := make([]float64, hi)
						for i := lo; i < hi; i++ {
							logs := terms(m, s, data.row(i))
							r[i] = math.Exp(logs[j-m.off[s]] - logSumExp(logs))
							total += r[i]
						}
						y.row(j)[0] = math.Log(max(total, math.SmallestNonzeroFloat32) / float64(hi-lo))
						if total < 1e-6 {
							continue
						}
						for e := range d {
							var mean, variance float64
							for i := lo; i < hi; i++ {
								mean += r[i] * data.row(i)[e] / total
							}
							for i := lo; i < hi; i++ {
								variance += r[i] * math.Pow(data.row(i)[e]-mean, 2) / total
							}
							y.row(j)[1+e] = mean
							y.row(j)[1+d+e] = math.Log(math.Expm1(max(math.Sqrt(variance), 1e-4)))
						}
					}
				}
				return y
			},
		}).run(t)
	}
}

// EM never makes the likelihood worse, and ends where the data are from.
func TestEMStepClimbs(t *testing.T) {
	x := ragged(4, 1, 400)
	for i := range x.Values {
		x.Values[i] = x.Values[i]/4 + float32(i%2*6) // around 0 and 6
	}
	m := grad.Const(set.Of(3, []float32{0, 2, 1, 0, 3, 1}))
	var tape *grad.Tape
	last := tape.GaussianMixture(m, x).Values[0]
	for range 30 {
		m = tape.EMStep(m, grad.Const(x))
		l := tape.GaussianMixture(m, x).Values[0]
		require.LessOrEqual(t, l, last+1e-6)
		last = l
	}
	assert.InDeltaSlice(t, []float32{0, 6}, []float32{m.Row(0)[1], m.Row(1)[1]}, 0.1)
	assert.InDelta(t, m.Row(0)[0], m.Row(1)[0], 1e-4)
}

// A step may be differentiated again.
func TestEMStepTwice(t *testing.T) {
	tape := grad.NewTape(nil)
	m := tape.Input(ragged(1, 5, 3))
	y := tape.EMStep(m, grad.Const(ragged(2, 2, 6)))
	dy := ragged(3, 5, 3).Values
	first := append([]float32(nil), tape.GradientsFrom(y, dy).At(m)...)
	assert.Equal(t, first, tape.GradientsFrom(y, dy).At(m))
}

package loss_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

func TestGaussianMixture(t *testing.T) {
	twin := func(data set.Batch) func(x []gradtest.Sets) gradtest.Sets {
		return func(x []gradtest.Sets) gradtest.Sets {
			m, l := x[0], 0.0
			for s := range m.Number() {
				lo, hi := data.Offsets.Bounds(s)
				for i := lo; i < hi; i++ {
					l -= logSumExp(terms(m, s, gradtest.Exactly(data).Row(i))) / float64((hi-lo)*m.Number())
				}
			}
			return oneNumber(l)
		}
	}
	narrow := gradtest.Ragged(1, 5, 2, 3)
	for i := range narrow.Len() {
		narrow.Row(i)[3], narrow.Row(i)[4] = -12, -9.5 // one below the least deviation, one just below
	}
	for name, c := range map[string]struct{ mixture, data set.Batch }{
		"usual":         {gradtest.Ragged(1, 5, 3, 2, 1, 4), gradtest.Ragged(2, 2, 6, 0, 1, 5)},
		"one dimension": {gradtest.Ragged(1, 3, 3, 2), gradtest.Ragged(2, 1, 6, 30)},
		"far":           {gradtest.Ragged(1, 5, 3, 2), gradtest.Times(gradtest.Ragged(2, 2, 6, 3), 1e3)},
		"very far":      {gradtest.Ragged(1, 5, 2), set.Of(2, []float32{1e6, -1e6, 1e6, 1e6})},
		"narrow":        {narrow, gradtest.Ragged(2, 2, 4, 3)},
		"unlikely":      {set.Of(3, []float32{-80, 0, 0, 30, 5, 0, 30, 5, 0}), gradtest.Ragged(2, 1, 5)},
		"no data":       {gradtest.Ragged(1, 5, 3, 2), set.New(2, 0, 0)},
		"no components": {set.New(5, 0, 0), set.New(2, 0, 0)},
	} {
		(&gradtest.Check{
			Name: name, In: []set.Batch{c.mixture}, Twin: twin(c.data),
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value {
				return loss.GaussianMixture(t, in[0], c.data)
			},
		}).Run(t)
	}
}

// terms returns the log of (π_j + 1e-10) N(x; μ_j, diag σ_j²) for the
// components of set s of a mixture.
func terms(m gradtest.Sets, s int, x []float64) []float64 {
	var logits, out []float64
	for j := m.Off[s]; j < m.Off[s+1]; j++ {
		logits = append(logits, m.Row(j)[0])
	}
	for j := m.Off[s]; j < m.Off[s+1]; j++ {
		c, d := m.Row(j), len(x)
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
	narrow := gradtest.Ragged(1, 5, 2, 3)
	for i := range narrow.Len() {
		narrow.Row(i)[3], narrow.Row(i)[4] = -12, -9.5
	}
	for name, c := range map[string]struct{ mixture, data set.Batch }{
		"usual":         {gradtest.Ragged(1, 5, 3, 2, 1, 4), gradtest.Ragged(2, 2, 6, 0, 1, 5)},
		"one dimension": {gradtest.Ragged(1, 3, 3, 2), gradtest.Ragged(2, 1, 6, 30)},
		"one component": {gradtest.Ragged(1, 5, 1, 1), gradtest.Ragged(2, 2, 6, 30)},
		"equal data":    {gradtest.Ragged(1, 5, 2), set.Of(2, []float32{1, 2, 1, 2, 1, 2})},
		"narrow":        {narrow, gradtest.Ragged(2, 2, 4, 3)},
		"far":           {set.Of(3, []float32{0, 0, 1, 0.5, 1e3, 1}), gradtest.Ragged(2, 1, 5)},
		"no data":       {gradtest.Ragged(1, 5, 3, 2), set.New(2, 0, 0)},
		"no components": {set.New(5, 0, 0), set.New(2, 0, 0)},
	} {
		(&gradtest.Check{
			Name: name, In: []set.Batch{c.mixture, c.data}, Apart: []int{0, 1},
			Op: func(t *grad.Tape, in, _ []grad.Value) grad.Value { return loss.EMStep(t, in[0], in[1]) },
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				m, data, d := x[0], x[1], x[1].Dim
				y := gradtest.Zeros(m.Off, m.Dim)
				copy(y.V, m.V)
				for s := range m.Number() {
					lo, hi := data.Off.Bounds(s)
					for j := m.Off[s]; j < m.Off[s+1] && lo < hi; j++ {
						var total float64
						r := make([]float64, hi)
						for i := lo; i < hi; i++ {
							logs := terms(m, s, data.Row(i))
							r[i] = math.Exp(logs[j-m.Off[s]] - logSumExp(logs))
							total += r[i]
						}
						y.Row(j)[0] = math.Log(max(total, math.SmallestNonzeroFloat32) / float64(hi-lo))
						if total < 1e-6 {
							continue
						}
						for e := range d {
							var mean, variance float64
							for i := lo; i < hi; i++ {
								mean += r[i] * data.Row(i)[e] / total
							}
							for i := lo; i < hi; i++ {
								variance += r[i] * math.Pow(data.Row(i)[e]-mean, 2) / total
							}
							y.Row(j)[1+e] = mean
							y.Row(j)[1+d+e] = math.Log(math.Expm1(max(math.Sqrt(variance), 1e-4)))
						}
					}
				}
				return y
			},
		}).Run(t)
	}
}

// EM never makes the likelihood worse, and ends where the data are from.
func TestEMStepClimbs(t *testing.T) {
	x := gradtest.Ragged(4, 1, 400)
	for i := range x.Values {
		x.Values[i] = x.Values[i]/4 + float32(i%2*6) // around 0 and 6
	}
	m := grad.Const(set.Of(3, []float32{0, 2, 1, 0, 3, 1}))
	var tape *grad.Tape
	last := loss.GaussianMixture(tape, m, x).Values[0]
	for range 30 {
		m = loss.EMStep(tape, m, grad.Const(x))
		l := loss.GaussianMixture(tape, m, x).Values[0]
		require.LessOrEqual(t, l, last+1e-6)
		last = l
	}
	assert.InDeltaSlice(t, []float32{0, 6}, []float32{m.Row(0)[1], m.Row(1)[1]}, 0.1)
	assert.InDelta(t, m.Row(0)[0], m.Row(1)[0], 1e-4)
}

// A step may be differentiated again.
func TestEMStepTwice(t *testing.T) {
	tape := grad.NewTape(nil)
	m := tape.Input(gradtest.Ragged(1, 5, 3))
	y := loss.EMStep(tape, m, grad.Const(gradtest.Ragged(2, 2, 6)))
	dy := gradtest.Ragged(3, 5, 3).Values
	first := append([]float32(nil), tape.GradientsFrom(y, dy).At(m)...)
	assert.Equal(t, first, tape.GradientsFrom(y, dy).At(m))
}

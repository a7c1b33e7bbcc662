package layertest_test

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

func TestAloneFinds(t *testing.T) {
	// centred takes the mean of the whole batch off, as batch norm does.
	var centred layers.Func = func(t *grad.Tape, x grad.Value) grad.Value {
		y := t.Like(x.Batch, x.Dim)
		var mean float32
		for _, a := range x.Values {
			mean += a / float32(max(len(x.Values), 1))
		}
		for i, a := range x.Values {
			y.Values[i] = a - mean
		}
		return identity(t, y, x)
	}
	for name, l := range map[string]layers.Layer{
		"batch norm":      centred,
		"number of a set": perSet(func(y []float32, _ set.Batch, n int) { y[0] = float32(n) }),
		"number in batch": plus(func(element, _ int) float32 { return float32(element) }),
		"last bit":        plus(func(element, _ int) float32 { return 1e-7 * float32(element%2) }),
		"fewer sets":      fewer,
		"size of the rest": layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
			return t.Repeat(grad.Const(set.New(1, x.Sets())), x.Sets())
		}),
		"wrong width": layers.NewLinear(3, 3, rng()),
	} {
		assert.Error(t, layertest.Alone(l, sample(), sample()), name)
	}
	assert.Error(t, layertest.Alone(layers.ReLU, sample(), set.New(3, 1)), "company of another width")
	assert.NoError(t, layertest.Alone(layers.ReLU, sample(), sample()))
	assert.NoError(t, layertest.Alone(layers.Mean, sample(), set.Batch{}), "no company")
}

// moody is a linear layer that does something else besides.
type moody struct {
	*layers.Linear
	but func(l *layers.Linear, t *grad.Tape, x, y grad.Value) grad.Value
}

func (m moody) Forward(t *grad.Tape, x grad.Value) grad.Value {
	return m.but(m.Linear, t, x, m.Linear.Forward(t, x))
}

func TestPureFinds(t *testing.T) {
	var calls atomic.Int32
	for name, but := range map[string]func(l *layers.Linear, t *grad.Tape, x, y grad.Value) grad.Value{
		"changes a weight": func(l *layers.Linear, _ *grad.Tape, _, y grad.Value) grad.Value { l.Bias.Data[1] += 1e-3; return y },
		"moves a weight to and fro": func(l *layers.Linear, _ *grad.Tape, _, y grad.Value) grad.Value {
			l.Weight.Data[0] = -l.Weight.Data[0]
			return y
		},
		"changes its input": func(_ *layers.Linear, t *grad.Tape, x, y grad.Value) grad.Value {
			if len(x.Values) > 0 {
				x.Values[0] = 7
			}
			return y
		},
		"changes what it does not read": func(_ *layers.Linear, t *grad.Tape, x, _ grad.Value) grad.Value {
			if len(x.Values) > 0 {
				x.Values[1] = 7
			}
			return t.Columns(x, 0, 1)
		},
		"counts": func(_ *layers.Linear, t *grad.Tape, _, y grad.Value) grad.Value {
			return t.Scale(y, float32(calls.Add(1)))
		},
		"reads what was in memory": func(_ *layers.Linear, t *grad.Tape, _, y grad.Value) grad.Value {
			z := t.Like(y.Batch, y.Dim) // not cleared
			for i, a := range y.Values {
				z.Values[i] += a
			}
			return grad.Const(z)
		},
		"has a mind of its own": func(_ *layers.Linear, t *grad.Tape, _, y grad.Value) grad.Value {
			return t.Scale(y, rand.Float32()+0.1)
		},
	} {
		x := sample()
		assert.Error(t, layertest.Pure(moody{layers.NewLinear(4, 3, rng()), but}, x), name)
	}
	keep := func(_ *layers.Linear, _ *grad.Tape, _, y grad.Value) grad.Value { return y }
	assert.NoError(t, layertest.Pure(moody{layers.NewLinear(4, 3, rng()), keep}, sample()))
	assert.NoError(t, layertest.Pure(layers.Stack{layers.NewLinear(4, 3, rng()), layers.Dropout(0.5)}, sample()), "chance of the tape")
}

// Goroutines that share something without a lock are for the race detector to
// find; a layer that is merely wrong is found without it.
func TestConcurrentFinds(t *testing.T) {
	var calls atomic.Int32
	late := layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
		if calls.Add(1) > 8 {
			return t.Scale(x, 2)
		}
		return x
	})
	assert.Error(t, layertest.Concurrent(late, sample()))
	assert.Error(t, layertest.Concurrent(layers.NewLinear(3, 3, rng()), sample()))
	assert.NoError(t, layertest.Concurrent(layers.NewLinear(4, 3, rng()), sample()))
}

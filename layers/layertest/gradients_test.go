package layertest_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

func TestGradientsFinds(t *testing.T) {
	scaled := func(slope float32) layers.Func {
		return func(t *grad.Tape, x grad.Value) grad.Value {
			y := t.Like(x.Batch, x.Dim)
			copy(y.Values, x.Values)
			return t.Record(grad.Op{Name: "test"}, y, func(dy []float32, din [][]float32) {
				for i, d := range dy {
					din[0][i] += slope * d
				}
			}, x)
		}
	}
	stairs := layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
		y := t.Like(x.Batch, x.Dim)
		for i, a := range x.Values {
			y.Values[i] = float32(math.Floor(float64(a)*20)) / 20
		}
		return identity(t, y, x)
	})
	for name, l := range map[string]layers.Layer{
		"none":             scaled(0),
		"turned":           scaled(-1),
		"too large":        scaled(1.05),
		"too small":        scaled(0.9),
		"stairs":           stairs,
		"no number":        plus(func(int, int) float32 { return float32(math.NaN()) }),
		"infinite slope":   scaled(float32(math.Inf(1))),
		"of the wrong one": layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return identity(t, t.Like(x.Batch, x.Dim), x) }),
		"square as itself": perElement(func(y, x []float32, _, _ int) {
			for j, a := range x {
				y[j] = a * a
			}
		}),
		"bias left out": moody{layers.NewLinear(4, 4, rng()), func(l *layers.Linear, t *grad.Tape, x, y grad.Value) grad.Value {
			free := &layers.Linear{Weight: l.Weight, Bias: &grad.Param{Rows: 1, Cols: 4, Data: l.Bias.Data}} // another parameter with the same numbers
			return free.Forward(t, x)
		}},
		"after another layer": layers.Stack{layers.NewLinear(4, 4, rng()), layers.Tanh, scaled(0.9)},
	} {
		model, f := layertest.With(l, sample())
		assert.Error(t, layertest.Gradients(model, f), name)
	}
	assert.Error(t, layertest.Gradients(struct{}{}, func(t *grad.Tape) grad.Value { return grad.Const(set.New(1, 1)) }), "no parameters")
	one := grad.Filled(1, 1, 2)
	assert.Error(t, layertest.Gradients([]*grad.Param{one}, func(t *grad.Tape) grad.Value { return t.Affine(grad.Const(set.New(3, 1)), t.Param(one), grad.Value{}) }), "a shape error")
}

// Right gradients pass, whatever the seeds.
func TestGradientsPass(t *testing.T) {
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 9))
		for name, l := range map[string]layers.Layer{
			"linear":  layers.NewLinear(4, 3, rng),
			"relu":    layers.Stack{layers.NewLinear(4, 8, rng), layers.ReLU, layers.NewLinear(8, 1, rng)},
			"dropout": layers.Stack{layers.NewLinear(4, 8, rng), layers.Dropout(0.4), layers.GELU},
			"max":     layers.Max,
			"norms":   layers.Stack{layers.NewNorm(4), layers.NewSetNorm(4)},
			"many":    layers.NewSetTransformer(layers.Config{In: 4, Out: 2, Dim: 8, Inducing: 3, Norm: layers.NormPre, Decoder: 1}, rng),
			"small":   layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Scale(x, 1e-4) }),
			"large":   layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Scale(x, 1e4) }),
			"steep":   layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Sin(t.Scale(x, 20)) }),
		} {
			model, f := layertest.With(l, layertest.Sample(4, rng))
			require.NoError(t, layertest.Gradients(model, f), "%s, seed %d", name, seed)
		}
	}
}

// The parameters are left as they were.
func TestGradientsPutsBack(t *testing.T) {
	l := layers.NewLinear(4, 3, rng())
	x := sample()
	model, f := layertest.With(l, x)
	before := fmt.Sprint(l.Weight.Data, l.Bias.Data, x)
	require.NoError(t, layertest.Gradients(model, f))
	assert.Equal(t, before, fmt.Sprint(l.Weight.Data, l.Bias.Data, x))
}

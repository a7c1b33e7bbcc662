package layertest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

func TestCornersFinds(t *testing.T) {
	for name, l := range map[string]layers.Layer{
		"mean of nothing": perSet(func(y []float32, x set.Batch, _ int) {
			for i, a := range x.Values {
				y[i%x.Dim] += a
			}
			y[0] /= float32(x.Len())
		}),
		"no sets": layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
			if x.Sets() == 0 {
				panic(set.Mismatch("test", "sets, got none"))
			}
			return x
		}),
		"no elements": layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
			if x.Len() == 0 {
				return grad.Const(set.Batch{Dim: x.Dim})
			}
			return x
		}),
		"deviation of one": perSet(func(y []float32, x set.Batch, _ int) {
			if x.Len() > 0 {
				y[0] = 1 / float32(x.Len()-1)
			}
		}),
		"deviation of equals": perSet(func(y []float32, x set.Batch, _ int) {
			if x.Len() > 1 {
				y[0] = 1 / (x.Row(0)[0] - x.Row(1)[0])
			}
		}),
		// The distance from the first element, whose gradient is 0/0 where
		// they are equal.
		"gradient of equals": layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
			y := t.Like(x.Batch, x.Dim)
			copy(y.Values, x.Values)
			return t.Record(grad.Op{Name: "test"}, y, func(dy []float32, din [][]float32) {
				for s := range x.Sets() {
					lo, hi := x.Offsets.Bounds(s)
					for i := lo + 1; i < hi; i++ {
						d := x.Row(i)[0] - x.Row(lo)[0]
						din[0][i*x.Dim] += dy[i*x.Dim] * d / d
					}
				}
			}, x)
		}),
		// A gradient that divides by that of the result, which may be zero.
		"gradient of what is ignored": layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
			return t.Record(grad.Op{Name: "test"}, x.Batch, func(dy []float32, din [][]float32) {
				for i, d := range dy {
					din[0][i] += d * d / d
				}
			}, x)
		}),
	} {
		assert.Error(t, layertest.Corners(l, sample()), name)
	}
	assert.Error(t, layertest.Corners(layers.ReLU, set.New(4, 0)), "nothing to begin with")
	for name, l := range map[string]layers.Layer{"mean": layers.Mean, "max": layers.Max, "relu": layers.ReLU, "nothing": layers.Stack{}} {
		assert.NoError(t, layertest.Corners(l, sample()), name)
	}
}

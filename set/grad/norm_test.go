package grad_test

import (
	"math"
	"testing"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

// normed writes the numbers of x, moved to mean 0 and variance 1, to y.
func normed(y, x []float64) {
	n := float64(len(x))
	mean := total(x) / n
	variance := 0.0
	for _, a := range x {
		variance += (a - mean) * (a - mean) / n
	}
	for i, a := range x {
		y[i] = (a - mean) / math.Sqrt(variance+1e-5)
	}
}

func TestNorms(t *testing.T) {
	affine := func(y, gain, bias gradtest.Sets) gradtest.Sets {
		for i := range y.V {
			y.V[i] = y.V[i]*gain.V[i%y.Dim] + bias.V[i%y.Dim]
		}
		return y
	}
	layerNorm := func(x []gradtest.Sets) gradtest.Sets {
		y := gradtest.Zeros(x[0].Off, x[0].Dim)
		for i := range y.Off.Len() {
			normed(y.Row(i), x[0].Row(i))
		}
		return affine(y, x[1], x[2])
	}
	setNorm := func(x []gradtest.Sets) gradtest.Sets {
		y := gradtest.Zeros(x[0].Off, x[0].Dim)
		for s := range y.Number() {
			lo, hi := y.Off[s]*y.Dim, y.Off[s+1]*y.Dim
			normed(y.V[lo:hi], x[0].V[lo:hi])
		}
		return affine(y, x[1], x[2])
	}
	shifted := gradtest.Usual(3, 6)
	for i := range shifted.Values {
		shifted.Values[i] += 20
	}
	for name, x := range map[string]set.Batch{
		"usual": gradtest.Usual(1, 6), "width 1": gradtest.Usual(2, 1), "shifted": shifted, "many": gradtest.Ragged(4, 9, 300, 0, 1, 40),
		"empty": set.New(3, 0, 0), "small": set.Of(2, []float32{1e-4, -1e-4, 2e-4, 0}),
		"constant": set.Of(3, []float32{2, 2, 2}, []float32{0, 0, 0, 0, 0, 0}),
	} {
		params := []*grad.Param{gradtest.Normal(1, 1, x.Dim), gradtest.Normal(2, 1, x.Dim)}
		(&gradtest.Check{
			Name: "layer/" + name, In: []set.Batch{x}, Params: params, Apart: []int{0}, Large: x.Len() > 100,
			Op:   func(t *grad.Tape, in, p []grad.Value) grad.Value { return t.LayerNorm(in[0], p[0], p[1]) },
			Twin: layerNorm,
		}).Run(t)
		(&gradtest.Check{
			Name: "set/" + name, In: []set.Batch{x}, Params: params, Apart: []int{0}, Large: x.Len() > 100,
			Op:   func(t *grad.Tape, in, p []grad.Value) grad.Value { return t.SetNorm(in[0], p[0], p[1]) },
			Twin: setNorm,
		}).Run(t)
	}
}

package grad_test

import (
	"math"
	"testing"

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
	affine := func(y, gain, bias sets) sets {
		for i := range y.v {
			y.v[i] = y.v[i]*gain.v[i%y.dim] + bias.v[i%y.dim]
		}
		return y
	}
	layerNorm := func(x []sets) sets {
		y := zeros(x[0].off, x[0].dim)
		for i := range y.off.Len() {
			normed(y.row(i), x[0].row(i))
		}
		return affine(y, x[1], x[2])
	}
	setNorm := func(x []sets) sets {
		y := zeros(x[0].off, x[0].dim)
		for s := range y.number() {
			lo, hi := y.off[s]*y.dim, y.off[s+1]*y.dim
			normed(y.v[lo:hi], x[0].v[lo:hi])
		}
		return affine(y, x[1], x[2])
	}
	shifted := usual(3, 6)
	for i := range shifted.Values {
		shifted.Values[i] += 20
	}
	for name, x := range map[string]set.Batch{
		"usual": usual(1, 6), "width 1": usual(2, 1), "shifted": shifted, "many": ragged(4, 9, 300, 0, 1, 40),
		"empty": set.New(3, 0, 0), "small": set.Of(2, []float32{1e-4, -1e-4, 2e-4, 0}),
		"constant": set.Of(3, []float32{2, 2, 2}, []float32{0, 0, 0, 0, 0, 0}),
	} {
		params := []*grad.Param{normal(1, 1, x.Dim), normal(2, 1, x.Dim)}
		(&check{
			name: "layer/" + name, in: []set.Batch{x}, params: params, apart: []int{0}, large: x.Len() > 100,
			op:   func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value { return t.LayerNorm(in[0], p[0], p[1]) },
			twin: layerNorm,
		}).run(t)
		(&check{
			name: "set/" + name, in: []set.Batch{x}, params: params, apart: []int{0}, large: x.Len() > 100,
			op:   func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value { return t.SetNorm(in[0], p[0], p[1]) },
			twin: setNorm,
		}).run(t)
	}
}

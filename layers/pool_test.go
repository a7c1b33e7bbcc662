package layers_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

func TestDotPoolAgainstItsEquation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := layers.NewDotPool(3, rng)
	disturb(p, rng)
	x := layertest.Sample(3, rng)
	y := layers.Apply(p, x)
	for s, one := range x.All() {
		want, total := make([]float64, 3), 0.0
		for i := range one.Len() {
			dot := 0.0
			for c, v := range one.Row(i) {
				dot += float64(v) * float64(p.Query.Data[c])
			}
			w := math.Exp(dot / math.Sqrt(3))
			total += w
			for c, v := range one.Row(i) {
				want[c] += w * float64(v)
			}
		}
		for c := range want {
			assert.InDelta(t, want[c]/max(total, 1e-300), y.Row(s)[c], 1e-5)
		}
	}
	p.Query = grad.NewParam(1, 3)
	near(t, rowsOf(layers.Apply(layers.Mean, x)), layers.Apply(p, x), "a query of zeros takes the mean")
}

func TestEquivariantAgainstItsEquation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for name, pool := range map[string]layers.Layer{"mean": layers.Mean, "max": layers.Max} {
		e := layers.NewEquivariant(3, 4, pool, rng)
		x := layertest.Sample(3, rng)
		y := layers.Apply(e, x)
		for s, one := range x.All() {
			common := layers.Apply(pool, one).Row(0)
			for i := range one.Len() {
				for j := range 4 {
					want := float64(e.Own.Bias.Data[j])
					for c, v := range one.Row(i) {
						want += float64(v)*float64(e.Own.Weight.Data[c*4+j]) - float64(common[c])*float64(e.Shared.Weight.Data[c*4+j])
					}
					assert.InDelta(t, want, y.At(s).Row(i)[j], 1e-5, "%s of set %d", name, s)
				}
			}
		}
	}
}

// A network without data of its own is refined to where the data are.
func TestEM(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := set.New(1, 200)
	for i := range x.Values {
		x.Values[i] = float32(rng.NormFloat64()/4 + float64(i%2*6))
	}
	start := set.Of(3, []float32{0, 2, 1, 0, 3, 1})
	net := layers.Func(func(*grad.Tape, grad.Value) grad.Value { return grad.Const(start) })
	assert.Equal(t, start, layers.Apply(&layers.EM{Net: net}, x))
	y := layers.Apply(&layers.EM{Net: net, Steps: 30}, x)
	assert.InDelta(t, 0, y.Row(0)[1], 0.1)
	assert.InDelta(t, 6, y.Row(1)[1], 0.1)
}

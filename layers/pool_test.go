package layers_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/layertest"
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

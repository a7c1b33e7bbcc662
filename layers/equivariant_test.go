package layers_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/layertest"
)

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

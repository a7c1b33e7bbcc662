package models

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
)

// Every encoder goes with every pool, whatever the order of the elements and the
// other sets.
func TestModels(t *testing.T) {
	rng := regresstest.Rand(1)
	x := set.New(2, 3, 5)
	for i := range x.Values {
		x.Values[i] = rng.Float32()
	}
	for _, encoder := range []string{"rff", "rffp-mean", "rffp-max", "sab", "isab4"} {
		for _, pool := range []string{"mean", "pool", "sum", "max", "dotprod", "pma"} {
			m := Shape{In: 2, Dim: 8, Out: 3, Phi: 2, Rho: 1, Seeds: 4, Decoder: 1, Linear: true, He: true}.Model(encoder+"+"+pool, rng)
			y := layers.Apply(m, x)
			require.Equal(t, []int{2, 3, 8}, []int{y.Sets(), y.Dim, y.Len()}, "%s+%s", encoder, pool)
			require.NoError(t, layertest.Alone(m, x, x))
			shuffled, _ := x.Shuffle(rng)
			require.InDeltaSlice(t, y.Values, layers.Apply(m, shuffled).Values, 1e-4)
		}
	}
}

// Weights of hidden layers begin as they are asked to.
func TestHe(t *testing.T) {
	largest := func(he bool) float64 {
		m := Shape{In: 64, Dim: 64, Out: 1, Phi: 1, Seeds: 1, He: he}.Model("rff+sum", regresstest.Rand(1)).(layers.Stack)
		return float64(slices.Max(m[0].(*layers.FeedForward).In.Weight.Data))
	}
	require.InDelta(t, math.Sqrt(1.0/64), largest(false), 0.001)
	require.InDelta(t, math.Sqrt(6.0/64), largest(true), 0.003)
}

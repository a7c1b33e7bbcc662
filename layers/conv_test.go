package layers_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
)

func TestConv(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	c := layers.NewConv(5, 4, 2, 3, 2, rng)
	layertest.All(t, c, layertest.Elements, layertest.Sample(5*4*2, rng))
	require.Equal(t, 3*2*3, layers.Apply(c, set.New(5*4*2, 1)).Dim)
	c.Bias = nil
	layertest.All(t, c, layertest.Elements, layertest.Sample(5*4*2, rng))
}

// Weights are within the bounds that PyTorch has, and reach them.
func TestConvBounds(t *testing.T) {
	c := layers.NewConv(8, 8, 16, 32, 1, rand.New(rand.NewPCG(1, 2)))
	assert.Equal(t, 9*16*32+32, layers.Count(c))
	for _, p := range layers.List(c) {
		least, most := float32(1), float32(-1)
		for _, v := range p.Data {
			least, most = min(least, v), max(most, v)
		}
		bound := 1 / math.Sqrt(9*16)
		assert.InDelta(t, -bound, least, bound/3)
		assert.InDelta(t, bound, most, bound/3)
		assert.LessOrEqual(t, float64(max(-least, most)), bound+1e-7)
	}
}

// A kernel whose only one is at row i and column j moves a picture by as much,
// so that what stands above is what is multiplied by Weight_0.
func TestConvDirections(t *testing.T) {
	c := layers.NewConv(3, 3, 1, 1, 1, rand.New(rand.NewPCG(1, 2)))
	x := set.Of(9, []float32{
		1, 2, 3,
		4, 5, 6,
		7, 8, 9,
	})
	for at, want := range map[int][]float32{
		0: {0, 0, 0, 0, 1, 2, 0, 4, 5}, // up and left
		1: {0, 0, 0, 1, 2, 3, 4, 5, 6}, // up
		4: {1, 2, 3, 4, 5, 6, 7, 8, 9},
		5: {2, 3, 0, 5, 6, 0, 8, 9, 0}, // right
	} {
		clear(c.Weight.Data)
		c.Weight.Data[at], c.Bias.Data[0] = 1, 0
		assert.Equal(t, want, layers.Apply(c, x).Values)
	}
}

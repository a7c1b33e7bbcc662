package layers_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

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

package grad_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/set"
	"setwise/set/grad"
)

func TestParams(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := grad.NewParam(2, 3)
	assert.Equal(t, &grad.Param{Rows: 2, Cols: 3, Data: make([]float32, 6)}, p)
	assert.Equal(t, []float32{4, 4}, grad.Filled(2, 1, 4).Data)

	var least, most, sum, squares float64
	const n = 100_000
	for _, x := range grad.Uniform(100, n/100, 0.25, rng).Data {
		least, most = min(least, float64(x)), max(most, float64(x))
		sum, squares = sum+float64(x), squares+float64(x)*float64(x)
	}
	assert.InDelta(t, -0.25, least, 1e-4)
	assert.InDelta(t, 0.25, most, 1e-4)
	assert.GreaterOrEqual(t, least, -0.25)
	assert.LessOrEqual(t, most, 0.25)
	assert.InDelta(t, 0, sum/n, 0.003)
	assert.InDelta(t, 0.25*0.25/3, squares/n, 0.001)

	sum, squares = 0, 0
	for _, x := range grad.Normal(100, n/100, 3, rng).Data {
		sum, squares = sum+float64(x), squares+float64(x)*float64(x)
	}
	assert.InDelta(t, 0, sum/n, 0.05)
	assert.InDelta(t, 9, squares/n, 0.2)
}

// gradients returns gradients d of p.
func gradients(p *grad.Param, d ...float32) *grad.Gradients {
	t := grad.NewTape(nil)
	return t.GradientsFrom(t.Scale(t.Param(p), 1), d)
}

func TestGradients(t *testing.T) {
	p, q, r := grad.NewParam(1, 2), grad.NewParam(1, 1), grad.NewParam(1, 1)
	var g grad.Gradients
	assert.Nil(t, g.Of(p))
	assert.Zero(t, g.Norm([]*grad.Param{p, q}))
	first := gradients(p, 1, 2)
	g.Add(2, first)
	g.Add(0.5, gradients(p, 4, -4))
	g.Add(1, gradients(q, 3))
	assert.Equal(t, []float32{4, 2}, g.Of(p))
	assert.Equal(t, []float32{3}, g.Of(q))
	assert.Equal(t, []float32{1, 2}, first.Of(p), "what is added is left alone")
	assert.Nil(t, g.Of(r))
	assert.InDelta(t, math.Sqrt(16+4+9), g.Norm([]*grad.Param{p, q, r}), 1e-12)
	assert.InDelta(t, 3, g.Norm([]*grad.Param{q}), 1e-12)

	c := g.Clone()
	g.Scale(-2)
	assert.Equal(t, []float32{-8, -4}, g.Of(p))
	assert.Equal(t, []float32{-6}, g.Of(q))
	assert.Equal(t, []float32{4, 2}, c.Of(p), "a clone has memory of its own")

	g.Reset()
	assert.Nil(t, g.Of(p))
	g.Add(1, gradients(q, 7))
	assert.Nil(t, g.Of(p))
	assert.Equal(t, []float32{7}, g.Of(q), "nothing is left from before")
	g.Add(1, gradients(p, 1, 1))
	assert.Equal(t, []float32{1, 1}, g.Of(p))
}

func TestParamIsASet(t *testing.T) {
	p := &grad.Param{Rows: 2, Cols: 3, Data: []float32{1, 2, 3, 4, 5, 6}}
	var tape *grad.Tape
	assert.Equal(t, set.Of(3, p.Data), tape.Param(p).Batch)
}

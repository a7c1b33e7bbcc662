package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 9)) }

func TestNumbers(t *testing.T) {
	sizes := map[int]int{}
	for _, e := range manyNumbers(2000, newRand(1)) {
		sizes[e.Set.Len()]++
		top := float32(0)
		for _, x := range e.Set.Values {
			require.True(t, x >= 0 && x < 100)
			top = max(top, x)
		}
		require.Equal(t, top, e.Target.Values[0])
	}
	for n := 1; n <= 10; n++ {
		assert.InDelta(t, 200, sizes[n], 60, "sets of %d", n)
	}
	assert.Len(t, sizes, 10)
}

// The true mixtures have the likelihood that they have elsewhere, and clouds
// are what the paper says.
func TestClouds(t *testing.T) {
	rng := newRand(1)
	c := &clusterer{net: layers.Func(func(*grad.Tape, grad.Value) grad.Value { return grad.Const(set.New(5, 1)) })}
	var clouds []cloud
	least, most := 1000, 0
	for range 2000 {
		clouds = append(clouds, newCloud(rng))
		n := clouds[len(clouds)-1].points.Len()
		least, most = min(least, n), max(most, n)
	}
	assert.InDelta(t, 100, least, 3)
	assert.InDelta(t, 500, most, 3)
	_, _, oracle := c.likelihoods(clouds)
	assert.InDelta(t, -1.4742, average(oracle).Value, 0.016)
	for _, m := range clouds[:20] {
		for _, v := range m.points.Values {
			require.Less(t, math.Abs(float64(v)), 4+6*deviation)
		}
		for j := range clusters {
			assert.InDelta(t, deviation, math.Log1p(math.Exp(float64(m.truth.Row(j)[3]))), 1e-6)
		}
	}
}

// A step of EM from something likely makes the likelihood larger, on the
// whole beyond that of the truth.
func TestLikelihoods(t *testing.T) {
	rng := newRand(2)
	for range 20 {
		one := newCloud(rng)
		c := &clusterer{net: layers.Func(func(*grad.Tape, grad.Value) grad.Value { return grad.Const(one.truth) })}
		ll0, ll1, oracle := c.likelihoods([]cloud{one})
		assert.Equal(t, oracle, ll0)
		assert.GreaterOrEqual(t, ll1[0], ll0[0])
	}
	assert.Equal(t, []float64{1, -2}, short([]float64{3, 5}, []float64{4, 3}))
}

func TestAverage(t *testing.T) {
	assert.Equal(t, number{3, 1}, average([]float64{2, 4}))
	assert.Equal(t, number{2, 0}, average([]float64{2}))
	assert.Equal(t, number{}, average(nil))
	assert.InDelta(t, math.Sqrt(5.0/3/4), average([]float64{1, 2, 3, 4}).Error, 1e-12)
}

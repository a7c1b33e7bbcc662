package clustering

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// The true mixtures have the likelihood that they have elsewhere, and clouds
// are what the paper says.
func TestClouds(t *testing.T) {
	rng := regresstest.Rand(1)
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
	assert.InDelta(t, -1.4742, study.Average(oracle).Value, 0.016)
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
	rng := regresstest.Rand(2)
	for range 20 {
		one := newCloud(rng)
		c := &clusterer{net: layers.Func(func(*grad.Tape, grad.Value) grad.Value { return grad.Const(one.truth) })}
		ll0, ll1, oracle := c.likelihoods([]cloud{one})
		assert.Equal(t, oracle, ll0)
		assert.GreaterOrEqual(t, ll1[0], ll0[0])
	}
}

// All of a cloud is seen, and all of the mixtures, however far away or strange.
func TestDrawClouds(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.png")
	far := newCloud(regresstest.Rand(1))
	far.points.Row(0)[0] = 1e4
	for _, value := range []float32{0, 1, -1e4, 1e30, math.MaxFloat32, float32(math.NaN()), float32(math.Inf(1))} {
		net := layers.Func(func(*grad.Tape, grad.Value) grad.Value {
			m := set.New(5, clusters)
			for i := range m.Values {
				m.Values[i] = value
			}
			return grad.Const(m)
		})
		require.NoError(t, drawClouds(name, net, []cloud{newCloud(regresstest.Rand(2)), far}))
		regresstest.Room(t, name)
	}
}

// Every model can be trained.
func TestModels(t *testing.T) {
	all := Task().Models
	if testing.Short() {
		all = all[len(all)-2:]
	}
	for _, model := range all {
		l, err := Task().Begin(study.Options{Task: Task(), Model: model, Sets: 2, Seed: 1})
		require.NoError(t, err)
		c, tape := l.(*clusterer), grad.NewTape(regresstest.Rand(1))
		g := tape.Gradients(c.loss(tape, []cloud{newCloud(tape.Rand()), newCloud(tape.Rand())}))
		assert.Positive(t, g.Norm(layers.List(c.net)), model)
		assert.Greater(t, layers.Count(c.net), 5000)
		assert.NotEmpty(t, l.Glance())
	}
}

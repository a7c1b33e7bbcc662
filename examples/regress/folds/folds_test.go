package folds

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/set"
	"setwise/set/grad"
)

// oracle knows the truth but for an offset, on the scale that it is given.
type oracle struct{ off float64 }

func (o oracle) Predict(_ *grad.Tape, examples []float64) grad.Value {
	sizes := make([]int, len(examples))
	for i := range sizes {
		sizes[i] = 1
	}
	y := set.New(1, sizes...)
	for i, e := range examples {
		y.Values[i] = float32(e + o.off)
	}
	return grad.Const(y)
}

func newOracles(n, parts int, off float64) *Folds[float64] {
	rng := regresstest.Rand(3)
	examples, truth := make([]float64, n), make([][]float64, n)
	for i := range examples {
		examples[i] = rng.NormFloat64()
		truth[i] = []float64{50 + 10*examples[i]}
	}
	return New(examples, truth, parts, rng, func([]int) Pupil[float64] { return oracle{off} })
}

func TestFolds(t *testing.T) {
	f := newOracles(23, 5, 0)
	seen := make([]int, 23)
	for part := range 5 {
		held := f.Held(part)
		assert.InDelta(t, 4.5, len(held), 0.5)
		for _, e := range held {
			seen[e]++
			assert.NotContains(t, f.others[part], e)
		}
		assert.Len(t, f.others[part], 23-len(held))
		sum := 0.0
		for _, e := range f.others[part] {
			sum += f.Truth[e][0]
		}
		assert.InDelta(t, sum/float64(len(f.others[part])), f.Scales[part].Mean[0], 1e-9)
	}
	for _, n := range seen {
		assert.Equal(t, 1, n)
	}
}

// What is measured is what the predictions are made to be.
func TestMeasure(t *testing.T) {
	f := newOracles(200, 5, 0)
	off := make([][]float64, 200)
	for e := range off {
		off[e] = []float64{f.Truth[e][0] + 3}
	}
	m := f.measure(off, 0)
	assert.InDelta(t, 3, m.mae.Value, 1e-9)
	assert.InDelta(t, 3, m.rmse.Value, 1e-9)
	assert.InDelta(t, 0, m.mae.Error, 1e-9)
	assert.InDelta(t, 0.91, m.r2.Value, 0.03, "9 of 100")
	assert.InDelta(t, 0, f.measure(f.Means(), 0).r2.Value, 1e-12)
	for e := range off {
		off[e][0] = f.Truth[e][0] + regresstest.Rand(uint64(e)).NormFloat64()
	}
	held, radius := f.coverage(f.Scores(off, nil, 0))
	assert.InDelta(t, 0.9, held.Value, 0.05)
	assert.InDelta(t, 1.645, radius, 0.5, "of a normal distribution")
	few := newOracles(50, 5, 0)
	_, radius = few.coverage(few.Scores(few.Means(), nil, 0))
	assert.True(t, math.IsInf(radius, 1), "five held back promise nothing")
}

// Pupils are asked on their own scale and answer on that of the truth.
func TestPredicted(t *testing.T) {
	f := newOracles(100, 4, 0.5)
	for e, y := range f.All() {
		s := f.Scales[f.part[e]]
		assert.InDelta(t, s.Mean[0]+s.Deviation[0]*(f.Examples[e]+0.5), y[0], 1e-4)
	}
	tape := grad.NewTape(nil)
	rng, drawn := regresstest.Rand(1), make([][]int, 400)
	for k := range drawn {
		drawn[k] = f.Draw(rng)
	}
	loss := f.Loss(tape, drawn).Values[0]
	assert.InDelta(t, 4*0.25, loss, 0.6, "each is half a deviation off, and the scales are about right")
	assert.Contains(t, f.Glance(), "RMSE 0.")
}

func TestLines(t *testing.T) {
	f := newOracles(300, 5, 0)
	features := make([][]float64, len(f.Examples))
	for e, x := range f.Examples {
		features[e] = []float64{7, 1000 * x, 1000 * x} // constant, and twice the same
	}
	m := f.measure(f.Lines(features), 0)
	assert.Less(t, m.rmse.Value, 0.02)
	assert.Greater(t, m.rmse.Value, 0.0)
}

func TestScaling(t *testing.T) {
	rows := [][]float64{{1e9 + 1, 5, 0}, {1e9 + 3, 5, 1}}
	s := NewScaling(3, func(yield func([]float64) bool) {
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	})
	require.Equal(t, Scaling{[]float64{1e9 + 2, 5, 0.5}, []float64{1, 1, 0.5}}, s)
	assert.Equal(t, float32(-1), s.Of(0, 1e9+1))
	assert.Equal(t, float32(0), s.Of(1, 5))
	assert.InDelta(t, 1, s.Back(2, s.Of(2, 1)), 1e-6)
}

package train_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// A rate of 0 leaves a parameter as it is, and nobody computes its gradient; any
// other is a factor.
func TestRate(t *testing.T) {
	step := func(rate func(string) float64) (layers.Stack, error) {
		m := norms()
		var norm float64
		err := train.Fit(context.Background(), m, rings(6, 1), train.Classification(m), train.Options{Rate: rate, Clip: 1e-3,
			Optimizer: &optim.SGD{Rate: optim.Constant(1)}, Report: func(p train.Progress) error { norm = p.Norm; return nil }})
		if err == nil {
			moved := 0.0
			before := layers.List(norms())
			for i, p := range layers.List(m) {
				for k, x := range p.Data {
					moved += math.Pow(float64(x-before[i].Data[k]), 2)
				}
				assert.False(t, p.Frozen, "only while it trains")
			}
			if rate == nil || rate("4.Weight") == 1 {
				assert.InEpsilon(t, 1e-3, math.Sqrt(moved), 1e-3, "clipping is of what is learned: %g", norm)
			}
		}
		return m, err
	}
	changes := func(m layers.Stack) (names []string) {
		before := layers.List(norms())
		i := 0
		for name, p := range layers.Params(m) {
			if !slices.Equal(before[i].Data, p.Data) {
				names = append(names, name)
			}
			i++
		}
		return names
	}
	m, err := step(nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"0.Weight", "0.Bias", "1.Gain", "1.Bias", "4.Weight", "4.Bias"}, changes(m))
	head := func(name string) float64 {
		if strings.HasPrefix(name, "4.") {
			return 1
		}
		return 0
	}
	m, err = step(head)
	require.NoError(t, err)
	assert.Equal(t, []string{"4.Weight", "4.Bias"}, changes(m))
	slow, err := step(func(name string) float64 { return head(name) / 4 })
	require.NoError(t, err)
	before := norms()[4].(*layers.Linear).Weight.Data
	for i, x := range m[4].(*layers.Linear).Weight.Data {
		assert.InDelta(t, float64(x-before[i])/4, float64(slow[4].(*layers.Linear).Weight.Data[i]-before[i]), 1e-6)
	}
	_, err = step(func(string) float64 { return 0 })
	assert.ErrorContains(t, err, "want parameters that learn, got 6 that are all frozen")
	layers.Freeze(m, true)
	err = train.Fit(context.Background(), m, rings(6, 1), train.Classification(m), train.Options{})
	assert.ErrorContains(t, err, "want parameters that learn, got 6 that are all frozen")
}

// No gradient is passed to what nobody trains, by any rule, whether it is frozen or
// has a rate of 0.
func TestNoGradientOfFrozen(t *testing.T) {
	for name, freeze := range map[string]func(m layers.Stack) train.Options{
		"frozen": func(m layers.Stack) train.Options { layers.Freeze(m[0], true); return train.Options{} },
		"rate 0": func(layers.Stack) train.Options {
			return train.Options{Rate: func(name string) float64 {
				if strings.HasPrefix(name, "0.") {
					return 0
				}
				return 1
			}}
		},
	} {
		m := norms()
		o := freeze(m)
		first := m[0].(*layers.Linear)
		backs := 0
		looked := train.Each[train.Labelled](func(t *grad.Tape, es []train.Labelled) grad.Value {
			x := set.New(2, len(es))
			copy(x.Values, es[0].Set.Values[:2])
			y := first.Forward(t, grad.Const(x))
			y = t.Record(grad.Op{Name: "look"}, y.Batch, func(dy []float32, din [][]float32) { backs++; copy(din[0], dy) }, y)
			z := m[4].Forward(t, m[1].Forward(t, y))
			return loss.CrossEntropy(t, z, make([]int, len(es)), 0)
		})
		layers.Freeze(m[1], true)
		require.NoError(t, train.Fit(context.Background(), m, rings(6, 1), looked, o))
		assert.Zero(t, backs, "%s: the gradient stops at the first layer that learns", name)
		assert.Equal(t, norms()[0].(*layers.Linear).Weight.Data, first.Weight.Data)
		for _, rule := range []train.Rule[train.Labelled]{whole(looked), chunks(2)(looked), train.PerExample(looked, 1)} {
			layers.Freeze(m[0], true)
			g, _ := rule.Gradient(rings(6, 1), layers.Weights(m, nil, nil), chance(1))
			assert.Nil(t, g.Of(first.Weight))
			assert.NotNil(t, g.Of(m[4].(*layers.Linear).Weight))
		}
		assert.Zero(t, backs)
	}
}

// Of a model with a frozen tower the state is that of the whole, by name, and
// goes on in the whole; that of a tower by itself does not.
func TestFrozenTower(t *testing.T) {
	type both struct{ Text, Shape *layers.Linear }
	model := func() both {
		rng := chance(1)
		return both{layers.NewLinear(2, 3, rng), layers.NewLinear(2, 3, rng)}
	}
	pairs := func(m both) train.Joint[train.Labelled] {
		return func(t *grad.Tape, es []train.Labelled) grad.Value {
			x := make([]set.Batch, len(es))
			for i, e := range es {
				x[i] = e.Set
			}
			all := grad.Const(set.Concat(x...))
			return infoNCE(t, t.Mean(m.Text.Forward(t, all)), t.Mean(m.Shape.Forward(t, all)))
		}
	}
	for _, average := range []float64{0, 0.9} {
		m := model()
		layers.Freeze(m.Text, true)
		var states []train.State
		var files [][][]float32
		o := train.Options{Epochs: 4, Average: average, Validate: func() (float64, error) { return 1, nil },
			Checkpoint: func(s train.State) error {
				c := save(m, s)
				states, files = append(states, c.state), append(files, c.weights)
				return nil
			}}
		require.NoError(t, train.Fit(context.Background(), m, rings(9, 1), pairs(m), o))
		assert.Equal(t, model().Text.Weight.Data, m.Text.Weight.Data)
		assert.NotEqual(t, model().Shape.Weight.Data, m.Shape.Weight.Data)
		s := states[1]
		assert.Len(t, s.Weights, 4, "of all parameters")
		assert.Contains(t, s.Weights, "Text.Weight")
		assert.NotContains(t, s.Optimizer.Moments["first"], "Text.Weight", "an optimizer remembers what it moved")
		assert.Contains(t, s.Optimizer.Moments["first"], "Shape.Weight")

		again := model()
		setWeights(again, files[1])
		layers.Freeze(again.Text, true)
		o.Resume, o.Checkpoint = &s, nil
		o.Optimizer = nil
		require.NoError(t, train.Fit(context.Background(), again, rings(9, 1), pairs(again), o))
		assert.Equal(t, weights(m), weights(again))

		part := model()
		err := train.Fit(context.Background(), part.Shape, rings(9, 1), pairs(part), o)
		assert.ErrorContains(t, err, "train: resume: best weights: want 6 numbers of parameter Weight, got 0")
	}
	// A part may be trained by itself: the rest stays as it is.
	m := model()
	require.NoError(t, train.Fit(context.Background(), m.Shape, rings(9, 1), pairs(m), train.Options{}))
	assert.Equal(t, model().Text.Weight.Data, m.Text.Weight.Data)
	assert.NotEqual(t, model().Shape.Weight.Data, m.Shape.Weight.Data)
}

// Two parameters of one name would share what an optimizer remembers.
func TestNamesTwice(t *testing.T) {
	p := func() *grad.Param { return grad.NewParam(1, 1) }
	m := struct {
		A *grad.Param `param:"w"`
		B *grad.Param `param:"w"`
	}{p(), p()}
	err := train.Fit(context.Background(), m, []int{1}, train.Each[int](func(t *grad.Tape, _ []int) grad.Value { return t.Add(t.Param(m.A), t.Param(m.B)) }), train.Options{})
	assert.ErrorContains(t, err, `train: want a name for each parameter, got two with the name "w"`)
}

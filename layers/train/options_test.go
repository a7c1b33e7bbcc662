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

// The mean gradient of k minibatches of n examples is that of one of k*n.
func TestAccumulate(t *testing.T) {
	// Without chance, so that both see the same.
	model := func() *layers.DeepSets { return layers.NewDeepSets(2, 8, 3, 1, layers.Mean, chance(1)) }
	run := func(batch, accumulate int) ([][]float32, []train.Progress) {
		m := model()
		var heard []train.Progress
		require.NoError(t, fitBy(context.Background(), whole, m, rings(24, 1), batch, train.Options{Epochs: 3, Accumulate: accumulate, Clip: 1,
			Optimizer: &optim.SGD{Rate: optim.Constant(0.1), Momentum: 0.9},
			Report:    func(p train.Progress) error { heard = append(heard, p); return nil }}))
		return weights(m), heard
	}
	want, steps := run(12, 0)
	for _, c := range []struct{ batch, accumulate int }{{12, 1}, {6, 2}, {4, 3}, {3, 4}, {1, 12}} {
		got, heard := run(c.batch, c.accumulate)
		for i := range want {
			require.InDeltaSlice(t, want[i], got[i], 1e-5, "%+v", c)
		}
		require.Len(t, heard, len(steps))
		for i, p := range heard {
			require.InDelta(t, steps[i].Loss, p.Loss, 1e-5)
			require.InDelta(t, steps[i].Norm, p.Norm, 1e-4)
			require.Equal(t, []int{steps[i].Epoch, steps[i].Step, steps[i].Steps}, []int{p.Epoch, p.Step, p.Steps})
		}
	}

	// The last step of an epoch has what is left: 24 examples in fives are 5
	// minibatches, so 2 and 2 and 1.
	_, heard := run(5, 2)
	assert.Equal(t, 9, heard[0].Steps)
	assert.Len(t, heard, 9)

	// It is the mean of those, however few.
	w := grad.NewParam(1, 1)
	down := train.Each[int](func(t *grad.Tape, _ []int) grad.Value { return t.Param(w) })
	require.NoError(t, train.Fit(context.Background(), w, upTo0(5), down, train.Options{Batch: 1, Accumulate: 2, Optimizer: &optim.SGD{Rate: optim.Constant(1)}}))
	assert.Equal(t, []float32{-3}, w.Data, "three steps of one each")

	assert.ErrorContains(t, fit(train.Options{Accumulate: -1}), "want Accumulate of 0 or more, got -1")
	assert.NoError(t, fit(train.Options{Accumulate: math.MaxInt}))
}

// downhill moves one number down by 1 in every step; how far it came is what
// Validate says.
func downhill(o train.Options) (last float32, seen []float32, states []train.State, err error) {
	w := grad.Filled(1, 1, 0)
	o.Optimizer = &optim.SGD{Rate: optim.Constant(1)}
	if o.Validate != nil {
		validate := o.Validate
		o.Validate = func() (float64, error) { seen = append(seen, w.Data[0]); return validate() }
	}
	o.Checkpoint = func(s train.State) error { states = append(states, save(w, s).state); return nil }
	err = train.Fit(context.Background(), w, []int{0}, train.Each[int](func(t *grad.Tape, _ []int) grad.Value { return t.Param(w) }), o)
	return w.Data[0], seen, states, err
}

func TestAverage(t *testing.T) {
	// By hand: the number after step n is -n; the average of step 1 is that,
	// and keeps at most n/(n+9) of itself in step n.
	by := func(most float64, n int) float32 {
		mean := -1.0
		for k := 2; k <= n; k++ {
			keep := min(most, float64(k)/float64(k+9))
			mean = keep*mean + (1-keep)*-float64(k)
		}
		return float32(mean)
	}
	for _, most := range []float64{1e-9, 0.1, 0.5, 0.999} {
		last, _, states, err := downhill(train.Options{Epochs: 30, Average: most})
		require.NoError(t, err)
		assert.InDelta(t, by(most, 30), last, 1e-5, "the model has it in the end")
		for i, s := range states {
			assert.InDelta(t, by(most, i+1), s.Average[""][0], 1e-5)
		}
	}
	// Validate sees averages; the best of them is what the model has.
	calls := 0
	last, seen, states, err := downhill(train.Options{Epochs: 10, Average: 0.9, Validate: func() (float64, error) {
		calls++
		return math.Abs(float64(calls - 7)), nil
	}})
	require.NoError(t, err)
	for i, x := range seen {
		assert.InDelta(t, by(0.9, i+1), x, 1e-5)
	}
	assert.Equal(t, seen[6], last)
	assert.Equal(t, seen[6], states[9].Weights[""][0])

	// Without an average there is none.
	last, seen, states, err = downhill(train.Options{Epochs: 4, Validate: func() (float64, error) { return 0, nil }})
	require.NoError(t, err)
	assert.Equal(t, []float32{-1, -2, -3, -4}, seen)
	assert.Equal(t, float32(-1), last)
	assert.Nil(t, states[3].Average)

	// An error of Validate leaves the model with its own numbers.
	last, _, _, err = downhill(train.Options{Average: 0.5, Epochs: 3, Validate: func() (float64, error) { return nan, nil }})
	assert.Error(t, err)
	assert.Equal(t, float32(-1), last)
	for _, a := range []float64{-0.1, 1, nan} {
		assert.ErrorContains(t, fit(train.Options{Average: a}), "want Average of at least 0 and below 1")
	}

	// Resumed without the averages, or with averages of something else.
	_, _, states, err = downhill(train.Options{Epochs: 2, Average: 0.9})
	require.NoError(t, err)
	_, _, _, err = downhill(train.Options{Epochs: 3, Resume: &states[1]})
	assert.ErrorContains(t, err, "want averages of parameters or none as training began with, got averages of 1 and an Average of 0")
	states[1].Average = map[string][]float32{"": {1, 2}}
	_, _, _, err = downhill(train.Options{Epochs: 3, Average: 0.9, Resume: &states[1]})
	assert.ErrorContains(t, err, "train: resume: averages: want 1 numbers of parameter , got 2")
	states[1].Average = nil
	_, _, _, err = downhill(train.Options{Epochs: 3, Average: 0.9, Resume: &states[1]})
	assert.ErrorContains(t, err, "got averages of 0 and an Average of 0.9")
}

// norms is a model with biases and gains, all of whose numbers are not 0.
func norms() layers.Stack {
	rng := chance(4)
	m := layers.Stack{layers.NewLinear(2, 8, rng), layers.NewNorm(8), layers.ReLU, layers.Mean, layers.NewLinear(8, 3, rng)}
	for _, p := range layers.List(m) {
		for i := range p.Data {
			p.Data[i] += 0.5
		}
	}
	return m
}

// Biases and gains do not shrink unless that is asked for, and everything does by
// the factor for its name.
func TestDecay(t *testing.T) {
	run := func(o train.Options) map[string]float64 { // what is left of each parameter without decay
		at := func(o train.Options, decay float64) map[string][]float32 {
			m := norms()
			o.Optimizer = &optim.SGD{Rate: optim.Constant(0.5), Decay: decay}
			require.NoError(t, train.Fit(context.Background(), m, rings(6, 1), train.Classification(m), o))
			all := map[string][]float32{}
			for name, p := range layers.Params(m) {
				all[name] = p.Data
			}
			return all
		}
		plain, shrunk := at(o, 0), at(o, 0.2)
		before := map[string][]float32{}
		for name, p := range layers.Params(norms()) {
			before[name] = p.Data
		}
		less := map[string]float64{}
		for name := range plain {
			for i := range plain[name] {
				part := float64(plain[name][i]-shrunk[name][i]) / float64(before[name][i])
				if i > 0 {
					require.InDelta(t, less[name], part, 1e-5)
				}
				less[name] = part
			}
		}
		return less
	}
	for name, part := range run(train.Options{}) {
		want := 0.0
		if strings.HasSuffix(name, "Weight") {
			want = 0.1
		}
		assert.InDelta(t, want, part, 1e-5, name)
	}
	for name, part := range run(train.Options{Decay: func(string) float64 { return 1 }}) {
		assert.InDelta(t, 0.1, part, 1e-5, name)
	}
	for name, part := range run(train.Options{Decay: func(name string) float64 {
		if name == "1.Gain" {
			return 2
		}
		return 0
	}}) {
		want := 0.0
		if name == "1.Gain" {
			want = 0.2
		}
		assert.InDelta(t, want, part, 1e-5, name)
	}
	for _, bad := range []float64{-1, nan, inf, 1e39} {
		of := func(string) float64 { return bad }
		assert.ErrorContains(t, fit(train.Options{Decay: of}), `optim.AdamW: want finite factors of 0 or more for "`)
		assert.ErrorContains(t, fit(train.Options{Rate: of, Optimizer: &optim.SGD{}}), `optim.SGD: want finite factors of 0 or more for "`)
	}
}

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

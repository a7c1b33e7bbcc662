package train_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set/grad"
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

package train_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
)

// rings returns sets of points on circles of radius 1, 2 or 3: their class.
func rings(n int, seed uint64) []train.Labelled {
	rng := rand.New(rand.NewPCG(seed, 1))
	all := make([]train.Labelled, n)
	for i := range all {
		class := i % 3
		x := set.New(2, 3+rng.IntN(6))
		for j := range x.Len() {
			angle, radius := 2*math.Pi*rng.Float64(), float64(class+1)+0.1*rng.NormFloat64()
			x.Row(j)[0], x.Row(j)[1] = float32(radius*math.Cos(angle)), float32(radius*math.Sin(angle))
		}
		all[i] = train.Labelled{Set: x, Class: class}
	}
	return all
}

// small returns a model with everything that could depend on more than it
// should: attention, norms and dropout.
func small(seed uint64) *layers.SetTransformer {
	return layers.NewSetTransformer(layers.Config{In: 2, Out: 3, Dim: 8, Heads: 2, Inducing: 3, Blocks: 1, Norm: layers.NormPre, Dropout: 0.2},
		rand.New(rand.NewPCG(seed, 2)))
}

// weights returns a copy of the parameters of a model.
func weights(model any) [][]float32 {
	var all [][]float32
	for _, p := range layers.Params(model) {
		all = append(all, slices.Clone(p.Data))
	}
	return all
}

func setWeights(model any, w [][]float32) {
	for i, p := range layers.List(model) {
		copy(p.Data, w[i])
	}
}

// how makes a rule of the loss of a classifier.
type how func(train.Each[train.Labelled]) train.Rule[train.Labelled]

func whole(l train.Each[train.Labelled]) train.Rule[train.Labelled] {
	return train.Whole(l)
}

func chunks(size int) how {
	return func(l train.Each[train.Labelled]) train.Rule[train.Labelled] { return train.Chunks(l, size) }
}

// fitBy is [train.Fit] by any rule.
func fitBy(ctx context.Context, rule how, m layers.Layer, es []train.Labelled, batch int, o train.Options) error {
	return train.Run(ctx, m, train.Shuffled[train.Labelled]{Examples: es, Batch: batch}, rule(train.Classification(m)), o)
}

func TestFitLearns(t *testing.T) {
	known, unseen := rings(120, 1), rings(60, 2)
	for name, rule := range map[string]how{"whole": whole, "chunks": chunks(0)} {
		m := layers.NewDeepSets(2, 16, 3, 1, layers.Mean, rand.New(rand.NewPCG(1, 2)))
		before := train.Evaluate(train.Classification(m), known, 32)
		require.Less(t, train.Accuracy(m, unseen), 0.7)
		require.NoError(t, fitBy(context.Background(), rule, m, known, 20, train.Options{
			Epochs: 40, Optimizer: &optim.AdamW{Rate: optim.Constant(1e-2)},
		}))
		assert.Less(t, train.Evaluate(train.Classification(m), known, 32), before/4, name)
		assert.Greater(t, train.Accuracy(m, unseen), 0.95, name)
	}
}

// What comes of training does not depend on the number of processors.
func TestFitOnAnyNumberOfProcessors(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	for name, rule := range map[string]how{
		"whole":       whole,
		"chunks":      chunks(3),
		"per example": func(l train.Each[train.Labelled]) train.Rule[train.Labelled] { return train.PerExample(l, 0.5) },
	} {
		var want [][]float32
		for _, n := range []int{1, 2, 3} {
			runtime.GOMAXPROCS(n)
			m := small(1)
			require.NoError(t, fitBy(context.Background(), rule, m, rings(40, 1), 16, train.Options{Epochs: 3, Clip: 1}))
			if want == nil {
				want = weights(m)
			}
			assert.Equal(t, want, weights(m), "%s on %d", name, n)
		}
	}
}

func TestReport(t *testing.T) {
	m := layers.NewDeepSets(2, 4, 3, 0, layers.Mean, rand.New(rand.NewPCG(1, 2)))
	var heard []train.Progress
	validations := 0
	o := train.Options{Epochs: 2, Batch: 4, Clip: 1e-3,
		Report:   func(p train.Progress) error { heard = append(heard, p); return nil },
		Validate: func() (float64, error) { validations++; return float64(10 - validations), nil },
	}
	es := rings(10, 1)
	first := train.Evaluate(train.Classification(m), es, 100)
	require.NoError(t, train.Fit(context.Background(), m, es, train.Classification(m), o))
	require.Len(t, heard, 6)
	for i, p := range heard {
		assert.Equal(t, []int{i / 3, 2, i, 6}, []int{p.Epoch, p.Epochs, p.Step, p.Steps})
		assert.Greater(t, p.Norm, 1e-3, "before clipping")
		assert.InDelta(t, first, p.Loss, 1)
		if i%3 == 2 {
			assert.Equal(t, float64(9-i/3), p.Validation)
		} else {
			assert.True(t, math.IsNaN(p.Validation))
		}
	}
	assert.Equal(t, 2, validations)
}

// validated trains a counter: its one parameter is the number of the epoch,
// and its validation is that of a list.
func validated(t *testing.T, patience int, results ...float64) (epochs int, last float32, err error) {
	w := grad.NewParam(1, 1)
	n := 0
	err = train.Fit(context.Background(), []*grad.Param{w}, []int{0}, train.Each[int](func(t *grad.Tape, _ []int) grad.Value { return t.Scale(t.Param(w), -1) }),
		train.Options{Epochs: len(results), Optimizer: &optim.SGD{Rate: optim.Constant(1)}, Patience: patience,
			Validate: func() (float64, error) {
				n++
				assert.Equal(t, float32(n), w.Data[0])
				return results[n-1], nil
			}})
	return n, w.Data[0], err
}

func TestBestWeights(t *testing.T) {
	for _, c := range []struct {
		results  []float64
		patience int
		epochs   int
		best     float32
	}{
		{[]float64{5, 4, 3}, 0, 3, 3},
		{[]float64{5, 3, 4}, 0, 3, 2},
		{[]float64{3, 3, 3}, 0, 3, 1}, // the first of equals
		{[]float64{5, 3, 4, 6, 1}, 2, 4, 2},
		{[]float64{5, 3, 4, 2, 6, 6, 1}, 2, 6, 4},
		{[]float64{5, 6, 1}, 1, 2, 1},
		{[]float64{-5, -6, -1}, 0, 3, 2},
		{[]float64{0, 1}, 0, 2, 1},
	} {
		epochs, best, err := validated(t, c.patience, c.results...)
		require.NoError(t, err)
		assert.Equal(t, c.epochs, epochs, "%v", c.results)
		assert.Equal(t, c.best, best, "%v", c.results)
	}
	_, _, err := validated(t, 0, 1, math.NaN())
	assert.ErrorContains(t, err, "finite validation")
}

// A parameter that no loss depends on is left as it is.
func TestUnusedParameters(t *testing.T) {
	used, unused := layers.NewLinear(2, 3, rand.New(rand.NewPCG(1, 2))), layers.NewLinear(2, 3, rand.New(rand.NewPCG(1, 2)))
	m := layers.Stack{used, layers.Mean}
	before := weights(unused)
	require.NoError(t, train.Fit(context.Background(), []any{m, unused}, rings(6, 1), train.Classification(m), train.Options{Optimizer: &optim.AdamW{Decay: 0.5}}))
	assert.Equal(t, before, weights(unused))
	assert.NotEqual(t, before, weights(used))
}

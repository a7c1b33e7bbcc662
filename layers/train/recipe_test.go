package train_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
)

// The rate climbs for an epoch and ends at zero, and the average spans a
// hundredth of all steps, of fewer at the beginning of a short training.
func TestRecipe(t *testing.T) {
	o := train.Recipe{}.Options(100)
	rate := o.Optimizer.(*optim.AdamW).Rate
	require.InDelta(t, 2e-5, rate(0), 1e-9)
	require.InDelta(t, 2e-3, rate(99), 1e-9)
	require.InDelta(t, 1e-3, rate(100+5900/2), 1e-9)
	require.InDelta(t, 0, rate(5999), 1e-8)
	require.Equal(t, 0.05, o.Optimizer.(*optim.AdamW).Decay)
	require.InDelta(t, 1-1./61, o.Average, 1e-12)
	require.Equal(t, 60, o.Epochs)
	require.EqualValues(t, 1, o.Clip)

	o = train.Recipe{Epochs: 1, Rate: 0.1, Decay: 0.5}.Options(1)
	require.InDelta(t, 0.1, o.Optimizer.(*optim.AdamW).Rate(0), 1e-9)
	require.Equal(t, 0.5, o.Optimizer.(*optim.AdamW).Decay)
	for _, wrong := range []func(){
		func() { train.Recipe{}.Options(0) },
		func() { train.Recipe{Epochs: -1}.Options(1) },
		func() { train.Recipe{Rate: -1}.Options(1) },
		func() { train.Recipe{Decay: 2}.Options(1) },
	} {
		require.Error(t, set.Try(wrong))
	}
}

// After an epoch Report sees the averages, as Validate does, and training goes
// on from the weights that it had: the same as nobody looking.
func TestReportSeesAverages(t *testing.T) {
	examples := labelled([]float32{1, 0}, []float32{0, 1}, []float32{2, 1}, []float32{-1, 3})
	fit := func(report func(*layers.Linear, train.Progress)) *layers.Linear {
		m := layers.NewLinear(2, 2, rand.New(rand.NewPCG(1, 2)))
		model := layers.Stack{m, layers.Mean}
		o := train.Options{Epochs: 3, Batch: 1, Average: 0.9}
		if report != nil {
			o.Report = func(p train.Progress) error { report(m, p); return nil }
		}
		require.NoError(t, train.Fit(t.Context(), model, examples, train.Classification(model), o))
		return m
	}
	var seen [][]float32
	reported := fit(func(m *layers.Linear, _ train.Progress) {
		seen = append(seen, append([]float32(nil), m.Weight.Data...))
	})
	quiet := fit(nil)
	require.Equal(t, quiet.Weight.Data, reported.Weight.Data)
	require.Equal(t, reported.Weight.Data, seen[11], "the last report sees what the model has in the end")
	require.NotEqual(t, reported.Weight.Data, seen[10])
}

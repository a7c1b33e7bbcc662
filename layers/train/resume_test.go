package train_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
)

// saved is what a file would hold of training.
type saved struct {
	weights [][]float32
	state   train.State
}

func save(model any, s train.State) saved {
	c := saved{weights(model), s}
	c.state.Optimizer.Moments = map[string][][]float32{}
	for name, m := range s.Optimizer.Moments {
		var all [][]float32
		for _, x := range m {
			all = append(all, slices.Clone(x))
		}
		c.state.Optimizer.Moments[name] = all
	}
	c.state.Weights = nil
	for _, w := range s.Weights {
		c.state.Weights = append(c.state.Weights, slices.Clone(w))
	}
	return c
}

// setup is a way to train.
type setup struct {
	name      string
	every     int
	optimizer func() optim.Optimizer
	gradient  func() train.Gradient
	sampler   train.Sampler
	validate  bool
	patience  int
}

const (
	epochs, batch, examples = 4, 6, 20
	perEpoch                = 4
)

func setups() []setup {
	adam := func() optim.Optimizer {
		return &optim.AdamW{Rate: optim.Cosine(1e-2, 3, epochs*perEpoch), Decay: 0.01}
	}
	var classes []int
	for _, e := range rings(examples, 1) {
		classes = append(classes, e.Class)
	}
	return []setup{
		{"adam, whole", 0, adam, func() train.Gradient { return &train.Whole{} }, nil, false, 0},
		{"adam, chunks, every step", 1, adam, func() train.Gradient { return &train.Chunks{Size: 4} }, nil, true, 0},
		{"sgd, balanced, every third", 3, func() optim.Optimizer { return &optim.SGD{Momentum: 0.9} }, func() train.Gradient { return &train.Chunks{} }, train.Balanced{Classes: classes}, true, 0},
		{"patience", 2, adam, func() train.Gradient { return &train.Whole{} }, nil, true, 2},
	}
}

// options returns the options of a setup for a model. Validation follows from
// the weights, and is now better, now worse.
func (s setup) options(m *layers.SetTransformer) train.Options {
	o := train.Options{Epochs: epochs, Batch: batch, Optimizer: s.optimizer(), Gradient: s.gradient(), Sampler: s.sampler, Seed: 5, Clip: 1, Patience: s.patience, Every: s.every}
	if s.validate {
		o.Validate = func() (float64, error) {
			sum := 0.0
			for _, w := range weights(m) {
				for _, x := range w {
					sum += math.Abs(float64(x))
				}
			}
			return math.Mod(1e3*sum, 1), nil
		}
	}
	return o
}

// straight trains without a stop.
func (s setup) straight(t *testing.T) ([][]float32, []train.Progress) {
	m := small(1)
	var heard []train.Progress
	o := s.options(m)
	o.Report = func(p train.Progress) error { heard = append(heard, p); return nil }
	require.NoError(t, train.Fit(context.Background(), m, rings(examples, 1), train.Classification(m), o))
	return weights(m), heard
}

// same requires that progress is the same, where no validation is equal to no
// validation.
func same(t *testing.T, want, got []train.Progress) {
	t.Helper()
	assert.Equal(t, fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got))
}

// Training that is stopped after any step, and resumed from what was saved
// then, gives the same weights as training that was not.
func TestStopAndResume(t *testing.T) {
	for _, s := range setups() {
		t.Run(s.name, func(t *testing.T) {
			want, steps := s.straight(t)
			require.Greater(t, len(steps), 5)
			for stop := range steps {
				m := small(1)
				ctx, cancel := context.WithCancel(context.Background())
				var file *saved
				var heard []train.Progress
				o := s.options(m)
				o.Checkpoint = func(st train.State) error { c := save(m, st); file = &c; return nil }
				o.Report = func(p train.Progress) error {
					heard = append(heard, p)
					if p.Step == stop {
						cancel()
					}
					return nil
				}
				err := train.Fit(ctx, m, rings(examples, 1), train.Classification(m), o)
				if stop < len(steps)-1 {
					require.ErrorIs(t, err, context.Canceled)
				} else {
					require.NoError(t, err, "there was nothing left to stop")
				}
				require.NotNil(t, file)
				if stop < len(steps)-1 {
					require.Equal(t, stop+1, file.state.Step, "saved where it stopped")
				}

				m = small(77) // another process
				setWeights(m, file.weights)
				o = s.options(m)
				o.Resume = &file.state
				o.Report = func(p train.Progress) error { heard = append(heard, p); return nil }
				require.NoError(t, train.Fit(context.Background(), m, rings(examples, 1), train.Classification(m), o))
				if stop < len(steps)-1 {
					same(t, steps, heard)
				}
				require.Equal(t, want, weights(m), "stopped after step %d", stop)
			}
		})
	}
}

// Training that is killed loses the steps since the last checkpoint, and no
// more: resumed from any checkpoint it gives the same weights.
func TestKillAndResume(t *testing.T) {
	for _, s := range setups() {
		t.Run(s.name, func(t *testing.T) {
			want, steps := s.straight(t)
			m := small(1)
			var files []saved
			o := s.options(m)
			o.Checkpoint = func(st train.State) error { files = append(files, save(m, st)); return nil }
			require.NoError(t, train.Fit(context.Background(), m, rings(examples, 1), train.Classification(m), o))
			require.Equal(t, want, weights(m), "checkpoints change nothing")
			every := s.every
			if every == 0 {
				every = perEpoch
			}
			require.Len(t, files, len(steps)/every)
			for i, file := range files {
				require.Equal(t, (i+1)*every, file.state.Step)
				m := small(77)
				setWeights(m, file.weights)
				o := s.options(m)
				o.Resume = &file.state
				again := save(m, file.state)
				require.NoError(t, train.Fit(context.Background(), m, rings(examples, 1), train.Classification(m), o))
				require.Equal(t, want, weights(m), "killed after checkpoint %d", i)
				require.Equal(t, again, saved{again.weights, file.state}, "what is resumed from is left alone")
			}
		})
	}
}

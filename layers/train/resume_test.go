package train_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
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
	c.state.Optimizer.Moments = map[string]map[string][]float32{}
	for name, m := range s.Optimizer.Moments {
		c.state.Optimizer.Moments[name] = cloned(m)
	}
	c.state.Weights, c.state.Average = cloned(s.Weights), cloned(s.Average)
	return c
}

func cloned(of map[string][]float32) map[string][]float32 {
	c := maps.Clone(of)
	for name, x := range c {
		c[name] = slices.Clone(x)
	}
	return c
}

// jittered moves the points of a set a little.
func jittered(e train.Labelled, rng *rand.Rand) (train.Labelled, error) {
	e.Set = e.Set.Clone()
	for i := range e.Set.Values {
		e.Set.Values[i] += 0.1 * float32(rng.NormFloat64())
	}
	return e, nil
}

// setup is a way to train.
type setup struct {
	name      string
	every     int
	optimizer func() optim.Optimizer
	rule      how
	source    train.Source[train.Labelled]
	more      train.Options // Accumulate and Average
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
	sgd := func() optim.Optimizer { return &optim.SGD{Momentum: 0.9} }
	es := rings(examples, 1)
	shuffled := train.Shuffled[train.Labelled]{Examples: es, Batch: batch}
	balanced := train.Balanced[train.Labelled]{Examples: es, Class: func(e train.Labelled) int { return e.Class }, Batch: batch}
	poisson := train.Poisson[train.Labelled]{Examples: es, Rate: 0.1, Batches: perEpoch}
	bySize := train.BySize[train.Labelled]{Examples: es, Size: func(e train.Labelled) int { return e.Set.Len() }, Most: 40}
	made := train.Made[train.Labelled]{New: func(rng *rand.Rand) train.Labelled { return rings(1, rng.Uint64())[0] }, Batch: 3, Batches: perEpoch}
	prepared := train.Prepared[train.Labelled, train.Labelled]{Source: shuffled, Prepare: jittered, Ahead: 3}
	clipped := func(l train.Each[train.Labelled]) train.Rule[train.Labelled] { return train.PerExample(l, 0.5) }
	none := train.Options{}
	return []setup{
		{"adam, whole", 0, adam, whole, shuffled, none, false, 0},
		{"adam, chunks, every step", 1, adam, chunks(4), shuffled, none, true, 0},
		{"sgd, balanced, every third", 3, sgd, chunks(0), balanced, none, true, 0},
		{"patience", 2, adam, whole, shuffled, none, true, 2},
		{"poisson, per example", 1, adam, clipped, poisson, none, false, 0},
		{"by size", 0, sgd, chunks(2), bySize, none, true, 0},
		{"made, averaged", 3, adam, whole, made, train.Options{Average: 0.9}, false, 0},
		{"prepared, averaged, validated", 1, adam, chunks(1), prepared, train.Options{Average: 0.5}, true, 0},
		{"accumulated", 0, sgd, whole, prepared, train.Options{Accumulate: 3}, true, 0},
		{"accumulated, averaged", 1, adam, whole, made, train.Options{Accumulate: 2, Average: 0.99}, false, 0},
	}
}

// options returns the options of a setup for a model. Validation follows from
// the weights, and is now better, now worse.
func (s setup) options(m *layers.SetTransformer) train.Options {
	o := s.more
	o.Epochs, o.Optimizer, o.Seed, o.Clip, o.Patience, o.Every = epochs, s.optimizer(), 5, 1, s.patience, s.every
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

// run trains a model.
func (s setup) run(ctx context.Context, m *layers.SetTransformer, o train.Options) error {
	return train.Run(ctx, m, s.source, s.rule(train.Classification(m)), o)
}

// straight trains without a stop.
func (s setup) straight(t *testing.T) ([][]float32, []train.Progress) {
	m := small(1)
	var heard []train.Progress
	o := s.options(m)
	o.Report = func(p train.Progress) error { heard = append(heard, p); return nil }
	require.NoError(t, s.run(context.Background(), m, o))
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
				err := s.run(ctx, m, o)
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
				require.NoError(t, s.run(context.Background(), m, o))
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
			require.NoError(t, s.run(context.Background(), m, o))
			require.Equal(t, want, weights(m), "checkpoints change nothing")
			every := s.every
			if every == 0 {
				every = len(steps) / epochs
			}
			require.Len(t, files, len(steps)/every)
			for i, file := range files {
				require.Equal(t, (i+1)*every, file.state.Step)
				m := small(77)
				setWeights(m, file.weights)
				o := s.options(m)
				o.Resume = &file.state
				again := save(m, file.state)
				require.NoError(t, s.run(context.Background(), m, o))
				require.Equal(t, want, weights(m), "killed after checkpoint %d", i)
				require.Equal(t, again, saved{again.weights, file.state}, "what is resumed from is left alone")
			}
		})
	}
}

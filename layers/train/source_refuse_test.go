package train_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
)

// walk trains one number by a loss that is none, and returns what Run says.
func walk[E any](s train.Source[E], o train.Options) error {
	w := grad.Filled(1, 1, 1)
	return train.Run(context.Background(), w, s, train.Whole(train.Each[E](func(t *grad.Tape, es []E) grad.Value { return t.Param(w) })), o)
}

// broken is a source that does not keep its word.
type broken struct {
	inTurn
	steps int
	err   error
}

func (b broken) Steps() int { return b.steps }
func (b broken) Epoch(epoch, from int, rng *rand.Rand) iter.Seq2[train.Minibatch[int], error] {
	return func(yield func(train.Minibatch[int], error) bool) {
		k := 0
		for m, err := range b.inTurn.Epoch(epoch, from, rng) {
			if k == 1 && b.err != nil {
				err = b.err
			}
			if k++; !yield(m, err) {
				return
			}
		}
	}
}

func TestSourcesRefused(t *testing.T) {
	ours := errors.New("ours")
	es := upTo0(10)
	one := func(int) int { return 1 }
	negative := func(e int) int { return -e }
	enormous := func(int) int { return math.MaxInt }
	for want, s := range map[string]train.Source[int]{
		"train: want a source and a rule, got nil":                                           nil,
		"no examples: want a source with a minibatch or more an epoch, got 0: 0 examples, s": train.Shuffled[int]{},
		"no examples: want a source with a minibatch or more an epoch, got 0: 0 examples, b": train.Balanced[int]{Class: one},
		"no examples: want a source with a minibatch or more an epoch, got 0: 0 examples, e": train.Poisson[int]{Rate: 0.5, Batches: 7},
		"no examples: want a source with a minibatch or more an epoch, got 0: 0 in turn":     inTurn{nil, 1},
		"in minibatches of size 9 altogether":                                                train.BySize[int]{Size: one, Most: 9},
		"train.Shuffled: want minibatches of 0 examples or more, got -1":                     train.Shuffled[int]{Examples: es, Batch: -1},
		"train.Balanced: want minibatches of 0 examples or more, got -2":                     train.Balanced[int]{Examples: es, Class: one, Batch: -2},
		"train.Balanced: want a Class, got nil":                                              train.Balanced[int]{Examples: es},
		"train.Poisson: want a Rate above 0 and at most 1, and 0 Batches or more, got 0":     train.Poisson[int]{Examples: es},
		"at most 1, and 0 Batches or more, got NaN and 0":                                    train.Poisson[int]{Examples: es, Rate: math.NaN()},
		"at most 1, and 0 Batches or more, got 1.5 and 0":                                    train.Poisson[int]{Examples: es, Rate: 1.5},
		"0 Batches or more, got 0.5 and -1":                                                  train.Poisson[int]{Examples: es, Rate: 0.5, Batches: -1},
		"train.BySize: want a Most above 0, got 0":                                           train.BySize[int]{Examples: es, Size: one},
		"train.BySize: want a Size, got nil":                                                 train.BySize[int]{Examples: es, Most: 1},
		"train.BySize: want sizes of 0 or more that can be added up, got -1 of example 1":    train.BySize[int]{Examples: es, Size: negative, Most: 1},
		"can be added up, got 9223372036854775807 of example 1":                              train.BySize[int]{Examples: es, Size: enormous, Most: 1},
		"train.Made: want New, got nil":                                                      train.Made[int]{},
		"train.Made: want 0 Batches or more, got -1":                                         train.Made[int]{New: (*rand.Rand).Int, Batches: -1},
		"train.Made: want minibatches of 0 examples or more, got -1":                         train.Made[int]{New: (*rand.Rand).Int, Batch: -1},
		"train.Prepared: want a Source and Prepare, got nil":                                 train.Prepared[int, int]{},
		"train: epoch 0: want a source with 9 minibatches as it said, got 7 less":            broken{inTurn{es, 5}, 9, nil},
		"train: epoch 0: want a source with 3 minibatches as it said, got more":              broken{inTurn{es, 1}, 3, nil},
		"train: step 1: ours": broken{inTurn{es, 5}, 2, ours},
	} {
		err := walk(s, train.Options{})
		if assert.ErrorContains(t, err, want) && want[0] == 'n' {
			assert.ErrorIs(t, err, train.ErrNoExamples)
		}
	}
	assert.ErrorIs(t, walk[int](broken{inTurn{es, 5}, 2, ours}, train.Options{}), ours)
	assert.ErrorContains(t, walk[int](inTurn{es, 5}, train.Options{Batch: 5}), "want a source that says how large a minibatch is, got a Batch of 5")
	assert.ErrorContains(t, train.Run(context.Background(), grad.NewParam(1, 1), inTurn{es, 5}, nil, train.Options{}), "want a source and a rule, got nil")
}

// Two sources whose minibatches differ say different things of themselves, and
// training does not go on with another.
func TestSourcesAreTold(t *testing.T) {
	said := map[string]string{}
	for name, s := range sources() {
		for other, words := range said {
			assert.NotEqual(t, words, s.String(), "%s and %s", name, other)
		}
		said[name] = s.String()
	}
	for name, s := range sources() {
		var state train.State
		require.NoError(t, walk(s, train.Options{Checkpoint: func(st train.State) error { state = st; return nil }}), name)
		require.Equal(t, s.String(), state.Source)
		for other, s := range sources() {
			err := walk(s, train.Options{Epochs: 1, Resume: &state})
			if other == name {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, "train: resume: want what training began with", "%s, %s", name, other)
			}
		}
		err := walk(s, train.Options{Accumulate: 2, Resume: &state})
		assert.ErrorContains(t, err, ", 2 a step", name)
	}
}

// Empty minibatches are taken by every rule, change nothing by themselves, and
// do not count as a loss that ignores the model.
func TestEmptyMinibatches(t *testing.T) {
	es := rings(6, 1)
	classes := 3
	embed := func(m *grad.Param) train.Embed[train.Labelled] {
		return func(t *grad.Tape, es []train.Labelled) []grad.Value {
			x := make([]set.Batch, len(es))
			for i, e := range es {
				x[i] = e.Set
			}
			return []grad.Value{t.Mean(t.Affine(grad.Const(set.Concat(x...)), t.Param(m), grad.Value{}))}
		}
	}
	for name, rule := range map[string]func(*grad.Param, train.Each[train.Labelled]) train.Rule[train.Labelled]{
		"whole":  func(_ *grad.Param, l train.Each[train.Labelled]) train.Rule[train.Labelled] { return whole(l) },
		"chunks": func(_ *grad.Param, l train.Each[train.Labelled]) train.Rule[train.Labelled] { return chunks(2)(l) },
		"per example": func(_ *grad.Param, l train.Each[train.Labelled]) train.Rule[train.Labelled] {
			return train.PerExample(l, 1)
		},
		"cached": func(m *grad.Param, _ train.Each[train.Labelled]) train.Rule[train.Labelled] {
			return train.Cached(embed(m), func(t *grad.Tape, y []grad.Value) grad.Value {
				one := t.Regroup(y[0], set.Offsets{0, y[0].Len()})
				return t.Mean(t.Columns(one, 0, 1))
			}, 2)
		},
	} {
		m := grad.Normal(2, classes, 1, chance(3))
		loss := train.Each[train.Labelled](func(t *grad.Tape, es []train.Labelled) grad.Value {
			return t.Mean(t.Columns(t.Regroup(embed(m)(t, es)[0], set.Offsets{0, len(es)}), 0, 1))
		})
		source := train.Poisson[train.Labelled]{Examples: es, Rate: 0.05, Batches: 40}
		before := slices.Clone(m.Data)
		empty := 0
		err := train.Run(context.Background(), m, source, rule(m, loss), train.Options{
			Optimizer: &optim.SGD{},
			Report: func(p train.Progress) error {
				if p.Step == 0 {
					require.Zero(t, p.Norm, "the first is to be empty; take another seed")
				}
				if p.Loss == 0 && p.Norm == 0 {
					if empty++; empty == p.Step+1 {
						assert.Equal(t, before, m.Data, "%s, step %d", name, p.Step)
					}
				}
				return nil
			}})
		require.NoError(t, err, name)
		assert.Greater(t, empty, 5, name)
		assert.NotEqual(t, before, m.Data, name)
	}
}

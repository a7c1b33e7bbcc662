package train_test

import (
	"context"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
)

func TestFitErrors(t *testing.T) {
	ours := errors.New("ours")
	es := rings(6, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	zero := layers.NewLinear(2, 3, rand.New(rand.NewPCG(1, 2)))
	for _, p := range layers.List(zero) {
		clear(p.Data)
	}
	flawed := rings(6, 1)
	flawed[5].Set = set.Of(3, []float32{1, 2, 3})
	wild := rings(6, 1)
	wild[5].Set.Values[0] = float32(math.NaN())
	beyond := rings(6, 1)
	beyond[2].Class = 3
	one := func() (float64, error) { return 1, nil }
	var resumable train.State
	{
		m := small(1)
		require.NoError(t, train.Fit(context.Background(), m, es, train.Classification(m), train.Options{
			Validate: one, Checkpoint: func(s train.State) error { resumable = save(m, s).state; return nil }}))
	}
	for _, c := range []struct {
		name string
		ctx  context.Context
		es   []train.Labelled
		rule how // or Fit
		o    train.Options
		want string
		is   error
	}{
		{name: "no examples", want: "no examples", is: train.ErrNoExamples},
		{name: "a context that has ended", ctx: ctx, es: es, want: "canceled", is: context.Canceled},
		{name: "report", es: es, o: train.Options{Report: func(train.Progress) error { return ours }}, is: ours},
		{name: "validate", es: es, o: train.Options{Validate: func() (float64, error) { return 0, ours }}, is: ours},
		{name: "checkpoint", es: es, o: train.Options{Checkpoint: func(train.State) error { return ours }}, is: ours},
		{name: "another width", es: flawed, want: "set.Concat: want width 2"},
		{name: "another width in chunks", es: flawed, rule: chunks(0), want: "want "},
		{name: "no number", es: wild, want: "step 0: want a finite loss"},
		{name: "no number in chunks", es: wild, rule: chunks(0), want: "step 0: want a finite loss"},
		{name: "class", es: beyond, want: "loss.CrossEntropy: want classes from 0 to 2, got 3"},
		{name: "resume without memory", es: es, o: train.Options{Validate: one, Resume: func() *train.State { s := resumable; s.Optimizer = optim.State{}; return &s }()}, want: "train: resume: optim: state: "},
		{name: "resume another optimizer", es: es, o: train.Options{Validate: one, Resume: &resumable, Optimizer: &optim.SGD{}}, want: `train: resume: optim: state: want memory "velocity"`},
		{name: "resume before the start", es: es, o: train.Options{Resume: &train.State{Step: -1}}, want: "train: resume: want "},
		{name: "resume few weights", es: es, o: train.Options{Validate: one, Resume: func() *train.State {
			s := resumable
			s.Weights = maps.Clone(s.Weights)
			delete(s.Weights, "Head.Weight")
			return &s
		}()}, want: "train: resume: best weights: want 24 numbers of parameter Head.Weight, got 0"},
		{name: "resume more weights", es: es, o: train.Options{Validate: one, Resume: func() *train.State {
			s := resumable
			s.Weights = maps.Clone(s.Weights)
			s.Weights["Tail.Weight"] = []float32{1}
			return &s
		}()}, want: `train: resume: best weights: want those of the parameters of the model, got some of "Tail.Weight"`},
		{name: "resume odd weights", es: es, o: train.Options{Validate: one, Resume: func() *train.State {
			s := resumable
			s.Weights = maps.Clone(s.Weights)
			s.Weights["Head.Bias"] = s.Weights["Head.Bias"][1:]
			return &s
		}()}, want: "train: resume: best weights: want 3 numbers of parameter Head.Bias, got 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.ctx == nil {
				c.ctx = context.Background()
			}
			m := small(1)
			before := weights(m)
			err := train.Fit(c.ctx, m, c.es, train.Classification(m), c.o)
			if c.rule != nil {
				err = fitBy(c.ctx, c.rule, m, c.es, 0, c.o)
			}
			require.Error(t, err)
			assert.ErrorContains(t, err, c.want)
			if c.is != nil {
				assert.ErrorIs(t, err, c.is)
			} else {
				assert.Equal(t, before, weights(m), "nothing is learned from a mistake")
			}
		})
	}
	nothing := train.Each[int](func(t *grad.Tape, _ []int) grad.Value { return grad.Const(set.New(1, 0)) })
	for _, rule := range []train.Rule[int]{train.Whole(nothing), train.Chunks(nothing, 0), train.PerExample(nothing, 1)} {
		err := train.Run(context.Background(), zero, train.Shuffled[int]{Examples: []int{1}}, rule, train.Options{})
		assert.ErrorContains(t, err, "a loss of one number")
		var shape *set.ShapeError
		assert.ErrorAs(t, err, &shape)
	}
}

// Where saving fails at the end, that is said, and not that training was stopped
// in good order.
func TestCancelSaves(t *testing.T) {
	ours := errors.New("disk full")
	ctx, cancel := context.WithCancel(context.Background())
	m := small(1)
	err := train.Fit(ctx, m, rings(20, 1), train.Classification(m), train.Options{Batch: 5, Every: 100,
		Report:     func(train.Progress) error { cancel(); return nil },
		Checkpoint: func(train.State) error { return ours }})
	assert.ErrorIs(t, err, ours)
	assert.NotErrorIs(t, err, context.Canceled)

	// Nothing is saved twice.
	ctx, cancel = context.WithCancel(context.Background())
	saves := 0
	err = train.Fit(ctx, m, rings(20, 1), train.Classification(m), train.Options{Batch: 5, Every: 1,
		Report:     func(train.Progress) error { cancel(); return nil },
		Checkpoint: func(train.State) error { saves++; return nil }})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, saves)
}

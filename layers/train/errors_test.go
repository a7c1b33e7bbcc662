package train_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
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

// order is a sampler that returns what it is.
type order []int

func (o order) Order(int, int, *rand.Rand) []int { return o }

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
	var resumable train.State
	{
		m := small(1)
		require.NoError(t, train.Fit(context.Background(), m, es, train.Classification(m), train.Options{
			Validate: func() (float64, error) { return 1, nil }, Checkpoint: func(s train.State) error { resumable = save(m, s).state; return nil }}))
	}
	for _, c := range []struct {
		name string
		ctx  context.Context
		es   []train.Labelled
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
		{name: "another width in chunks", es: flawed, o: train.Options{Gradient: &train.Chunks{}}, want: "want "},
		{name: "no number", es: wild, want: "step 0: want a finite loss"},
		{name: "no number in chunks", es: wild, o: train.Options{Gradient: &train.Chunks{}}, want: "step 0: want a finite loss"},
		{name: "class", es: beyond, want: "loss.CrossEntropy: want classes from 0 to 2, got 3"},
		{name: "short order", es: es, o: train.Options{Sampler: order{1, 2}}, want: "epoch 0: want an order of 6 examples, got 2"},
		{name: "order beyond", es: es, o: train.Options{Sampler: order{0, 1, 2, 3, 4, 6}}, want: "got 6"},
		{name: "order before", es: es, o: train.Options{Sampler: order{0, 1, 2, 3, 4, -1}}, want: "got -1"},
		{name: "few classes", es: es, o: train.Options{Sampler: train.Balanced{Classes: []int{1}}}, want: "train.Balanced: want a class for each of 6 examples, got 1"},
		{name: "resume without memory", es: es, o: train.Options{Resume: &train.State{}}, want: "train: resume: optim: state: "},
		{name: "resume another optimizer", es: es, o: train.Options{Resume: &resumable, Optimizer: &optim.SGD{}}, want: `train: resume: optim: state: want memory "velocity"`},
		{name: "resume before the start", es: es, o: train.Options{Resume: &train.State{Step: -1}}, want: "train: resume: want "},
		{name: "resume few weights", es: es, o: train.Options{Resume: func() *train.State { s := resumable; s.Weights = s.Weights[1:]; return &s }()}, want: "train: resume: want best weights of "},
		{name: "resume odd weights", es: es, o: train.Options{Resume: func() *train.State {
			s := resumable
			s.Weights = slices.Clone(s.Weights)
			s.Weights[3] = s.Weights[3][1:]
			return &s
		}()}, want: "train: resume: best weights of parameter 3: want "},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.ctx == nil {
				c.ctx = context.Background()
			}
			m := small(1)
			before := weights(m)
			err := train.Fit(c.ctx, m, c.es, train.Classification(m), c.o)
			require.Error(t, err)
			assert.ErrorContains(t, err, c.want)
			if c.is != nil {
				assert.ErrorIs(t, err, c.is)
			} else {
				assert.Equal(t, before, weights(m), "nothing is learned from a mistake")
			}
		})
	}
	err := train.Fit(context.Background(), zero, []int{1}, func(t *grad.Tape, _ []int) grad.Value { return grad.Const(set.New(1, 0)) }, train.Options{Gradient: &train.Chunks{}})
	assert.ErrorContains(t, err, "a loss of one number")
	var shape *set.ShapeError
	assert.ErrorAs(t, err, &shape)
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

package train_test

import (
	"context"
	"encoding/json"
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
	"setwise/set/grad/loss"
)

var nan, inf = math.NaN(), math.Inf(1)

// fit trains a small model on rings.
func fit(o train.Options) error {
	m := small(1)
	return train.Fit(context.Background(), m, rings(6, 1), train.Classification(m), o)
}

func TestOptionsRefused(t *testing.T) {
	some := func() (float64, error) { return 1, nil }
	for want, o := range map[string]train.Options{
		"want Epochs of 0 or more, got -1":             {Epochs: -1},
		"want at most":                                 {Epochs: math.MaxInt, Batch: 1},
		"want Batch of 0 or more, got -32":             {Batch: -32},
		"want Every of 0 or more, got -1":              {Every: -1},
		"want Patience of 0 or more, got -2":           {Patience: -2, Validate: some},
		"want Validate for a Patience of 2, got none":  {Patience: 2},
		"want Clip of 0 or more, got NaN":              {Clip: nan},
		"want Clip of 0 or more, got -1":               {Clip: -1},
		"optim.AdamW: want a finite rate of 0 or more": {Optimizer: &optim.AdamW{Rate: func(int) float64 { return nan }}},
		"optim.SGD: want a finite rate of 0 or more":   {Optimizer: &optim.SGD{Rate: func(int) float64 { return -1 }}},
		"optim.SGD: want Momentum of at least 0":       {Optimizer: &optim.SGD{Momentum: nan}},
		"optim.AdamW: want Decay of at least 0":        {Optimizer: &optim.AdamW{Decay: inf}},
	} {
		assert.ErrorContains(t, fit(o), want)
	}
	for _, o := range []train.Options{{}, {Batch: math.MaxInt}, {Clip: inf}, {Clip: 5e-324}, {Every: math.MaxInt}} {
		assert.NoError(t, fit(o), "%+v", o)
	}
	assert.NoError(t, fitBy(context.Background(), chunks(math.MaxInt), small(1), rings(6, 1), 0, train.Options{}))
	assert.ErrorContains(t, set.Try(func() { chunks(-1)(train.Classification(small(1))) }), "train.Chunks: want a size of 0 or more, got -1")
	m := small(1)
	assert.ErrorContains(t, train.Fit(context.Background(), m, rings(6, 1), train.Each[train.Labelled](nil), train.Options{}), "want a loss, got nil")
	loss := train.SmoothClassification(m, 1)
	assert.ErrorContains(t, train.Fit(context.Background(), m, rings(6, 1), loss, train.Options{}), "smoothing")
}

// hidden is a model whose parameters nobody finds.
type hidden struct{ l *layers.Linear }

func (h hidden) Forward(t *grad.Tape, x grad.Value) grad.Value { return h.l.Forward(t, x) }

func TestNothingToTrain(t *testing.T) {
	l := layers.NewLinear(2, 3, rand.New(rand.NewPCG(1, 2)))
	for name, m := range map[string]layers.Layer{
		"none":       layers.Mean,
		"unexported": layers.Stack{layers.Mean, hidden{l}},
		"func":       layers.Stack{layers.Mean, layers.Func(l.Forward)},
		"empty":      layers.Stack{layers.Mean, layers.NewLinear(0, 0, rand.New(rand.NewPCG(1, 2)))},
	} {
		err := train.Fit(context.Background(), m, rings(6, 1), train.Classification(m), train.Options{})
		assert.ErrorContains(t, err, "want a model with parameters, got none", name)
		assert.ErrorContains(t, err, "exported fields", name)
	}

	// The loss is that of another model.
	m, other := small(1), small(2)
	for _, rule := range []how{whole, chunks(0)} {
		source := train.Shuffled[train.Labelled]{Examples: rings(6, 1)}
		err := train.Run(context.Background(), m, source, rule(train.Classification(other)), train.Options{})
		assert.ErrorContains(t, err, "step 0: want a loss that depends on the model, got a gradient of none of its")
	}
	clipped := train.PerExample(train.Classification(other), 1)
	err := train.Run(context.Background(), m, train.Shuffled[train.Labelled]{Examples: rings(6, 1)}, clipped, train.Options{})
	assert.ErrorContains(t, err, "want a loss that depends on the model, got a gradient of none of its")
}

func TestResumeRefuses(t *testing.T) {
	validate := func() (float64, error) { return 1, nil }
	options := train.Options{Epochs: 2, Batch: 4, Seed: 7, Validate: validate}
	// state returns what is saved after an epoch of 10 examples.
	state := func(o train.Options) train.State {
		m := small(1)
		var first *train.State
		o.Checkpoint = func(s train.State) error {
			if first == nil {
				c := save(m, s).state
				first = &c
			}
			return nil
		}
		require.NoError(t, train.Fit(context.Background(), m, rings(10, 1), train.Classification(m), o))
		return *first
	}
	for _, c := range []struct {
		name     string
		examples int
		want     string
		spoil    func(o *train.Options, s *train.State)
	}{
		{"as it was", 10, "", func(*train.Options, *train.State) {}},
		{"more epochs", 10, "", func(o *train.Options, _ *train.State) { o.Epochs = 5 }},
		{"fewer examples", 8, "want what training began with, 10 examples, shuffled, in minibatches of 4, got 8 examples, shuffled, in minibatches of 4", nil},
		{"one fewer, as many steps", 9, "10 examples, shuffled, in minibatches of 4, got 9 examples, shuffled", nil},
		{"more examples", 11, "10 examples, shuffled, in minibatches of 4, got 11 examples, shuffled", nil},
		{"batch", 10, "10 examples, shuffled, in minibatches of 4, got 10 examples, shuffled, in minibatches of 5", func(o *train.Options, _ *train.State) { o.Batch = 5 }},
		{"seed", 10, "want the seed 7 that training began with, got 8", func(o *train.Options, _ *train.State) { o.Seed = 8 }},
		{"fewer epochs", 10, "want 2 epochs or more, for 4 steps of 3 an epoch are taken, got 1", func(o *train.Options, s *train.State) { o.Epochs, s.Step = 1, 4 }},
		{"far beyond", 10, "want 3074457345618258603 epochs or more,", func(_ *train.Options, s *train.State) { s.Step = math.MaxInt }},
		{"validation gone", 10, "want Validate or none as training began with", func(o *train.Options, _ *train.State) { o.Validate = nil }},
		{"best in the future", 10, "want a best epoch of 1 so far, got 99", func(_ *train.Options, s *train.State) { s.BestEpoch = 99 }},
		{"best is no number", 10, "with NaN", func(_ *train.Options, s *train.State) { s.Best = nan }},
		{"best weights lost", 10, "want best weights if there was a best epoch, got epoch 1 and weights of 0", func(_ *train.Options, s *train.State) { s.Weights = nil }},
		{"of an earlier version", 10, "want a state that says what it learned from", func(_ *train.Options, s *train.State) { s.Source = "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, s := options, state(options)
			if c.spoil != nil {
				c.spoil(&o, &s)
			}
			o.Resume = &s
			m := small(1)
			before := weights(m)
			err := train.Fit(context.Background(), m, rings(c.examples, 1), train.Classification(m), o)
			if c.want == "" {
				require.NoError(t, err)
				require.NotEqual(t, before, weights(m))
				return
			}
			require.ErrorContains(t, err, "train: resume: want ")
			require.ErrorContains(t, err, c.want)
			require.Equal(t, before, weights(m))
		})
	}

	// Validation that begins late would end training at once for want of patience.
	plain := options
	plain.Validate = nil
	s := state(plain)
	o := options
	o.Resume = &s
	m := small(1)
	assert.ErrorContains(t, train.Fit(context.Background(), m, rings(10, 1), train.Classification(m), o), "want Validate or none")

	// What is compared survives in JSON.
	text, err := json.Marshal(state(options))
	require.NoError(t, err)
	assert.JSONEq(t, `{"step":3,"best":1,"bestEpoch":1,"source":"10 examples, shuffled, in minibatches of 4","seed":7}`, string(text))
}

// thrice is an example of a type that Fit knows nothing of.
type thrice [3]float64

func TestBlame(t *testing.T) {
	// numbers is the loss of a line through 0 with slope Weight, and of examples
	// that it cannot be told of.
	line := layers.NewLinear(1, 1, rand.New(rand.NewPCG(1, 2)))
	of := train.Each[thrice](func(t *grad.Tape, es []thrice) grad.Value {
		x := set.New(1, len(es))
		for i, e := range es {
			x.Values[i] = float32(e[1])
		}
		return loss.SquaredError(t, line.Forward(t, grad.Const(x)), set.New(1, len(es)))
	})
	unknown := func(bad map[int]float64) error {
		line.Weight.Data[0], line.Bias.Data[0] = 1, 0
		es := make([]thrice, 6)
		for i := range es {
			es[i][1] = 1
		}
		for i, x := range bad {
			es[i][1] = x
		}
		return train.Fit(context.Background(), line, es, of, train.Options{Batch: 6})
	}
	all := map[int]float64{}
	for i := range 6 {
		all[i] = 1e30
	}
	by := func(rule how, spoil func(es []train.Labelled, m *layers.SetTransformer), o train.Options) error {
		m, es := small(1), rings(9, 1)
		spoil(es, m)
		return fitBy(context.Background(), rule, m, es, 0, o)
	}
	known := func(spoil func(es []train.Labelled, m *layers.SetTransformer), o train.Options) error {
		return by(whole, spoil, o)
	}
	steep := train.Each[int](func(t *grad.Tape, _ []int) grad.Value { // like a root at zero
		y := t.Like(t.Param(line.Weight).Batch, 1)
		y.Values[0] = 0
		return t.Record(grad.Op{Name: "test"}, y, func(_ []float32, din [][]float32) { din[0][0] = float32(inf) }, t.Param(line.Weight))
	})
	target := []train.Targeted{{Set: set.Of(1, []float32{1}), Target: set.Of(1, []float32{float32(inf)})}}
	sgd := func(rate, decay float64) train.Options {
		return train.Options{Epochs: 30, Optimizer: &optim.SGD{Rate: optim.Constant(rate), Decay: decay}}
	}
	for _, c := range []struct {
		name  string
		err   error
		wants []string
	}{
		{"a set", known(func(es []train.Labelled, _ *layers.SetTransformer) { es[7].Set.Values[5] = float32(nan) }, train.Options{}),
			[]string{"step 0: want a finite loss and gradient, got NaN", "example 7 has NaN in column 1 of element 2 of its set"}},
		{"a set, in chunks", by(chunks(0), func(es []train.Labelled, _ *layers.SetTransformer) { es[7].Set.Values[0] = float32(-inf) }, train.Options{}),
			[]string{"example 7 has -Inf in column 0 of element 0 of its set"}},
		{"a target", train.Fit(context.Background(), line, target, train.Regression(line), train.Options{}),
			[]string{"example 0 has +Inf in column 0 of element 0 of its target"}},
		{"an unknown type", unknown(map[int]float64{4: nan, 2: inf}),
			[]string{"step 0: want a finite loss", "example 2 has a loss of +Inf by itself (2 of 6 have none that is finite)"}},
		{"all of an unknown type", unknown(all),
			[]string{"none of the 6 examples has a finite loss by itself, such as example 0 with +Inf", "a lower rate"}},
		{"a parameter", known(func(_ []train.Labelled, m *layers.SetTransformer) { m.Head.Weight.Data[3] = float32(nan) }, train.Options{}),
			[]string{`NaN as number 3 of parameter "Head.Weight" to begin with`}},
		{"the gradient", train.Fit(context.Background(), line, []int{1}, steep, train.Options{Clip: 1}),
			[]string{`got 0 and norm +Inf: the gradient has +Inf as number 0 of parameter "Weight"; a lower rate or clipping may help`}},
		{"the rate", known(func([]train.Labelled, *layers.SetTransformer) {}, sgd(1e38, 0)),
			[]string{"step 1: want a finite loss", "none of the 9 examples has a finite loss by itself", "a lower rate or clipping may help"}},
		{"a step", known(func([]train.Labelled, *layers.SetTransformer) {}, sgd(1e30, 1e30)),
			[]string{"step 0: want parameters that stay finite, got ", `of parameter "`, "a lower rate may help"}},
	} {
		for _, want := range c.wants {
			assert.ErrorContains(t, c.err, want, c.name)
		}
	}
}

// Where a measure meets a model that has no answer, Fit says so.
func TestReportMeasures(t *testing.T) {
	m := small(1)
	none := layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Scale(t.Mean(x), float32(nan)) })
	for _, o := range []train.Options{
		{Report: func(train.Progress) error { train.Accuracy(none, rings(3, 1)); return nil }},
		{Validate: func() (float64, error) { return -train.Accuracy(none, rings(3, 1)), nil }},
	} {
		assert.ErrorContains(t, train.Fit(context.Background(), m, rings(6, 1), train.Classification(m), o), "train.Classify: want logits")
	}
}

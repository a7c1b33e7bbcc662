package train_test

import (
	"context"
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

// numbers returns the numbers of the gradients of weights, nil where there is
// none.
func numbers(g *grad.Gradients, ws []optim.Weight) [][]float32 {
	all := make([][]float32, len(ws))
	for i, w := range ws {
		all[i] = slices.Clone(g.Of(w.Param))
	}
	return all
}

// The gradient is the mean of those of single examples, each clipped, in their
// order and to the bit, on any number of processors and with any chance.
func TestPerExample(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	const clip = 3
	m := small(1) // with dropout
	unused := grad.NewParam(2, 3)
	ws := layers.Weights([]any{m, unused}, nil, nil)
	params := optim.Learned(ws)
	loss := train.Classification(m)
	rule := train.PerExample(loss, clip)
	for _, n := range []int{1, 2, 31, 32, 33, 70} {
		es := rings(n, uint64(n))
		rng := chance(9)
		var sum grad.Gradients
		for _, p := range params {
			clear(sum.Slot(p))
		}
		var total float64
		clipped := 0
		for i := range es {
			tape := grad.NewTape(rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64())))
			l := loss(tape, es[i:i+1])
			g := tape.Gradients(l)
			by := float32(1)
			if norm := g.Norm(params); norm > clip {
				by = float32(clip / norm)
				clipped++
			}
			sum.Add(by, g)
			total += float64(l.Values[0])
		}
		if n > 30 {
			require.True(t, clipped > 0 && clipped < n, "some are clipped, %d of %d", clipped, n)
		}
		parts := numbers(&sum, ws)
		sum.Scale(1 / float32(n))
		mean := numbers(&sum, ws)
		for _, procs := range []int{1, 2, 4} {
			runtime.GOMAXPROCS(procs)
			g, l := rule.Gradient(es, ws, chance(9))
			require.Equal(t, mean, numbers(g, ws), "%d examples on %d", n, procs)
			require.InDelta(t, total/float64(n), l, 1e-12)
			require.LessOrEqual(t, g.Norm(params), clip*(1+1e-6))
			require.Equal(t, make([]float32, 6), g.Of(unused), "zeros where no loss leads")
			c := &train.Clipped[train.Labelled]{Loss: loss, Most: clip}
			g, l = c.Sum(es, ws, chance(9))
			require.Equal(t, parts, numbers(g, ws))
			require.InDelta(t, total, l, 1e-9)
		}
	}
	// One example cannot move it further than the bound, whatever it is.
	wild := rings(1, 1)
	for i := range wild[0].Set.Values {
		wild[0].Set.Values[i] *= 1e4
	}
	g, _ := rule.Gradient(wild, ws, chance(1))
	assert.InEpsilon(t, clip, g.Norm(params), 1e-5)

	// The bound is met exactly, from just above it and from just below.
	slope := grad.NewParam(1, 1)
	for by, want := range map[float32]float32{1.0005: 1, 1: 1, 0.9995: 0.9995, -3: -1} {
		line := train.Each[int](func(t *grad.Tape, _ []int) grad.Value { return t.Scale(t.Param(slope), by) })
		g, _ := train.PerExample(line, 1).Gradient([]int{0, 0}, optim.Weights(slope), chance(1))
		assert.InDelta(t, want, g.Of(slope)[0], 1e-7)
	}

	// Of nothing it is zero, also after something.
	g, l := rule.Gradient(nil, ws, chance(1))
	assert.Zero(t, l)
	for i, w := range ws {
		assert.Equal(t, make([]float32, len(w.Data)), numbers(g, ws)[i])
	}

	// Without a bound to speak of it is the gradient of the whole.
	plain := layers.NewDeepSets(2, 8, 3, 1, layers.Mean, chance(1))
	ws = layers.Weights(plain, nil, nil)
	es := rings(13, 1)
	for _, most := range []float64{1e9, inf} {
		g, _ := train.PerExample(train.Classification(plain), most).Gradient(es, ws, chance(1))
		want, _ := whole(train.Classification(plain)).Gradient(es, ws, chance(1))
		for _, w := range ws {
			assert.InDeltaSlice(t, want.Of(w.Param), g.Of(w.Param), 1e-6)
		}
	}
}

// Noise reaches a parameter that the loss ignored, and an empty minibatch, and
// stays away from one that is frozen.
func TestNoise(t *testing.T) {
	used, ignored, frozen := grad.Filled(1, 2, 1), grad.Filled(1, 2, 1), grad.Filled(1, 2, 1)
	frozen.Frozen = true
	model := []*grad.Param{used, ignored, frozen}
	loss := train.Each[[]float32](func(t *grad.Tape, es [][]float32) grad.Value {
		x := grad.Const(set.New(2, len(es)))
		for i, e := range es {
			copy(x.Row(i), e)
		}
		return t.Mean(t.Dots(x, t.Add(t.Param(used), t.Param(frozen))))
	})
	heard := 0
	err := train.Run(context.Background(), model, train.Poisson[[]float32]{Examples: [][]float32{{1, 2}}, Rate: 0.3, Batches: 10},
		&noisyRule{train.Clipped[[]float32]{Loss: loss, Most: 1}}, train.Options{
			Optimizer: &optim.SGD{Rate: optim.Constant(0.1)},
			Report: func(p train.Progress) error {
				heard++
				assert.Greater(t, p.Norm, 0.1, "noise in every step")
				return nil
			}})
	require.NoError(t, err)
	assert.Equal(t, 10, heard)
	assert.NotEqual(t, float32(1), ignored.Data[0])
	assert.NotEqual(t, float32(1), ignored.Data[1])
	assert.Equal(t, []float32{1, 1}, frozen.Data)
}

// noisyRule is a rule of a user's.
type noisyRule struct {
	train.Clipped[[]float32]
}

func (r *noisyRule) Loss(t *grad.Tape, es [][]float32) grad.Value { return r.Clipped.Loss(t, es) }
func (r *noisyRule) Gradient(es [][]float32, ws []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64) {
	g, l := r.Sum(es, ws, rng)
	for _, p := range optim.Learned(ws) {
		for i := range g.Slot(p) {
			g.Slot(p)[i] += float32(rng.NormFloat64())
		}
	}
	return g, l
}

func TestRulesRefused(t *testing.T) {
	m := small(1)
	of := train.Classification(m)
	one := rings(3, 1)
	for want, f := range map[string]func(){
		"train.Whole: want a loss, got nil":                    func() { train.Whole(train.Joint[train.Labelled](nil)) },
		"train.Chunks: want a loss, got nil":                   func() { train.Chunks[train.Labelled](nil, 0) },
		"train.Chunks: want a size of 0 or more, got -1":       func() { train.Chunks(of, -1) },
		"train.PerExample: want a loss, got nil":               func() { train.PerExample[train.Labelled](nil, 1) },
		"train.PerExample: want a bound above 0, got 0":        func() { train.PerExample(of, 0) },
		"train.PerExample: want a bound above 0, got NaN":      func() { train.PerExample(of, nan) },
		"train.PerExample: want a bound above 0, got -1":       func() { train.PerExample(of, -1) },
		"train.Cached: want a size of 0 or more, got -1":       func() { train.Cached(newTowers().embed, newTowers().compare, -1) },
		"train.Cached: want embeddings and a loss, got nil":    func() { train.Cached[pair](nil, nil, 1) },
		"train.Clipped: want a loss, got nil":                  func() { (&train.Clipped[int]{Most: 1}).Sum(nil, nil, chance(1)) },
		"train.Clipped: want a bound above 0, got 0":           func() { (&train.Clipped[train.Labelled]{Loss: of}).Sum(one, nil, chance(1)) },
		"train.Clipped: want a bound above 0, got NaN":         func() { (&train.Clipped[train.Labelled]{Loss: of, Most: nan}).Sum(one, nil, chance(1)) },
		"train.Clipped: want a loss that depends on the model": func() { train.PerExample(of, 1).Gradient(one, layers.Weights(small(2), nil, nil), chance(1)) },
		"train.Evaluate: want a loss, got nil":                 func() { train.Evaluate(train.Each[int](nil), []int{1}, 1) },
	} {
		var shape *set.ShapeError
		if err := set.Try(f); assert.ErrorAs(t, err, &shape, want) {
			assert.ErrorContains(t, err, want)
		}
	}
}

// A loss that draws can be evaluated, and draws the same every time; layers that
// draw in training do not.
func TestEvaluateDraws(t *testing.T) {
	es := make([]int, 100)
	draws := train.Each[int](func(t *grad.Tape, es []int) grad.Value {
		x := set.New(1, 1)
		for range es {
			x.Values[0] += t.Rand().Float32() / float32(len(es))
		}
		y := grad.Const(x)
		if t.Training() {
			y = t.Scale(y, 100)
		}
		return t.Dropout(y, 0.5)
	})
	first := train.Evaluate(draws, es, 0)
	assert.InDelta(t, 0.5, first, 0.15)
	assert.Equal(t, first, train.Evaluate(draws, es, 0))
	assert.InDelta(t, first, train.Evaluate(draws, es, 7), 1e-6, "drawn one after another")

	// A Joint loss compares what is in a part.
	count := train.Joint[int](func(_ *grad.Tape, es []int) grad.Value { return grad.Const(set.Of(1, []float32{float32(len(es))})) })
	assert.Equal(t, 100.0, train.Evaluate(count, es, 1000))
	assert.Equal(t, 1.0, train.Evaluate(count, es, 1))
	assert.InDelta(t, (14*7*7+2*2)/100.0, train.Evaluate(count, es, 7), 1e-9)
}

// A rule of a user's trains as others do: here by the signs of gradients alone.
func TestOwnRule(t *testing.T) {
	m := layers.NewDeepSets(2, 8, 3, 1, layers.Mean, chance(1))
	rule := &signs{whole(train.Classification(m))}
	es := rings(60, 1)
	before := train.Evaluate(train.Classification(m), es, 60)
	require.NoError(t, train.Run(context.Background(), m, train.Shuffled[train.Labelled]{Examples: es}, rule, train.Options{
		Epochs: 40, Optimizer: &optim.SGD{Rate: optim.Constant(1e-2)}}))
	assert.Less(t, train.Evaluate(train.Classification(m), es, 60), before/2)
}

// A model that gives two elements a set is told so, by name, in training.
func TestTwoElements(t *testing.T) {
	m := layers.Stack{layers.NewPMA(2, layers.Block{Dim: 4}, chance(1)), layers.NewLinear(4, 3, chance(2))}
	in := layers.Stack{layers.NewLinear(2, 4, chance(3)), m}
	for _, rule := range []how{whole, chunks(1), func(l train.Each[train.Labelled]) train.Rule[train.Labelled] { return train.PerExample(l, 1) }} {
		err := fitBy(context.Background(), rule, in, rings(6, 1), 0, train.Options{})
		assert.ErrorContains(t, err, "train.Classification: want a model that gives one element of logits for each set, as one that pools it does, got 2 elements for a set")
	}
}

package train_test

import (
	"context"
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
	"setwise/set/grad/loss"
)

// The gradient of chunks is the sum of theirs, in order, to the bit.
func TestChunks(t *testing.T) {
	m := layers.NewDeepSets(2, 8, 3, 1, layers.Mean, rand.New(rand.NewPCG(1, 2)))
	es := rings(23, 1)
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
	loss, weights := train.Classification(m), layers.Weights(m, nil, nil)
	whole, wholeLoss := train.Whole(loss).Gradient(es, weights, rand.New(rand.NewPCG(5, 6)))
	for size, inEach := range map[int]int{0: 2, 1: 1, 4: 4, 23: 23, 100: 23} {
		c := train.Chunks(loss, size)
		for range 2 { // the second time with memory in use
			g, l := c.Gradient(es, weights, rand.New(rand.NewPCG(5, 6)))
			var want grad.Gradients
			var total float64
			for lo := 0; lo < len(es); lo += inEach {
				chunk := es[lo:min(lo+inEach, len(es))]
				tape := grad.NewTape(nil)
				part := loss(tape, chunk)
				weight := float32(len(chunk)) / float32(len(es))
				want.Add(weight, tape.Gradients(part))
				total += float64(weight) * float64(part.Values[0])
			}
			assert.Equal(t, total, l)
			assert.InDelta(t, wholeLoss, l, 1e-6)
			for name, p := range layers.Params(m) {
				assert.Equal(t, want.Of(p), g.Of(p), "%s, chunks of %d", name, size)
				assert.InDeltaSlice(t, whole.Of(p), g.Of(p), 1e-6)
			}
		}
	}
}

var squared = loss.SquaredError

// A loss with chance has new chance in every chunk and every step, and the
// same when training starts over.
func TestChance(t *testing.T) {
	type loss = train.Each[int]
	for name, rule := range map[string]func(loss) train.Rule[int]{
		"whole":       func(l loss) train.Rule[int] { return train.Whole(l) },
		"chunks":      func(l loss) train.Rule[int] { return train.Chunks(l, 1) },
		"per example": func(l loss) train.Rule[int] { return train.PerExample(l, 1) },
	} {
		run := func(seed uint64) []float64 {
			w := grad.NewParam(1, 1)
			var all []float64
			source := train.Shuffled[int]{Examples: []int{0, 1, 2, 3}, Batch: 2}
			require.NoError(t, train.Run(context.Background(), []*grad.Param{w}, source, rule(func(t *grad.Tape, es []int) grad.Value {
				x := set.Of(1, []float32{t.Rand().Float32()})
				return squared(t, t.Param(w), x)
			}), train.Options{Epochs: 5, Seed: seed, Optimizer: &optim.SGD{Rate: optim.Constant(0)}, Report: func(p train.Progress) error {
				all = append(all, p.Loss)
				return nil
			}}))
			return all
		}
		first := run(1)
		assert.Equal(t, first, run(1), name)
		assert.NotEqual(t, first, run(2), name)
		slices.Sort(first)
		assert.Len(t, slices.Compact(first), 10, "every step has its own chance")
	}
}

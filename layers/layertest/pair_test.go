package layertest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

// odd is a pair made of a function.
type odd func(t *grad.Tape, x, y grad.Value) grad.Value

func (o odd) Attend(t *grad.Tape, x, y grad.Value) grad.Value { return o(t, x, y) }

func pairSample() set.Batch {
	x, y := set.New(2, 3, 0, 2, 0, 4), set.New(3, 2, 3, 0, 0, 5)
	r := rng()
	for _, b := range []set.Batch{x, y} {
		for i := range b.Values {
			b.Values[i] = float32(r.NormFloat64())
		}
	}
	return layertest.Union(x, y)
}

// A pair that looks at the order of what it attends to, or at other sets, is
// found.
func TestPairFinds(t *testing.T) {
	first := layertest.Together(odd(func(t *grad.Tape, x, y grad.Value) grad.Value {
		rows, offsets := []int32{}, set.Offsets{0}
		for s := range y.Sets() {
			if y.Offsets[s+1] > y.Offsets[s] {
				rows = append(rows, int32(y.Offsets[s]))
			}
			offsets = append(offsets, len(rows))
		}
		return t.Spread(t.Sum(t.Gather(y, rows, offsets)), x.Offsets)
	}), 2, 3)
	assert.Error(t, layertest.Equivariant(first, pairSample(), rng()), "the first of y")
	others := layertest.Together(odd(func(t *grad.Tape, x, y grad.Value) grad.Value {
		all := t.Mean(t.Regroup(y, set.Offsets{0, y.Len()}))
		rows := make([]int32, x.Len())
		return t.Gather(all, rows, x.Offsets)
	}), 2, 3)
	assert.Error(t, layertest.Alone(others, pairSample(), pairSample()), "other sets")
	b := layers.Block{Dim: 4, Heads: 2}
	good := layertest.Together(layers.NewMAB(2, 3, b, rng()), 2, 3)
	assert.NoError(t, layertest.Equivariant(good, pairSample(), rng()))
	assert.NoError(t, layertest.Alone(good, pairSample(), pairSample()))
}

package layertest_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

func TestEquivariantFinds(t *testing.T) {
	for name, l := range map[string]layers.Layer{
		"number in the set":  plus(func(_, within int) float32 { return 0.001 * float32(within) }),
		"number in batch":    plus(func(element, _ int) float32 { return 0.001 * float32(element) }),
		"pool":               layers.Mean,
		"fewer sets":         fewer,
		"no number":          plus(func(element, _ int) float32 { return float32(math.NaN()) }),
		"infinite":           plus(func(element, _ int) float32 { return float32(math.Inf(1)) }),
		"one element in six": perElement(func(y, x []float32, _, within int) { copy(y, x); y[0] += float32(within / 17) }),
		"a window":           windowed(),
		"badly formed":       layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { x.Dim++; return x }),
		"wrong width":        layers.NewLinear(3, 3, rng()),
	} {
		assert.Error(t, layertest.Equivariant(l, sample(), rng()), name)
	}
	assert.Error(t, layertest.Equivariant(layers.ReLU, set.New(4, 0, 0), rng()), "nothing to shuffle")
	for name, l := range map[string]layers.Layer{
		"linear": layers.NewLinear(4, 3, rng()), "nothing": layers.Stack{}, "several": layers.Unfold(2), "softmax": layers.Func((*grad.Tape).Softmax),
	} {
		assert.NoError(t, layertest.Equivariant(l, sample(), rng()), name)
	}
}

func TestInvariantFinds(t *testing.T) {
	for name, l := range map[string]layers.Layer{
		"first element": perSet(func(y []float32, x set.Batch, _ int) { copy(y, x.Values) }),
		"alternating sum": perSet(func(y []float32, x set.Batch, _ int) {
			for i := range x.Len() {
				y[0] += x.Row(i)[0] * float32(1-2*(i%2))
			}
		}),
		"elements":   layers.ReLU,
		"fewer sets": fewer,
		"no number":  perSet(func(y []float32, _ set.Batch, _ int) { y[0] = float32(math.NaN()) }),
		"as many elements as ordered pairs": layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
			n := 0
			for i := range x.Len() - 1 {
				if x.Row(i)[0] < x.Row(i + 1)[0] {
					n++
				}
			}
			y := set.New(1, make([]int, x.Sets())...)
			y.Values = make([]float32, n)
			y.Offsets[y.Sets()] = n
			return grad.Const(y)
		}),
	} {
		assert.Error(t, layertest.Invariant(l, sample(), rng()), name)
	}
	for name, l := range map[string]layers.Layer{"mean": layers.Mean, "sum": layers.Sum, "max": layers.Max} {
		assert.NoError(t, layertest.Invariant(l, sample(), rng()), name)
	}
}

// liar is a mechanism that says the opposite of what it wraps.
type liar struct{ attention.Mechanism }

func (l liar) Ordered() bool { return !l.Mechanism.Ordered() }

func TestOrderedFinds(t *testing.T) {
	window := attention.Sparse{Patterns: []attention.Pattern{attention.Window{Radius: 2}}}
	edges := attention.Sparse{Patterns: []attention.Pattern{attention.Edges{}}}
	related := sample()
	related.Relations = []*set.Relation{attention.Window{Radius: 1}.Relate(related, related)}
	for name, c := range map[string]struct {
		m attention.Mechanism
		x set.Batch
	}{
		"full":   {attention.Full{}, sample()},
		"window": {window, sample()},
		"edges":  {edges, related},
		"both":   {attention.Sparse{Patterns: []attention.Pattern{attention.Edges{}, attention.Window{Radius: 1}}}, related},
	} {
		assert.NoError(t, layertest.Ordered(c.m, c.x, 2, rng()), name)
		assert.Error(t, layertest.Ordered(liar{c.m}, c.x, 2, rng()), name+", lied about")
		assert.Error(t, layertest.Ordered(c.m, c.x, 3, rng()), name+", with heads that do not fit")
	}
	alone := attention.Sparse{Patterns: []attention.Pattern{attention.Window{}}}
	assert.Error(t, layertest.Ordered(alone, sample(), 2, rng()), "a window of one's own place is not ordered")
	assert.Error(t, layertest.Ordered(edges, sample(), 2, rng()), "without the relation")
}

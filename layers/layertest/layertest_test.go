package layertest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

// Layers that break one promise each, and what must find them.

// perElement is a layer that writes each element from the one before, its
// number in the batch and its number in its set, and whose gradient is that of
// the identity.
func perElement(f func(y, x []float32, element, within int)) layers.Func {
	return func(t *grad.Tape, x grad.Value) grad.Value {
		y := t.Like(x.Batch, x.Dim)
		for s := range x.Sets() {
			lo, hi := x.Offsets.Bounds(s)
			for i := lo; i < hi; i++ {
				f(y.Row(i), x.Row(i), i, i-lo)
			}
		}
		return identity(t, y, x)
	}
}

// identity records y as x itself.
func identity(t *grad.Tape, y set.Batch, x grad.Value) grad.Value {
	return t.Record(grad.Op{Name: "test"}, y, func(dy []float32, din [][]float32) {
		for i, d := range dy {
			din[0][i] += d
		}
	}, x)
}

// perSet is a pool that writes one element for each set.
func perSet(f func(y []float32, x set.Batch, number int)) layers.Func {
	return func(t *grad.Tape, x grad.Value) grad.Value {
		y := set.Batch{Dim: x.Dim, Values: t.Floats(x.Sets() * x.Dim), Offsets: make(set.Offsets, x.Sets()+1)}
		clear(y.Values)
		for s := range x.Sets() {
			y.Offsets[s+1] = s + 1
			f(y.Row(s), x.At(s), s)
		}
		return grad.Const(y)
	}
}

func plus(by func(element, within int) float32) layers.Func {
	return perElement(func(y, x []float32, element, within int) {
		for j := range y {
			y[j] = x[j] + by(element, within)
		}
	})
}

var fewer layers.Func = func(t *grad.Tape, x grad.Value) grad.Value {
	return grad.Const(x.Select(0))
}

func sample() set.Batch { return layertest.Sample(4, rand.New(rand.NewPCG(1, 1))) }

func rng() *rand.Rand { return rand.New(rand.NewPCG(2, 2)) }

// windowed attends to neighbours in the order of storage.
func windowed() layers.Layer {
	m := layers.NewMultiHead(4, 4, layers.Block{Dim: 4, Heads: 2, Mechanism: attention.Sparse{Patterns: []attention.Pattern{attention.Window{Radius: 1}}}}, rng())
	return m
}

// recorder is a testing.TB that takes errors down.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestAll(t *testing.T) {
	for name, c := range map[string]struct {
		l    layers.Layer
		kind layertest.Kind
	}{
		"sab":      {layers.NewSAB(4, layers.Block{Dim: 8}, rng()), layertest.Elements},
		"pma":      {layers.NewPMA(2, layers.Block{Dim: 4, Heads: 2}, rng()), layertest.Pool},
		"window":   {windowed(), layertest.Sequence},
		"unfold":   {layers.Unfold(2), layertest.Elements},
		"dropout":  {layers.Dropout(0.3), layertest.Elements},
		"deepsets": {layers.NewDeepSets(4, 8, 3, 1, layers.Sum, rng()), layertest.Pool},
	} {
		t.Run(name, func(t *testing.T) { layertest.All(t, c.l, c.kind, sample()) })
	}
	// All calls each of the checks.
	for want, c := range map[string]struct {
		l    layers.Layer
		kind layertest.Kind
	}{
		"equivariant": {windowed(), layertest.Elements},
		"invariant":   {windowed(), layertest.Pool},
		"alone":       {plus(func(element, _ int) float32 { return float32(element) }), layertest.Sequence},
		"corners":     {perSet(func(y []float32, x set.Batch, _ int) { y[0] = 1 / float32(x.Len()) }), layertest.Sequence},
		"pure":        {layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Scale(x, rand.Float32()) }), layertest.Sequence},
		"concurrent":  {layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Scale(x, rand.Float32()) }), layertest.Sequence},
		"gradients":   {perElement(func(y, x []float32, _, _ int) { copy(y, x); y[0] = 2 * x[0] }), layertest.Sequence},
	} {
		r := &recorder{TB: t}
		layertest.All(r, c.l, c.kind, sample())
		found := false
		for _, e := range r.errors {
			found = found || len(e) > len(want) && e[:len(want)+1] == want+":"
		}
		assert.True(t, found, "%s among %q", want, r.errors)
	}
}

func TestSample(t *testing.T) {
	x := layertest.Sample(3, rng())
	require.NoError(t, x.Validate())
	assert.Equal(t, set.Sizes(7, 0, 1, 4, 19, 2), x.Offsets)
	repeated := x.Set(3)
	assert.Equal(t, repeated[:6], repeated[6:])
	assert.Equal(t, x, layertest.Sample(3, rng()))
}

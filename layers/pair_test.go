package layers_test

import (
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

// sampled returns sets with numbers from a normal distribution.
func sampled(rng *rand.Rand, dim int, sizes ...int) set.Batch {
	b := set.New(dim, sizes...)
	for i := range b.Values {
		b.Values[i] = float32(rng.NormFloat64())
	}
	return b
}

// Every pair keeps every promise.
func TestPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := sampled(rng, 2, 3, 0, 2, 0, 1, 5), sampled(rng, 3, 4, 3, 0, 0, 1, 2)
	for name, c := range map[string]struct {
		p    layers.Pair
		kind layertest.Kind
	}{
		"mab":            {layers.NewMAB(2, 3, layers.Block{Dim: 8}, rng), layertest.Elements},
		"mab post":       {layers.NewMAB(2, 3, layers.Block{Dim: 8, Norm: layers.NormPost}, rng), layertest.Elements},
		"mab pre":        {layers.NewMAB(2, 3, layers.Block{Dim: 8, Norm: layers.NormPre, Hidden: 5}, rng), layertest.Elements},
		"multi-head":     {layers.NewMultiHead(2, 3, layers.Block{Dim: 6, Heads: 3}, rng), layertest.Elements},
		"causal":         {layers.NewMAB(2, 3, layers.Block{Dim: 8, Causal: true}, rng), layertest.Sequence},
		"one head, said": {&layers.MultiHead{Query: layers.NewLinear(2, 4, rng), Key: layers.NewLinear(3, 4, rng), Value: layers.NewLinear(3, 4, rng)}, layertest.Elements},
	} {
		t.Run(name, func(t *testing.T) { layertest.Pair(t, c.p, c.kind, x, y) })
	}
}

// Recurrent nets keep the promises of sequences.
func TestRecurrent(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for name, c := range map[string]layers.Cell{"lstm": layers.NewLSTM(3, 4, rng), "gru": layers.NewGRU(3, 4, rng)} {
		for _, back := range []bool{false, true} {
			l := &layers.Recurrent{Cell: c, Backward: back}
			t.Run(name, func(t *testing.T) { layertest.All(t, l, layertest.Sequence, layertest.Sample(3, rng)) })
			t.Run(name+" pooled", func(t *testing.T) {
				layertest.All(t, layers.Stack{l, layers.Last}, layertest.Sequence, layertest.Sample(3, rng))
			})
		}
	}
}

// A recurrent net is its cell, step by step, from either end.
func TestRecurrentIsItsSteps(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := sampled(rng, 3, 4, 0, 6, 1)
	for _, c := range []layers.Cell{layers.NewLSTM(3, 4, rng), layers.NewGRU(3, 4, rng)} {
		for _, back := range []bool{false, true} {
			got := layers.Apply(&layers.Recurrent{Cell: c, Backward: back}, x)
			for s := range x.Sets() {
				lo, hi := x.Offsets.Bounds(s)
				state := grad.Const(set.New(c.State(), 1))
				for k := range hi - lo {
					i := lo + k
					if back {
						i = hi - 1 - k
					}
					var y grad.Value
					y, state = c.Step(nil, c.Project(nil, grad.Const(set.Of(3, x.Row(i)))), state)
					assert.Equal(t, y.Values, got.Row(i), "set %d, step %d", s, k)
				}
			}
		}
	}
}

// Keys and values that are kept, and added to, are those of the whole.
func TestKept(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	m := layers.NewMultiHead(3, 3, layers.Block{Dim: 8, Heads: 2, Causal: true}, rng)
	x := sampled(rng, 3, 40)
	whole := layers.Apply(m, x)
	tape := grad.NewScratch(nil)
	var kept layers.Kept
	for i := range x.Len() {
		one := grad.Const(set.Of(3, x.Row(i)))
		if i == 0 {
			kept = m.Keep(tape, one)
		} else {
			kept = kept.And(tape, m.Keep(tape, one))
		}
		require.Equal(t, whole.Row(i), m.Over(tape, one, kept, grad.Value{}).Values, "step %d", i)
	}
	assert.Equal(t, x.Values, kept.Of.Values)
}

// Weights are what attention weighs by.
func TestMultiHeadWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := sampled(rng, 2, 3, 0, 2), sampled(rng, 3, 4, 2, 3)
	for _, causal := range []bool{false, true} {
		m := layers.NewMultiHead(2, 3, layers.Block{Dim: 8, Heads: 2, Causal: causal}, rng)
		m.Out = nil
		w := m.Weights(nil, grad.Const(x), grad.Const(y))
		v := layers.Apply(m.Value, y)
		got := m.Attend(nil, grad.Const(x), grad.Const(y))
		for s := range x.Sets() {
			lo, hi := x.Offsets.Bounds(s)
			for i := lo; i < hi; i++ {
				wlo, whi := w.Offsets.Bounds(i)
				for c := range 8 {
					sum := 0.0
					for j := wlo; j < whi; j++ {
						sum += float64(w.Row(j)[c/4]) * float64(v.Row(y.Offsets[s] + j - wlo)[c])
					}
					assert.InDelta(t, sum, got.Row(i)[c], 1e-5)
				}
			}
		}
	}
}

var window = attention.Sparse{Patterns: []attention.Pattern{attention.Window{Radius: 1}}}

// What a block cannot use it refuses, by name.
func TestBlocksRefuse(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := grad.Const(set.New(3, 2))
	for want, f := range map[string]func(){
		"layers.NewISAB: want a mechanism by which": func() { layers.NewISAB(3, 2, layers.Block{Dim: 4, Mechanism: window}, rng) },
		"layers.NewPMA: want a mechanism by which":  func() { layers.NewPMA(2, layers.Block{Dim: 4, Mechanism: window}, rng) },
		"layers.NewPMA: want a block that is not":   func() { layers.NewPMA(2, layers.Block{Dim: 4, Causal: true}, rng) },
		"queries of a width that 3 heads divide, got 4": func() {
			(&layers.MultiHead{Heads: 3, Query: layers.NewLinear(3, 4, rng), Key: layers.NewLinear(3, 4, rng), Value: layers.NewLinear(3, 4, rng)}).Forward(nil, x)
		},
		"1.Read.Attn.Key: grad.Affine: want elements of width 5": func() {
			layers.Stack{layers.ReLU, layers.NewSAB(5, layers.Block{Dim: 4}, rng)}.Forward(nil, x)
		},
		"Encoder.1.Write.Attn.Query": func() {
			m := layers.NewSetTransformer(layers.Config{In: 3, Out: 1, Dim: 4, Inducing: 2}, rng)
			m.Encoder[1].(*layers.ISAB).Inducing = grad.NewParam(2, 3)
			m.Forward(nil, x)
		},
	} {
		assert.ErrorContains(t, set.Try(f), want)
	}
}

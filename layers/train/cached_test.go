package train_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
)

// pair is an example of two sets that belong together.
type pair struct{ text, shape set.Batch }

func pairs(n int) []pair {
	rng := chance(8)
	es := make([]pair, n)
	for i := range es {
		es[i] = pair{set.New(3, 1+rng.IntN(4)), set.New(2, 1+rng.IntN(6))}
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n)) // what they have in common
		for _, b := range []set.Batch{es[i].text, es[i].shape} {
			for j := range b.Len() {
				b.Row(j)[0] = float32(3*sin + 0.1*rng.NormFloat64())
				b.Row(j)[1] = float32(3*cos + 0.1*rng.NormFloat64())
			}
		}
	}
	return es
}

// towers is a model of two towers with dropout, and a temperature.
type towers struct {
	Text, Shape layers.Layer
	Temperature *grad.Param // one over it, on the diagonal of a matrix
}

const width = 5

func newTowers() *towers {
	rng := chance(6)
	block := layers.Block{Dim: 8, Heads: 2, Dropout: 0.3}
	m := &towers{
		layers.Stack{layers.NewSAB(3, block, rng), layers.Dropout(0.3), layers.Mean, layers.NewLinear(8, width, rng)},
		layers.Stack{layers.NewSAB(2, block, rng), layers.Max, layers.NewLinear(8, width, rng)},
		grad.NewParam(1, width*width),
	}
	for i := range width {
		m.Temperature.Data[i*(width+1)] = 1.5
	}
	return m
}

func (m *towers) embed(t *grad.Tape, es []pair) []grad.Value {
	texts, shapes := make([]set.Batch, len(es)), make([]set.Batch, len(es))
	for i, e := range es {
		texts[i], shapes[i] = e.text, e.shape
	}
	return []grad.Value{m.Text.Forward(t, grad.Const(set.Concat(texts...))), m.Shape.Forward(t, grad.Const(set.Concat(shapes...)))}
}

func (m *towers) compare(t *grad.Tape, y []grad.Value) grad.Value {
	x := t.Affine(y[0], t.Unfold(t.Param(m.Temperature), width), grad.Value{})
	return infoNCE(t, t.Dropout(x, 0.1), y[1])
}

// The gradient of cached embeddings is that of the loss of all, with the same
// chance in both passes.
func TestCached(t *testing.T) {
	const n = 11
	m := newTowers()
	ws := layers.Weights(m, nil, nil)
	es := pairs(n)
	for _, size := range []int{0, 1, 3, n, n + 5} {
		rule := train.Cached(m.embed, m.compare, size)
		for range 2 { // the second time with memory in use
			g, l := rule.Gradient(es, ws, chance(5))
			got := numbers(g, ws)

			// All on one tape: chunk by chunk, with the chance of each.
			rng, tape := chance(5), grad.NewTape(nil)
			each := size
			if size == 0 {
				each = 32
			}
			var seeds [][2]uint64
			for range (n-1)/each + 1 {
				seeds = append(seeds, [2]uint64{rng.Uint64(), rng.Uint64()})
			}
			var parts [2][]grad.Value
			for i, s := range seeds {
				tape.Reseed(rand.New(rand.NewPCG(s[0], s[1])))
				for k, y := range m.embed(tape, es[i*each:min((i+1)*each, n)]) {
					parts[k] = append(parts[k], y)
				}
			}
			tape.Reseed(rng)
			loss := m.compare(tape, []grad.Value{tape.Stack(parts[0]...), tape.Stack(parts[1]...)})
			want := numbers(tape.Gradients(loss), ws)
			require.InDelta(t, float64(loss.Values[0]), l, 1e-6)
			for i := range want {
				require.NotNil(t, got[i], "%s, chunks of %d", ws[i].Name, size)
				require.InDeltaSlice(t, want[i], got[i], 1e-5, "%s, chunks of %d", ws[i].Name, size)
			}
		}
	}
	for _, w := range ws {
		g, _ := train.Cached(m.embed, m.compare, 3).Gradient(es, ws, chance(5))
		if !strings.HasSuffix(w.Name, "Key.Bias") { // which attention does not feel
			assert.Greater(t, g.Norm([]*grad.Param{w.Param}), 1e-4, "%s: there is something to compare", w.Name)
		}
	}

	// Without chance it is what Whole says.
	still := func(t *grad.Tape, es []pair) []grad.Value { t.Train(false); return m.embed(t, es) }
	for _, size := range []int{1, 4, n, n + 5} {
		rule := train.Cached(still, func(t *grad.Tape, y []grad.Value) grad.Value { t.Train(false); return m.compare(t, y) }, size)
		got, l := rule.Gradient(es, ws, chance(5))
		want, same := train.Whole(train.Joint[pair](rule.Loss)).Gradient(es, ws, chance(5))
		require.InDelta(t, same, l, 1e-6)
		for _, w := range ws {
			require.InDeltaSlice(t, want.Of(w.Param), got.Of(w.Param), 1e-5, w.Name)
		}
	}
}

// A frozen tower, a tower that the loss does not look at, and one that holds
// nothing are in order; what cannot be is said.
func TestCachedTowers(t *testing.T) {
	m := newTowers()
	es := pairs(7)
	layers.Freeze(m.Text, true)
	ws := layers.Weights(m, nil, nil)
	g, _ := train.Cached(m.embed, m.compare, 3).Gradient(es, ws, chance(5))
	for _, w := range ws {
		assert.Equal(t, w.Frozen, g.Of(w.Param) == nil, w.Name)
	}
	layers.Freeze(m.Text, false)
	only := func(t *grad.Tape, y []grad.Value) grad.Value {
		return t.Mean(t.Columns(t.Regroup(y[1], set.Offsets{0, y[1].Len()}), 0, 1))
	}
	g, _ = train.Cached(m.embed, only, 3).Gradient(es, ws, chance(5))
	for name, p := range layers.Params(m) {
		assert.Equal(t, name[0] != 'S', g.Of(p) == nil, name)
	}
	g, l := train.Cached(m.embed, m.compare, 3).Gradient(nil, ws, chance(5))
	assert.Zero(t, l)
	assert.Zero(t, g.Norm(optim.Learned(ws)))

	flips := 0
	for want, embed := range map[string]train.Embed[pair]{
		"want embeddings of a set for each of 3 examples, got 1 from tower 0": func(t *grad.Tape, es []pair) []grad.Value {
			y := m.embed(t, es)
			y[0] = t.Regroup(y[0], set.Offsets{0, y[0].Len()})
			return y
		},
		"want embeddings of 2 towers as for other examples, got 1": func(t *grad.Tape, es []pair) []grad.Value {
			return m.embed(t, es)[:min(len(es), 2)]
		},
		"want the same embeddings again with the same chance, got others from tower 0": func(t *grad.Tape, es []pair) []grad.Value {
			y := m.embed(t, es)
			if flips++; flips > 3 {
				y[0] = t.Unite(y[0], y[0])
			}
			return y
		},
	} {
		rule := train.Cached(embed, func(t *grad.Tape, y []grad.Value) grad.Value {
			return t.Mean(t.Columns(t.Regroup(y[0], set.Offsets{0, y[0].Len()}), 0, 1))
		}, 3)
		err := train.Run(context.Background(), m, train.Shuffled[pair]{Examples: es}, rule, train.Options{})
		assert.ErrorContains(t, err, "train.Cached: "+want)
	}
}

// Training by cached embeddings brings pairs together, resumes, and does not
// depend on processors.
func TestFitCached(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	es := pairs(24)
	var want [][]float32
	for _, n := range []int{1, 3} {
		runtime.GOMAXPROCS(n)
		m := newTowers()
		var first, last float64
		require.NoError(t, train.Run(context.Background(), m, train.Shuffled[pair]{Examples: es, Batch: 24}, train.Cached(m.embed, m.compare, 5), train.Options{
			Epochs: 60, Optimizer: &optim.AdamW{Rate: optim.Constant(1e-2)}, Report: func(p train.Progress) error {
				if p.Step == 0 {
					first = p.Loss
				}
				last = p.Loss
				return nil
			}}))
		assert.Less(t, last, first/2)
		if want == nil {
			want = weights(m)
		}
		assert.Equal(t, want, weights(m))
	}
}

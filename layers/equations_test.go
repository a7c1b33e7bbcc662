package layers_test

import (
	"fmt"
	"math"
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

func TestBlocksAgainstTheirEquations(t *testing.T) {
	for _, b := range blocks() {
		t.Run(fmt.Sprintf("%+v", b), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			for _, in := range []int{3, 8} {
				x, y := layertest.Sample(in, rng), layertest.Sample(5, rng)
				sab, mab := layers.NewSAB(in, b, rng), layers.NewMAB(in, 5, b, rng)
				isab := layers.NewISAB(in, 3, b, rng)
				few := layers.NewISAB(in, 1, b, rng)
				disturb([]any{sab, mab, isab, few}, rng)
				var tape *grad.Tape
				crossed := mab.Attend(tape, grad.Const(x), grad.Const(y))
				for s, one := range x.All() {
					xs := rowsOf(one)
					near(t, naiveMAB(sab.Read, b, xs, xs), layers.Apply(sab, x).At(s), "sab")
					near(t, naiveMAB(mab, b, xs, rowsOf(y.At(s))), crossed.At(s), "mab")
					for _, isab := range []*layers.ISAB{isab, few} {
						h := naiveMAB(isab.Write, b, paramRows(isab.Inducing), xs)
						near(t, naiveMAB(isab.Read, b, xs, h), layers.Apply(isab, x).At(s), "isab")
					}
				}
			}
			x := layertest.Sample(8, rng)
			for _, seeds := range []int{1, 2, 5} {
				pma := layers.NewPMA(seeds, b, rng)
				disturb(pma, rng)
				for s, one := range x.All() {
					near(t, naiveMAB(pma.Write, b, paramRows(pma.Seeds), rowsOf(one)), layers.Apply(pma, x).At(s), "pma")
				}
			}
		})
	}
}

func TestMultiHeadAgainstItsEquation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := layertest.Sample(3, rng), layertest.Sample(5, rng)
	m := layers.NewMultiHead(3, 5, layers.Block{Dim: 6, Heads: 3}, rng)
	got := m.Attend(nil, grad.Const(x), grad.Const(y))
	m.Scale = 0 // the usual
	usual := m.Attend(nil, grad.Const(x), grad.Const(y))
	for s, one := range x.All() {
		q, k, v := naiveLinear(m.Query, rowsOf(one)), naiveLinear(m.Key, rowsOf(y.At(s))), naiveLinear(m.Value, rowsOf(y.At(s)))
		near(t, naiveLinear(m.Out, naiveAttention(3, 1/math.Sqrt(6), q, k, v)), got.At(s), "scale of the width")
		near(t, naiveLinear(m.Out, naiveAttention(3, 1/math.Sqrt(2), q, k, v)), usual.At(s), "usual scale")
	}
}

// A whole model is its parts, one after another.
func TestSetTransformerIsItsParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	c := layers.Config{In: 2, Out: 3, Dim: 8, Heads: 2, Fourier: 2, Inducing: 4, Seeds: 2, Decoder: 1, Norm: layers.NormPre, Dropout: 0.1}
	m := layers.NewSetTransformer(c, rng)
	x := layertest.Sample(2, rng)
	parts := layers.Stack{layers.Fourier{Bands: 2}, m.Encoder, m.Pool, m.Decoder, m.Head}
	assert.Equal(t, layers.Apply(parts, x), layers.Apply(m, x))
	y := layers.Apply(m, x)
	assert.Equal(t, set.Sizes(2, 2, 2, 2, 2, 2), y.Offsets)
	assert.Equal(t, 3, y.Dim)
	assert.Equal(t, layers.Apply(layers.Stack{layers.Fourier{Bands: 2}, m.Encoder}, x).Len(), x.Len())
}

// Dropout stands before and after the pool.
func TestSetTransformerDropsAroundThePool(t *testing.T) {
	m := layers.NewSetTransformer(layers.Config{In: 2, Out: 3, Dim: 8, Decoder: 1}, rand.New(rand.NewPCG(1, 2)))
	m.Dropout = 0.5
	parts := layers.Stack{m.Encoder, m.Dropout, m.Pool, m.Dropout, m.Decoder, m.Head}
	x := grad.Const(layertest.Sample(2, rand.New(rand.NewPCG(3, 4))))
	train := func(l layers.Layer) []float32 { return l.Forward(grad.NewTape(rand.New(rand.NewPCG(5, 6))), x).Values }
	assert.Equal(t, train(parts), train(m))
	assert.NotEqual(t, layers.Apply(m, x.Batch).Values, train(m))
}

// A block with a mechanism that is full attention is the block without one,
// whatever its scale.
func TestMechanismIsScaled(t *testing.T) {
	for _, scale := range []layers.Scaling{layers.ScaleWidth, layers.ScaleHead} {
		for _, norm := range []layers.Norming{layers.NormNone, layers.NormPre} {
			b := layers.Block{Dim: 8, Heads: 2, Scale: scale, Norm: norm}
			plain := layers.NewSAB(8, b, rand.New(rand.NewPCG(1, 2)))
			b.Mechanism = attention.Full{}
			said := layers.NewSAB(8, b, rand.New(rand.NewPCG(1, 2)))
			x := layertest.Sample(8, rand.New(rand.NewPCG(3, 4)))
			near(t, rowsOf(layers.Apply(plain, x)), layers.Apply(said, x), string(scale)+string(norm))
		}
	}
}

// What the pool attends to is what it adds up.
func TestWeights(t *testing.T) {
	for _, norm := range []layers.Norming{layers.NormNone, layers.NormPre} {
		rng := rand.New(rand.NewPCG(1, 2))
		b := layers.Block{Dim: 8, Heads: 2, Norm: norm}
		p := layers.NewPMA(3, b, rng)
		x := layertest.Sample(8, rng)
		w := p.Weights(nil, grad.Const(x))
		assert.Equal(t, 6, w.Dim)
		assert.Equal(t, x.Offsets, w.Offsets)
		for s, one := range x.All() {
			xs := rowsOf(one)
			xs = naiveNorm(p.Write.NormY, xs)
			want := naiveWeights(2, 1/math.Sqrt(8), naiveLinear(p.Write.Attn.Query, paramRows(p.Seeds)), naiveLinear(p.Write.Attn.Key, xs))
			for j, row := range rowsOf(w.At(s)) {
				for c, a := range row {
					assert.InDelta(t, want[c/3][c%3][j], a, 1e-6, "set %d, element %d, head %d, seed %d", s, j, c/3, c%3)
				}
			}
		}
	}
	rng := rand.New(rand.NewPCG(3, 4))
	m := layers.NewSetTransformer(layers.Config{In: 2, Out: 3, Dim: 8, Fourier: 1}, rng)
	x := layertest.Sample(2, rng)
	w := m.Attention(x)
	assert.Equal(t, 4, w.Dim)
	sums := layers.Apply(layers.Sum, w)
	for s := range x.Sets() {
		for _, sum := range sums.Row(s) {
			assert.InDelta(t, float64(min(1, len(x.Set(s)))), float64(sum), 1e-5)
		}
	}
}

func TestFourier(t *testing.T) {
	x := set.Of(2, []float32{0.3, -1.25}, nil)
	for _, c := range []struct {
		f     layers.Fourier
		rates []float64
	}{
		{layers.Fourier{}, nil},
		{layers.Fourier{Bands: 1}, []float64{1}},
		{layers.Fourier{Bands: 4}, []float64{1, 2, 4, 8}},
		{layers.Fourier{Bands: 3, Top: 100}, []float64{1, 10, 100}},
	} {
		y := layers.Apply(c.f, x)
		assert.Equal(t, c.f.Dim(2), y.Dim)
		want := []float64{0.3, -1.25}
		for _, rate := range c.rates {
			for _, f := range []func(float64) float64{math.Sin, math.Cos} {
				for _, a := range []float64{0.3, -1.25} {
					want = append(want, f(math.Pi*rate*a))
				}
			}
		}
		require.Len(t, y.Values, len(want))
		for i, w := range want {
			assert.InDelta(t, w, float64(y.Values[i]), 2e-5)
		}
	}
}

func TestEmbedding(t *testing.T) {
	e := layers.NewEmbedding(4, 2, rand.New(rand.NewPCG(1, 2)))
	e.Table.Data = []float32{0, 1, 10, 11, 20, 21, 30, 31}
	want := set.Of(2, []float32{30, 31, 0, 1, 0, 1}, nil, []float32{20, 21})
	assert.Equal(t, want, e.Embed(nil, []int{3, 0, 0}, nil, []int{2}).Batch)
	assert.Equal(t, want, layers.Apply(e, set.Of(1, []float32{3, 0, 0}, nil, []float32{2})))
	tape := grad.NewTape(nil)
	y := e.Embed(tape, []int{3, 0, 0})
	assert.Equal(t, []float32{5, 7, 0, 0, 0, 0, 1, 2}, tape.GradientsFrom(y, []float32{1, 2, 3, 4, 2, 3}).Of(e.Table))
}

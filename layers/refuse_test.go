package layers_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/set"
	"setwise/set/grad"
)

// What cannot be built, and what was put together without a part that it needs,
// panics with a *set.ShapeError that says who wanted what.
func TestRefused(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	b := layers.Block{Dim: 8}
	block := func(spoil func(b *layers.Block)) layers.Block {
		s := b
		spoil(&s)
		return s
	}
	nan := float32(math.NaN())
	x := set.New(3, 2, 1)
	on := func(l layers.Layer, x set.Batch) func() { return func() { layers.Apply(l, x) } }
	wide := set.New(8, 2, 1)
	part := func(spoil func(m *layers.MultiHead)) layers.Layer {
		m := layers.NewMultiHead(8, 8, b, rng)
		spoil(m)
		return m
	}
	const huge = 1 << 40
	for want, f := range map[string]func(){
		"layers.NewLinear: want in from 0 to 1073741824, got -1":                                       func() { layers.NewLinear(-1, 2, rng) },
		"layers.NewLinear: want out from 0 to 1073741824, got -2":                                      func() { layers.NewLinear(1, -2, rng) },
		"layers.NewLinear: want in from 0 to 1073741824, got 1099511627776":                            func() { layers.NewLinear(huge, 2, rng) },
		"grad.NewParam: want 0 rows and columns or more, and at most":                                  func() { layers.NewLinear(1<<30, 1<<30, rng) },
		"grad.Uniform: want a source of chance, got nil":                                               func() { layers.NewLinear(1, 2, nil) },
		"layers.NewFeedForward: want dim from":                                                         func() { layers.NewFeedForward(-1, 2, rng) },
		"layers.NewFeedForward: want hidden from 0 to 1073741824, got -2":                              func() { layers.NewFeedForward(1, -2, rng) },
		"layers.NewNorm: want dim from 0 to 1073741824, got -1":                                        func() { layers.NewNorm(-1) },
		"layers.NewSetNorm: want dim from 0 to 1073741824, got -1":                                     func() { layers.NewSetNorm(-1) },
		"layers.NewNorm: want dim from 0 to 1073741824, got 1099511627776":                             func() { layers.NewNorm(huge) },
		"layers.NewEmbedding: want tokens from 0 to 1073741824, got -1":                                func() { layers.NewEmbedding(-1, 2, rng) },
		"layers.NewEmbedding: want dim from 0 to 1073741824, got -1":                                   func() { layers.NewEmbedding(1, -1, rng) },
		"layers.NewConv: want height from 1 to 1073741824, got 0":                                      func() { layers.NewConv(0, 1, 1, 1, 1, rng) },
		"layers.NewConv: want width from 1 to 1073741824, got -1":                                      func() { layers.NewConv(1, -1, 1, 1, 1, rng) },
		"layers.NewConv: want in from 1 to 1073741824, got 1099511627776":                              func() { layers.NewConv(1, 1, huge, 1, 1, rng) },
		"layers.NewConv: want out from 1 to 1073741824, got 0":                                         func() { layers.NewConv(1, 1, 1, 0, 1, rng) },
		"layers.NewConv: want stride from 1 to 1073741824, got 0":                                      func() { layers.NewConv(1, 1, 1, 1, 0, rng) },
		"layers.NewMAB: want x from 0 to 1073741824, got -1":                                           func() { layers.NewMAB(-1, 1, b, rng) },
		"layers.NewMAB: want y from 0 to 1073741824, got -1":                                           func() { layers.NewMAB(1, -1, b, rng) },
		"layers.NewMultiHead: want x from 0 to 1073741824, got -3":                                     func() { layers.NewMultiHead(-3, 1, b, rng) },
		"layers.NewSAB: want in from 0 to 1073741824, got -1":                                          func() { layers.NewSAB(-1, b, rng) },
		"layers.NewISAB: want in from 0 to 1073741824, got -1":                                         func() { layers.NewISAB(-1, 1, b, rng) },
		"layers.NewISAB: want points from 1 to 1073741824, got -3":                                     func() { layers.NewISAB(3, -3, b, rng) },
		"layers.NewISAB: want points from 1 to 1073741824, got 0":                                      func() { layers.NewISAB(3, 0, b, rng) },
		"layers.NewPMA: want seeds from 1 to 1073741824, got -1":                                       func() { layers.NewPMA(-1, b, rng) },
		"layers.NewPMA: want seeds from 1 to 1073741824, got 1099511627776":                            func() { layers.NewPMA(huge, b, rng) },
		"layers.Block: want a positive Dim that 4 heads divide, got 30":                                func() { layers.NewSAB(3, layers.Block{Dim: 30, Heads: 4}, rng) },
		"layers.Block: want a positive Dim that 4 heads divide, got -8":                                func() { layers.NewPMA(3, layers.Block{Dim: -8}, rng) },
		"layers.Block: want a positive Dim that 4 heads divide, got 1099":                              func() { layers.NewISAB(3, 2, layers.Block{Dim: huge}, rng) },
		"layers.Block: want Heads of at least 0, got -4":                                               func() { layers.NewSAB(3, layers.Block{Dim: 8, Heads: -4}, rng) },
		"layers.Block: want a Hidden from 0 to 1073741824, got -1":                                     func() { layers.NewSAB(3, block(func(b *layers.Block) { b.Hidden = -1 }), rng) },
		"layers.Block: want a Dropout of at least 0 and below 1, got NaN":                              func() { layers.NewSAB(3, block(func(b *layers.Block) { b.Dropout = nan }), rng) },
		"layers.NewDeepSets: want in from":                                                             func() { layers.NewDeepSets(-1, 2, 3, 1, layers.Mean, rng) },
		"layers.NewDeepSets: want dim from":                                                            func() { layers.NewDeepSets(1, -2, 3, 1, layers.Mean, rng) },
		"layers.NewDeepSets: want out from":                                                            func() { layers.NewDeepSets(1, 2, -3, 1, layers.Mean, rng) },
		"layers.NewDeepSets: want layers from 0 to 1073741824, got -1":                                 func() { layers.NewDeepSets(1, 2, 3, -1, layers.Mean, rng) },
		"layers.NewDeepSets: want a layer, got nil":                                                    func() { layers.NewDeepSets(1, 2, 3, 1, nil, rng) },
		"layers.NewEquivariant: want out from 0 to 1073741824, got -1":                                 func() { layers.NewEquivariant(1, -1, layers.Mean, rng) },
		"layers.NewEquivariant: want a layer, got nil":                                                 func() { layers.NewEquivariant(1, 1, nil, rng) },
		"layers.NewDotPool: want dim from 1 to 1073741824, got 0":                                      func() { layers.NewDotPool(0, rng) },
		"layers.Unfold: want n from 1 to 1073741824, got 0":                                            func() { layers.Unfold(0) },
		"layers.NewSetTransformer: want a valid configuration":                                         func() { layers.NewSetTransformer(layers.Config{In: -1, Out: 1, Dim: 4}, rng) },
		"layers.Fourier: want in from 0 to 1073741824, got -1":                                         func() { layers.Fourier{Bands: 1}.Dim(-1) },
		"layers.Fourier: want 0 to 64 Bands and a Top from 0 to 2^63, got -1 and 0":                    func() { layers.Fourier{Bands: -1}.Dim(2) },
		"layers.Fourier: want 0 to 64 Bands and a Top from 0 to 2^63, got 2000 and":                    on(layers.Fourier{Bands: 2000}, x),
		"layers.Fourier: want 0 to 64 Bands and a Top from 0 to 2^63, got 2 and NaN":                   on(layers.Fourier{Bands: 2, Top: math.NaN()}, x),
		"layers.Fourier: want 0 to 64 Bands and a Top from 0 to 2^63, got 2 and -1":                    on(layers.Fourier{Bands: 2, Top: -1}, x),
		"grad.Dropout: want a probability of at least 0 and below 1, to the nearest 1/65536, got -0.5": on(layers.Dropout(-0.5), x),
		"to the nearest 1/65536, got NaN":                                                              on(layers.Dropout(nan), x),
		"to the nearest 1/65536, got 1":                                                                on(layers.Dropout(1), x),

		"layers.Apply: want a layer, got nil":                                   on(nil, x),
		"layers.Stack: want a layer, got nil for number 1":                      on(layers.Stack{layers.ReLU, nil}, x),
		"layers.DeepSets: want a layer, got nil for number 1":                   on(&layers.DeepSets{Phi: layers.ReLU}, x),
		"layers.Equivariant: want a layer, got nil":                             on(&layers.Equivariant{}, x),
		"layers.EM: want a layer, got nil":                                      on(&layers.EM{}, x),
		"layers.EM: want Steps from 0 to 1073741824, got -1":                    on(&layers.EM{Net: layers.ReLU, Steps: -1}, x),
		"layers.Linear: want a layer, got nil":                                  on((*layers.Linear)(nil), x),
		"layers.Recurrent: want a Cell, got nil":                                on(&layers.Recurrent{}, x),
		"Cell: layers.Recurrent: want a cell with a Hidden layer, got nil":      on(&layers.Recurrent{Cell: &layers.LSTM{Input: layers.NewLinear(3, 4, rng)}}, x),
		"layers.FeedForward: want a layer, got nil":                             on(&layers.FeedForward{}, x),
		"layers.MAB: want a block with attention, got nil":                      on(&layers.SAB{}, x),
		"layers.PMA: want a layer, got nil":                                     on((*layers.PMA)(nil), x),
		"grad.Param: want a parameter of 3 x 2 numbers, got 1":                  on(&layers.Linear{Weight: &grad.Param{Rows: 3, Cols: 2, Data: []float32{1}}}, x),
		"grad.Param: want a parameter, got nil":                                 on(&layers.DotPool{}, x),
		"layers.Conv: want a height, a width and a stride of at least 1":        on(&layers.Conv{Weight: grad.NewParam(9, 1)}, x),
		"0: grad.Param: want a parameter, got nil":                              on(layers.Stack{&layers.Linear{}}, x),
		"1: grad.Param: want a parameter, got nil":                              on(layers.Stack{layers.ReLU, &layers.Norm{}}, x),
		"2: grad.Param: want a parameter, got nil":                              on(layers.Stack{layers.ReLU, layers.ReLU, &layers.Norm{OverSet: true}}, x),
		"layers.Embedding: want a table, got nil":                               on(&layers.Embedding{}, set.New(1, 1)),
		"layers.MultiHead: want queries of a width that 3 heads divide, got 8":  on(part(func(m *layers.MultiHead) { m.Heads, m.Mixer = 3, attention.Full{} }), wide),
		"layers.MultiHead: want queries of a width that -1 heads divide, got 8": on(part(func(m *layers.MultiHead) { m.Heads, m.Mixer = -1, attention.Full{} }), wide),
		"layers.MultiHead: want a finite Scale of 0 or more, got NaN":           on(part(func(m *layers.MultiHead) { m.Scale, m.Mixer = nan, attention.Full{} }), wide),
		"attention.Sparse: want patterns, got nil for number 0":                 on(part(func(m *layers.MultiHead) { m.Mixer = attention.Sparse{Patterns: []attention.Pattern{nil}} }), wide),
		"attention.Window: want a Radius of 0 or more, got -1":                  func() { attention.Window{Radius: -1}.Relate(x, x) },

		"grad.Const: want a batch that is well formed": on(layers.ReLU, set.Batch{Dim: 2, Values: make([]float32, 3), Offsets: set.Offsets{0, 2}}),
		"offsets that never decrease":                  on(layers.ReLU, set.Batch{Dim: 1, Values: make([]float32, 2), Offsets: set.Offsets{0, 1 << 20, 2}}),
		"relation 0 to be one of 3 elements":           on(layers.ReLU, set.Batch{Dim: 1, Values: make([]float32, 3), Offsets: set.Offsets{0, 3}, Relations: []*set.Relation{nil}}),
	} {
		var shape *set.ShapeError
		if err := set.Try(f); assert.ErrorAs(t, err, &shape, want) {
			assert.ErrorContains(t, err, want)
		}
	}
}

// Zero fields work: attention without Heads has one, whatever its mechanism.
func TestOneHead(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := set.New(8, 3, 0, 1)
	for i := range x.Values {
		x.Values[i] = float32(rng.NormFloat64())
	}
	m := layers.NewMultiHead(8, 8, layers.Block{Dim: 8, Heads: 1}, rng)
	pool := layers.NewPMA(1, layers.Block{Dim: 8, Heads: 1}, rng)
	want, wantPool, weights := layers.Apply(m, x), layers.Apply(pool, x), pool.Weights(nil, grad.Const(x)).Batch
	m.Heads, pool.Write.Attn.Heads = 0, 0
	assert.Equal(t, want, layers.Apply(m, x))
	assert.Equal(t, wantPool, layers.Apply(pool, x))
	assert.Equal(t, weights, pool.Weights(nil, grad.Const(x)).Batch)
	m.Mixer = attention.Full{}
	assert.InDeltaSlice(t, want.Values, layers.Apply(m, x).Values, 1e-6)
}

// A window as large as an int holds is the whole set.
func TestWideWindow(t *testing.T) {
	x := set.New(1, 3, 0, 2)
	assert.Equal(t, attention.Window{Radius: 3}.Relate(x, x), attention.Window{Radius: math.MaxInt}.Relate(x, x))
}

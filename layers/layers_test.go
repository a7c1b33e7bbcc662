package layers_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

// Every layer keeps every promise.
func TestLayers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	edges := attention.Sparse{Patterns: []attention.Pattern{attention.Edges{Name: "near"}, attention.Edges{Name: "own"}}}
	windows := attention.Sparse{Patterns: []attention.Pattern{attention.Window{Radius: 2}}}
	related := layertest.Sample(3, rng)
	for name, w := range map[string]attention.Window{"near": {Radius: 1}, "own": {}} {
		r := w.Relate(related, related)
		r.Name = name
		related = related.Relate(r)
	}
	for _, c := range []struct {
		name string
		l    layers.Layer
		kind layertest.Kind
		x    set.Batch
	}{
		{"nothing", layers.Stack{}, layertest.Elements, layertest.Sample(3, rng)},
		{"relu", layers.ReLU, layertest.Elements, layertest.Sample(3, rng)},
		{"silu", layers.SiLU, layertest.Elements, layertest.Sample(3, rng)},
		{"gelu", layers.GELU, layertest.Elements, layertest.Sample(3, rng)},
		{"tanh", layers.Tanh, layertest.Elements, layertest.Sample(3, rng)},
		{"unfold", layers.Unfold(2), layertest.Elements, layertest.Sample(6, rng)},
		{"mean", layers.Mean, layertest.Pool, layertest.Sample(3, rng)},
		{"sum", layers.Sum, layertest.Pool, layertest.Sample(3, rng)},
		{"max", layers.Max, layertest.Pool, layertest.Sample(3, rng)},
		{"linear", layers.NewLinear(3, 4, rng), layertest.Elements, layertest.Sample(3, rng)},
		{"linear without bias", &layers.Linear{Weight: grad.Normal(3, 4, 1, rng)}, layertest.Elements, layertest.Sample(3, rng)},
		{"feed-forward", layers.NewFeedForward(3, 0, rng), layertest.Elements, layertest.Sample(3, rng)},
		{"feed-forward hidden", layers.NewFeedForward(3, 5, rng), layertest.Elements, layertest.Sample(3, rng)},
		{"norm", layers.NewNorm(3), layertest.Elements, layertest.Sample(3, rng)},
		{"set norm", layers.NewSetNorm(3), layertest.Elements, layertest.Sample(3, rng)},
		{"dropout", layers.Dropout(0.4), layertest.Elements, layertest.Sample(3, rng)},
		{"fourier", layers.Fourier{Bands: 2}, layertest.Elements, layertest.Sample(3, rng)},
		{"multi-head", layers.NewMultiHead(3, 3, layers.Block{Dim: 6, Heads: 3}, rng), layertest.Elements, layertest.Sample(3, rng)},
		{"full said", layers.NewSAB(3, layers.Block{Dim: 8, Mechanism: attention.Full{}}, rng), layertest.Elements, layertest.Sample(3, rng)},
		{"edges", layers.NewSAB(3, layers.Block{Dim: 8, Mechanism: edges, Norm: layers.NormPost}, rng), layertest.Elements, related},
		{"window", layers.NewSAB(3, layers.Block{Dim: 8, Mechanism: windows}, rng), layertest.Sequence, layertest.Sample(3, rng)},
		{"causal", layers.NewSAB(3, layers.Block{Dim: 8, Causal: true}, rng), layertest.Sequence, layertest.Sample(3, rng)},
		{"causal window", layers.NewSAB(3, layers.Block{Dim: 8, Causal: true, Mechanism: windows}, rng), layertest.Sequence, layertest.Sample(3, rng)},
		{"isab by full", layers.NewISAB(3, 4, layers.Block{Dim: 8, Mechanism: attention.Full{}}, rng), layertest.Elements, layertest.Sample(3, rng)},
		{"dot pool", layers.NewDotPool(3, rng), layertest.Pool, layertest.Sample(3, rng)},
		{"equivariant by mean", layers.NewEquivariant(3, 4, layers.Mean, rng), layertest.Elements, layertest.Sample(3, rng)},
		{"equivariant by largest", layers.NewEquivariant(3, 4, layers.Max, rng), layertest.Elements, layertest.Sample(3, rng)},
		{"em", &layers.EM{Net: gaussians(rng), Steps: 2}, layertest.Pool, layertest.Sample(3, rng)},
		{"deep sets", layers.NewDeepSets(3, 8, 2, 1, layers.Mean, rng), layertest.Pool, layertest.Sample(3, rng)},
		{"deep sets by largest", layers.NewDeepSets(3, 8, 2, 2, layers.Max, rng), layertest.Pool, layertest.Sample(3, rng)},
		{"stack", layers.Stack{layers.NewLinear(3, 4, rng), layers.ReLU, layers.NewPMA(2, layers.Block{Dim: 4, Heads: 1}, rng)}, layertest.Pool, layertest.Sample(3, rng)},
	} {
		t.Run(c.name, func(t *testing.T) { layertest.All(t, c.l, c.kind, c.x) })
	}
}

// gaussians returns a layer that finds two Gaussians for each set of elements
// of width 3.
func gaussians(rng *rand.Rand) layers.Layer {
	return layers.Stack{layers.NewLinear(3, 8, rng), layers.NewPMA(2, layers.Block{Dim: 8}, rng), layers.NewLinear(8, 7, rng)}
}

// Every option of a block, in every block.
func TestBlocks(t *testing.T) {
	for i, b := range blocks() {
		if i%8 != 0 && i%8 != 7 {
			continue // the others lie between these, and their equations are tested
		}
		if racing && i%16 != 7 {
			continue
		}
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		for name, c := range map[string]struct {
			l    layers.Layer
			kind layertest.Kind
			in   int
		}{
			"sab":        {layers.NewSAB(8, b, rng), layertest.Elements, 8},
			"sab from 3": {layers.NewSAB(3, b, rng), layertest.Elements, 3},
			"isab":       {layers.NewISAB(8, 3, b, rng), layertest.Elements, 8},
			"pma":        {layers.NewPMA(2, b, rng), layertest.Pool, 8},
		} {
			t.Run(fmt.Sprintf("%s/%+v", name, b), func(t *testing.T) { layertest.All(t, c.l, c.kind, layertest.Sample(c.in, rng)) })
		}
	}
}

// Models that a Config describes.
func TestSetTransformers(t *testing.T) {
	for i, c := range []layers.Config{
		{},
		{Inducing: 3, Norm: layers.NormPost, Hidden: 12},
		{Inducing: 1, Norm: layers.NormPre, Scale: layers.ScaleHead, Seeds: 2, Decoder: 1},
		{Norm: layers.NormSet, Dropout: 0.2, Fourier: 1, Blocks: 1, Heads: 1},
	} {
		if racing && i > 0 {
			break
		}
		c.In, c.Out, c.Dim = 3, 2, 8
		rng := rand.New(rand.NewPCG(4, uint64(i)))
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			layertest.All(t, layers.NewSetTransformer(c, rng), layertest.Pool, layertest.Sample(3, rng))
		})
	}
}

// A set alone and among 300 others gives the same bits, on one processor and
// on two.
func TestAloneAmongMany(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	sizes := make([]int, 300)
	if testing.Short() {
		sizes = sizes[:30]
	}
	for i := range sizes {
		sizes[i] = rng.IntN(60)
	}
	random := func(sizes ...int) set.Batch {
		b := set.New(3, sizes...)
		for i := range b.Values {
			b.Values[i] = float32(rng.NormFloat64())
		}
		return b
	}
	company := random(sizes...)
	own := random(500, 0, 1, 37, 96, 97, 256, 257)
	b := layers.Block{Dim: 32, Heads: 4}
	post, pre := b, b
	post.Norm, pre.Norm, pre.Scale, pre.Hidden = layers.NormPost, layers.NormPre, layers.ScaleHead, 48
	for name, l := range map[string]layers.Layer{
		"isab":                 layers.NewISAB(3, 16, b, rng),
		"isab post":            layers.NewISAB(3, 5, post, rng),
		"isab of one":          layers.NewISAB(3, 1, b, rng),
		"sab":                  layers.NewSAB(3, b, rng),
		"sab pre":              layers.NewSAB(3, pre, rng),
		"pma":                  layers.Stack{layers.NewLinear(3, 32, rng), layers.NewPMA(1, b, rng)},
		"pma of many":          layers.Stack{layers.NewLinear(3, 32, rng), layers.NewPMA(33, pre, rng)},
		"set transformer":      layers.NewSetTransformer(layers.Config{In: 3, Out: 5, Dim: 32, Inducing: 8, Decoder: 1, Seeds: 2}, rng),
		"set transformer full": layers.NewSetTransformer(layers.Config{In: 3, Out: 5, Dim: 32, Norm: layers.NormSet}, rng),
		"deep sets":            layers.NewDeepSets(3, 32, 5, 2, layers.Mean, rng),
	} {
		t.Run(name, func(t *testing.T) {
			procs := runtime.GOMAXPROCS(0)
			defer runtime.GOMAXPROCS(procs)
			var want []set.Batch
			for _, n := range []int{1, 2} {
				runtime.GOMAXPROCS(n)
				for _, together := range []set.Batch{set.Concat(own, company), set.Concat(company, own)} {
					y := layers.Apply(l, together)
					first := 0
					if together.Offsets[1] != 500 {
						first = company.Sets()
					}
					for s := range own.Sets() {
						if len(want) <= s {
							want = append(want, layers.Apply(l, own.At(s)))
						}
						require.Equal(t, want[s].Values, y.At(first+s).Values, "set %d, %d processors", s, n)
						require.Equal(t, want[s].Values, layers.Apply(l, own.At(s)).Values, "set %d alone, %d processors", s, n)
					}
				}
			}
		})
	}
}

// bound requires that p looks drawn uniformly from [-limit, limit].
func bound(t *testing.T, limit float64, ps ...*grad.Param) {
	t.Helper()
	var top, sum, squares, n float64
	for _, p := range ps {
		for _, x := range p.Data {
			v := float64(x)
			top, sum, squares, n = max(top, math.Abs(v)), sum+v, squares+v*v, n+1
		}
	}
	assert.LessOrEqual(t, top, limit*(1+1e-6))
	assert.Greater(t, top, limit*(1-20/n))
	assert.InDelta(t, 0, sum/n, 4*limit/math.Sqrt(3*n), "mean")
	assert.InDelta(t, limit*limit/3, squares/n, 4*limit*limit*0.3/math.Sqrt(n), "variance")
}

// Weights begin as the authors' do.
func TestInitialisation(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	l := layers.NewLinear(100, 70, rng)
	bound(t, 0.1, l.Weight)
	bound(t, 0.1, l.Bias)
	isab := layers.NewISAB(3, 32, layers.Block{Dim: 128}, rng)
	assert.InDelta(t, 0.0377, math.Sqrt(6./(128*33)), 5e-5)
	bound(t, math.Sqrt(6./(128*33)), isab.Inducing)
	bound(t, math.Sqrt(6./(64*2)), layers.NewPMA(1, layers.Block{Dim: 64}, rng).Seeds)
	assert.InDelta(t, 0.2165, math.Sqrt(6./(64*2)), 5e-5)
	bound(t, math.Sqrt(6./(128*5)), layers.NewPMA(4, layers.Block{Dim: 128}, rng).Seeds)
	assert.InDelta(t, 0.0968, math.Sqrt(6./(128*5)), 5e-5)
	bound(t, 1/math.Sqrt(3), isab.Read.Attn.Query.Weight, isab.Read.Attn.Query.Bias)
	bound(t, 1/math.Sqrt(3), isab.Write.Attn.Key.Weight, isab.Write.Attn.Value.Weight)
	bound(t, 1/math.Sqrt(128), isab.Write.Attn.Query.Weight, isab.Write.FF.In.Weight)
	n := layers.NewNorm(3)
	assert.Equal(t, []float32{1, 1, 1}, n.Gain.Data)
	assert.Equal(t, []float32{0, 0, 0}, n.Bias.Data)

	again := layers.NewISAB(3, 32, layers.Block{Dim: 128}, rand.New(rand.NewPCG(9, 9)))
	same := layers.NewISAB(3, 32, layers.Block{Dim: 128}, rand.New(rand.NewPCG(9, 9)))
	assert.Equal(t, again, same, "the same chance, the same weights")
}

// An empty set pools to what the seeds alone give.
func TestPoolOfNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := layers.NewPMA(2, layers.Block{Dim: 8}, rng)
	y := layers.Apply(p, set.New(8, 0))
	q := layers.Apply(p.Write.Attn.Query, set.Batch{Dim: 8, Values: p.Seeds.Data, Offsets: set.Offsets{0, 2}})
	ff := layers.Apply(p.Write.FF, q)
	for i := range y.Values {
		assert.InDelta(t, float64(q.Values[i])+float64(ff.Values[i]), float64(y.Values[i]), 1e-6)
	}
}

// Huge and tiny inputs, and logits far beyond what exp can take, stay finite.
func TestHugeAndTiny(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	m := layers.NewSetTransformer(layers.Config{In: 3, Out: 2, Dim: 8, Inducing: 4}, rng)
	for _, scale := range []float32{1e-30, 1e-4, 1e4, 1e6} {
		x := layertest.Sample(3, rng)
		for i := range x.Values {
			x.Values[i] *= scale
		}
		assert.NoError(t, layertest.Corners(m, x), "%g", scale)
		assert.NoError(t, layertest.Alone(m, x, x), "%g", scale)
	}
}

// Dropout acts in training only.
func TestDropoutOnlyTrains(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	c := layers.Config{In: 3, Out: 2, Dim: 8, Inducing: 4}
	plain := layers.NewSetTransformer(c, rand.New(rand.NewPCG(1, 2)))
	c.Dropout = 0.5
	m := layers.NewSetTransformer(c, rand.New(rand.NewPCG(1, 2)))
	x := layertest.Sample(3, rng)
	want, got := layers.Apply(plain, x).Values, layers.Apply(m, x).Values
	for i := range want {
		assert.InDelta(t, float64(want[i]), float64(got[i]), 1e-5)
	}
	trained := m.Forward(grad.NewTape(rng), grad.Const(x)).Values
	assert.NotEqual(t, got, trained)
}

// What Apply returns stays as it is.
func TestApplySharesNothing(t *testing.T) {
	x := set.Of(1, []float32{1, 2})
	for _, l := range []layers.Layer{layers.Stack{}, layers.ReLU} {
		y := layers.Apply(l, x)
		x.Values[0] = 9
		for range 20 {
			layers.Apply(layers.ReLU, set.Of(1, []float32{7, 7}))
		}
		assert.Equal(t, []float32{1, 2}, y.Values)
		x.Values[0] = 1
	}
}

package layers_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/set"
)

func TestConfigRoundTrip(t *testing.T) {
	full := layers.Config{In: 3, Out: 40, Dim: 64, Heads: 8, Hidden: 128, Norm: layers.NormPre, Scale: layers.ScaleHead,
		Dropout: 0.25, Fourier: 3, Blocks: 4, Inducing: 16, Seeds: 2, Decoder: 1}
	for _, c := range []layers.Config{full, {In: 1, Out: 1, Dim: 4}} {
		require.NoError(t, c.Validate())
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back layers.Config
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, c, back)
	}
	text, err := json.Marshal(full)
	require.NoError(t, err)
	assert.JSONEq(t, `{"in":3,"out":40,"dim":64,"heads":8,"hidden":128,"norm":"pre","scale":"head","dropout":0.25,
		"fourier":3,"blocks":4,"inducing":16,"seeds":2,"decoder":1}`, string(text), "the names in files")
	text, err = json.Marshal(layers.Config{In: 1, Out: 2, Dim: 4})
	require.NoError(t, err)
	assert.JSONEq(t, `{"in":1,"out":2,"dim":4}`, string(text), "what is not said is left out")
}

func TestConfigRefused(t *testing.T) {
	good := layers.Config{In: 3, Out: 4, Dim: 8}
	require.NoError(t, good.Validate())
	for name, spoil := range map[string]func(c *layers.Config){
		"in":          func(c *layers.Config) { c.In = 0 },
		"out":         func(c *layers.Config) { c.Out = -1 },
		"dim":         func(c *layers.Config) { c.Dim = 0 },
		"dim from":    func(c *layers.Config) { c.Dim = 1 << 40 },
		"heads":       func(c *layers.Config) { c.Heads = 3 },
		"heads from":  func(c *layers.Config) { c.Heads = -2 },
		"hidden":      func(c *layers.Config) { c.Hidden = -1 },
		"Norm":        func(c *layers.Config) { c.Norm = "batch" },
		"Scale":       func(c *layers.Config) { c.Scale = "none" },
		"Dropout":     func(c *layers.Config) { c.Dropout = 1 },
		"a Dropout":   func(c *layers.Config) { c.Dropout = -0.1 },
		"got NaN":     func(c *layers.Config) { c.Dropout = float32(math.NaN()) },
		"fourier":     func(c *layers.Config) { c.Fourier = -1 },
		"bands":       func(c *layers.Config) { c.Fourier = 65 },
		"blocks":      func(c *layers.Config) { c.Blocks = -1 },
		"256 blocks":  func(c *layers.Config) { c.Blocks = 257 },
		"256 blocks,": func(c *layers.Config) { c.Decoder = 257 },
		"inducing":    func(c *layers.Config) { c.Inducing = -5 },
		"seeds":       func(c *layers.Config) { c.Seeds = 1 << 20 },
		"numbers":     func(c *layers.Config) { c.Dim = 1 << 14 },
		"numbers in":  func(c *layers.Config) { c.In, c.Dim = 1<<16, 1<<13 },
		"at most":     func(c *layers.Config) { c.Out, c.Dim = 1<<16, 1<<13 },
		"parameters":  func(c *layers.Config) { c.Blocks, c.Dim, c.Inducing = 256, 1<<10, 1<<8 },
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			spoil(&c)
			m, err := c.New(rand.New(rand.NewPCG(1, 2)))
			assert.Nil(t, m)
			require.Error(t, err)
			assert.True(t, strings.HasPrefix(err.Error(), "layers: config: "), err)
			assert.Contains(t, err.Error(), name)
			var shape *set.ShapeError
			assert.ErrorAs(t, set.Try(func() { layers.NewSetTransformer(c, rand.New(rand.NewPCG(1, 2))) }), &shape)
		})
	}
}

// Constructors panic with a *set.ShapeError on what cannot be built.
func TestConstructorsRefuse(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	ok := layers.Block{Dim: 8}
	var zero layers.Block
	for name, f := range map[string]func(){
		"no dim":             func() { layers.NewSAB(3, zero, rng) },
		"heads":              func() { layers.NewMAB(3, 3, layers.Block{Dim: 6}, rng) },
		"norm":               func() { layers.NewPMA(1, layers.Block{Dim: 8, Norm: "x"}, rng) },
		"scale":              func() { layers.NewMultiHead(1, 1, layers.Block{Dim: 8, Scale: "x"}, rng) },
		"dropout":            func() { layers.NewISAB(3, 4, layers.Block{Dim: 8, Dropout: 1}, rng) },
		"hidden":             func() { layers.NewSAB(3, layers.Block{Dim: 8, Hidden: -1}, rng) },
		"no seeds":           func() { layers.NewPMA(0, ok, rng) },
		"no inducing points": func() { layers.NewISAB(3, 0, ok, rng) },
		"width of input":     func() { layers.Apply(layers.NewSAB(3, ok, rng), set.New(4, 1)) },
		"tokens of width 2":  func() { layers.Apply(layers.NewEmbedding(3, 2, rng), set.New(2, 1)) },
		"token":              func() { layers.Apply(layers.NewEmbedding(3, 2, rng), set.Of(1, []float32{3})) },
		"negative token":     func() { layers.NewEmbedding(3, 2, rng).Embed(nil, []int{0, -1}) },
	} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(f), &shape, name)
	}
}

// What a float becomes as an integer depends on the machine where it is no
// integer, so tokens are looked at before.
func TestTokens(t *testing.T) {
	e := layers.NewEmbedding(3, 2, rand.New(rand.NewPCG(1, 1)))
	inf := float32(math.Inf(1))
	for _, token := range []float32{float32(math.NaN()), inf, -inf, -1, -0.2, 0.7, 1.5, 2.0001, 3, 1 << 31, -1 << 31, 1 << 32, 1 << 63, -1 << 63, 1e30} {
		var shape *set.ShapeError
		require.ErrorAs(t, set.Try(func() { layers.Apply(e, set.Of(1, []float32{1, token})) }), &shape, "%v", token)
		require.ErrorContains(t, shape, fmt.Sprintf("want tokens that are whole numbers from 0 to 2, got %v", token))
	}
	got := layers.Apply(e, set.Of(1, []float32{2, 0, 1}))
	require.Equal(t, append(append(slices.Clone(e.Table.Data[4:]), e.Table.Data[:2]...), e.Table.Data[2:4]...), got.Values)
}

// Defaults are those that the fields name.
func TestConfigDefaults(t *testing.T) {
	m := layers.NewSetTransformer(layers.Config{In: 2, Out: 3, Dim: 8}, rand.New(rand.NewPCG(1, 2)))
	require.Len(t, m.Encoder, 2)
	assert.IsType(t, &layers.SAB{}, m.Encoder[0])
	assert.Equal(t, 1, m.Pool.Seeds.Rows)
	assert.Equal(t, 4, m.Pool.Write.Attn.Heads)
	assert.InDelta(t, 1/math.Sqrt(8), float64(m.Pool.Write.Attn.Scale), 1e-7, "the square root of the full width")
	assert.Empty(t, m.Decoder)
	assert.Nil(t, m.Input)

	h := layers.NewSAB(2, layers.Block{Dim: 8, Heads: 2, Scale: layers.ScaleHead}, rand.New(rand.NewPCG(1, 2)))
	assert.InDelta(t, 0.5, float64(h.Read.Attn.Scale), 1e-7)
}

// FuzzConfig refuses or builds what a file may hold, in bounded memory.
func FuzzConfig(f *testing.F) {
	f.Add([]byte(`{"in":3,"out":4,"dim":8}`))
	f.Add([]byte(`{"in":3,"out":40,"dim":64,"heads":8,"hidden":128,"norm":"pre","scale":"head","dropout":0.25,"fourier":3,"blocks":4,"inducing":16,"seeds":2,"decoder":1}`))
	f.Add([]byte(`{"in":65536,"out":65536,"dim":65536}`))
	f.Add([]byte(`{"in":-1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var c layers.Config
		if json.Unmarshal(text, &c) != nil || c.Validate() != nil {
			return
		}
		if float64(c.Dim)*float64(c.Dim+c.In*(1+2*c.Fourier)+c.Out+c.Hidden+c.Inducing+c.Seeds)*float64(c.Blocks+c.Decoder+3) > 1e6 {
			return // within the limits, but slow
		}
		m, err := c.New(rand.New(rand.NewPCG(1, 2)))
		if err != nil {
			t.Fatal(err)
		}
		y := layers.Apply(m, set.New(c.In, 2, 0))
		if y.Dim != c.Out || y.Sets() != 2 || y.Validate() != nil {
			t.Fatalf("%d sets of width %d", y.Sets(), y.Dim)
		}
		for _, x := range y.Values {
			if math.IsNaN(float64(x)) {
				t.Fatal("not a number")
			}
		}
	})
}

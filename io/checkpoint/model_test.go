package checkpoint_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/set/grad"
)

// What is no model, or one whose parameters cannot be told apart, is refused by
// all that goes by the names of parameters, before anything is written or
// changed.
func TestModelsRefused(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	linear := func() *layers.Linear { return layers.NewLinear(3, 2, rng) }
	type twice struct {
		A *layers.Linear `param:"x"`
		B *layers.Linear `param:"x"`
	}
	short := linear()
	short.Weight.Data = short.Weight.Data[:5]
	hidden := struct{ l *layers.Linear }{linear()}

	dir := t.TempDir()
	good := filepath.Join(dir, "good.safetensors")
	require.NoError(t, checkpoint.Save(good, linear(), checkpoint.Contents{Best: map[string][]float32{}}))
	f, err := checkpoint.Open(good, tensor.Limits{})
	require.NoError(t, err)
	for _, c := range []struct {
		model any
		want  string
	}{
		{nil, "want a model with parameters, got none"},
		{layers.ReLU, "want a model with parameters, got none"},
		{&layers.Linear{}, "want a model with parameters, got none"},
		{hidden, "they are found in exported fields"},
		{grad.NewParam(3, 2), "want a model with parameters in its fields, got a parameter by itself, which has no name"},
		{twice{linear(), linear()}, `want a name for each parameter, got "x.Weight" twice`},
		{short, "Weight: want the 3 x 2 numbers of a parameter, got 5"},
	} {
		name := filepath.Join(dir, "bad.safetensors")
		assert.ErrorContains(t, checkpoint.Save(name, c.model, checkpoint.Contents{}), "checkpoint: "+name+": ")
		assert.NoFileExists(t, name)
		_, best := f.Best(c.model)
		_, load := checkpoint.LoadTorch(map[string]*tensor.Tensor{}, c.model)
		_, give := checkpoint.ToTorch(c.model, nil)
		for _, err := range []error{checkpoint.Save(name, c.model, checkpoint.Contents{}), f.Load(c.model), best, load, give} {
			assert.ErrorContains(t, err, c.want)
		}
		for _, err := range []error{f.Load(c.model), best} {
			assert.ErrorContains(t, err, good)
		}
	}
}

// A model that is itself what PyTorch lacks is called the model.
func TestModelWithoutAName(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	before := layers.Block{Dim: 8, Norm: layers.NormPre}
	for want, model := range map[string]any{
		"the model: want a layer norm, got a set norm":                                  layers.NewSetNorm(3),
		"the model: want layers whose weights PyTorch arranges alike":                   layers.NewConv(1, 1, 1, 1, 1, rng),
		"the model: want a block as the authors' code has it: norms after or none":      layers.NewMAB(8, 8, before, rng),
		"the model: want a model as the authors' code has it, without features":         layers.NewSetTransformer(layers.Config{In: 1, Out: 1, Dim: 4, Fourier: 1}, rng),
		"the model: want a block with attention and a feed-forward part, got nil":       &layers.MAB{Norm1: layers.NewNorm(3)},
		`"Read": want a block as the authors' code has it: norms after or none, and no`: layers.NewSAB(8, before, rng),
	} {
		_, err := checkpoint.LoadTorch(map[string]*tensor.Tensor{}, model)
		assert.ErrorContains(t, err, "checkpoint: torch: "+want)
		_, err = checkpoint.ToTorch(model, nil)
		assert.ErrorContains(t, err, "checkpoint: torch: "+want)
	}
}

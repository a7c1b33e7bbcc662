package checkpoint_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/attention"
	"setwise/set"
	"setwise/set/grad"
)

// same requires tensors to be equal: names, types, shapes and bits.
func same(t *testing.T, want, got map[string]*tensor.Tensor) {
	t.Helper()
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
	digest := func(tensors map[string]*tensor.Tensor) string {
		d, err := (&tensor.File{Tensors: tensors}).Digest("")
		require.NoError(t, err)
		return d
	}
	for name := range want {
		require.Equal(t, want[name].String(), got[name].String(), name)
	}
	require.Equal(t, digest(want), digest(got))
}

// TestToTorch takes the weights of every reference file, which PyTorch wrote,
// and gives them back, also by way of a file, and into a model of one's own.
func TestToTorch(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(references, "*.pt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := reference(t, filepath.Base(file))
			model, params, err := checkpoint.FromTorch(want, checkpoint.Torch{})
			require.NoError(t, err)
			got, err := checkpoint.ToTorch(model, params)
			require.NoError(t, err)
			same(t, want, got)

			for name, write := range map[string]func(string, *tensor.File) error{"w.safetensors": tensor.WriteFile, "w.pt": tensor.WritePTFile} {
				name = filepath.Join(t.TempDir(), name)
				require.NoError(t, write(name, &tensor.File{Tensors: got}))
				f, err := tensor.Open(name, tensor.Limits{})
				require.NoError(t, err)
				same(t, want, f.Tensors)
			}

			if strings.HasPrefix(filepath.Base(file), "deep_sets") {
				return // its Stack does not tell where its decoder begins
			}
			got, err = checkpoint.ToTorch(model, nil)
			require.NoError(t, err)
			same(t, want, got)

			before := bits(model)
			for _, p := range layers.List(model) {
				clear(p.Data)
			}
			found, err := checkpoint.LoadTorch(want, model)
			require.NoError(t, err)
			assert.Empty(t, found.String())
			assert.Equal(t, before, bits(model))
		})
	}
}

// A model of ours becomes one of the authors' code, and comes back the same.
func TestSetTransformerToTorch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	m := layers.NewSetTransformer(layers.Config{In: 3, Out: 4, Dim: 8, Inducing: 5, Decoder: 2, Seeds: 2, Norm: layers.NormPost}, rng)
	w, err := checkpoint.ToTorch(m, nil)
	require.NoError(t, err)
	assert.Equal(t, "F32 [1 5 8]", w["enc.1.I"].String())
	assert.Equal(t, "F32 [4 8]", w["dec.3.weight"].String())
	assert.Equal(t, "F32 [8]", w["dec.2.mab.ln1.bias"].String())
	again, _, err := checkpoint.FromTorch(w, checkpoint.Torch{})
	require.NoError(t, err)
	x := set.Of(3, []float32{0, 1, 1, 0, 1, 1})
	assert.Equal(t, layers.Apply(m, x).Values, layers.Apply(again, x).Values)
}

// net is a model of a user's own.
type net struct {
	FcIn      *layers.Linear
	LayerNorm layers.Norm
	Out       *layers.Linear `param:"head"`
	Words     *layers.Embedding
	Mixing    *grad.Param
	Scale     *grad.Param
}

func newNet() *net {
	rng := rand.New(rand.NewPCG(1, 2))
	return &net{
		layers.NewLinear(3, 4, rng), *layers.NewNorm(4), layers.NewLinear(4, 4, rng), layers.NewEmbedding(5, 2, rng),
		grad.Normal(2, 2, 1, rng), grad.Normal(1, 3, 1, rng),
	}
}

func TestNamesInPyTorch(t *testing.T) {
	m := newNet()
	w, err := checkpoint.ToTorch(m, nil)
	require.NoError(t, err)
	got := map[string]string{}
	for name, x := range w {
		got[name] = x.String()
	}
	assert.Equal(t, map[string]string{
		"fc_in.weight": "F32 [4 3]", "fc_in.bias": "F32 [4]", "layer_norm.weight": "F32 [4]", "layer_norm.bias": "F32 [4]",
		"head.weight": "F32 [4 4]", "head.bias": "F32 [4]", "words.weight": "F32 [5 2]", "mixing": "F32 [2 2]", "scale": "F32 [1 3]",
	}, got)
	values, err := w["head.weight"].Float32s()
	require.NoError(t, err)
	assert.Equal(t, m.Out.Weight.Data[1], values[4], "transposed, though square")
	values, err = w["mixing"].Float32s()
	require.NoError(t, err)
	assert.Equal(t, m.Mixing.Data, values, "as it is")

	w["Layernorm.weight"] = w["layer_norm.weight"]
	delete(w, "layer_norm.weight")
	w["scale"].Shape = []int{3}
	before := bits(m)
	for _, p := range layers.List(m) {
		clear(p.Data)
	}
	_, err = checkpoint.LoadTorch(w, m)
	require.NoError(t, err)
	assert.Equal(t, before, bits(m))
}

// A Linear(3, 2) as Lightning, data parallelism, torch.compile and others save
// it, by itself and beside other things.
func TestLoadTorchFinds(t *testing.T) {
	f, err := tensor.Open(filepath.Join("testdata", "pt-lightning.pt"), tensor.Limits{})
	require.NoError(t, err)
	linear := func() *layers.Linear { return &layers.Linear{Weight: grad.NewParam(3, 2), Bias: grad.NewParam(1, 2)} }
	m := linear()
	found, err := checkpoint.LoadTorch(f.Tensors, m)
	require.NoError(t, err)
	assert.Equal(t, `took the weights below "state_dict.model."`, found.String())
	assert.Equal(t, []float32{0, 3, 1, 4, 2, 5}, m.Weight.Data)
	assert.Equal(t, []float32{1, 2}, m.Bias.Data)

	weight, bias := f.Tensors["state_dict.model.weight"], f.Tensors["state_dict.model.bias"]
	with := func(prefix string, more ...string) map[string]*tensor.Tensor {
		w := map[string]*tensor.Tensor{prefix + "weight": weight, prefix + "bias": bias}
		for _, name := range more {
			w[name] = tensor.Of([]float32{1})
		}
		return w
	}
	for want, w := range map[string]map[string]*tensor.Tensor{
		"":                                 with(""),
		`took the weights below "module."`: with("module."),
		`took the weights below "_orig_mod.module."`:    with("_orig_mod.module."),
		`took the weights below "model_state_dict.fc."`: with("model_state_dict.fc."),
		`took the weights below "anything."`:            with("anything."),
		`took the weights below "0."`:                   with("0."),
		`left out 1 tensors: optimizer.state.0.exp_avg`: with("", "optimizer.state.0.exp_avg"),
		`took the weights below "model."; left out 2 tensors: callbacks.best, optimizer_states.0.state.0.step`: with("model.", "optimizer_states.0.state.0.step", "callbacks.best"),
		`took the weights below "state_dict."; left out 1 tensors: ema.weight`:                                 with("state_dict.", "ema.weight"),
		`took the weights below "state_dict.net._orig_mod."; left out 1 tensors: x`:                            with("state_dict.net._orig_mod.", "x"),
		`rounded 1 from float64: weight`:                                        {"weight": tensor.Of(make([]float64, 6), 2, 3), "bias": bias},
		`took the weights below "model."; rounded 1 from float64: model.weight`: {"model.weight": tensor.Of(make([]float64, 6), 2, 3), "model.bias": bias},
	} {
		m := linear()
		found, err := checkpoint.LoadTorch(w, m)
		require.NoError(t, err, want)
		assert.Equal(t, want, found.String())
		assert.Equal(t, []float32{1, 2}, m.Bias.Data, want)
	}

	wrapped := struct{ Model *layers.Linear }{linear()}
	found, err = checkpoint.LoadTorch(f.Tensors, wrapped)
	require.NoError(t, err)
	assert.Equal(t, "state_dict.", found.Prefix, "what the model itself calls model stays")
	sequence := layers.Stack{linear(), layers.ReLU}
	_, err = checkpoint.LoadTorch(with("0."), sequence)
	require.NoError(t, err)

	inside, found := checkpoint.StateDict(f.Tensors)
	assert.Equal(t, []string{"bias", "weight"}, slices.Sorted(maps.Keys(inside)))
	assert.Equal(t, "state_dict.model.", found.Prefix)
	_, _, err = checkpoint.FromTorch(f.Tensors, checkpoint.Torch{})
	assert.EqualError(t, err, `checkpoint: torch: want weights called enc.* and dec.*, or I, S, mab.* or weight, got 2 others: state_dict.model.bias, state_dict.model.weight; StateDict says: took the weights below "state_dict.model."`)
	_, _, err = checkpoint.FromTorch(inside, checkpoint.Torch{})
	assert.NoError(t, err)
}

// What does not fit is said, and the model stays as it was.
func TestLoadTorchRefuses(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	type weights = map[string]*tensor.Tensor
	nan := []float32{0, 1, 2, 3, float32(math.NaN()), 5}
	for want, w := range map[string]weights{
		"2 missing: bias, weight":                                               {},
		"torch: want the parameters of the model: 1 missing: bias":              {"weight": zeros(2, 3)},
		"1 left over: running_mean":                                             {"weight": zeros(2, 3), "bias": zeros(2), "running_mean": zeros(2)},
		"2 missing: bias, weight; 3 left over: model.bias, model.weight, other": {"model.weight": zeros(2, 3), "model.bias": zeros(2), "other": zeros(2)},
		`torch: took the weights below "state_dict."; left out 1 tensors: x: want the parameters of the model: 1 missing: bias`: {"state_dict.weight": zeros(2, 3), "x": zeros(2)},
		"1 of another shape: weight (want [2 3], got F32 [3 2])":                                                                {"weight": zeros(3, 2), "bias": zeros(2)},
		"1 of another shape: bias (want [2], got F32 [3])":                                                                      {"weight": zeros(2, 3), "bias": zeros(3)},
		"weight: tensor: want floating-point numbers, got I64":                                                                  {"weight": tensor.Of(make([]int64, 6), 2, 3), "bias": zeros(2)},
		"weight: want finite numbers, got NaN in row 1, column 1":                                                               {"weight": tensor.Of(nan, 2, 3), "bias": zeros(2)},
		"weight: want finite numbers, got +Inf in row 0, column 0":                                                              {"weight": tensor.Of([]float64{1e300, 0, 0, 0, 0, 0}, 2, 3), "bias": zeros(2)},
		`want names that differ by more than case and underscores, got "Weight" and "weight"`:                                   {"weight": zeros(2, 3), "Weight": zeros(2, 3), "bias": zeros(2)},
	} {
		m := layers.NewLinear(3, 2, rng)
		before := bits(m)
		_, err := checkpoint.LoadTorch(w, m)
		assert.ErrorContains(t, err, want)
		assert.Equal(t, before, bits(m), want)
	}
	for want, model := range map[string]any{
		"Inner": struct{ Inner *layers.Norm }{layers.NewSetNorm(3)},
		`"0": want layers whose weights PyTorch arranges alike, got a convolution`: layers.Stack{layers.NewConv(2, 2, 1, 1, 1, rng)},
		"norms after or none":           layers.NewSAB(8, layers.Block{Dim: 8, Norm: layers.NormPre}, rng),
		"no hidden layer":               layers.NewSAB(8, layers.Block{Dim: 8, Hidden: 3}, rng),
		"square root of the width":      layers.NewSAB(8, layers.Block{Dim: 8, Scale: layers.ScaleHead}, rng),
		"full attention, got":           layers.NewSAB(8, layers.Block{Dim: 8, Mechanism: attention.Sparse{}}, rng),
		"without features of the input": layers.NewSetTransformer(layers.Config{In: 1, Out: 1, Dim: 4, Fourier: 1}, rng),
		"twice": struct {
			A *grad.Param `param:"x"`
			B *grad.Param `param:"x"`
		}{grad.NewParam(1, 1), grad.NewParam(1, 1)},
	} {
		_, err := checkpoint.LoadTorch(map[string]*tensor.Tensor{}, model)
		assert.ErrorContains(t, err, want)
		_, err = checkpoint.ToTorch(model, nil)
		assert.ErrorContains(t, err, want)
	}

	m := layers.NewLinear(3, 2, rng)
	_, err := checkpoint.ToTorch(m, map[string]*grad.Param{"weight": m.Weight})
	assert.ErrorContains(t, err, `"Bias": want a name for it in PyTorch, got none`)
	_, err = checkpoint.ToTorch(m, map[string]*grad.Param{"weight": m.Weight, "bias": m.Bias, "more": m.Bias})
	assert.ErrorContains(t, err, "want a parameter of the model, and each once")
	m.Bias.Data[1] = float32(math.Inf(1))
	_, err = checkpoint.ToTorch(m, nil)
	assert.ErrorContains(t, err, "bias: want finite numbers, got +Inf in row 0, column 1")
}

package checkpoint_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
)

// model returns a model whose parameters follow from the seed.
func model(seed uint64) layers.Stack {
	rng := rand.New(rand.NewPCG(seed, 0))
	return layers.Stack{layers.NewISAB(2, 3, layers.Block{Dim: 8, Norm: layers.NormPost}, rng), layers.NewPMA(1, layers.Block{Dim: 8}, rng), layers.NewLinear(8, 2, rng)}
}

// bits returns all parameters of a model, exactly.
func bits(m any) []uint32 {
	var all []uint32
	for _, p := range layers.List(m) {
		for _, x := range p.Data {
			all = append(all, math.Float32bits(x))
		}
	}
	return all
}

// saved saves a model to a new file and opens it.
func saved(t *testing.T, m any, c checkpoint.Contents) *checkpoint.File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "m.safetensors")
	require.NoError(t, checkpoint.Save(name, m, c))
	f, err := checkpoint.Open(name, tensor.Limits{})
	require.NoError(t, err)
	return f
}

func TestParametersComeBackBitForBit(t *testing.T) {
	a, b := model(1), model(2)
	odd := layers.List(a)[0].Data
	odd[0], odd[1], odd[2] = float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32, float32(math.NaN())
	require.NoError(t, saved(t, a, checkpoint.Contents{}).Load(b))
	assert.Equal(t, bits(a), bits(b))
	layers.List(a)[0].Data[0] = 5
	assert.NotEqual(t, bits(a), bits(b), "memory should not be shared")
}

func TestContentsComeBack(t *testing.T) {
	m := model(1)
	params := layers.List(m)
	first := make([][]float32, len(params))
	best := make([][]float32, len(params))
	for i, p := range params {
		best[i] = slices.Clone(p.Data)
		if i != 2 {
			first[i] = slices.Repeat([]float32{float32(i)}, len(p.Data))
		}
	}
	type progress struct {
		Epoch     int
		Generator []byte
	}
	pcg := rand.NewPCG(3, 4)
	pcg.Uint64()
	state, err := pcg.MarshalBinary()
	require.NoError(t, err)
	f := saved(t, m, checkpoint.Contents{
		Config:    layers.Config{In: 2, Norm: layers.NormPost},
		Progress:  progress{7, state},
		Optimizer: &optim.State{Step: 70, Moments: map[string][][]float32{"first": first, "second": nil}},
		Best:      best,
	})

	var config layers.Config
	require.NoError(t, f.Config(&config))
	assert.Equal(t, layers.Config{In: 2, Norm: layers.NormPost}, config)
	var p progress
	require.NoError(t, f.Progress(&p))
	assert.Equal(t, 7, p.Epoch)
	var again rand.PCG
	require.NoError(t, again.UnmarshalBinary(p.Generator))
	assert.Equal(t, pcg.Uint64(), again.Uint64())

	s, err := f.Optimizer(m)
	require.NoError(t, err)
	assert.Equal(t, 70, s.Step)
	assert.Equal(t, first, s.Moments["first"])
	assert.Equal(t, make([][]float32, len(params)), s.Moments["second"])
	assert.NoError(t, (&optim.AdamW{}).SetState(params, s))
	got, err := f.Best(m)
	require.NoError(t, err)
	assert.Equal(t, best, got)
}

func TestFilesOfNothing(t *testing.T) {
	m := model(1)
	f := saved(t, m, checkpoint.Contents{})
	var v any
	assert.ErrorContains(t, f.Config(&v), `m.safetensors: metadata: want "config", got none`)
	assert.ErrorContains(t, f.Progress(&v), `metadata: want "progress", got none`)
	_, err := f.Optimizer(m)
	assert.ErrorContains(t, err, `metadata: want optimizer.step to be a number, got ""`)
	best, err := f.Best(m)
	assert.NoError(t, err)
	assert.Nil(t, best)
}

// TestLoadIsStrict breaks a file in every way at once.
func TestLoadIsStrict(t *testing.T) {
	name := filepath.Join(t.TempDir(), "m.safetensors")
	a := model(1)
	require.NoError(t, checkpoint.Save(name, a, checkpoint.Contents{}))
	f, err := tensor.Open(name, tensor.Limits{})
	require.NoError(t, err)
	delete(f.Tensors, "2.Bias")
	delete(f.Tensors, "0.Inducing")
	f.Tensors["3.Weight"] = tensor.Of([]float32{1})
	f.Tensors["2.Weight"].Shape = []int{2, 8}
	f.Tensors["1.Seeds"] = tensor.Of(make([]float64, 8), 1, 8)
	f.Tensors["1.Write.FF.In.Bias"].Shape = []int{8}
	require.NoError(t, tensor.WriteFile(name, f))

	b := model(2)
	before := bits(b)
	c, err := checkpoint.Open(name, tensor.Limits{})
	require.NoError(t, err)
	err = c.Load(b)
	var mismatch *checkpoint.MismatchError
	require.True(t, errors.As(err, &mismatch), "%v", err)
	assert.Equal(t, &checkpoint.MismatchError{
		File:    name,
		Missing: []string{"0.Inducing", "2.Bias"},
		Extra:   []string{"3.Weight"},
		Shapes: []string{
			"1.Seeds (want F32 [1 8], got F64 [1 8])",
			"1.Write.FF.In.Bias (want F32 [1 8], got F32 [8])",
			"2.Weight (want F32 [8 2], got F32 [2 8])",
		},
	}, mismatch)
	assert.Equal(t, before, bits(b), "a failed load should change nothing")
}

func TestMismatchErrorsAreShort(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprint("p", i))
	}
	err := &checkpoint.MismatchError{File: "f", Extra: names}
	assert.EqualError(t, err, "checkpoint: f: want the parameters of the model: 1000 left over: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, ...")
}

func TestOptimizerAndBestAreStrict(t *testing.T) {
	m := model(1)
	params := layers.List(m)
	all := make([][]float32, len(params))
	for i, p := range params {
		all[i] = p.Data
	}
	name := filepath.Join(t.TempDir(), "m.safetensors")
	for what, c := range map[string]struct {
		spoil      func(*tensor.File)
		state, win string
	}{
		"left over moment": {func(f *tensor.File) { f.Tensors["optimizer/first/x"] = tensor.Of([]float32{1}) }, "1 left over: optimizer/first/x", ""},
		"left over best":   {func(f *tensor.File) { f.Tensors["best/x"] = tensor.Of([]float32{1}) }, "", "1 left over: best/x"},
		"missing best":     {func(f *tensor.File) { delete(f.Tensors, "best/2.Bias") }, "", "1 missing: best/2.Bias"},
		"shapes": {func(f *tensor.File) {
			f.Tensors["optimizer/first/2.Bias"].Shape = []int{2, 1}
			f.Tensors["best/2.Bias"].Shape = []int{2, 1}
		}, "optimizer/first/2.Bias (want F32 [1 2], got F32 [2 1])", "best/2.Bias (want F32 [1 2], got F32 [2 1])"},
		"step":          {func(f *tensor.File) { f.Metadata["optimizer.step"] = "many" }, `want optimizer.step to be a number, got "many"`, ""},
		"negative step": {func(f *tensor.File) { f.Metadata["optimizer.step"] = "-1" }, `got "-1"`, ""},
	} {
		require.NoError(t, checkpoint.Save(name, m, checkpoint.Contents{
			Optimizer: &optim.State{Step: 1, Moments: map[string][][]float32{"first": all}}, Best: all,
		}))
		raw, err := tensor.Open(name, tensor.Limits{})
		require.NoError(t, err)
		c.spoil(raw)
		require.NoError(t, tensor.WriteFile(name, raw))
		f, err := checkpoint.Open(name, tensor.Limits{})
		require.NoError(t, err)
		assert.NoError(t, f.Load(m), what)
		for want, err := range map[string]error{
			c.state: second(f.Optimizer(m)),
			c.win:   second(f.Best(m)),
		} {
			if want != "" {
				assert.ErrorContains(t, err, want, what)
			} else {
				assert.NoError(t, err, what)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestSaveRefuses(t *testing.T) {
	m := model(1)
	name := filepath.Join(t.TempDir(), "m.safetensors")
	type named struct {
		P *grad.Param `param:"best/w"`
	}
	for want, err := range map[string]error{
		"m.safetensors: progress: json: unsupported value: NaN":                            checkpoint.Save(name, m, checkpoint.Contents{Progress: math.NaN()}),
		"m.safetensors: want best weights of 36 parameters, got 1":                         checkpoint.Save(name, m, checkpoint.Contents{Best: [][]float32{nil}}),
		"m.safetensors: want optimizer/first of 36 parameters, got 2":                      checkpoint.Save(name, m, checkpoint.Contents{Optimizer: &optim.State{Moments: map[string][][]float32{"first": {nil, nil}}}}),
		`parameter "best/w": want a name that does not begin with optimizer/ or best/`:     checkpoint.Save(name, named{grad.NewParam(1, 1)}, checkpoint.Contents{}),
		"checkpoint: safetensors: " + filepath.Join(filepath.Dir(name), "none", "m.safet"): checkpoint.Save(filepath.Join(filepath.Dir(name), "none", "m.safetensors"), m, checkpoint.Contents{}),
	} {
		assert.ErrorContains(t, err, want)
	}
	_, err := os.Stat(name)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestOpenRefusesOtherFiles(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.safetensors")
	require.NoError(t, tensor.WriteFile(plain, &tensor.File{Metadata: map[string]string{"format": "pt"}}))
	broken := filepath.Join(dir, "broken.safetensors")
	require.NoError(t, tensor.WriteFile(broken, &tensor.File{Metadata: map[string]string{"format": "setwise 1", "config": "{"}}))
	for name, want := range map[string]string{
		plain:                         `plain.safetensors: metadata: want format "setwise 1", got "pt"`,
		references + "/pma.pt":        `pma.pt: metadata: want format "setwise 1", got ""`,
		filepath.Join(dir, "missing"): "no such file",
	} {
		_, err := checkpoint.Open(name, tensor.Limits{})
		assert.ErrorContains(t, err, want)
	}
	f, err := checkpoint.Open(broken, tensor.Limits{})
	require.NoError(t, err)
	var v any
	assert.ErrorContains(t, f.Config(&v), "broken.safetensors: metadata: config: unexpected end of JSON input")
}

// TestTrainingGoesOnBitForBit stops a training after every step, goes on from
// the file, and expects the weights of a training that was not stopped.
func TestTrainingGoesOnBitForBit(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	var examples []train.Labelled
	for i := range 20 {
		b := set.New(2, 1+rng.IntN(5))
		for j := range b.Values {
			b.Values[j] = rng.Float32() + float32(i%2)
		}
		examples = append(examples, train.Labelled{Set: b, Class: i % 2})
	}
	options := func(m layers.Layer) train.Options {
		return train.Options{Epochs: 2, Batch: 6, Seed: 5, Every: 1, Validate: func() (float64, error) {
			return train.Evaluate(train.Classification(m), examples[:5], 5), nil
		}}
	}
	whole := model(1)
	require.NoError(t, train.Fit(context.Background(), whole, examples, train.Classification(whole), options(whole)))

	name := filepath.Join(t.TempDir(), "part.safetensors")
	killed := errors.New("killed")
	runs := 0
	for done := false; !done; runs++ {
		require.Less(t, runs, 20)
		m := model(uint64(1 + runs)) // what it begins with must not matter later
		o := options(m)
		o.Checkpoint = func(s train.State) error {
			if err := checkpoint.Save(name, m, checkpoint.Contents{Progress: s, Optimizer: &s.Optimizer, Best: s.Weights}); err != nil {
				return err
			}
			return killed
		}
		if runs > 0 {
			f, err := checkpoint.Open(name, tensor.Limits{})
			require.NoError(t, err)
			var s train.State
			require.NoError(t, f.Progress(&s))
			require.Equal(t, runs, s.Step)
			s.Optimizer, err = f.Optimizer(m)
			require.NoError(t, err)
			s.Weights, err = f.Best(m)
			require.NoError(t, err)
			require.NoError(t, f.Load(m))
			o.Resume = &s
		}
		err := train.Fit(context.Background(), m, examples, train.Classification(m), o)
		if done = !errors.Is(err, killed); done {
			require.NoError(t, err)
			assert.Equal(t, bits(whole), bits(m))
		}
	}
	assert.Equal(t, 9, runs, "eight steps, each stopped, and the end")
}

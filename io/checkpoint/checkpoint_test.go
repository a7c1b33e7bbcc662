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
	odd[0], odd[1], odd[2] = float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32, math.MaxFloat32
	require.NoError(t, saved(t, a, checkpoint.Contents{}).Load(b))
	assert.Equal(t, bits(a), bits(b))
	layers.List(a)[0].Data[0] = 5
	assert.NotEqual(t, bits(a), bits(b), "memory should not be shared")
}

func TestContentsComeBack(t *testing.T) {
	m := model(1)
	params := layers.List(m)
	first, best := map[string][]float32{}, weights(m)
	for i, p := range params {
		if i != 2 {
			first[names(m)[i]] = slices.Repeat([]float32{float32(i)}, len(p.Data))
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
		Optimizer: &optim.State{Step: 70, Moments: map[string]map[string][]float32{"first": first, "second": first}},
		Best:      best,
		Average:   first,
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
	assert.Equal(t, first, s.Moments["second"])
	assert.NoError(t, (&optim.AdamW{}).SetState(layers.Weights(m, nil, nil), s))
	got, err := f.Best(m)
	require.NoError(t, err)
	assert.Equal(t, best, got)
	got, err = f.Average(m)
	require.NoError(t, err)
	assert.Equal(t, first, got)
}

// A file of 30 kB that claims a width of 3,900 is refused before a model of
// that width is made.
func TestFits(t *testing.T) {
	config := layers.Config{In: 3, Out: 12, Dim: 16, Inducing: 4}
	rng := rand.New(rand.NewPCG(1, 2))
	m := layers.NewSetTransformer(config, rng)
	c := checkpoint.Contents{Config: config, Best: weights(m)}
	require.NoError(t, saved(t, m, c).Fits(config.Count()))

	config.Dim = 3900
	c.Config = config
	f := saved(t, m, c)
	var claimed layers.Config
	require.NoError(t, f.Config(&claimed))
	require.NoError(t, claimed.Validate())
	assert.ErrorContains(t, f.Fits(claimed.Count()), fmt.Sprintf("m.safetensors: want the %d numbers of the model that it describes, got %d", claimed.Count(), layers.Count(m)))
}

// weights returns copies of the parameters of a model, by name.
func weights(m any) map[string][]float32 {
	all := map[string][]float32{}
	for name, p := range layers.Params(m) {
		all[name] = slices.Clone(p.Data)
	}
	return all
}

func TestFilesOfNothing(t *testing.T) {
	m := model(1)
	f := saved(t, m, checkpoint.Contents{})
	var v any
	assert.ErrorContains(t, f.Config(&v), `m.safetensors: metadata: want "config", got none`)
	assert.ErrorContains(t, f.Progress(&v), `metadata: want "progress", got none`)
	_, err := f.Optimizer(m)
	assert.ErrorContains(t, err, `metadata: want optimizer.step, got none: no optimizer was saved`)
	for _, of := range []func(any) (map[string][]float32, error){f.Best, f.Average} {
		none, err := of(m)
		assert.NoError(t, err)
		assert.Nil(t, none)
	}
}

// reseal writes a file that was changed, with the checksum of what it holds now.
func reseal(t *testing.T, name string, f *tensor.File) {
	t.Helper()
	var err error
	f.Metadata["checksum"], err = f.Digest("checksum")
	require.NoError(t, err)
	require.NoError(t, tensor.WriteFile(name, f))
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
	reseal(t, name, f)

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

// names returns those of the parameters of a model.
func names(m any) (all []string) {
	for name := range layers.Params(m) {
		all = append(all, name)
	}
	return all
}

// Parameters that are not finite numbers are refused, and the model stays.
func TestLoadRefusesNaN(t *testing.T) {
	name := filepath.Join(t.TempDir(), "m.safetensors")
	for what, x := range map[string]float32{"NaN": float32(math.NaN()), "+Inf": float32(math.Inf(1)), "-Inf": float32(math.Inf(-1))} {
		require.NoError(t, checkpoint.Save(name, model(1), checkpoint.Contents{}))
		raw, err := tensor.Open(name, tensor.Limits{})
		require.NoError(t, err)
		weight, err := raw.Tensors["2.Weight"].Float32s()
		require.NoError(t, err)
		weight[5] = x
		raw.Tensors["2.Weight"] = tensor.Of(weight, 8, 2)
		reseal(t, name, raw)
		f, err := checkpoint.Open(name, tensor.Limits{})
		require.NoError(t, err)
		b := model(2)
		before := bits(b)
		assert.EqualError(t, f.Load(b), "checkpoint: "+name+": 2.Weight: want finite numbers, got "+what+" in row 2, column 1")
		assert.Equal(t, before, bits(b))
	}
}

func TestMismatchErrorsAreShort(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprint("p", i))
	}
	err := &checkpoint.MismatchError{File: "f", Extra: names}
	assert.EqualError(t, err, "checkpoint: f: want the parameters of the model: 1000 left over: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, ...")
}

func second[T any](_ T, err error) error { return err }

func TestSaveRefuses(t *testing.T) {
	m := model(1)
	name := filepath.Join(t.TempDir(), "m.safetensors")
	params := layers.List(m)
	many := weights(m)
	many[names(m)[1]] = many[names(m)[1]][:1]
	wrong := weights(m)
	wrong[names(m)[2]][3] = float32(math.Inf(-1))
	nan := model(2)
	nan[2].(*layers.Linear).Weight.Data[3] = float32(math.NaN())
	type named struct {
		P *grad.Param `param:"best/w"`
	}
	for want, err := range map[string]error{
		"m.safetensors: 2.Weight: want finite numbers, got NaN in row 1, column 1":                      checkpoint.Save(name, nan, checkpoint.Contents{}),
		fmt.Sprintf("m.safetensors: best/%s: want %d numbers, got 1", names(m)[1], len(params[1].Data)): checkpoint.Save(name, m, checkpoint.Contents{Best: many}),
		"want finite numbers, got -Inf in row 0, column 3":                                              checkpoint.Save(name, m, checkpoint.Contents{Optimizer: &optim.State{Moments: map[string]map[string][]float32{"first": wrong}}}),
		"want a step of the optimizer from 0, got -1":                                                   checkpoint.Save(name, m, checkpoint.Contents{Optimizer: &optim.State{Step: -1}}),
		`want names of moments without a slash, got "a/b"`:                                              checkpoint.Save(name, m, checkpoint.Contents{Optimizer: &optim.State{Moments: map[string]map[string][]float32{"a/b": nil}}}),
		"m.safetensors: progress: json: unsupported value: NaN":                                         checkpoint.Save(name, m, checkpoint.Contents{Progress: math.NaN()}),
		`m.safetensors: best/: want a parameter of the model, got "x"`:                                  checkpoint.Save(name, m, checkpoint.Contents{Best: map[string][]float32{"x": nil}}),
		`m.safetensors: optimizer/first/: want a parameter of the model, got "x"`:                       checkpoint.Save(name, m, checkpoint.Contents{Optimizer: &optim.State{Moments: map[string]map[string][]float32{"first": {"x": nil}}}}),
		`parameter "best/w": want a name that does not begin with optimizer/, best/ or average/`:        checkpoint.Save(name, named{grad.NewParam(1, 1)}, checkpoint.Contents{}),
		"checkpoint: safetensors: " + filepath.Join(filepath.Dir(name), "none", "m.safet"):              checkpoint.Save(filepath.Join(filepath.Dir(name), "none", "m.safetensors"), m, checkpoint.Contents{}),
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
	old := filepath.Join(dir, "old.safetensors")
	require.NoError(t, tensor.WriteFile(old, &tensor.File{Metadata: map[string]string{"format": "setwise 1"}}))
	bare := filepath.Join(dir, "bare.safetensors")
	require.NoError(t, tensor.WriteFile(bare, &tensor.File{Metadata: map[string]string{"format": "setwise 2"}}))
	broken := filepath.Join(dir, "broken.safetensors")
	reseal(t, broken, &tensor.File{Metadata: map[string]string{"format": "setwise 2", "config": "{"}})
	for name, want := range map[string]string{
		plain:                         `plain.safetensors: metadata: want format "setwise 2", got "pt"`,
		old:                           `old.safetensors: metadata: want format "setwise 2", got "setwise 1"`,
		bare:                          `bare.safetensors: want contents with the checksum "", got "`,
		references + "/pma.pt":        `pma.pt: metadata: want format "setwise 2" of a checkpoint, got none`,
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
		return train.Options{Epochs: 2, Batch: 6, Seed: 5, Every: 1, Average: 0.9, Validate: func() (float64, error) {
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
			if err := checkpoint.Save(name, m, checkpoint.Contents{Progress: s, Optimizer: &s.Optimizer, Best: s.Weights, Average: s.Average}); err != nil {
				return err
			}
			return killed
		}
		if runs > 0 {
			f, err := checkpoint.Open(name, tensor.Limits{})
			require.NoError(t, err)
			var s train.State
			c, err := f.Resume(m, &s)
			require.NoError(t, err)
			require.Equal(t, runs, s.Step)
			s.Optimizer, s.Weights, s.Average = *c.Optimizer, c.Best, c.Average
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

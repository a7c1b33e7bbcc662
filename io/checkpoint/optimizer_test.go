package checkpoint_test

import (
	"maps"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/optim"
)

// What an optimizer that remembers nothing yet says of it comes back.
func TestOptimizersOfNothing(t *testing.T) {
	m := model(1)
	for _, o := range []optim.Optimizer{&optim.AdamW{}, &optim.SGD{}} {
		state := o.State()
		s, err := saved(t, m, checkpoint.Contents{Optimizer: &state}).Optimizer(m)
		require.NoError(t, err)
		assert.NoError(t, o.SetState(layers.Weights(m, nil, nil), s))
	}
	s, err := saved(t, m, checkpoint.Contents{Optimizer: &optim.State{Step: 9, Moments: map[string]map[string][]float32{"velocity": nil}}}).Optimizer(m)
	require.NoError(t, err)
	assert.NoError(t, (&optim.SGD{}).SetState(layers.Weights(m, nil, nil), s))
}

func TestOptimizerAndBestAreStrict(t *testing.T) {
	m := model(1)
	all := weights(m)
	name := filepath.Join(t.TempDir(), "m.safetensors")
	for what, c := range map[string]struct {
		spoil      func(*tensor.File)
		state, win string
	}{
		"left over moment": {func(f *tensor.File) { f.Tensors["optimizer/first/x"] = tensor.Of([]float32{1}) }, "1 left over: optimizer/first/x", ""},
		"left over best":   {func(f *tensor.File) { f.Tensors["best/x"] = tensor.Of([]float32{1}) }, "", "1 left over: best/x"},
		"missing best":     {func(f *tensor.File) { delete(f.Tensors, "best/2.Bias") }, "", "best: want the 36 tensors that were saved, got 35"},
		"shapes": {func(f *tensor.File) {
			f.Tensors["optimizer/first/2.Bias"].Shape = []int{2, 1}
			f.Tensors["best/2.Bias"].Shape = []int{2, 1}
		}, "optimizer/first/2.Bias (want F32 [1 2], got F32 [2 1])", "best/2.Bias (want F32 [1 2], got F32 [2 1])"},
		"missing moment": {func(f *tensor.File) { delete(f.Tensors, "optimizer/first/2.Bias") }, "optimizer/first: want the 36 tensors that were saved, got 35", ""},
		"renamed moments": {func(f *tensor.File) {
			for name, x := range maps.Clone(f.Tensors) {
				if rest, ok := strings.CutPrefix(name, "optimizer/first/"); ok {
					delete(f.Tensors, name)
					f.Tensors["optimizer/primus/"+rest] = x
				}
			}
		}, "36 left over: optimizer/primus/0.Inducing, ", ""},
		"unknown tensor":             {func(f *tensor.File) { f.Tensors["optimizer/x"] = tensor.Of([]float32{1}) }, "1 left over: optimizer/x", ""},
		"moments that are no number": {func(f *tensor.File) { f.Metadata["optimizer/first"] = "" }, `want optimizer/first to be a number, got ""`, ""},
		"NaN": {func(f *tensor.File) {
			f.Tensors["optimizer/first/2.Bias"] = tensor.Of([]float32{0, float32(math.NaN())}, 1, 2)
			f.Tensors["best/2.Bias"] = tensor.Of([]float32{float32(math.Inf(1)), 0}, 1, 2)
		}, "optimizer/first/2.Bias: want finite numbers, got NaN in row 0, column 1", "best/2.Bias: want finite numbers, got +Inf in row 0, column 0"},
		"step":          {func(f *tensor.File) { f.Metadata["optimizer.step"] = "many" }, `want optimizer.step to be a number, got "many"`, ""},
		"negative step": {func(f *tensor.File) { f.Metadata["optimizer.step"] = "-1" }, `got "-1"`, ""},
	} {
		require.NoError(t, checkpoint.Save(name, m, checkpoint.Contents{
			Optimizer: &optim.State{Step: 1, Moments: map[string]map[string][]float32{"first": all}}, Best: all,
		}))
		raw, err := tensor.Open(name, tensor.Limits{})
		require.NoError(t, err)
		c.spoil(raw)
		reseal(t, name, raw)
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

// Where something is missing, or made for another model, Resume says what, and
// changes nothing.
func TestResumeRefuses(t *testing.T) {
	m := model(1)
	state := (&optim.AdamW{}).State()
	other := layers.Stack{m, layers.ReLU}
	for want, c := range map[string]struct {
		model any
		saved checkpoint.Contents
	}{
		"want optimizer.step, got none": {model(2), checkpoint.Contents{Progress: 3}},
		`want "progress", got none`:     {model(2), checkpoint.Contents{Optimizer: &state}},
		"json: cannot unmarshal string": {model(2), checkpoint.Contents{Optimizer: &state, Progress: "three"}},
		"missing: 0.0.":                 {other, checkpoint.Contents{Optimizer: &state, Progress: 3}},
		"left over: best/":              {other, checkpoint.Contents{Optimizer: &state, Progress: 3, Best: weights(m)}},
		"left over: average/":           {other, checkpoint.Contents{Optimizer: &state, Progress: 3, Average: weights(m)}},
	} {
		before := bits(c.model)
		var progress int
		_, err := saved(t, m, c.saved).Resume(c.model, &progress)
		assert.ErrorContains(t, err, want)
		assert.Equal(t, before, bits(c.model), want)
	}
	var progress int
	again := model(2)
	c, err := saved(t, m, checkpoint.Contents{Optimizer: &state, Progress: 3, Average: weights(m)}).Resume(again, &progress)
	require.NoError(t, err)
	assert.Equal(t, 3, progress)
	assert.Equal(t, weights(m), c.Average)
	assert.Nil(t, c.Best)
	assert.Equal(t, bits(m), bits(again))
}

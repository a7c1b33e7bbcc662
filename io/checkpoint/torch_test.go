package checkpoint_test

import (
	"maps"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/set"
)

// reference returns the weights of a reference file.
func reference(t *testing.T, name string) map[string]*tensor.Tensor {
	t.Helper()
	f, err := tensor.Open(filepath.Join(references, name), tensor.Limits{})
	require.NoError(t, err)
	return f.Tensors
}

func zeros(shape ...int) *tensor.Tensor {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return tensor.Of(make([]float32, n), shape...)
}

// TestFromTorchRefuses changes one weight of a model and expects an error that
// names it.
func TestFromTorchRefuses(t *testing.T) {
	type weights = map[string]*tensor.Tensor
	for _, c := range []struct {
		file   string
		change func(w weights)
		want   string
	}{
		{"pma.pt", func(w weights) { clear(w) }, "want weights called enc.* and dec.*, or I, S, mab.* or weight, got 0 others"},
		{"pma.pt", func(w weights) { delete(w, "mab.fc_o.weight") }, "want a tensor mab.fc_o.weight, got none"},
		{"pma.pt", func(w weights) { w["mab.fc_x.weight"] = zeros(1) }, "mab.fc_x.weight: want a part of"},
		{"pma.pt", func(w weights) { w["mab.fc_q.weight"] = tensor.Of(make([]int64, 256), 16, 16) }, "mab.fc_q.weight: tensor: want floating-point numbers, got I64"},
		{"pma.pt", func(w weights) { w["mab.fc_o.bias"] = tensor.Of([]float32{15: float32(math.Inf(1))}) }, "mab.fc_o.bias: want finite numbers, got +Inf in row 0, column 15"},
		{"pma.pt", func(w weights) { w["optimizer.x"] = zeros(1) }, "optimizer.x: want a part of a Set Transformer or of Deep Sets; StateDict says: left out 1 tensors: optimizer.x"},
		{"pma.pt", func(w weights) { w["mab.fc_q.weight"] = zeros(16) }, "mab.fc_q.weight: want a matrix, got shape [16]"},
		{"pma.pt", func(w weights) { w["mab.fc_q.weight"] = zeros(16, 0) }, "mab.fc_q.weight: want a matrix, got shape [16 0]"},
		{"pma.pt", func(w weights) { w["mab.fc_q.bias"] = zeros(1, 16) }, "mab.fc_q.bias: want shape [16], got [1 16]"},
		{"pma.pt", func(w weights) { w["mab.fc_v.weight"] = zeros(16, 5) }, "mab.fc_v.weight: want shape [16 16], got [16 5]"},
		{"pma.pt", func(w weights) { w["S"] = zeros(3, 16) }, "S: want shape [1, rows, width], got [3 16]"},
		{"pma.pt", func(w weights) { w["S"] = zeros(1, 3, 15) }, "S: want elements of width 16, as mab.fc_q.weight takes, got 15"},
		{"isab.pt", func(w weights) { w["mab1.fc_q.weight"] = zeros(16, 4) }, "mab0.fc_k.weight and what is before it: want elements of width 3, got 4"},
		{"isab_ln.pt", func(w weights) { w["mab0.ln1.bias"] = zeros(17) }, "mab0.ln1.bias: want shape [16], got [17]"},
		{"isab_ln.pt", func(w weights) { delete(w, "mab0.ln1.bias") }, "want a tensor mab0.ln1.bias, got none"},
		{"set_transformer.pt", func(w weights) { w["enc.x.weight"] = zeros(1, 1) }, `enc.x.weight: want a number after "enc."`},
		{"set_transformer.pt", func(w weights) { w["enc.-1.weight"] = zeros(1, 1) }, `enc.-1.weight: want a number after "enc."`},
		{"set_transformer.pt", func(w weights) { w["dec.9.weight"] = zeros(4, 9) }, "dec.9.weight and what is before it: want elements of width 9, got 5"},
		{"deep_sets.pt", func(w weights) { w["dec.0.weight"] = zeros(32, 31) }, "dec.0.weight and what is before it: want elements of width 31, got 32"},
	} {
		w := maps.Clone(reference(t, c.file))
		c.change(w)
		_, _, err := checkpoint.FromTorch(w, checkpoint.Torch{})
		assert.ErrorContains(t, err, c.want, c.file)
	}
	half := maps.Clone(reference(t, "deep_sets.pt"))
	maps.DeleteFunc(half, func(name string, _ *tensor.Tensor) bool { return name[:4] == "dec." })
	_, _, err := checkpoint.FromTorch(half, checkpoint.Torch{})
	assert.EqualError(t, err, "checkpoint: torch: want weights called enc.* and dec.*, got none called dec.*")

	for want, c := range map[string]struct {
		file string
		told checkpoint.Torch
	}{
		"want 0 Heads and 0 Outputs or more, got -1 and 0":                        {"pma.pt", checkpoint.Torch{Heads: -1}},
		"mab.fc_q.weight: want a width that Heads, 3, divide, got 16":             {"pma.pt", checkpoint.Torch{Heads: 3}},
		"want 0 Heads and 0 Outputs or more, got 0 and -2":                        {"deep_sets.pt", checkpoint.Torch{Outputs: -2}},
		"want a number of Outputs that divides the width 20 of what dec gives, g": {"deep_sets.pt", checkpoint.Torch{Outputs: 3}},
		"want as many Outputs as there are seeds, 4, or 0, got 3":                 {"set_transformer.pt", checkpoint.Torch{Outputs: 3}},
	} {
		_, _, err := checkpoint.FromTorch(reference(t, c.file), c.told)
		assert.ErrorContains(t, err, "checkpoint: torch: "+want)
	}
}

// TestFromTorchPassesOverDropout renumbers the decoder as nn.Dropout around the
// pool does.
func TestFromTorchPassesOverDropout(t *testing.T) {
	w := reference(t, "set_transformer.pt")
	plain, _, err := checkpoint.FromTorch(w, checkpoint.Torch{})
	require.NoError(t, err)
	shifted := map[string]*tensor.Tensor{}
	for name, x := range w {
		switch {
		case name[:5] == "dec.0":
			name = "dec.1" + name[5:]
		case name[:4] == "dec.":
			name = "dec." + string(name[4]+2) + name[5:]
		}
		shifted[name] = x
	}
	again, _, err := checkpoint.FromTorch(shifted, checkpoint.Torch{})
	require.NoError(t, err)
	x := set.Of(2, []float32{0, 1, 1, 0, 1, 1})
	assert.Equal(t, layers.Apply(plain, x).Values, layers.Apply(again, x).Values)
}

// TestFromTorchToCheckpoint saves a model of PyTorch's as one of ours.
func TestFromTorchToCheckpoint(t *testing.T) {
	a, params, err := checkpoint.FromTorch(reference(t, "isab_ln.pt"), checkpoint.Torch{})
	require.NoError(t, err)
	assert.Len(t, params, len(layers.List(a)))
	for _, p := range params {
		assert.True(t, slices.Contains(layers.List(a), p))
	}
	b, _, err := checkpoint.FromTorch(reference(t, "isab_ln.pt"), checkpoint.Torch{})
	require.NoError(t, err)
	for _, p := range layers.List(b) {
		clear(p.Data)
	}
	require.NoError(t, saved(t, a, checkpoint.Contents{}).Load(b))
	assert.Equal(t, bits(a), bits(b))
}

package checkpoint_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
)

// FuzzOpen opens what may be a checkpoint, and asks for all that is in it.
func FuzzOpen(f *testing.F) {
	name := filepath.Join(f.TempDir(), "seed.safetensors")
	m, c := small()
	require.NoError(f, checkpoint.Save(name, m, c))
	whole, err := os.ReadFile(name)
	require.NoError(f, err)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(t.TempDir(), "m.safetensors")
		require.NoError(t, os.WriteFile(name, data, 0o600))
		file, err := checkpoint.Open(name, tensor.Limits{})
		if err != nil {
			require.Less(t, len(err.Error()), 1000+len(name))
			return
		}
		m, _ := small()
		for _, err := range []error{file.Load(m), second(file.Optimizer(m)), second(file.Best(m))} {
			if err != nil {
				require.Less(t, len(err.Error()), 10000+len(name))
			}
		}
	})
}

// FuzzTorch gives a model, and FromTorch, tensors of any names and shapes, one in
// a line.
func FuzzTorch(f *testing.F) {
	f.Add("weight [2 3]\nbias [2]")
	f.Add("state_dict.model.weight [2 3]\nstate_dict.model.bias [2]\noptimizer.x []\nepoch [1]")
	f.Add("enc.0.weight [4 3]\nenc.0.bias [4]\ndec.0.weight [2 4]\n_orig_mod.Weight [3 2]")
	f.Add("S [1 1 4]\nmab.fc_q.weight [4 4]\nmab.fc_k.weight [4 3]\nmab.fc_v.weight [4 3]\nmab.fc_o.weight [4 4]")
	f.Add("model.model.module.net.fc.weight [2 3]\nmodel.model.module.net.fc.bias [1 2]")
	f.Fuzz(func(t *testing.T, text string) {
		tensors := map[string]*tensor.Tensor{}
		for line := range strings.Lines(text) {
			var shape []int
			name, sizes, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
			n := 1
			for _, size := range strings.Fields(strings.Trim(sizes, "[]")) {
				d, err := strconv.Atoi(size)
				if err != nil || d < 0 || d > 1000 || n*d > 100_000 || len(shape) > 9 {
					return
				}
				shape, n = append(shape, d), n*d
			}
			x := tensor.Of(make([]float32, n))
			x.Shape = shape
			tensors[name] = x
		}
		m, _ := small()
		before := bits(m)
		if _, err := checkpoint.LoadTorch(tensors, m); err != nil {
			require.Equal(t, before, bits(m))
			require.Less(t, len(err.Error()), 10_000)
		}
		model, params, err := checkpoint.FromTorch(tensors, checkpoint.Torch{})
		if err != nil {
			require.Less(t, len(err.Error()), 5000)
			return
		}
		back, err := checkpoint.ToTorch(model, params)
		require.NoError(t, err)
		same(t, tensors, back)
	})
}

package checkpoint_test

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// references is where the authors' outputs and gradients are; the environment
// variable SETWISE_REFERENCE names another folder.
const references = "../../layers/testdata/reference"

// TestReference builds the model of every reference file and holds its outputs
// to 1e-5 and its gradients to 1e-4, relative to the largest magnitude of the
// tensor, with all sets in one ragged batch. A .pt file holds weights only: the
// .safetensors file of the same name says what should come of them.
func TestReference(t *testing.T) {
	dir := os.Getenv("SETWISE_REFERENCE")
	if dir == "" {
		dir = references
	} else if !filepath.IsAbs(dir) {
		dir = filepath.Join("../..", dir) // from the root of the module, where go test is called
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	tested := 0
	for _, name := range files {
		ext := filepath.Ext(name)
		if ext != ".safetensors" && ext != ".pt" {
			continue
		}
		tested++
		t.Run(filepath.Base(name), func(t *testing.T) {
			ref, err := tensor.Open(strings.TrimSuffix(name, ext)+".safetensors", tensor.Limits{})
			require.NoError(t, err)
			weights := below(ref, "weight/")
			if ext == ".pt" {
				f, err := tensor.Open(name, tensor.Limits{})
				require.NoError(t, err)
				weights = f.Tensors
			}
			checkReference(t, ref, weights)
		})
	}
	require.NotZero(t, tested, "no reference files in %s", dir)
}

// below returns the tensors whose names begin with prefix, without it.
func below(f *tensor.File, prefix string) map[string]*tensor.Tensor {
	m := map[string]*tensor.Tensor{}
	for name, t := range f.Tensors {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			m[rest] = t
		}
	}
	return m
}

func checkReference(t *testing.T, ref *tensor.File, weights map[string]*tensor.Tensor) {
	floats := func(name string) ([]float32, []int) {
		x := ref.Tensors[name]
		require.NotNil(t, x, name)
		v, err := x.Float32s()
		require.NoError(t, err)
		return v, x.Shape
	}
	offsets64, err := ref.Tensors["offsets"].Int64s()
	require.NoError(t, err)
	var offsets set.Offsets
	for _, o := range offsets64 {
		offsets = append(offsets, int(o))
	}
	values, shape := floats("x")
	x := set.Batch{Dim: shape[1], Values: values, Offsets: offsets}
	require.NoError(t, x.Validate())
	want, yShape := floats("y")
	heads, _ := strconv.Atoi(ref.Metadata["heads"])
	model, params, err := checkpoint.FromTorch(weights, checkpoint.Torch{Heads: heads, Outputs: yShape[0] / x.Sets()})
	require.NoError(t, err)

	tape := grad.NewTape(nil)
	in := tape.Input(x)
	y := model.Forward(tape, in)
	near(t, "y", want, y.Values, 1e-5, 0)
	near(t, "y without a tape", y.Values, layers.Apply(model, x).Values, 0, 0)

	target, _ := floats("target")
	loss := loss.SquaredError(tape, y, set.Batch{Dim: y.Dim, Values: target, Offsets: y.Offsets})
	wantLoss, err := ref.Tensors["loss"].Float64s()
	require.NoError(t, err)
	require.InEpsilon(t, wantLoss[0], float64(loss.Values[0]), 1e-5)
	g := tape.Gradients(loss)

	gradX, _ := floats("grad_x")
	near(t, "grad_x", gradX, g.At(in), 1e-4, 0)
	grads := below(ref, "grad/")
	require.Len(t, grads, len(params))
	var largest float64
	for _, d := range grads {
		v, err := d.Float32s()
		require.NoError(t, err)
		largest = max(largest, most(v))
	}
	for name, d := range grads {
		v, err := d.Float32s()
		require.NoError(t, err)
		p := params[name]
		require.NotNil(t, p, name)
		got := g.Of(p)
		if got == nil {
			got = make([]float32, len(p.Data))
		}
		if strings.HasSuffix(name, "weight") && len(d.Shape) == 2 {
			got = transposed(got, p.Rows, p.Cols)
		}
		// The gradient of the bias of keys is zero but for rounding: it adds
		// the same number to all logits of a query. So are others behind a
		// softmax over one key. What is rounding is judged by the largest
		// gradient of the model.
		near(t, name, v, got, 1e-4, 1e-7*largest)
	}
}

func transposed(x []float32, rows, cols int) []float32 {
	y := make([]float32, len(x))
	for i := range rows {
		for j := range cols {
			y[j*rows+i] = x[i*cols+j]
		}
	}
	return y
}

func most(xs []float32) (m float64) {
	for _, x := range xs {
		m = max(m, math.Abs(float64(x)))
	}
	return m
}

// near compares tensors relative to the largest magnitude of what is wanted.
func near(t *testing.T, name string, want, got []float32, relative, absolute float64) {
	t.Helper()
	require.Len(t, got, len(want), name)
	bound := max(relative*most(want), absolute)
	for i := range want {
		if d := math.Abs(float64(want[i]) - float64(got[i])); !(d <= bound) {
			t.Errorf("%s[%d]: want %g, got %g: off by %g, allowed %g", name, i, want[i], got[i], d, bound)
			return
		}
	}
}

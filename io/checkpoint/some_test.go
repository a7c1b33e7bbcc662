package checkpoint_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
)

// What is there by the same name and in the same shape is taken, and all of the
// rest is told.
func TestLoadSome(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	name := filepath.Join(t.TempDir(), "m")
	was := layers.Stack{layers.NewLinear(3, 4, rng), layers.NewLinear(4, 5, rng), layers.NewLinear(5, 2, rng), layers.NewLinear(2, 2, rng)}
	require.NoError(t, checkpoint.Save(name, was, checkpoint.Contents{}))
	f, err := checkpoint.Open(name, tensor.Limits{})
	require.NoError(t, err)

	now := layers.Stack{layers.NewLinear(3, 4, rng), layers.NewLinear(4, 7, rng), layers.NewLinear(5, 2, rng)}
	mine := append([]float32(nil), now[2].(*layers.Linear).Weight.Data...)
	some, err := f.LoadSome(now, func(name string) bool { return strings.HasPrefix(name, "2.") })
	require.NoError(t, err)
	require.Equal(t, []string{"0.Bias", "0.Weight"}, some.Taken)
	require.Equal(t, []string{"1.Bias", "1.Weight", "2.Bias", "2.Weight"}, some.Anew)
	require.Len(t, some.Shapes, 2)
	require.Contains(t, some.Shapes[1], "1.Weight (want F32 [4 7], got ")
	require.Equal(t, []string{"3.Bias", "3.Weight"}, some.Unused)
	require.Equal(t, was[0].(*layers.Linear).Weight.Data, now[0].(*layers.Linear).Weight.Data)
	require.Equal(t, mine, now[2].(*layers.Linear).Weight.Data)

	other := layers.Stack{layers.NewLinear(8, 9, rng)}
	_, err = f.LoadSome(other, nil)
	require.ErrorContains(t, err, name+": want a parameter of the model or more, got none of 2: it has 0.Bias, 0.Weight, ")

	raw, err := tensor.Open(name, tensor.Limits{})
	require.NoError(t, err)
	raw.Tensors["0.Bias"] = tensor.Of([]float32{0, 0, 0, float32(math.NaN())}, 1, 4)
	raw.Metadata["checksum"], err = raw.Digest("checksum")
	require.NoError(t, err)
	require.NoError(t, tensor.WriteFile(name, raw))
	f, err = checkpoint.Open(name, tensor.Limits{})
	require.NoError(t, err)
	mine = append([]float32(nil), now[0].(*layers.Linear).Weight.Data...)
	_, err = f.LoadSome(now, nil)
	require.ErrorContains(t, err, "0.Bias: want finite numbers, got NaN")
	require.Equal(t, mine, now[0].(*layers.Linear).Weight.Data)
}

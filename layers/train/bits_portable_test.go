//go:build !amd64 || noasm

package train_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
)

// Without assembly a training ends with the same weights on every machine, to
// the last bit, and gives the same answers.
func TestTrainingBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var all []train.Labelled
	for i := range 40 {
		x := set.New(3, rng.IntN(9))
		for j := range x.Values {
			x.Values[j] = rng.Float32() * float32(1+i%3)
		}
		all = append(all, train.Labelled{Set: x, Class: i % 3})
	}
	model := layers.NewSetTransformer(layers.Config{In: 3, Out: 3, Dim: 16, Heads: 4, Fourier: 2, Inducing: 3, Blocks: 1, Decoder: 1,
		Norm: layers.NormPre, Dropout: 0.2}, rng)
	err := train.Fit(context.Background(), model, all, train.Classification(model), train.Options{
		Epochs: 5, Batch: 8, Seed: 3, Clip: 1, Optimizer: &optim.AdamW{Rate: optim.Cosine(0.01, 3, 25), Decay: 0.01},
		Decay: func(string) float64 { return 1 }, // of biases and gains too
	})
	require.NoError(t, err)
	h := fnv.New64a()
	for _, w := range append(weights(model), layers.Apply(model, set.Concat(all[0].Set, all[1].Set, all[2].Set)).Values) {
		require.NoError(t, binary.Write(h, binary.LittleEndian, w))
	}
	require.Equal(t, "05ec807f5a31c1ce", fmt.Sprintf("%016x", h.Sum64()))
}

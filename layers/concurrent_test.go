package layers_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// One model answers 200 at once, by Apply and with tapes of their own, as it
// answers one after another, bit for bit.
func TestInferAtOnce(t *testing.T) {
	const callers = 200
	rng := rand.New(rand.NewPCG(1, 2))
	m := layers.NewSetTransformer(layers.Config{In: 3, Out: 4, Dim: 16, Inducing: 4, Norm: layers.NormPre, Dropout: 0.1, Decoder: 1}, rng)
	questions, want := make([]set.Batch, callers), make([]set.Batch, callers)
	for i := range questions {
		questions[i] = set.New(3, 1+rng.IntN(300), i%3, 20)
		for k := range questions[i].Values {
			questions[i].Values[k] = float32(rng.NormFloat64())
		}
		want[i] = layers.Apply(m, questions[i])
	}
	before := make([][]float32, 0)
	for _, p := range layers.List(m) {
		before = append(before, append([]float32(nil), p.Data...))
	}

	got, own := make([]set.Batch, callers), make([]set.Batch, callers)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range questions {
		all.Add(1)
		go func() {
			defer all.Done()
			<-start
			got[i] = layers.Apply(m, questions[i])
			if i%2 == 0 {
				own[i] = m.Forward(nil, grad.Const(questions[i])).Batch
			} else {
				own[i] = m.Forward(grad.NewScratch(nil), grad.Const(questions[i])).Clone()
			}
		}()
	}
	close(start)
	all.Wait()
	for i := range questions {
		require.Equal(t, want[i], got[i], "caller %d", i)
		require.Equal(t, want[i].Values, own[i].Values, "caller %d", i)
	}
	for i, p := range layers.List(m) {
		assert.Equal(t, before[i], p.Data)
	}
}

package layertest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// Ranked adds to each element its place in the order of storage: no function
// of sets.
type Ranked struct{}

func (Ranked) Forward(t *grad.Tape, x grad.Value) grad.Value {
	rank := set.Batch{Dim: x.Dim, Offsets: x.Offsets, Values: make([]float32, len(x.Values))}
	for s := range x.Sets() {
		for i := range rank.Set(s) {
			rank.Set(s)[i] = float32(i / x.Dim)
		}
	}
	return t.Add(x, grad.Const(rank))
}

func Example() {
	rng := rand.New(rand.NewPCG(1, 2))
	x := set.Of(1, []float32{10, 20, 30})
	fmt.Println(layertest.Equivariant(layers.NewSAB(1, layers.Block{Dim: 8}, rng), x, rng))
	fmt.Println(layertest.Equivariant(Ranked{}, x, rng))
	// Output:
	// <nil>
	// element 1, moved to place 0: number 0: want 21 as before, got 20
}

// In a test of one's own, All runs every check.
func ExampleAll() {
	_ = func(t *testing.T) { // func TestMine(t *testing.T)
		rng := rand.New(rand.NewPCG(1, 2))
		layertest.All(t, layers.NewPMA(2, layers.Block{Dim: 8}, rng), layertest.Pool, layertest.Sample(8, rng))
	}
}

// The gradient of anything with parameters can be checked: here a loss.
func ExampleGradients() {
	rng := rand.New(rand.NewPCG(1, 2))
	model := layers.NewDeepSets(2, 8, 3, 1, layers.Mean, rng)
	x := grad.Const(set.Of(2, []float32{1, 2, 3, 4}, nil, []float32{5, 6}))
	fmt.Println(layertest.Gradients(model, func(t *grad.Tape) grad.Value {
		return loss.CrossEntropy(t, model.Forward(t, x), []int{0, 1, 2}, 0)
	}))
	// Output: <nil>
}

func ExampleOrdered() {
	rng := rand.New(rand.NewPCG(1, 2))
	x := layertest.Sample(4, rng)
	near := attention.Sparse{Patterns: []attention.Pattern{attention.Window{Radius: 1}}}
	fmt.Println(near.Ordered(), layertest.Ordered(near, x, 2, rng))
	// Output: true <nil>
}

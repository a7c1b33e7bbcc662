package layers_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// A classifier of sets of points in space, written down as in the paper.
func Example() {
	rng := rand.New(rand.NewPCG(1, 2))
	block := layers.Block{Dim: 64, Heads: 4}
	model := layers.Stack{
		layers.NewISAB(3, 16, block, rng),
		layers.NewISAB(64, 16, block, rng),
		layers.NewPMA(1, block, rng),
		layers.NewLinear(64, 10, rng),
	}
	clouds := set.New(3, 500, 20, 0) // three sets, one of them empty
	logits := layers.Apply(model, clouds)
	fmt.Println(logits.Sets(), "sets of", logits.Len()/logits.Sets(), "element of width", logits.Dim)
	// Output: 3 sets of 1 element of width 10
}

// A function is a layer.
func ExampleFunc() {
	centre := layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
		return t.Sub(x, t.Spread(t.Mean(x), x.Offsets))
	})
	fmt.Println(layers.Apply(centre, set.Of(1, []float32{1, 2, 6}, nil, []float32{7})).Values)
	// Output: [-2 -1 3 0]
}

// residual is a layer made of another: its exported field is how Params finds
// what it learns.
type residual struct{ Inner layers.Layer }

func (r residual) Forward(t *grad.Tape, x grad.Value) grad.Value {
	return t.Add(x, r.Inner.Forward(t, x))
}

func ExampleParams() {
	rng := rand.New(rand.NewPCG(1, 2))
	model := layers.Stack{residual{layers.NewFeedForward(4, 0, rng)}, layers.Mean, layers.NewLinear(4, 2, rng)}
	for name, p := range layers.Params(model) {
		fmt.Println(name, p.Rows, "x", p.Cols)
	}
	fmt.Println(layers.Count(model), "numbers")
	// Output:
	// 0.Inner.In.Weight 4 x 4
	// 0.Inner.In.Bias 1 x 4
	// 2.Weight 4 x 2
	// 2.Bias 1 x 2
	// 30 numbers
}

// A configuration may come from a file.
func ExampleConfig() {
	var c layers.Config
	if err := json.Unmarshal([]byte(`{"in": 3, "out": 12, "dim": 64, "inducing": 16}`), &c); err != nil {
		fmt.Println(err)
		return
	}
	model, err := c.New(rand.New(rand.NewPCG(1, 2)))
	fmt.Println(layers.Count(model), "numbers,", err)

	c.Heads = 5
	_, err = c.New(rand.New(rand.NewPCG(1, 2)))
	fmt.Println(err)
	// Output:
	// 74380 numbers, <nil>
	// layers: config: layers.Block: want a positive Dim that 5 heads divide, got 64
}

// Tokens, as of a sentence, become a set by embedding.
func ExampleEmbedding() {
	words := layers.NewEmbedding(1000, 16, rand.New(rand.NewPCG(1, 2)))
	x := words.Embed(nil, []int{12, 7, 999}, []int{3})
	fmt.Println(x.Sets(), "sets,", x.Len(), "elements of width", x.Dim)
	// Output: 2 sets, 4 elements of width 16
}

// How much a pool attends to each element.
func ExampleSetTransformer_Attention() {
	m := layers.NewSetTransformer(layers.Config{In: 2, Out: 3, Dim: 8, Heads: 2}, rand.New(rand.NewPCG(1, 2)))
	w := m.Attention(set.Of(2, []float32{0, 0, 0, 0}, []float32{1, 1}))
	fmt.Println(w.Dim, "columns, one for each head")
	for i := range w.Len() {
		fmt.Println(w.Row(i))
	}
	// Output:
	// 2 columns, one for each head
	// [0.5 0.5]
	// [0.5 0.5]
	// [1 1]
}

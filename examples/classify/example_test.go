package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
)

// The program of the README: sets of points in the plane, told apart by
// whether they lie on a ring or fill a disc.
func Example() {
	rng := rand.New(rand.NewPCG(1, 2))
	block := layers.Block{Dim: 32, Heads: 4}
	model := layers.Stack{
		layers.NewISAB(2, 8, block, rng),
		layers.NewPMA(1, block, rng),
		layers.NewLinear(32, 2, rng),
	}
	known, unseen := ringsAndDiscs(400, rng), ringsAndDiscs(100, rng)
	err := train.Fit(context.Background(), model, known, train.Classification(model), train.Options{Epochs: 20})
	if err != nil {
		panic(err)
	}
	fmt.Println(train.Accuracy(model, unseen) > 0.95)
	// Output: true
}

// ringsAndDiscs returns n sets of 10 to 40 points.
func ringsAndDiscs(n int, rng *rand.Rand) []train.Labelled {
	examples := make([]train.Labelled, n)
	for i := range examples {
		class := rng.IntN(2)
		var points []float32
		for range 10 + rng.IntN(31) {
			x, y := 2*rng.Float32()-1, 2*rng.Float32()-1
			for r := x*x + y*y; r > 1 || class == 1 && r < 0.5; r = x*x + y*y {
				x, y = 2*rng.Float32()-1, 2*rng.Float32()-1
			}
			points = append(points, x, y)
		}
		examples[i] = train.Labelled{Set: set.Of(2, points), Class: class}
	}
	return examples
}

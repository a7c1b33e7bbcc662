package train_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// Is the largest number of a set above 5?
func Example() {
	rng := rand.New(rand.NewPCG(1, 2))
	some := func(n int) []train.Labelled {
		es := make([]train.Labelled, n)
		for i := range es {
			x := make([]float32, 1+rng.IntN(5))
			for j := range x {
				x[j] = 10 * rng.Float32() * rng.Float32()
				if x[j] > 5 {
					es[i].Class = 1
				}
			}
			es[i].Set = set.Of(1, x)
		}
		return es
	}
	known, unseen := some(400), some(200)
	model := layers.NewDeepSets(1, 16, 2, 2, layers.Max, rng)
	err := train.Fit(context.Background(), model, known, train.Classification(model), train.Options{
		Epochs:    30,
		Optimizer: &optim.AdamW{Rate: optim.Cosine(1e-2, 10, 390)},
	})
	fmt.Println(err, train.Accuracy(model, unseen) > 0.95)
	// Output: <nil> true
}

// Minibatches are drawn and distorted ahead of time, and differentiated in
// chunks on all processors.
func ExampleRun() {
	model := layers.NewDeepSets(2, 16, 3, 1, layers.Mean, rand.New(rand.NewPCG(1, 2)))
	known, unseen := rings(120, 1), rings(60, 2)
	source := train.Prepared[train.Labelled, train.Labelled]{
		Source: train.Balanced[train.Labelled]{Examples: known, Class: func(e train.Labelled) int { return e.Class }},
		Prepare: func(e train.Labelled, rng *rand.Rand) (train.Labelled, error) {
			e.Set = e.Set.Clone()
			for i := range e.Set.Values {
				e.Set.Values[i] += 0.05 * float32(rng.NormFloat64())
			}
			return e, nil
		},
	}
	err := train.Run(context.Background(), model, source, train.Chunks(train.Classification(model), 4), train.Options{
		Epochs:    30,
		Optimizer: &optim.AdamW{Rate: optim.Constant(1e-2)},
		Average:   0.99,
	})
	fmt.Println(err, train.Accuracy(model, unseen) > 0.95)
	// Output: <nil> true
}

// An example may be anything: here a pair of numbers, for a line through
// them.
func ExampleFit() {
	line := layers.NewLinear(1, 1, rand.New(rand.NewPCG(1, 2)))
	points := [][2]float32{{0, 1}, {1, 3}, {2, 5}, {3, 7}}
	apart := train.Each[[2]float32](func(t *grad.Tape, some [][2]float32) grad.Value {
		x, y := set.New(1, len(some)), set.New(1, len(some))
		for i, p := range some {
			x.Values[i], y.Values[i] = p[0], p[1]
		}
		return loss.SquaredError(t, line.Forward(t, grad.Const(x)), y)
	})
	err := train.Fit(context.Background(), line, points, apart, train.Options{
		Epochs:    300,
		Optimizer: &optim.SGD{Rate: optim.Constant(0.1)},
	})
	fmt.Printf("%v: y = %.2f x + %.2f\n", err, line.Weight.Data[0], line.Bias.Data[0])
	// Output: <nil>: y = 2.00 x + 1.00
}

// Training that was stopped goes on from its last state.
func ExampleOptions_resume() {
	w := grad.Filled(1, 1, 8)
	loss := train.Each[int](func(t *grad.Tape, _ []int) grad.Value { return t.Multiply(t.Param(w), t.Param(w)) })
	var state train.State
	ctx, stop := context.WithCancel(context.Background())
	err := train.Fit(ctx, []*grad.Param{w}, make([]int, 4), loss, train.Options{
		Batch:      1,
		Optimizer:  &optim.SGD{Rate: optim.Constant(0.25)},
		Report:     func(p train.Progress) error { fmt.Println("step", p.Step, "loss", p.Loss); stop(); return nil },
		Checkpoint: func(s train.State) error { state = s; return nil }, // package io/checkpoint writes files
	})
	fmt.Println(err)
	err = train.Fit(context.Background(), []*grad.Param{w}, make([]int, 4), loss, train.Options{
		Batch:     1,
		Optimizer: &optim.SGD{Rate: optim.Constant(0.25)},
		Report:    func(p train.Progress) error { fmt.Println("step", p.Step, "loss", p.Loss); return nil },
		Resume:    &state,
	})
	fmt.Println(err)
	// Output:
	// step 0 loss 64
	// context canceled
	// step 1 loss 16
	// step 2 loss 4
	// step 3 loss 1
	// <nil>
}

// A table of true classes, in rows, against predicted ones.
func ExampleConfuse() {
	examples := []train.Labelled{{Class: 0}, {Class: 0}, {Class: 0}, {Class: 1}}
	c := train.Confuse([]int{0, 0, 1, 1}, examples, 2)
	fmt.Println(c)
	fmt.Printf("%.3f %.3f\n", c.Accuracy(), c.MeanClassAccuracy())
	// Output:
	// [[2 1] [0 1]]
	// 0.750 0.833
}

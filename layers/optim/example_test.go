package optim_test

import (
	"fmt"

	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// The least of (2w - 6)² is at w = 3.
func Example() {
	w := grad.NewParam(1, 1)
	weights := optim.Weights(w)
	opt := &optim.SGD{Rate: optim.Constant(0.1)}
	x, target := grad.Const(set.Of(1, []float32{2})), set.Of(1, []float32{6})
	t := grad.NewTape(nil)
	for range 20 {
		g := t.Gradients(loss.SquaredError(t, t.Affine(x, t.Param(w), grad.Value{}), target))
		optim.Clip(weights, g, 10)
		opt.Step(weights, g)
		t.Reset()
	}
	fmt.Printf("%.3f\n", w.Data)
	// Output: [3.000]
}

// Rates that climb, then fall to nothing.
func ExampleCosine() {
	rate := optim.Cosine(1e-3, 100, 1100)
	for _, step := range []int{0, 99, 600, 1100} {
		fmt.Printf("%d: %.5f\n", step, rate(step))
	}
	// Output:
	// 0: 0.00001
	// 99: 0.00100
	// 600: 0.00050
	// 1100: 0.00000
}

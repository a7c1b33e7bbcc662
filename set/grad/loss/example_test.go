package loss_test

import (
	"fmt"

	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// The cross entropy of two elements of logits, and its slope.
func ExampleCrossEntropy() {
	t := grad.NewTape(nil)
	logits := t.Input(set.Of(2, []float32{0, 0, 3, 0}))
	l := loss.CrossEntropy(t, logits, []int{1, 0}, 0)
	fmt.Printf("%.4f\n%.3f\n", l.Values, t.Gradients(l).At(logits))
	// Output:
	// [0.3709]
	// [0.250 -0.250 -0.024 0.024]
}

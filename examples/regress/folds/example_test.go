package folds_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"setwise/examples/regress/folds"
	"setwise/set"
	"setwise/set/grad"
)

// A pupil that says the mean of what it knows, which is 0 on its scale.
type modest struct{}

func (modest) Predict(_ *grad.Tape, examples []string) grad.Value {
	return grad.Const(set.New(1, slices.Repeat([]int{1}, len(examples))...))
}

func Example() {
	examples := []string{"a", "b", "c", "d"}
	truth := [][]float64{{1}, {2}, {3}, {4}}
	f := folds.New(examples, truth, 4, rand.New(rand.NewPCG(1, 2)), func(known []int) folds.Pupil[string] { return modest{} })
	for i, y := range f.All() {
		fmt.Printf("%s is %v, the mean of the others %.2f\n", examples[i], truth[i][0], y[0])
	}
	// Output:
	// a is 1, the mean of the others 3.00
	// b is 2, the mean of the others 2.67
	// c is 3, the mean of the others 2.33
	// d is 4, the mean of the others 2.00
}

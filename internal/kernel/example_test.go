package kernel_test

import (
	"fmt"
	"math"

	"setwise/internal/kernel"
)

func ExampleGemm() {
	a := []float32{1, 2, 3, 4} // 2 x 2
	b := []float32{1, 0, 1, 1} // 2 x 2, stored transposed
	c := make([]float32, 4)
	kernel.Gemm(false, true, 2, 2, 2, 1, a, 2, b, 2, false, c, 2)
	fmt.Println(c)
	// Output: [1 3 3 7]
}

// The softmax of four scores that come two at a time.
func ExampleSoftmaxRows() {
	ninf := float32(math.Inf(-1))
	top, sum, fix := []float32{ninf}, []float32{0}, []float32{0}
	first, second := []float32{1, 2}, []float32{3, ninf}
	kernel.SoftmaxRows(first, 1, 2, 2, 1, top, sum, fix)
	kernel.SoftmaxRows(second, 1, 2, 2, 1, top, sum, fix)
	kernel.Scale(first, fix[0], first) // what came before counts for less now
	for _, e := range append(first, second...) {
		fmt.Printf("%.3f ", e/sum[0])
	}
	// Output: 0.090 0.245 0.665 0.000
}

package parallel_test

import (
	"fmt"

	"setwise/internal/parallel"
)

func ExampleRange() {
	squares := make([]int, 10)
	parallel.Range(len(squares), 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			squares[i] = i * i
		}
	})
	fmt.Println(squares)
	// Output: [0 1 4 9 16 25 36 49 64 81]
}

func ExampleEach() {
	sets := [][]int{{1, 2, 3}, {}, {40, 2}}
	sums := make([]int, len(sets))
	parallel.Each(len(sets), func(i int) {
		for _, v := range sets[i] {
			sums[i] += v
		}
	})
	fmt.Println(sums)
	// Output: [6 0 42]
}

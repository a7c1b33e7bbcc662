package set_test

import (
	"fmt"

	"setwise/set"
)

// Three sets of points in the plane, side by side.
func Example() {
	b := set.Of(2,
		[]float32{0, 0, 1, 1, 2, 2},
		[]float32{}, // the empty set
		[]float32{5, 5},
	)
	fmt.Println(b.Sets(), "sets of", b.Len(), "elements, at", b.Offsets)
	for i, one := range b.All() {
		fmt.Println(i, one.Values)
	}
	// Output:
	// 3 sets of 4 elements, at [0 3 3 4]
	// 0 [0 0 1 1 2 2]
	// 1 []
	// 2 [5 5]
}

// A path of three nodes, each of which knows its neighbours.
func ExampleRelation() {
	nodes := set.Of(1, []float32{10, 20, 30})
	nodes.Relations = []*set.Relation{{Offsets: set.Sizes(1, 2, 1), Index: []int32{1, 0, 2, 1}}}
	for i := range nodes.Len() {
		fmt.Println(nodes.Row(i), "knows", nodes.Relations[0].Of(i))
	}
	fmt.Println(nodes.Validate())
	// Output:
	// [10] knows [1]
	// [20] knows [0 2]
	// [30] knows [1]
	// <nil>
}

// Shapes that do not fit panic; Try turns the panic into an error.
func ExampleTry() {
	err := set.Try(func() { set.Of(3, []float32{1, 2, 3, 4}) })
	fmt.Println(err)
	// Output: set.Of: want a multiple of 3 values in set 0, got 4
}

package drawings_test

import (
	"fmt"
	"math/rand/v2"

	"setwise/examples/regress/drawings"
)

// A quarter turn brings the corner of a drawing to another place, each to its own.
func ExampleDistortion_Apply() {
	from, picture := make([]float32, drawings.Side*drawings.Side), make([]float32, drawings.Side*drawings.Side)
	from[0] = 1
	rng := rand.New(rand.NewPCG(1, 2)) // of which nothing is left to chance here
	for way := range drawings.Turn(4) {
		(&drawings.Distortion{}).Apply(picture, from, way, rng)
		fmt.Println(picture[0] > 0.99)
	}
	// Output:
	// true
	// false
	// false
	// false
}

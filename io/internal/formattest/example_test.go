package formattest_test

import (
	"fmt"

	"setwise/io/internal/formattest"
)

func Example() {
	m := formattest.Mesh(316)
	fmt.Println(len(m.Vertices), "vertices and", len(m.Faces), "faces")
	// Output: 100489 vertices and 199712 faces
}

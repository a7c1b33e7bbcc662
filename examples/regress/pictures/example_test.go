package pictures_test

import (
	"fmt"
	"math"

	"setwise/examples/regress/pictures"
)

func ExampleLevel() {
	fmt.Println(pictures.Level(0), pictures.Level(0.5), pictures.Level(7), pictures.Level(math.NaN()))
	// Output: 0 127 255 0
}

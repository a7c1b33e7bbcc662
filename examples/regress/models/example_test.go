package models_test

import (
	"fmt"
	"math/rand/v2"

	"setwise/examples/regress/models"
	"setwise/layers"
	"setwise/set"
)

func ExampleShape_Model() {
	s := models.Shape{In: 2, Dim: 8, Out: 3, Phi: 1, Rho: 1, Seeds: 4}
	points := set.Of(2, []float32{0, 0, 1, 0, 0, 1})
	for _, name := range []string{"isab16+pma", "rffp-max+mean"} {
		y := layers.Apply(s.Model(name, rand.New(rand.NewPCG(1, 2))), points)
		fmt.Println(name, y.Len(), "elements of width", y.Dim)
	}
	// Output:
	// isab16+pma 4 elements of width 3
	// rffp-max+mean 4 elements of width 3
}

package clustering_test

import (
	"fmt"

	"setwise/examples/regress/clustering"
)

func ExampleTask() {
	t := clustering.Task()
	fmt.Printf("%s, by %s and others: %s\n", t.Name, t.Models[0], t.About)
	// Output: clustering, by isab32+pma and others: the mixture of four Gaussians that 100 to 500 points were drawn from
}

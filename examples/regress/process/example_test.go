package process_test

import (
	"fmt"

	"setwise/examples/regress/process"
)

func ExampleTask() {
	t := process.Task()
	fmt.Printf("%s, by %s and others: %s\n", t.Name, t.Models[0], t.About)
	// Output: process, by tnp-d and others: the values of a function at target points, from 3 to 46 noisy context points
}

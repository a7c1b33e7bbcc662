package maximum_test

import (
	"fmt"

	"setwise/examples/regress/maximum"
)

func ExampleTask() {
	t := maximum.Task()
	fmt.Printf("%s, by %s and others: %s\n", t.Name, t.Models[0], t.About)
	// Output: max, by rff+max and others: the largest of 1 to 10 numbers between 0 and 100
}

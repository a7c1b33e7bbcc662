package digits_test

import (
	"fmt"

	"setwise/examples/regress/digits"
)

func ExampleTask() {
	t := digits.Task()
	fmt.Printf("%s, by %s and others: %s\n", t.Name, t.Models[0], t.About)
	// Output: digits, by rff+sum and others: the sum of a set of handwritten digits, learned from 1 to 10 of them and tested on up to 100
}

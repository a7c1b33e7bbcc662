package unique_test

import (
	"fmt"

	"setwise/examples/regress/unique"
)

func ExampleTask() {
	t := unique.Task()
	fmt.Printf("%s, by %s and others: %s\n", t.Name, t.Models[0], t.About)
	// Output: unique, by sab+pma and others: how many different characters 6 to 10 drawings show
}

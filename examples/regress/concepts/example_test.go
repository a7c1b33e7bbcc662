package concepts_test

import (
	"fmt"

	"setwise/examples/regress/concepts"
)

func ExampleTask() {
	t := concepts.Task()
	fmt.Printf("%s, by %s and others: %s\n", t.Name, t.Models[0], t.About)
	// Output: concepts, by dot-1k and others: the other words of a topic, from five of them
}

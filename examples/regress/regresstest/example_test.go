package regresstest_test

import (
	"fmt"

	"setwise/examples/regress/regresstest"
)

func ExampleLastLine() {
	fmt.Println(regresstest.LastLine("a\nb\n"))
	// Output: b
}

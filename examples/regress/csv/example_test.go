package csv_test

import (
	"fmt"

	"setwise/examples/regress/csv"
)

func ExampleTask() {
	t := csv.Task()
	fmt.Printf("%s, by %s and others: %s\n", t.Name, t.Models[0], t.About)
	// Output: csv, by isab16+pma and others: numbers that belong to the sets of a table of your own
}

package molecules_test

import (
	"fmt"

	"setwise/examples/regress/molecules"
)

func ExampleTask() {
	t := molecules.Task()
	fmt.Printf("%s, by %s and others: %s\n", t.Name, t.Models[0], t.About)
	// Output: molecules, by sab+pma and others: the hydration free energy of a molecule, a set of atoms in space
}

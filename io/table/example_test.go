package table_test

import (
	"fmt"
	"io"
	"strings"

	"setwise/io/table"
)

func Example() {
	text := "part;mass\nscrew;1.5\n\"nut; thin\";NA\n"
	t, err := table.New(strings.NewReader(text), table.Format{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Names)
	for {
		cells, err := t.Next()
		if err == io.EOF {
			break
		} else if err != nil {
			fmt.Println(err)
			return
		}
		mass, err := table.Number(cells[1])
		fmt.Println(cells[0], mass, err)
	}
	// Output:
	// [part mass]
	// screw 1.5 <nil>
	// nut; thin 0 want a number, got nothing but "NA"
}

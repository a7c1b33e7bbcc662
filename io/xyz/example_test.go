package xyz_test

import (
	"fmt"
	"os"
	"strings"

	"setwise/io/xyz"
	"setwise/pointcloud"
)

func Example() {
	c, err := xyz.Read(strings.NewReader("# a corner\n0 0 0\n1 0 0\n0 1 0\n"), xyz.Limits{})
	fmt.Println(c.Len(), "points, the last at", c.Points[2], "error", err)

	err = xyz.Write(os.Stdout, c.UnitSphere(), xyz.Options{CSV: true})
	fmt.Println(err)
	// Output:
	// 3 points, the last at [0 1 0] error <nil>
	// x,y,z
	// -0.4472136,-0.4472136,0
	// 0.8944272,-0.4472136,0
	// -0.4472136,0.8944272,0
	// <nil>
}

// A shape of ShapeNetPart names the part that each point is of.
func ExampleReadAll() {
	text := `0.1 0.2 0.3 0.0 0.6 0.8 12.000000
0.2 0.2 0.3 0.0 0.0 1.0 13.000000
`
	t, err := xyz.ReadAll(strings.NewReader(text), xyz.Limits{})
	fmt.Println(t.Cloud.Normals, t.Column("label"), err)

	t, err = xyz.ReadAll(strings.NewReader("x,y,z,reflectance\n1,2,3,0.5\n"), xyz.Limits{})
	fmt.Println(t.Cloud.Points, t.Columns, err)
	// Output:
	// [[0 0.6 0.8] [0 0 1]] [12 13] <nil>
	// [[1 2 3]] [{reflectance [0.5]}] <nil>
}

func ExampleWrite() {
	c := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 2, 3}}}
	part := xyz.Column{Name: "part", Values: []float32{1, 2}}
	if err := xyz.Write(os.Stdout, c, xyz.Options{Columns: []xyz.Column{part}}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # x y z part
	// 0 0 0 1
	// 1 2 3 2
}

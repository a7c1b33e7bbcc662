package pcd_test

import (
	"bytes"
	"fmt"
	"strings"

	"setwise/io/pcd"
	"setwise/pointcloud"
)

func Example() {
	f, err := pcd.OfCloud(pointcloud.Cloud{Points: [][3]float32{{0, 0, 1}, {0.5, 0, 1}, {0.5, 0.5, 1}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	f.Set("label", []uint32{7, 7, 9})
	f.Format = pcd.Compressed
	var file bytes.Buffer
	if err := pcd.Write(&file, f); err != nil {
		fmt.Println(err)
		return
	}

	f, err = pcd.ReadAll(&file, pcd.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, field := range f.Fields {
		fmt.Println(field.Name, field.Values)
	}
	c, err := f.Cloud()
	fmt.Println(c.Len(), "points, error", err)
	// Output:
	// x [0 0.5 0.5]
	// y [0 0 0.5]
	// z [1 1 1]
	// label [7 7 9]
	// 3 points, error <nil>
}

// A camera of two rows that saw nothing in one place.
func ExampleRead() {
	image := `VERSION 0.7
FIELDS x y z
SIZE 4 4 4
TYPE F F F
COUNT 1 1 1
WIDTH 2
HEIGHT 2
POINTS 4
DATA ascii
0 0 1
1 0 1
nan nan nan
1 1 1
`
	c, err := pcd.Read(strings.NewReader(image), pcd.Limits{})
	fmt.Println(c.Points, err)
	f, err := pcd.ReadAll(strings.NewReader(image), pcd.Limits{})
	fmt.Println(f.Height, "rows of", f.Width, f.Field("z").Values, err)

	_, err = pcd.Read(strings.NewReader(strings.Replace(image, "1 0 1", "1 0", 1)), pcd.Limits{})
	fmt.Println(err)
	// Output:
	// [[0 0 1] [1 0 1] [1 1 1]] <nil>
	// 2 rows of 2 [1 1 NaN 1] <nil>
	// pcd: line 11: the line ends early: want a float32 for z of point 1
}

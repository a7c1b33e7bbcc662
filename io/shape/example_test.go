package shape_test

import (
	"fmt"
	"os"
	"path/filepath"

	"setwise/io/shape"
	"setwise/pointcloud"
)

// A mesh that came from one program goes to another in its own format.
func Example() {
	dir, err := os.MkdirTemp("", "shapes")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	from, to := filepath.Join(dir, "roof.off"), filepath.Join(dir, "roof.ply.gz")
	if err := os.WriteFile(from, []byte("OFF\n4 1 0\n0 0 0\n4 0 0\n4 2 2\n0 2 2\n4 0 1 2 3\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	s, err := shape.Open(from, shape.Limits{})
	fmt.Println(s.Format, len(s.Mesh.Faces), "triangles", err)
	if err := shape.WriteFile(to, s); err != nil {
		fmt.Println(err)
	}
	s, err = shape.Open(to, shape.Limits{})
	fmt.Println(s.Format, len(s.Mesh.Faces), "triangles", err)

	err = shape.WriteFile(filepath.Join(dir, "corners.csv"), shape.Shape{Cloud: pointcloud.Cloud{Points: s.Mesh.Vertices}})
	text, _ := os.ReadFile(filepath.Join(dir, "corners.csv"))
	fmt.Printf("%s%v\n", text, err)
	// Output:
	// off 2 triangles <nil>
	// ply 2 triangles <nil>
	// x,y,z
	// 0,0,0
	// 4,0,0
	// 4,2,2
	// 0,2,2
	// <nil>
}

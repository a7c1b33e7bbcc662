package stl_test

import (
	"bytes"
	"fmt"
	"strings"

	"setwise/io/stl"
	"setwise/pointcloud"
)

func Example() {
	roof := pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, 0}, {4, 0, 0}, {4, 2, 2}, {0, 2, 2}},
		Faces:    [][3]int32{{0, 1, 2}, {0, 2, 3}},
	}
	var file bytes.Buffer
	if err := stl.Write(&file, roof, stl.Options{Name: "roof"}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(file.Len(), "bytes")

	m, err := stl.Read(&file, stl.Limits{})
	fmt.Println(len(m.Faces), "triangles,", len(m.Vertices), "corners, error", err)
	fmt.Println("normal", m.Normals[0])
	// Output:
	// 184 bytes
	// 2 triangles, 6 corners, error <nil>
	// normal [0 -0.70710677 0.70710677]
}

func ExampleReadSolids() {
	text := `solid left wing
  facet normal 0 0 1
    outer loop
      vertex 0 0 0
      vertex 1 0 0
      vertex 0 1 0
    endloop
  endfacet
endsolid left wing
solid right wing
endsolid right wing
`
	solids, err := stl.ReadSolids(strings.NewReader(text), stl.Limits{})
	for _, s := range solids {
		fmt.Println(s.Name, len(s.Mesh.Faces))
	}
	fmt.Println(err)

	_, err = stl.Read(strings.NewReader(strings.Replace(text, "1 0 0", "1 0 one", 1)), stl.Limits{})
	fmt.Println(err)
	// Output:
	// left wing 1
	// right wing 0
	// <nil>
	// stl: line 5: want a finite number within float32, got "one"
}

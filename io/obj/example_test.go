package obj_test

import (
	"bytes"
	"fmt"
	"strings"

	"setwise/io/obj"
	"setwise/pointcloud"
)

func Example() {
	text := `mtllib roof.mtl
v 0 0 0
v 4 0 0
v 4 2 2
v 0 2 2
usemtl tiles
f 1 2 3 4
`
	m, err := obj.Read(strings.NewReader(text), obj.Limits{})
	fmt.Println(len(m.Vertices), "vertices, triangles", m.Faces, err)

	_, err = obj.Read(strings.NewReader(strings.Replace(text, "3 4", "3 5", 1)), obj.Limits{})
	fmt.Println(err)
	// Output:
	// 4 vertices, triangles [[0 1 2] [0 2 3]] <nil>
	// obj: line 7: want a corner among 4 vertices, got 5
}

func ExampleReadObject() {
	cloud := obj.Object{
		Mesh:          pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 1}, {0.5, 0, 0}}},
		VertexNormals: [][3]float32{{0, 0, 1}, {1, 0, 0}},
	}
	var file bytes.Buffer
	if err := obj.Write(&file, cloud); err != nil {
		fmt.Println(err)
	}
	fmt.Print(file.String())

	o, err := obj.ReadObject(&file, obj.Limits{})
	fmt.Println(o.Mesh.Vertices, o.VertexNormals, err)
	// Output:
	// # 2 vertices, 0 faces
	// v 0 0 1
	// v 0.5 0 0
	// vn 0 0 1
	// vn 1 0 0
	// [[0 0 1] [0.5 0 0]] [[0 0 1] [1 0 0]] <nil>
}

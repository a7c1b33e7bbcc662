package off_test

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"

	"setwise/io/off"
	"setwise/pointcloud"
)

func Example() {
	// As some of ModelNet40's files begin, and with a face of four corners.
	text := "OFF4 1 0\n0 0 0\n4 0 0\n4 2 2\n0 2 2\n4 0 1 2 3\n"
	m, err := off.Read(strings.NewReader(text), off.Limits{})
	fmt.Println(len(m.Vertices), "vertices, triangles", m.Faces, err)

	_, err = off.Read(strings.NewReader(strings.Replace(text, "4 2 2", "4 2", 1)), off.Limits{})
	fmt.Println(err)
	// Output:
	// 4 vertices, triangles [[0 1 2] [0 2 3]] <nil>
	// off: line 4: the line ends early: want a finite number within float32
}

func ExampleWrite() {
	o := off.Object{
		Mesh:         pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 0.5, 0}}, Faces: [][3]int32{{0, 1, 2}}},
		VertexColors: []color.NRGBA{{R: 255, A: 255}, {G: 255, A: 255}, {B: 255, A: 255}},
	}
	var file bytes.Buffer
	if err := off.Write(&file, o); err != nil {
		fmt.Println(err)
	}
	fmt.Print(file.String())
	// Output:
	// COFF
	// 3 1 0
	// 0 0 0 255 0 0 255
	// 1 0 0 0 255 0 255
	// 0 0.5 0 0 0 255 255
	// 3 0 1 2
}

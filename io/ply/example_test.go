package ply_test

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"

	"setwise/io/ply"
	"setwise/pointcloud"
)

func Example() {
	roof := pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, 0}, {4, 0, 0}, {4, 2, 2}, {0, 2, 2}},
		Faces:    [][3]int32{{0, 1, 2}, {0, 2, 3}},
	}
	f, err := ply.OfMesh(roof)
	if err != nil {
		fmt.Println(err)
		return
	}
	f.SetColors([]color.NRGBA{{255, 0, 0, 255}, {255, 0, 0, 255}, {0, 0, 255, 255}, {0, 0, 255, 255}})
	f.Element("vertex").Set("label", []uint8{0, 0, 1, 1})
	var file bytes.Buffer
	if err := ply.Write(&file, f); err != nil {
		fmt.Println(err)
		return
	}

	f, err = ply.ReadAll(&file, ply.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range f.Elements {
		fmt.Print(e.Rows, " of ", e.Name, ":")
		for _, p := range e.Properties {
			fmt.Printf(" %s %T", p.Name, p.Values)
		}
		fmt.Println()
	}
	fmt.Println(f.Element("vertex").Property("label").Values.([]uint8), f.Colors()[3])
	m, err := f.Mesh()
	fmt.Println(len(m.Faces), "triangles, error", err)
	// Output:
	// 4 of vertex: x []float32 y []float32 z []float32 red []uint8 green []uint8 blue []uint8 alpha []uint8 label []uint8
	// 2 of face: vertex_indices []int32
	// [0 0 1 1] {0 0 255 255}
	// 2 triangles, error <nil>
}

func ExampleReadCloud() {
	text := `ply
format ascii 1.0
element vertex 2
property float x
property float y
property float z
property float nx
property float ny
property float nz
property uchar quality
end_header
0 0 0.5 0 0 1 7
0 1 0.5 0 0 1 9
`
	c, err := ply.ReadCloud(strings.NewReader(text), ply.Limits{})
	fmt.Println(c.Points, c.Normals, err)

	_, err = ply.ReadCloud(strings.NewReader(strings.Replace(text, "0 1 0.5", "0 1 O.5", 1)), ply.Limits{})
	fmt.Println(err)
	// Output:
	// [[0 0 0.5] [0 1 0.5]] [[0 0 1] [0 0 1]] <nil>
	// ply: line 13: want a float32 for z of vertex 1, got "O.5"
}

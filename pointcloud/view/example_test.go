package view_test

import (
	"bytes"
	"fmt"
	"image/png"
	"math/rand/v2"

	"setwise/pointcloud"
	"setwise/pointcloud/view"
)

// A roof, and points of it by their height.
func Example() {
	roof := pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, 0}, {2, 0, 0}, {2, 1, 1}, {0, 1, 1}, {2, 2, 0}, {0, 2, 0}},
		Faces:    [][3]int32{{0, 1, 2}, {0, 2, 3}, {3, 2, 4}, {3, 4, 5}},
	}
	cloud, err := roof.Sample(1000, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		fmt.Println(err)
		return
	}
	heights := make([]float64, cloud.Len())
	for i, p := range cloud.Points {
		heights[i] = float64(p[2])
	}
	items := []view.Item{
		{Title: "roof", Mesh: roof},
		{Title: "points of it", Cloud: cloud, Values: heights},
	}
	o := view.Options{Width: 300, Height: 200, ValueName: "height in metres"}

	var picture, page bytes.Buffer
	if err := view.PNG(&picture, o, items...); err != nil {
		fmt.Println(err)
		return
	}
	if err := view.HTML(&page, o, items...); err != nil {
		fmt.Println(err)
		return
	}
	size, err := png.DecodeConfig(&picture)
	fmt.Println("a picture of", size.Width, "x", size.Height, "pixels", err)
	fmt.Println("and a page of", page.Len()/1000, "kB")
	// Output:
	// a picture of 600 x 294 pixels <nil>
	// and a page of 29 kB
}

// From the right, a little from above.
func ExampleImage() {
	cube := pointcloud.Cloud{}
	for i := range 8 {
		cube.Points = append(cube.Points, [3]float32{float32(i & 1), float32(i >> 1 & 1), float32(i >> 2)})
	}
	img, err := view.Image(view.Options{From: [3]float64{1, 0, 0.3}}, view.Item{Cloud: cube, Classes: []int{0, 1, 0, 1, 0, 1, 0, 1}})
	fmt.Println(img.Bounds(), err)
	// Output: (0,0)-(512,550) <nil>
}

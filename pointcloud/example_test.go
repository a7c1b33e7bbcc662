package pointcloud_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"setwise/pointcloud"
)

// A square of side 2 in the plane z = 5.
var square = pointcloud.Mesh{
	Vertices: [][3]float32{{0, 0, 5}, {2, 0, 5}, {2, 2, 5}, {0, 2, 5}},
	Faces:    [][3]int32{{0, 1, 2}, {0, 2, 3}},
}

// From a mesh to sets that a model reads.
func Example() {
	rng := rand.New(rand.NewPCG(1, 2))
	surface, err := pointcloud.NewSurface(square)
	if err != nil {
		fmt.Println(err)
		return
	}
	vary := pointcloud.Augment{Axis: [3]float32{0, 0, 1}, Angle: math.Pi, Jitter: 0.01, Clip: 0.02}
	var clouds []pointcloud.Cloud
	for range 3 {
		clouds = append(clouds, vary.Apply(surface.Sample(256, rng).UnitSphere(), rng))
	}
	batch := pointcloud.Batch(clouds...)
	fmt.Println(batch.Sets(), "sets of", batch.Len()/3, "elements of width", batch.Dim)
	// Output: 3 sets of 256 elements of width 3
}

func ExampleMesh_Sample() {
	rng := rand.New(rand.NewPCG(1, 2))
	cloud, err := square.Sample(1000, rng)
	fmt.Println(cloud.Len(), cloud.Points[0][2], err)

	_, err = pointcloud.Mesh{}.Sample(1000, rng)
	fmt.Println(err)
	// Output:
	// 1000 5 <nil>
	// pointcloud: want a mesh with some area, got none
}

func ExampleCloud_SphereFrame() {
	cloud := pointcloud.Cloud{Points: [][3]float32{{1, 0, 0}, {5, 0, 0}}}
	frame := cloud.SphereFrame()
	fmt.Println(frame.Center, frame.Scale)
	fmt.Println(frame.Apply(cloud).Points)
	fmt.Println(frame.Undo(frame.Apply(cloud)).Points)
	// Output:
	// [3 0 0] 0.5
	// [[-1 0 0] [1 0 0]]
	// [[1 0 0] [5 0 0]]
}

// Normals stay at right angles to a slope that is stretched.
func ExampleCloud_Scale() {
	cloud := pointcloud.Cloud{Points: [][3]float32{{1, 1, 0}}, Normals: [][3]float32{{0.6, 0.8, 0}}}
	long := cloud.Scale([3]float32{2, 1, 1})
	fmt.Printf("%v %.3f\n", long.Points, long.Normals)
	// Output: [[2 1 0]] [[0.351 0.936 0.000]]
}

func ExampleAugment() {
	cloud := pointcloud.Cloud{Points: [][3]float32{{1, 0, 0}, {0, 1, 0}}}
	turned := pointcloud.Augment{Free: true}.Apply(cloud, rand.New(rand.NewPCG(1, 2)))
	a, b := turned.Points[0], turned.Points[1]
	fmt.Printf("still at right angles: %v\n", math.Abs(float64(a[0]*b[0]+a[1]*b[1]+a[2]*b[2])) < 1e-6)
	fmt.Println("as before:", cloud.Points)
	// Output:
	// still at right angles: true
	// as before: [[1 0 0] [0 1 0]]
}

// Coordinates of maps keep their digits.
func ExampleNewCloud() {
	cloud := pointcloud.NewCloud([][3]float64{
		{694386.212, 5155487.512, 381.036},
		{694386.262, 5155487.562, 381.036},
		{694386.312, 5155487.612, 381.036},
	})
	fmt.Printf("%.0f %v\n", cloud.Origin, cloud.Points[1])
	fmt.Printf("%.3f\n", cloud.Place(1))
	fmt.Println(cloud.WithOrigin([3]float64{}).Points[1], "without")
	// Output:
	// [694386 5155488 0] [0.262 -0.438 381.036]
	// [694386.262 5155487.562 381.036]
	// [694386.25 5.1554875e+06 381.036] without
}

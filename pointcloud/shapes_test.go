package pointcloud_test

import (
	"math"
	"math/rand/v2"

	"setwise/pointcloud"
)

var (
	nan = float32(math.NaN())
	inf = float32(math.Inf(1))
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// block returns a closed box from the origin to (x, y, z), with normals.
func block(x, y, z float32) pointcloud.Mesh {
	m := pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, 0}, {x, 0, 0}, {x, y, 0}, {0, y, 0}, {0, 0, z}, {x, 0, z}, {x, y, z}, {0, y, z}},
		Faces: [][3]int32{
			{0, 2, 1}, {0, 3, 2}, {4, 5, 6}, {4, 6, 7}, {0, 1, 5}, {0, 5, 4},
			{2, 3, 7}, {2, 7, 6}, {1, 2, 6}, {1, 6, 5}, {3, 0, 4}, {3, 4, 7},
		},
	}
	m.Normals = m.FaceNormals()
	return m
}

// ball returns a closed sphere of radius 1 of 2 n (n - 1) faces.
func ball(n int) pointcloud.Mesh {
	var m pointcloud.Mesh
	for i := range n + 1 {
		for j := range n {
			s, c := math.Sincos(math.Pi * float64(i) / float64(n))
			t, d := math.Sincos(2 * math.Pi * float64(j) / float64(n))
			m.Vertices = append(m.Vertices, [3]float32{float32(s * d), float32(s * t), float32(c)})
		}
	}
	at := func(i, j int) int32 { return int32(i*n + j%n) }
	for i := range n {
		for j := range n {
			if i > 0 {
				m.Faces = append(m.Faces, [3]int32{at(i, j), at(i+1, j), at(i, j+1)})
			}
			if i < n-1 {
				m.Faces = append(m.Faces, [3]int32{at(i+1, j), at(i+1, j+1), at(i, j+1)})
			}
		}
	}
	return m
}

// noise returns n points with normals, about (5, -2, 1).
func noise(n int, rng *rand.Rand) pointcloud.Cloud {
	c := pointcloud.Cloud{Points: make([][3]float32, n), Normals: make([][3]float32, n)}
	for i := range n {
		for k, at := range [3]float64{5, -2, 1} {
			c.Points[i][k] = float32(at + rng.NormFloat64()*float64(k+1))
		}
		m := pointcloud.RandomRotation(rng)
		c.Normals[i] = [3]float32{float32(m[0][0]), float32(m[0][1]), float32(m[0][2])}
	}
	return c
}

func length(v [3]float32) float64 {
	return math.Sqrt(float64(v[0])*float64(v[0]) + float64(v[1])*float64(v[1]) + float64(v[2])*float64(v[2]))
}

func inner(a, b [3]float32) float64 {
	return float64(a[0])*float64(b[0]) + float64(a[1])*float64(b[1]) + float64(a[2])*float64(b[2])
}

package formattest

import (
	"math"

	"setwise/pointcloud"
)

// Mesh returns a wavy sheet of 2*n*n triangles.
func Mesh(n int) (m pointcloud.Mesh) {
	for i := range n + 1 {
		for j := range n + 1 {
			x, y := float64(i)/float64(n), float64(j)/float64(n)
			m.Vertices = append(m.Vertices, [3]float32{float32(x), float32(y), float32(math.Sin(7*x) * math.Cos(5*y))})
		}
	}
	for i := range n {
		for j := range n {
			a := int32(i*(n+1) + j)
			b := a + int32(n) + 1
			m.Faces = append(m.Faces, [3]int32{a, b, b + 1}, [3]int32{a, b + 1, a + 1})
		}
	}
	return m
}

// Cloud returns the vertices of such a sheet, with normals.
func Cloud(n int) pointcloud.Cloud {
	c := pointcloud.Cloud{Points: Mesh(n).Vertices}
	for _, v := range c.Points {
		c.Normals = append(c.Normals, [3]float32{-v[2], v[1] - v[0], 1})
	}
	return c
}

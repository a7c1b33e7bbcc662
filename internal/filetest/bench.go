package filetest

import (
	"bytes"
	"io"
	"math"
	"testing"

	"setwise/pointcloud"
)

// Wavy returns a sheet of 2*n*n triangles with coordinates of many digits.
func Wavy(n int) (m pointcloud.Mesh) {
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

// WavyCloud returns the vertices of [Wavy], with normals.
func WavyCloud(n int) pointcloud.Cloud {
	c := pointcloud.Cloud{Points: Wavy(n).Vertices}
	for _, v := range c.Points {
		c.Normals = append(c.Normals, [3]float32{-v[2], v[1] - v[0], 1})
	}
	return c
}

// BenchmarkRead times the reading of a file with the given content.
func BenchmarkRead(b *testing.B, data []byte, read func(io.Reader) error) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := read(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWrite times the writing of a file into memory that is there.
func BenchmarkWrite(b *testing.B, write func(io.Writer) error) {
	out := bytes.NewBuffer(Bytes(b, write))
	b.SetBytes(int64(out.Len()))
	for b.Loop() {
		out.Reset()
		if err := write(out); err != nil {
			b.Fatal(err)
		}
	}
}

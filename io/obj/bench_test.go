package obj

import (
	"bytes"
	"image/color"
	"math"
	"testing"

	"setwise/pointcloud"
)

// wavy returns a sheet of 2*n*n triangles with coordinates of many digits.
func wavy(n int) pointcloud.Mesh {
	var m pointcloud.Mesh
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

// full gives a mesh normals and colours of vertices.
func full(m pointcloud.Mesh) Object {
	o := Object{Mesh: m}
	for i, v := range m.Vertices {
		o.VertexNormals = append(o.VertexNormals, [3]float32{v[2], -v[0], 1 / (v[1] + 1)})
		o.VertexColors = append(o.VertexColors, color.NRGBA{uint8(i), uint8(i >> 3), 255, uint8(255 - i%7)})
	}
	return o
}

func encoded(tb testing.TB, o Object) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := Write(&b, o); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

var benchmarks = []struct {
	name   string
	object Object
}{
	{"plain", Object{Mesh: wavy(316)}}, // 100,489 vertices, 199,712 triangles
	{"full", full(wavy(316))},
}

func BenchmarkRead(b *testing.B) {
	for _, c := range benchmarks {
		data := encoded(b, c.object)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ReadObject(bytes.NewReader(data), Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, c := range benchmarks {
		b.Run(c.name, func(b *testing.B) {
			var out bytes.Buffer
			b.SetBytes(int64(len(encoded(b, c.object))))
			for b.Loop() {
				out.Reset()
				if err := Write(&out, c.object); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

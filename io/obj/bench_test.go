package obj

import (
	"bytes"
	"image/color"
	"testing"

	"setwise/internal/filetest"
	"setwise/pointcloud"
)

// wavy returns a sheet of 2*n*n triangles.
func wavy(n int) pointcloud.Mesh {
	v, f := filetest.Wavy(n)
	return pointcloud.Mesh{Vertices: v, Faces: f}
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

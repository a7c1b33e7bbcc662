package obj

import (
	"image/color"
	"io"
	"testing"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

// full gives a mesh normals and colours of vertices.
func full(m pointcloud.Mesh) Object {
	o := Object{Mesh: m}
	for i, v := range m.Vertices {
		o.VertexNormals = append(o.VertexNormals, [3]float32{v[2], -v[0], 1 / (v[1] + 1)})
		o.VertexColors = append(o.VertexColors, color.NRGBA{uint8(i), uint8(i >> 3), 255, uint8(255 - i%7)})
	}
	return o
}

func writing(o Object) func(io.Writer) error { return func(w io.Writer) error { return Write(w, o) } }

func encoded(tb testing.TB, o Object) []byte { return formattest.Bytes(tb, writing(o)) }

var benchmarks = []struct {
	name   string
	object Object
}{
	{"plain", Object{Mesh: formattest.Mesh(316)}}, // 100,489 vertices, 199,712 triangles
	{"full", full(formattest.Mesh(316))},
}

func readAll(r io.Reader) error { _, err := ReadObject(r, Limits{}); return err }

func BenchmarkRead(b *testing.B) {
	for _, c := range benchmarks {
		b.Run(c.name, func(b *testing.B) { formattest.BenchmarkRead(b, encoded(b, c.object), readAll) })
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, c := range benchmarks {
		b.Run(c.name, func(b *testing.B) { formattest.BenchmarkWrite(b, writing(c.object)) })
	}
}

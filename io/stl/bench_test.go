package stl

import (
	"bytes"
	"testing"

	"setwise/internal/filetest"
	"setwise/pointcloud"
)

// wavy returns a sheet of 2*n*n triangles.
func wavy(n int) pointcloud.Mesh {
	v, f := filetest.Wavy(n)
	return pointcloud.Mesh{Vertices: v, Faces: f}
}

func encoded(tb testing.TB, m pointcloud.Mesh, o Options) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := Write(&b, m, o); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	m := wavy(316) // 199,712 triangles
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"binary", encoded(b, m, Options{})},
		{"ascii", encoded(b, m, Options{Text: true})},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(bytes.NewReader(c.data), Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	m := wavy(316)
	for _, c := range []struct {
		name    string
		options Options
	}{
		{"binary", Options{}},
		{"ascii", Options{Text: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(encoded(b, m, c.options))))
			for b.Loop() {
				var out bytes.Buffer
				if err := Write(&out, m, c.options); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

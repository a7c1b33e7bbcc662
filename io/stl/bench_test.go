package stl

import (
	"bytes"
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

package stl

import (
	"io"
	"testing"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

func writing(m pointcloud.Mesh, o Options) func(io.Writer) error {
	return func(w io.Writer) error { return Write(w, m, o) }
}

func encoded(tb testing.TB, m pointcloud.Mesh, o Options) []byte {
	return formattest.Bytes(tb, writing(m, o))
}

var benchmarks = map[string]Options{"binary": {}, "ascii": {Text: true}}

func BenchmarkRead(b *testing.B) {
	m := formattest.Mesh(316) // 199,712 triangles
	for name, o := range benchmarks {
		b.Run(name, func(b *testing.B) {
			formattest.BenchmarkRead(b, encoded(b, m, o), func(r io.Reader) error { _, err := Read(r, Limits{}); return err })
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	m := formattest.Mesh(316)
	for name, o := range benchmarks {
		b.Run(name, func(b *testing.B) { formattest.BenchmarkWrite(b, writing(m, o)) })
	}
}

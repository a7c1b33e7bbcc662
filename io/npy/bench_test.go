package npy

import (
	"fmt"
	"io"
	"path/filepath"
	"testing"
)

// BenchmarkRead opens a file of 12.6 MB and takes its values as float32.
func BenchmarkRead(b *testing.B) {
	const rows = 1 << 20
	for _, c := range []struct{ descr, fortran string }{
		{"<f4", "False"}, {"<f4", "True"}, {">f4", "False"}, {"<i2", "False"}, {"<f8", "False"}, {"<f2", "False"},
	} {
		b.Run(fmt.Sprintf("%s/fortran=%s", c.descr, c.fortran), func(b *testing.B) {
			size := int(c.descr[2]-'0') * rows * 3
			head := file(dict(c.descr, c.fortran, fmt.Sprintf("(%d, 3)", rows)), nil, nil)
			name := save(b, "a.npy", append(head, make([]byte, size)...))
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				a, err := Open(name, Limits{})
				if err != nil {
					b.Fatal(err)
				}
				if len(a.Float32s()) != rows*3 {
					b.Fatal("values are missing")
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	values := make([]float32, 3<<20)
	b.SetBytes(int64(4 * len(values)))
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, values); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWriteFile includes the time until all is on disk.
func BenchmarkWriteFile(b *testing.B) {
	values := make([]float32, 3<<20)
	name := filepath.Join(b.TempDir(), "a.npy")
	b.SetBytes(int64(4 * len(values)))
	for b.Loop() {
		if err := WriteFile(name, values); err != nil {
			b.Fatal(err)
		}
	}
}

package formattest

import (
	"bytes"
	"io"
	"testing"
)

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

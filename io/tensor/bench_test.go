package tensor

import (
	"bytes"
	"strings"
	"testing"
)

const benchmarked = 1 << 23 // numbers, 32 MiB

func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	if err := Write(&file, &File{Tensors: map[string]*Tensor{"x": Of(make([]float32, benchmarked))}}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		f, err := Read(bytes.NewReader(file.Bytes()), Limits{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.Tensors["x"].Float32s(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadPT(b *testing.B) {
	raw := strings.Repeat("\x00", 4*benchmarked)
	for name, strides := range map[string]string{"plain": nums(1024, 1), "transposed": nums(1, benchmarked/1024)} {
		p := program(str("x"), viewed(stored("FloatStorage", "0", benchmarked), 0, nums(benchmarked/1024, 1024), strides))
		file := pt("a/data.pkl", p, "a/data/0", raw)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				f, err := read(file)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := f.Tensors["x"].Float32s(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	f := &File{Tensors: map[string]*Tensor{"x": Of(make([]float32, benchmarked))}}
	var file bytes.Buffer
	b.SetBytes(4 * benchmarked)
	for b.Loop() {
		file.Reset()
		if err := Write(&file, f); err != nil {
			b.Fatal(err)
		}
	}
}

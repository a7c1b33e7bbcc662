package tensor

import (
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/nlpodyssey/safetensors"

	"setwise/io/internal/text"
)

// Write writes f to w as safetensors. Equal files give equal bytes. It returns
// an error, before anything is written, if f could not be read back.
func Write(w io.Writer, f *File) error {
	return text.Prefix("safetensors", write(w, f))
}

func write(w io.Writer, f *File) error {
	views := make(map[string]view, len(f.Tensors))
	size, commas := 0, len(f.Metadata)
	for name, t := range f.Tensors {
		if t == nil || name == metadataName || !utf8.ValidString(name) {
			return fmt.Errorf("tensor %.100q: want a tensor, with a name of UTF-8 other than %s", name, metadataName)
		}
		n, err := t.Len()
		if err != nil {
			return fmt.Errorf("tensor %.100q: %w", name, err)
		}
		v := view{Tensor: t, length: uint64(n * t.Type.Size())}
		if v.dtype, err = safetensors.ParseDType(string(t.Type)); err != nil {
			return fmt.Errorf("tensor %.100q: %w", name, err)
		}
		views[name] = v
		size += 6*len(name) + 128 + 21*len(t.Shape) // as if every byte were escaped
		commas += 4 + len(t.Shape)
	}
	for k, v := range f.Metadata {
		if !utf8.ValidString(k) || !utf8.ValidString(v) {
			return fmt.Errorf("metadata %.100q: want UTF-8", k)
		}
		size += 6*(len(k)+len(v)) + 8
	}
	if size > mostHeader || commas > mostCommas {
		return fmt.Errorf("header: want at most %d bytes for names, shapes and metadata and %d commas, got up to %d and %d",
			mostHeader, mostCommas, size, commas)
	}
	return safetensors.SerializeToWriter(views, f.Metadata, w)
}

// view shows a checked tensor to package safetensors.
type view struct {
	*Tensor
	dtype  safetensors.DType
	length uint64
}

func (v view) DType() safetensors.DType { return v.dtype }

func (v view) DataLen() uint64 { return v.length }

func (v view) Shape() []uint64 {
	shape := make([]uint64, len(v.Tensor.Shape))
	for i, d := range v.Tensor.Shape {
		shape[i] = uint64(d)
	}
	return shape
}

func (v view) Data() []byte {
	data, err := v.Tensor.bytes()
	if err != nil {
		panic(err) // cannot be: Write has checked it
	}
	return data
}

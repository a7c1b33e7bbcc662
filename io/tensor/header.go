package tensor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"github.com/nlpodyssey/safetensors"

	"setwise/io/internal/text"
)

const (
	mostHeader = 8 << 20 // bytes
	mostCommas = 1 << 17 // 285 bytes of memory each while the header is decoded
	mostDepth  = 3       // {"name": {"shape": [

	metadataName = "__metadata__"
)

// parseHeader returns the tensors that a header describes, without data, and
// their places in no particular order.
func parseHeader(header []byte) (*File, []span, error) {
	keys, err := survey(header)
	if err != nil {
		return nil, nil, err
	}
	var m safetensors.Metadata
	if err := json.Unmarshal(header, &m); err != nil {
		return nil, nil, shorten(err)
	}
	tensors := m.Tensors()
	distinct := 4 * len(tensors)
	if m.Metadata() != nil {
		distinct += 1 + len(m.Metadata())
	}
	if keys != distinct {
		return nil, nil, fmt.Errorf("want every name once, got %d of them again", keys-distinct)
	}
	f := &File{Tensors: make(map[string]*Tensor, len(tensors)), Metadata: m.Metadata()}
	spans := make([]span, 0, len(tensors))
	for name, info := range tensors {
		t := &Tensor{Shape: make([]int, len(info.Shape)), Type: DType(info.DType.String())}
		for i, d := range info.Shape {
			if d > math.MaxInt {
				return nil, nil, fmt.Errorf("tensor %.100q: shape: want sizes that can be, got %d", name, d)
			}
			t.Shape[i] = int(d)
		}
		f.Tensors[name] = t
		spans = append(spans, span{Tensor: t, name: name, begin: info.DataOffsets[0], end: info.DataOffsets[1]})
	}
	return f, spans, nil
}

// survey counts the keys of a header and returns an error if decoding it could
// take much memory. Whether it is JSON, the decoder says.
func survey(header []byte) (keys int, err error) {
	if !utf8.Valid(header) {
		return 0, errors.New("want UTF-8")
	}
	depth, commas, quoted := 0, 0, false
	for i := 0; i < len(header); i++ {
		c := header[i]
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
			if c == '\\' {
				i++ // whatever is escaped
			}
		case c == ':':
			keys++
		case c == ',':
			commas++
		case c == '{' || c == '[':
			if depth++; depth > mostDepth {
				return 0, fmt.Errorf("byte %d: want brackets nested %d deep at most", i, mostDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	if commas > mostCommas {
		return 0, fmt.Errorf("want at most %d commas, got %d", mostCommas, commas)
	}
	return keys, nil
}

// shorten cuts what an error quotes of a file to a readable length.
func shorten(err error) error {
	const most = 300
	text := err.Error()
	if len(text) <= most {
		return err
	}
	return errors.New(text[:most] + "…")
}

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
func (v view) DataLen() uint64          { return v.length }

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

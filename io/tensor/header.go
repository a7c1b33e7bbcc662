package tensor

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/nlpodyssey/safetensors"
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

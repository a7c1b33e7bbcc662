package stl

import (
	"bytes"
	"encoding/binary"
	"io"

	"setwise/internal/stream"
	"setwise/internal/words"
)

// form is how a file is written.
type form int

const (
	unknownForm form = iota
	binaryForm
	textForm
)

const (
	headerSize   = 84 // 80 bytes of anything, and the number of triangles
	triangleSize = 50 // normal, three corners, two bytes of attributes
)

// A source is a stream with triangles in it, of which the form is known.
type source struct {
	*stream.Source
	form form
}

// promised returns the number of triangles in the header of a binary source.
func (s source) promised() int64 {
	return int64(binary.LittleEndian.Uint32(s.Head[headerSize-4:]))
}

// exact reports whether the stated size is what the header promises.
func (s source) exact() bool {
	return len(s.Head) >= headerSize && s.Size == headerSize+triangleSize*s.promised()
}

// sniff looks at the beginning of r, through gzip if need be.
func sniff(r io.Reader) (source, error) {
	s, err := stream.New(r)
	if err != nil {
		return source{}, err
	}
	if s.Zipped() && !(source{Source: s}).exact() {
		if s, err = s.Unzip(); err != nil {
			return source{}, err
		}
	}
	out := source{Source: s}
	out.form = out.guess()
	return out, nil
}

// guess tells text from binary by the rules of the package comment.
func (s source) guess() form {
	if s.exact() {
		return binaryForm
	}
	if len(s.Head) >= headerSize && bytes.ContainsFunc(s.Head[:headerSize], control) {
		return binaryForm
	}
	first := words.NewScanner(bytes.NewReader(s.Head), 0, 0).Next()
	if len(s.Head) == stream.HeadSize && first == nil || words.Is(first, "solid") {
		return textForm
	}
	return unknownForm
}

// control reports whether a character is one that text does not have. The
// number of triangles in a binary header has one up to 150 million.
func control(c rune) bool { return c < ' ' && (c < '\t' || c > '\r') }

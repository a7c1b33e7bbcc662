package stl

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"setwise/io/internal/source"
	"setwise/io/internal/text"
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

// An input is a stream with triangles in it, of which the form is known.
type input struct {
	*source.Stream
	form form
}

// promised returns the number of triangles in the header of a binary source.
func (s input) promised() int64 {
	return int64(binary.LittleEndian.Uint32(s.Head[headerSize-4:]))
}

// exact reports whether the stated size is what the header promises.
func (s input) exact() bool {
	return len(s.Head) >= headerSize && s.Size == headerSize+triangleSize*s.promised()
}

// from returns what read makes of r, through gzip if need be.
func from[T any](what string, r io.Reader, read func(input) (T, error)) (none T, err error) {
	s, given := r.(*source.Stream)
	if !given {
		if s, err = source.New(r); err == nil && s.Zipped() && !(input{Stream: s}).exact() {
			s, err = s.Unzip()
		}
		if err != nil {
			return none, fmt.Errorf("%s: %w", what, err)
		}
	}
	return source.Read(what, s, func(s *source.Stream) (T, error) {
		out := input{Stream: s}
		out.form = out.guess()
		return read(out)
	})
}

// guess tells text from binary by the rules of the package comment.
func (s input) guess() form {
	if s.exact() {
		return binaryForm
	}
	if bytes.HasPrefix(s.Head, []byte("\x93NUMPY")) { // of zeros, it promises no triangles
		return unknownForm
	}
	if len(s.Head) >= headerSize && bytes.ContainsFunc(s.Head[:headerSize], control) {
		return binaryForm
	}
	first := text.NewScanner(bytes.NewReader(s.Head), 0, 0).Next()
	if len(s.Head) == source.HeadSize && first == nil || text.Is(first, "solid") {
		return textForm
	}
	return unknownForm
}

// control reports whether a character is one that text does not have. The
// number of triangles in a binary header has one up to 150 million.
func control(c rune) bool { return c < ' ' && (c < '\t' || c > '\r') }

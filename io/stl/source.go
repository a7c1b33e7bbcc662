package stl

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
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
	headSize     = 512
)

// A source is a stream of which the beginning has been looked at.
type source struct {
	io.Reader        // everything, the beginning included
	head      []byte // the first 512 bytes, or all there is
	size      int64  // of everything, as far as stated, or -1
	form      form
}

// promised returns the number of triangles in the header of a binary source.
func (s *source) promised() int64 {
	return int64(binary.LittleEndian.Uint32(s.head[headerSize-4:]))
}

// exact reports whether the stated size is what the header promises.
func (s *source) exact() bool {
	return len(s.head) >= headerSize && s.size == headerSize+triangleSize*s.promised()
}

// sniff looks at the beginning of r, through gzip if need be.
func sniff(r io.Reader) (*source, error) {
	s, err := peek(r, stated(r))
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(s.head, []byte{0x1f, 0x8b}) && !s.exact() {
		in := &counter{r: s.Reader}
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		if s, err = peek(&inflated{z: z, in: in}, -1); err != nil {
			return nil, err
		}
	}
	s.form = s.guess()
	return s, nil
}

// stated returns the number of bytes that r says are left in it, or -1.
func stated(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len())
	case *os.File:
		info, err := r.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return -1
		}
		at, err := r.Seek(0, io.SeekCurrent)
		if err != nil {
			return -1
		}
		return info.Size() - at
	}
	return -1
}

// peek reads the beginning of r, however little comes at a time.
func peek(r io.Reader, size int64) (*source, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	return &source{Reader: io.MultiReader(bytes.NewReader(head), r), head: head, size: size}, nil
}

// guess tells text from binary by the rules of the package comment.
func (s *source) guess() form {
	if s.exact() {
		return binaryForm
	}
	if len(s.head) >= headerSize && bytes.ContainsFunc(s.head[:headerSize], control) {
		return binaryForm
	}
	words := bytes.Fields(bytes.TrimPrefix(s.head, []byte(byteOrderMark)))
	if len(s.head) == headSize && len(words) == 0 || len(words) > 0 && is(words[0], "solid") {
		return textForm
	}
	return unknownForm
}

// control reports whether a character is one that text does not have. The
// number of triangles in a binary header has one up to 150 million.
func control(c rune) bool { return c < ' ' && (c < '\t' || c > '\r') }

// counter counts the bytes read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

const (
	freely   = 48 << 20 // decompressed bytes that need no justification
	mostFold = 100      // how far compressed bytes may expand beyond that
)

var errBomb = errors.New("gzip: expands more than 100-fold: want a plain file, or one compressed less")

// inflated reads what z decompresses from in, up to a reasonable expansion.
type inflated struct {
	z  *gzip.Reader
	in *counter
	n  int64
}

func (i *inflated) Read(b []byte) (int, error) {
	n, err := i.z.Read(b)
	i.n += int64(n)
	if i.n > freely && i.n > mostFold*i.in.n {
		return 0, errBomb
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("gzip: %w", err)
	}
	return n, err
}

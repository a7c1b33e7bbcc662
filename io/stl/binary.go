package stl

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"setwise/internal/elementary"
)

const (
	blockTriangles = 1024 // read at a time, 50 KiB
	mostTrailing   = 4096 // bytes ignored after the last triangle
)

// readBinary reads a binary file: 80 bytes of header, the number of triangles,
// and 50 bytes for each.
func readBinary(s input, p *pile, end func(string) error) error {
	promised := s.promised()
	if came := (s.Size - headerSize) / triangleSize; promised > int64(p.most) && s.Size >= 0 && came < promised {
		return short(promised, came)
	}
	if promised > int64(p.most) {
		return fmt.Errorf("header promises %d triangles: want at most %d, or a higher limit", promised, p.most)
	}
	if s.exact() && promised > 0 {
		p.reserve(int(promised))
	}
	name := headerName(s.Head[:headerSize-4])
	if p.palette != nil {
		p.palette.open(s.Head[:headerSize-4])
	}
	if _, err := io.CopyN(io.Discard, s, headerSize); err != nil {
		return err
	}
	if promised == 0 {
		empty, err := s.noTriangles()
		if err != nil {
			return err
		}
		if empty {
			return end(name)
		}
	}
	block := make([]byte, blockTriangles*triangleSize)
	for promised == 0 || int64(p.n) < promised {
		want := block
		if left := promised - int64(p.n); promised > 0 && left < blockTriangles {
			want = block[:left*triangleSize]
		}
		n, err := io.ReadFull(s, want)
		whole := want[:n-n%triangleSize]
		if err := p.decode(whole); err != nil {
			return err
		}
		if p.palette != nil {
			p.palette.add(whole)
		}
		switch {
		case err == nil:
			continue
		case err != io.EOF && err != io.ErrUnexpectedEOF:
			return fmt.Errorf("after %d triangles: %w", p.n, err)
		case promised > 0:
			return short(promised, int64(p.n))
		case n%triangleSize != 0:
			return fmt.Errorf("header promises no triangles, but %d and %d bytes more follow: want whole triangles of %d bytes",
				p.n, n%triangleSize, triangleSize)
		}
		return end(name)
	}
	_, err := io.CopyN(io.Discard, s, mostTrailing+1)
	if err == nil {
		return trailing(promised)
	}
	if err != io.EOF {
		return fmt.Errorf("after %d triangles: %w", p.n, err)
	}
	return end(name)
}

// noTriangles reports whether what follows a header that promises no triangles
// has none: it is less than one, or all zeros.
func (s *input) noTriangles() (bool, error) {
	b := make([]byte, mostTrailing+1)
	n, err := io.ReadFull(s, b)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return false, fmt.Errorf("after the header: %w", err)
	}
	zeros := len(bytes.Trim(b[:n], "\x00")) == 0
	if zeros && err == nil {
		return false, trailing(0)
	}
	s.Stream.Reader = io.MultiReader(bytes.NewReader(b[:n]), s.Stream.Reader)
	return zeros || n < triangleSize, nil
}

// trailing is the error of what goes on after its last triangle.
func trailing(promised int64) error {
	return fmt.Errorf("more than %d bytes follow the %d triangles that the header promises: want the end of the file", mostTrailing, promised)
}

// short is the error of a file that ends before its time.
func short(promised, came int64) error {
	return fmt.Errorf("header promises %d triangles, but only %d came: want %d bytes and %d for each triangle",
		promised, max(came, 0), headerSize, triangleSize)
}

// decode puts whole triangles on the pile.
func (p *pile) decode(block []byte) error {
	for len(block) > 0 {
		s, err := p.top()
		if err != nil {
			return err
		}
		n := min(len(block)/triangleSize, s.room(), p.most-p.taken-p.n)
		if bad := s.decode(block[:n*triangleSize]); bad >= 0 {
			return fmt.Errorf("triangle %d: a coordinate is infinite or not a number: want finite ones", p.n+bad+1)
		}
		p.n += n
		block = block[n*triangleSize:]
	}
	return nil
}

// decode puts whole triangles on the slab, which has room for them. It returns
// the number of the first with a coordinate that is not finite, or -1.
func (s *slab) decode(block []byte) (bad int) {
	for i := 0; len(block) >= triangleSize; i++ {
		t := block[:triangleSize:triangleSize]
		c := s.corners[3*s.n : 3*s.n+3 : 3*s.n+3]
		c[0], c[1], c[2] = vector(t[12:24]), vector(t[24:36]), vector(t[36:48])
		if !elementary.FiniteVector(c[0]) || !elementary.FiniteVector(c[1]) || !elementary.FiniteVector(c[2]) {
			return i
		}
		s.setNormal(s.n, vector(t[:12]))
		s.n++
		block = block[triangleSize:]
	}
	return -1
}

// vector decodes three numbers.
func vector(b []byte) [3]float32 {
	_ = b[11]
	return [3]float32{
		math.Float32frombits(binary.LittleEndian.Uint32(b)),
		math.Float32frombits(binary.LittleEndian.Uint32(b[4:])),
		math.Float32frombits(binary.LittleEndian.Uint32(b[8:])),
	}
}

package pcd

import (
	"errors"
	"fmt"
	"slices"
)

// LZF, after Marc Lehmann's LibLZF, is a sequence of
//
//	000LLLLL              and L+1 bytes, which are themselves
//	LLLOOOOO OOOOOOOO     the L+2 bytes that began O+1 bytes before, 0 < L < 7
//	111OOOOO LLLLLLLL OOOOOOOO  likewise L+9 bytes
const (
	mostLiteral = 1 << 5
	mostOffset  = 1 << 13
	mostMatch   = 264
	mostFold    = 88 // 264 bytes from 3
)

var errLZF = errors.New("compressed data that LZF does not make: want other bytes, or no end yet")

// decompress appends the n bytes that src was made of to dst. It takes memory for
// all of them at once, when it has seen that src makes as many.
func decompress(dst, src []byte, n int) ([]byte, error) {
	switch made, err := expanded(src); {
	case err != nil:
		return nil, err
	case made > n:
		return nil, fmt.Errorf("compressed data of more than the %d bytes promised: want as many", n)
	case made < n:
		return nil, fmt.Errorf("compressed data of %d bytes: want the %d promised", made, n)
	}
	dst = slices.Grow(dst, n)
	for len(src) > 0 {
		c := next(src)
		if c.offset == 0 {
			dst = append(dst, src[1:c.size]...)
		} else {
			dst = appendMatch(dst, len(dst)-c.offset, c.n)
		}
		src = src[c.size:]
	}
	return dst, nil
}

// A code is one of the sequence: it takes size bytes and makes n, those that
// begin offset bytes before or, if that is 0, its own.
type code struct{ size, n, offset int }

// next returns the first code of src, which may be longer than src.
func next(src []byte) code {
	control := int(src[0])
	at := func(i int) int {
		if i < len(src) {
			return int(src[i])
		}
		return 0
	}
	switch length := control >> 5; length {
	case 0:
		return code{size: control + 2, n: control + 1}
	case 7:
		return code{3, at(1) + 9, control&31<<8 | at(2) + 1}
	default:
		return code{2, length + 2, control&31<<8 | at(1) + 1}
	}
}

// expanded returns how many bytes src makes, if it is what LZF makes.
func expanded(src []byte) (n int, err error) {
	for len(src) > 0 {
		c := next(src)
		if c.size > len(src) || c.offset > n {
			return 0, errLZF
		}
		n += c.n
		src = src[c.size:]
	}
	return n, nil
}

// appendMatch appends n bytes that begin at b[at], some of which may be among
// those that are appended.
func appendMatch(b []byte, at, n int) []byte {
	for n > 0 {
		k := min(n, len(b)-at)
		b = append(b, b[at:at+k]...)
		n -= k // and the bytes from at on repeat themselves
	}
	return b
}

// compress appends bytes that decompress makes src of, at most a 32nd more of
// them. It takes the last place that began with the same three bytes, if its
// hash is not taken by another.
func compress(dst, src []byte) []byte {
	var last [1 << 14]int32 // places by hash, plus 1
	literal := 0            // where the bytes begin that are not in dst yet
	for i := 0; i+3 <= len(src); {
		v := uint32(src[i])<<16 | uint32(src[i+1])<<8 | uint32(src[i+2])
		h := &last[v*2654435761>>18]
		at := int(*h) - 1
		*h = int32(i + 1)
		if at < 0 || i-at > mostOffset || src[at] != src[i] || src[at+1] != src[i+1] || src[at+2] != src[i+2] {
			i++
			continue
		}
		n := 3
		for n < mostMatch && i+n < len(src) && src[at+n] == src[i+n] {
			n++
		}
		dst = appendLiterals(dst, src[literal:i])
		offset := i - at - 1
		if n < 9 {
			dst = append(dst, byte((n-2)<<5|offset>>8), byte(offset))
		} else {
			dst = append(dst, byte(7<<5|offset>>8), byte(n-9), byte(offset))
		}
		i += n
		literal = i
	}
	return appendLiterals(dst, src[literal:])
}

func appendLiterals(dst, b []byte) []byte {
	for len(b) > 0 {
		n := min(len(b), mostLiteral)
		dst = append(dst, byte(n-1))
		dst = append(dst, b[:n]...)
		b = b[n:]
	}
	return dst
}

package pcd

import (
	"errors"
	"fmt"
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

// decompress appends what src was made of to dst, which is n bytes or an error.
func decompress(dst, src []byte, n int) ([]byte, error) {
	for len(src) > 0 {
		control := int(src[0])
		src = src[1:]
		if control < mostLiteral {
			if control >= len(src) {
				return dst, errLZF
			}
			dst = append(dst, src[:control+1]...)
			src = src[control+1:]
		} else {
			length, extra := control>>5, 1
			if length == 7 {
				extra = 2
			}
			if len(src) < extra {
				return dst, errLZF
			}
			if length == 7 {
				length += int(src[0])
			}
			at := len(dst) - (control&31<<8 | int(src[extra-1])) - 1
			src = src[extra:]
			if at < 0 {
				return dst, errLZF
			}
			dst = appendMatch(dst, at, length+2)
		}
		if len(dst) > n {
			return dst, fmt.Errorf("compressed data of more than the %d bytes promised: want as many", n)
		}
	}
	if len(dst) != n {
		return dst, fmt.Errorf("compressed data of %d bytes: want the %d promised", len(dst), n)
	}
	return dst, nil
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

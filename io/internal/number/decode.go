package number

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A Decoder puts a number into every element of dst: the first is at the beginning
// of b, the others stride bytes from the one before. big says that their highest
// bytes come first.
type Decoder[T any] func(dst []T, b []byte, stride int, big bool)

// Bytes1 is the [Decoder] of integers of one byte.
func Bytes1[T int8 | uint8](dst []T, b []byte, stride int, _ bool) {
	at := 0
	for i := range dst {
		dst[i] = T(b[at])
		at += stride
	}
}

// Bytes2 is the [Decoder] of integers of two bytes, and of halves.
func Bytes2[T int16 | uint16 | Half](dst []T, b []byte, stride int, big bool) {
	at := 0
	for i := range dst {
		u := binary.LittleEndian.Uint16(b[at : at+2])
		if big {
			u = bits.ReverseBytes16(u)
		}
		dst[i] = T(u)
		at += stride
	}
}

// Bytes4 is the [Decoder] of integers of four bytes.
func Bytes4[T int32 | uint32](dst []T, b []byte, stride int, big bool) {
	at := 0
	for i := range dst {
		dst[i] = T(word4(b[at:at+4], big))
		at += stride
	}
}

// Bytes8 is the [Decoder] of integers of eight bytes.
func Bytes8[T int64 | uint64](dst []T, b []byte, stride int, big bool) {
	at := 0
	for i := range dst {
		dst[i] = T(word8(b[at:at+8], big))
		at += stride
	}
}

// Floats4 is the [Decoder] of float32.
func Floats4(dst []float32, b []byte, stride int, big bool) {
	at := 0
	for i := range dst {
		dst[i] = math.Float32frombits(word4(b[at:at+4], big))
		at += stride
	}
}

// Floats8 is the [Decoder] of float64.
func Floats8(dst []float64, b []byte, stride int, big bool) {
	at := 0
	for i := range dst {
		dst[i] = math.Float64frombits(word8(b[at:at+8], big))
		at += stride
	}
}

func word4(b []byte, big bool) uint32 {
	u := binary.LittleEndian.Uint32(b)
	if big {
		u = bits.ReverseBytes32(u)
	}
	return u
}

func word8(b []byte, big bool) uint64 {
	u := binary.LittleEndian.Uint64(b)
	if big {
		u = bits.ReverseBytes64(u)
	}
	return u
}

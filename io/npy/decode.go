package npy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/kshedden/gonpy"
)

// decode reads the values that h promises into a slice of their type, in C
// order.
func decode(r io.Reader, h *header) (any, error) {
	big := h.dtype.big
	switch h.dtype.name() {
	case "b1":
		return values(r, h, bools)
	case "i1":
		return values(r, h, bytes1[int8])
	case "u1":
		return values(r, h, bytes1[uint8])
	case "i2":
		return values(r, h, pick(big, "i2", bytes2[int16], (*gonpy.NpyReader).GetInt16))
	case "u2":
		return values(r, h, pick(big, "u2", bytes2[uint16], (*gonpy.NpyReader).GetUint16))
	case "f2": // gonpy has no such type, but knows how to swap two bytes
		return values(r, h, pick(big, "u2", bytes2[half], (*gonpy.NpyReader).GetUint16))
	case "i4":
		return values(r, h, pick(big, "i4", bytes4[int32], (*gonpy.NpyReader).GetInt32))
	case "u4":
		return values(r, h, pick(big, "u4", bytes4[uint32], (*gonpy.NpyReader).GetUint32))
	case "f4":
		return values(r, h, pick(big, "f4", floats4, (*gonpy.NpyReader).GetFloat32))
	case "i8":
		return values(r, h, pick(big, "i8", bytes8[int64], (*gonpy.NpyReader).GetInt64))
	case "u8":
		return values(r, h, pick(big, "u8", bytes8[uint64], (*gonpy.NpyReader).GetUint64))
	case "f8":
		return values(r, h, pick(big, "f8", floats8, (*gonpy.NpyReader).GetFloat64))
	}
	return nil, fmt.Errorf("no decoder for %s", h.descr)
}

// A decoder turns bytes into as many values as dst takes.
type decoder[T any] func(dst []T, src []byte) error

// values reads all values in pieces that stay in the cache, and puts them in
// C order.
func values[T any](r io.Reader, h *header, decode decoder[T]) ([]T, error) {
	out := make([]T, h.count())
	size := h.dtype.size
	buf := make([]byte, min(pieceBytes, len(out)*size))
	if !h.fortran || len(h.shape) < 2 {
		for rest := out; len(rest) > 0; {
			n := min(len(rest), len(buf)/size)
			if _, err := io.ReadFull(r, buf[:n*size]); err != nil {
				return nil, err
			}
			if err := decode(rest[:n], buf[:n*size]); err != nil {
				return nil, err
			}
			rest = rest[n:]
		}
		return out, nil
	}
	to := newWalk(h.shape)
	piece := make([]T, len(buf)/size)
	for left := len(out); left > 0; {
		n := min(left, len(piece))
		if _, err := io.ReadFull(r, buf[:n*size]); err != nil {
			return nil, err
		}
		if err := decode(piece[:n], buf[:n*size]); err != nil {
			return nil, err
		}
		for _, v := range piece[:n] {
			out[to.at] = v
			to.next()
		}
		left -= n
	}
	return out, nil
}

// A walk visits the elements of an array in Fortran order, in which the first
// dimension varies fastest, and knows where C order keeps each.
type walk struct {
	shape, stride, index []int
	at                   int
}

func newWalk(shape []int) *walk {
	w := &walk{shape: shape, stride: make([]int, len(shape)), index: make([]int, len(shape))}
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		w.stride[i] = n
		n *= shape[i]
	}
	return w
}

func (w *walk) next() {
	for i, n := range w.shape {
		w.index[i]++
		w.at += w.stride[i]
		if w.index[i] < n {
			return
		}
		w.at -= n * w.stride[i]
		w.index[i] = 0
	}
}

// pick returns the decoder for little-endian values, or gonpy's for the same
// type if they are big-endian.
func pick[T, G number](big bool, name string, little decoder[T], get func(*gonpy.NpyReader) ([]G, error)) decoder[T] {
	if !big {
		return little
	}
	return func(dst []T, src []byte) error {
		v, err := viaGonpy(">"+name, len(dst), src, get)
		if err != nil {
			return err
		}
		for i := range dst {
			dst[i] = T(v[i])
		}
		return nil
	}
}

// viaGonpy decodes n values of type descr with gonpy, which gets a header of
// our own and n values that are there.
func viaGonpy[G number](descr string, n int, src []byte, get func(*gonpy.NpyReader) ([]G, error)) ([]G, error) {
	head := appendHeader(nil, descr, []int{n})
	r, err := gonpy.NewReader(filler{io.MultiReader(bytes.NewReader(head), bytes.NewReader(src))})
	if err != nil {
		return nil, fmt.Errorf("gonpy: %w", err)
	}
	v, err := get(r)
	if err != nil {
		return nil, fmt.Errorf("gonpy: %w", err)
	}
	if len(v) != n {
		return nil, fmt.Errorf("gonpy: want %d values, got %d", n, len(v))
	}
	return v, nil
}

// A filler is a reader that fills the whole of its buffer unless the stream
// ends.
type filler struct{ r io.Reader }

// Read implements [io.Reader].
func (f filler) Read(p []byte) (int, error) {
	n, err := io.ReadFull(f.r, p)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// The decoders of little-endian values. Slices with both ends save half of the
// checks of bounds.

func bools(dst []bool, src []byte) error {
	for i := range dst {
		dst[i] = src[i] != 0
	}
	return nil
}

func bytes1[T int8 | uint8](dst []T, src []byte) error {
	for i := range dst {
		dst[i] = T(src[i])
	}
	return nil
}

func bytes2[T int16 | uint16 | half](dst []T, src []byte) error {
	for i := range dst {
		dst[i] = T(binary.LittleEndian.Uint16(src[2*i : 2*i+2]))
	}
	return nil
}

func bytes4[T int32 | uint32](dst []T, src []byte) error {
	for i := range dst {
		dst[i] = T(binary.LittleEndian.Uint32(src[4*i : 4*i+4]))
	}
	return nil
}

func bytes8[T int64 | uint64](dst []T, src []byte) error {
	for i := range dst {
		dst[i] = T(binary.LittleEndian.Uint64(src[8*i : 8*i+8]))
	}
	return nil
}

func floats4(dst []float32, src []byte) error {
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[4*i : 4*i+4]))
	}
	return nil
}

func floats8(dst []float64, src []byte) error {
	for i := range dst {
		dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*i : 8*i+8]))
	}
	return nil
}

package npy

import (
	"bytes"
	"fmt"
	"io"

	"github.com/kshedden/gonpy"

	"setwise/io/internal/number"
)

// decode reads the values that h promises into a slice of their type, in C
// order.
func decode(r io.Reader, h *header) (any, error) {
	big := h.dtype.big
	switch h.dtype.name() {
	case "b1":
		return values(r, h, bools)
	case "i1":
		return values(r, h, little(number.Bytes1[int8]))
	case "u1":
		return values(r, h, little(number.Bytes1[uint8]))
	case "i2":
		return values(r, h, pick(big, "i2", number.Bytes2[int16], (*gonpy.NpyReader).GetInt16))
	case "u2":
		return values(r, h, pick(big, "u2", number.Bytes2[uint16], (*gonpy.NpyReader).GetUint16))
	case "f2": // gonpy has no such type, but knows how to swap two bytes
		return values(r, h, pick(big, "u2", number.Bytes2[number.Half], (*gonpy.NpyReader).GetUint16))
	case "i4":
		return values(r, h, pick(big, "i4", number.Bytes4[int32], (*gonpy.NpyReader).GetInt32))
	case "u4":
		return values(r, h, pick(big, "u4", number.Bytes4[uint32], (*gonpy.NpyReader).GetUint32))
	case "f4":
		return values(r, h, pick(big, "f4", number.Floats4, (*gonpy.NpyReader).GetFloat32))
	case "i8":
		return values(r, h, pick(big, "i8", number.Bytes8[int64], (*gonpy.NpyReader).GetInt64))
	case "u8":
		return values(r, h, pick(big, "u8", number.Bytes8[uint64], (*gonpy.NpyReader).GetUint64))
	case "f8":
		return values(r, h, pick(big, "f8", number.Floats8, (*gonpy.NpyReader).GetFloat64))
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

// little returns a decoder of little-endian values.
func little[T element](decode number.Decoder[T]) decoder[T] {
	return func(dst []T, src []byte) error {
		decode(dst, src, len(src)/len(dst), false)
		return nil
	}
}

// pick returns the decoder for little-endian values, or gonpy's for the same
// type if they are big-endian.
func pick[T, G element](big bool, name string, decode number.Decoder[T], get func(*gonpy.NpyReader) ([]G, error)) decoder[T] {
	if !big {
		return little(decode)
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
func viaGonpy[G element](descr string, n int, src []byte, get func(*gonpy.NpyReader) ([]G, error)) ([]G, error) {
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

func bools(dst []bool, src []byte) error {
	for i := range dst {
		dst[i] = src[i] != 0
	}
	return nil
}

package npy

import (
	"encoding/binary"
	"fmt"
	"io"

	"setwise/io/internal/atomicfile"
	"setwise/io/internal/text"
	"setwise/set"
)

// Number is the constraint on values that can be written.
type Number interface {
	bool | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64
}

// Write writes an array of the given shape, its values in C order, in .npy
// format 1.0 and little-endian. With no shape given the array has one
// dimension. A shape that does not fit the values is a [*set.ShapeError], and
// nothing is written. O(values) time, O(1) memory.
func Write[T Number](w io.Writer, values []T, shape ...int) error {
	shape, err := fit(shape, len(values))
	if err != nil {
		return err
	}
	return text.Prefix("npy", write(w, values, shape))
}

// fit returns the shape of n values.
func fit(shape []int, n int) ([]int, error) {
	if len(shape) == 0 {
		return []int{n}, nil
	}
	h := header{shape: shape, dtype: dtype{size: 1}}
	for _, d := range shape {
		if d < 0 {
			return nil, set.Mismatch("npy.Write", "dimensions of at least 0, got %v", shape)
		}
	}
	if _, ok := h.bytes(); !ok || len(shape) > mostDims || h.count() != n {
		return nil, set.Mismatch("npy.Write", "at most %d dimensions with the product %d, got %v", mostDims, n, shape)
	}
	return shape, nil
}

func write[T Number](w io.Writer, values []T, shape []int) error {
	descr, size := describe[T]()
	if _, err := w.Write(appendHeader(nil, descr, shape)); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	buf := make([]byte, min(pieceBytes, len(values)*size))
	for at := 0; at < len(values); {
		n := min(len(values)-at, len(buf)/size)
		if _, err := binary.Encode(buf, binary.LittleEndian, values[at:at+n]); err != nil {
			return fmt.Errorf("value %d: %w", at, err)
		}
		if _, err := w.Write(buf[:n*size]); err != nil {
			return fmt.Errorf("value %d: %w", at, err)
		}
		at += n
	}
	return nil
}

// describe returns the descr of T and its size in bytes.
func describe[T Number]() (string, int) {
	switch any(*new(T)).(type) {
	case bool:
		return "|b1", 1
	case int8:
		return "|i1", 1
	case uint8:
		return "|u1", 1
	case int16:
		return "<i2", 2
	case uint16:
		return "<u2", 2
	case int32:
		return "<i4", 4
	case uint32:
		return "<u4", 4
	case float32:
		return "<f4", 4
	case int64:
		return "<i8", 8
	case uint64:
		return "<u8", 8
	}
	return "<f8", 8
}

// WriteFile writes an array to the named file as [Write] does. The array is
// written to a file beside it, which takes the name only when all is on disk:
// a reader finds the old file or the new one, never a part, and on failure the
// old file stays as it is.
func WriteFile[T Number](name string, values []T, shape ...int) error {
	shape, err := fit(shape, len(values))
	if err != nil {
		return err
	}
	return atomicfile.WriteFormat("npy", name, func(w io.Writer) error { return write(w, values, shape) })
}

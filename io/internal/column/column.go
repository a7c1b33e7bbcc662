// Package column holds the numbers of files that are made of rows: column by
// column, each in the type that the file has, as bytes and as words of text.
//
// A [Column] grows at its end, by all the rows of a block at a time or by one
// word. What is in it is an ordinary slice, from []int8 to []float64. A [Table]
// has columns side by side, of single numbers or of lists. A [Reader] fills it
// from lines or from bytes, and gives rows away as they come or leaves them there;
// nothing is trusted, and memory grows with what comes. Tables write themselves.
//
// The rows of PLY and PCD files are read and written here; their packages know
// the headers and what the numbers mean.
package column

import (
	"encoding/binary"
	"slices"

	"setwise/io/internal/number"
)

// A Column is a column of numbers of one type.
type Column interface {
	// Type returns the type of the numbers.
	Type() Type

	// Len returns how many there are.
	Len() int

	// Values returns them, as a slice of their type that is the column's own.
	Values() any

	// Reserve makes room for n more.
	Reserve(n int)

	// Reset takes all of them out, and keeps the room.
	Reset()

	// Decode appends the numbers that b holds in the given places.
	Decode(b []byte, l Layout)

	// Word appends the number that a word stands for. It reports whether the
	// word is a number of the type: for integers a whole number within its
	// range, also as 3.0 or 3e2; for floats a decimal number within its range,
	// nan, inf, or what else C libraries print for these.
	Word(word []byte) bool

	// Axis makes the numbers component k of vectors, of which there are at
	// least as many, each the float32 nearest to the number.
	Axis(vectors [][3]float32, k int)

	// Float32s returns the numbers as float32, in new memory, each the nearest.
	// Those beyond its range become infinite.
	Float32s() []float32

	// Float64s returns the numbers as float64, in new memory. Only integers
	// beyond 2^53 are rounded.
	Float64s() []float64

	// Append appends numbers lo up to hi to b, the highest byte first if big.
	Append(b []byte, lo, hi int, big bool) []byte

	// Text appends number i to b as the shortest decimal that Word makes the
	// same number of.
	Text(b []byte, i int) []byte
}

// A Layout says where in a block the numbers of a column are: Per of them side
// by side, and the same again Stride bytes further on, Rows times. Big says
// that their highest bytes come first.
type Layout struct {
	Rows, Stride, Per int
	Big               bool
}

// New returns an empty column of type t, nil if that is None.
func New(t Type) Column { return Of(empty[t]) }

var empty = [...]any{
	nil, []int8(nil), []uint8(nil), []int16(nil), []uint16(nil), []int32(nil), []uint32(nil),
	[]int64(nil), []uint64(nil), []float32(nil), []float64(nil),
}

// Of returns the column of the numbers in a slice, which becomes its own, or
// nil if values is no slice of a type that columns have.
func Of(values any) Column {
	switch v := values.(type) {
	case []int8:
		return &column[int8]{v, Int8, number.Bytes1[int8], integer[int8]}
	case []uint8:
		return &column[uint8]{v, Uint8, number.Bytes1[uint8], integer[uint8]}
	case []int16:
		return &column[int16]{v, Int16, number.Bytes2[int16], integer[int16]}
	case []uint16:
		return &column[uint16]{v, Uint16, number.Bytes2[uint16], integer[uint16]}
	case []int32:
		return &column[int32]{v, Int32, number.Bytes4[int32], integer[int32]}
	case []uint32:
		return &column[uint32]{v, Uint32, number.Bytes4[uint32], integer[uint32]}
	case []int64:
		return &column[int64]{v, Int64, number.Bytes8[int64], integer[int64]}
	case []uint64:
		return &column[uint64]{v, Uint64, number.Bytes8[uint64], integer[uint64]}
	case []float32:
		return &column[float32]{v, Float32, number.Floats4, single}
	case []float64:
		return &column[float64]{v, Float64, number.Floats8, double}
	}
	return nil
}

// column is a Column, with the two functions that its type has of its own.
type column[T number.Number] struct {
	values []T
	kind   Type
	decode func(dst []T, b []byte, stride int, big bool)
	parse  func(word []byte) (T, bool)
}

func (c *column[T]) Type() Type    { return c.kind }
func (c *column[T]) Len() int      { return len(c.values) }
func (c *column[T]) Values() any   { return c.values }
func (c *column[T]) Reserve(n int) { c.values = slices.Grow(c.values, n) }
func (c *column[T]) Reset()        { c.values = c.values[:0] }

func (c *column[T]) Decode(b []byte, l Layout) {
	n, size := l.Rows*l.Per, c.kind.Size()
	at := len(c.values)
	c.values = slices.Grow(c.values, n)[:at+n]
	dst := c.values[at:]
	switch {
	case l.Per == 1:
		c.decode(dst, b, l.Stride, l.Big)
	case l.Per*size == l.Stride:
		c.decode(dst, b, size, l.Big)
	default:
		for i := range l.Rows {
			c.decode(dst[i*l.Per:(i+1)*l.Per], b[i*l.Stride:], size, l.Big)
		}
	}
}

func (c *column[T]) Word(word []byte) bool {
	v, ok := c.parse(word)
	if ok {
		c.values = append(c.values, v)
	}
	return ok
}

func (c *column[T]) Axis(vectors [][3]float32, k int) {
	vectors = vectors[:len(c.values)]
	for i, v := range c.values {
		vectors[i][k] = float32(v)
	}
}

func (c *column[T]) Float32s() []float32 {
	out := make([]float32, len(c.values))
	for i, v := range c.values {
		out[i] = float32(v)
	}
	return out
}

func (c *column[T]) Float64s() []float64 {
	out := make([]float64, len(c.values))
	for i, v := range c.values {
		out[i] = float64(v)
	}
	return out
}

func (c *column[T]) Append(b []byte, lo, hi int, big bool) []byte {
	var order binary.ByteOrder = binary.LittleEndian
	if big {
		order = binary.BigEndian
	}
	b, _ = binary.Append(b, order, c.values[lo:hi]) // fails on types that columns do not have
	return b
}

func (c *column[T]) Text(b []byte, i int) []byte { return number.Append(b, c.values[i]) }

package tensor

import (
	"encoding/binary"
	"fmt"
	"math"

	"setwise/io/internal/number"
)

// Float32s returns the elements of a tensor of floating-point numbers, the
// last dimension running fastest. F64 is rounded to the nearest. Other types
// are an error.
func (t *Tensor) Float32s() ([]float32, error) {
	raw, err := t.bytes()
	if err != nil {
		return nil, fmt.Errorf("tensor: %w", err)
	}
	switch t.Type {
	case F32:
		return decode(raw, number.Floats4), nil
	case F64:
		return convert[float32](decode(raw, number.Floats8)), nil
	case F16, BF16:
		return halves(raw, t.Type), nil
	}
	return nil, fmt.Errorf("tensor: want floating-point numbers, got %s", t.Type)
}

// Float64s returns the elements of a tensor of floating-point numbers, the
// last dimension running fastest. Other types are an error.
func (t *Tensor) Float64s() ([]float64, error) {
	if t.Type != F64 {
		x, err := t.Float32s()
		if err != nil {
			return nil, err
		}
		return convert[float64](x), nil
	}
	raw, err := t.bytes()
	if err != nil {
		return nil, fmt.Errorf("tensor: %w", err)
	}
	return decode(raw, number.Floats8), nil
}

// Int64s returns the elements of a tensor of integers or booleans, the last
// dimension running fastest; true is 1. Other types, and numbers of 2^63 and
// above, are an error.
func (t *Tensor) Int64s() ([]int64, error) {
	raw, err := t.bytes()
	if err != nil {
		return nil, fmt.Errorf("tensor: %w", err)
	}
	switch t.Type {
	case I64:
		return decode(raw, number.Bytes8[int64]), nil
	case U64:
		x := decode(raw, number.Bytes8[uint64])
		for i, v := range x {
			if v > math.MaxInt64 {
				return nil, fmt.Errorf("tensor: element %d: want less than 2^63, got %d", i, v)
			}
		}
		return convert[int64](x), nil
	case I32:
		return convert[int64](decode(raw, number.Bytes4[int32])), nil
	case U32:
		return convert[int64](decode(raw, number.Bytes4[uint32])), nil
	case I16:
		return convert[int64](decode(raw, number.Bytes2[int16])), nil
	case U16:
		return convert[int64](decode(raw, number.Bytes2[uint16])), nil
	case I8:
		return convert[int64](decode(raw, number.Bytes1[int8])), nil
	case U8:
		return convert[int64](raw), nil
	case Bool:
		x := make([]int64, len(raw))
		for i, b := range raw {
			x[i] = int64(min(b, 1))
		}
		return x, nil
	}
	return nil, fmt.Errorf("tensor: want integers or booleans, got %s", t.Type)
}

// decode returns the numbers in raw, the length of which is a multiple of
// theirs.
func decode[T Number](raw []byte, decode number.Decoder[T]) []T {
	size := binary.Size(*new(T))
	x := make([]T, len(raw)/size)
	decode(x, raw, size, false)
	return x
}

// convert returns the numbers of x as those of another type.
func convert[To, From Number](x []From) []To {
	y := make([]To, len(x))
	for i, v := range x {
		y[i] = To(v)
	}
	return y
}

// halves returns numbers of 16 bits, F16 or BF16, all of which float32 holds
// exactly.
func halves(raw []byte, d DType) []float32 {
	x := make([]float32, len(raw)/2)
	for i := range x {
		h := binary.LittleEndian.Uint16(raw[2*i:])
		if d == BF16 {
			x[i] = math.Float32frombits(uint32(h) << 16)
		} else {
			x[i] = number.Half(h).Float32()
		}
	}
	return x
}

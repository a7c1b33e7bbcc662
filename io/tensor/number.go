package tensor

import (
	"encoding/binary"
	"fmt"
	"math"
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
		return decode[float32](raw), nil
	case F64:
		return convert[float32](decode[float64](raw)), nil
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
	return decode[float64](raw), nil
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
		return decode[int64](raw), nil
	case U64:
		x := decode[uint64](raw)
		for i, v := range x {
			if v > math.MaxInt64 {
				return nil, fmt.Errorf("tensor: element %d: want less than 2^63, got %d", i, v)
			}
		}
		return convert[int64](x), nil
	case I32:
		return convert[int64](decode[int32](raw)), nil
	case U32:
		return convert[int64](decode[uint32](raw)), nil
	case I16:
		return convert[int64](decode[int16](raw)), nil
	case U16:
		return convert[int64](decode[uint16](raw)), nil
	case I8:
		return convert[int64](decode[int8](raw)), nil
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
func decode[T Number](raw []byte) []T {
	x := make([]T, len(raw)/binary.Size(*new(T)))
	if _, err := binary.Decode(raw, binary.LittleEndian, x); err != nil {
		panic(err) // cannot be: the lengths agree
	}
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
			x[i] = half(h)
		}
	}
	return x
}

// half returns a number of half precision (IEEE 754 binary16).
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // zero or subnormal: fraction · 2^-24
		x := float32(fraction) / (1 << 24)
		return math.Float32frombits(sign | math.Float32bits(x))
	case 31: // infinity or not a number
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

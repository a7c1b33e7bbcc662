package column

import (
	"encoding/binary"
	"math"
)

// A Type is a type of numbers. The zero Type is none.
type Type uint8

// The types of numbers.
const (
	None Type = iota
	Int8
	Uint8
	Int16
	Uint16
	Int32
	Uint32
	Int64
	Uint64
	Float32
	Float64
)

var types = [...]struct {
	name string
	size int
}{
	{"none", 0}, {"int8", 1}, {"uint8", 1}, {"int16", 2}, {"uint16", 2}, {"int32", 4}, {"uint32", 4},
	{"int64", 8}, {"uint64", 8}, {"float32", 4}, {"float64", 8},
}

// String returns the name that Go has for the type.
func (t Type) String() string { return types[t].name }

// Size returns the bytes that a number takes.
func (t Type) Size() int { return types[t].size }

// Int returns the first number in b, of type t, and whether it is a whole
// number that an int holds. big says that its highest byte comes first.
func (t Type) Int(b []byte, big bool) (int, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	if big {
		order = binary.BigEndian
	}
	switch t {
	case Int8:
		return int(int8(b[0])), true
	case Uint8:
		return int(b[0]), true
	case Int16:
		return int(int16(order.Uint16(b))), true
	case Uint16:
		return int(order.Uint16(b)), true
	case Int32:
		return int(int32(order.Uint32(b))), true
	case Uint32:
		return int(order.Uint32(b)), true
	case Int64:
		return int(order.Uint64(b)), true
	case Uint64:
		u := order.Uint64(b)
		return int(u), u <= math.MaxInt
	case Float32:
		return whole(float64(math.Float32frombits(order.Uint32(b))))
	case Float64:
		return whole(math.Float64frombits(order.Uint64(b)))
	}
	return 0, false
}

// whole returns v as an int, and whether it is one that float64 holds exactly.
func whole(v float64) (int, bool) {
	if !(math.Abs(v) < 1<<53) || v != math.Trunc(v) {
		return 0, false
	}
	return int(v), true
}

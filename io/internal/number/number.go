// Package number turns numbers into bytes and text, and back: the bytes of the
// formats in either order, halves, and decimals as C and Go print them, with the
// digits that large coordinates have beyond float32.
package number

import "strconv"

// A Number is what files have in columns and arrays.
type Number interface {
	int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64 | float32 | float64
}

// Append appends v as the shortest decimal that gives it back, of large float32 to
// readers of coordinates as well: see [AppendFloat32].
func Append[T Number](b []byte, v T) []byte {
	switch v := any(v).(type) {
	case float32:
		return AppendFloat32(b, v)
	case float64:
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case uint64:
		return strconv.AppendUint(b, v, 10)
	}
	return strconv.AppendInt(b, int64(v), 10)
}

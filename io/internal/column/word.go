package column

import (
	"math"
	"strconv"

	"setwise/io/internal/number"
)

// integer returns the integer that a word stands for, and whether it is one
// that T holds.
func integer[T int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64](word []byte) (T, bool) {
	i, ok := number.Whole(word)
	if !ok {
		return rareInteger[T](word)
	}
	v := T(i)
	return v, int(v) == i && (v < 0) == (i < 0)
}

// rareInteger is [integer] for the largest numbers, and for words such as 3.0 and
// 3e2.
func rareInteger[T int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64](word []byte) (T, bool) {
	if u, err := strconv.ParseUint(string(word), 10, 64); err == nil {
		v := T(u)
		return v, v > 0 && uint64(v) == u
	}
	i, err := strconv.ParseInt(string(word), 10, 64)
	if err != nil {
		f, ok := double(word)
		if !ok || !(math.Abs(f) < 1<<53) || f != math.Trunc(f) {
			return 0, false
		}
		i = int64(f)
	}
	v := T(i)
	return v, int64(v) == i && (v < 0) == (i < 0)
}

// single returns the float32 that a word stands for.
func single(word []byte) (float32, bool) {
	v, ok := number.Float32(word)
	if !ok {
		f, special := number.NotFinite(word)
		return float32(f), special
	}
	return v, ok
}

// coordinate returns the float64 that a word stands for as [number.Coordinate]
// does.
func coordinate(word []byte) (float64, bool) {
	v, ok := number.Coordinate(word)
	if !ok {
		return number.NotFinite(word)
	}
	return v, true
}

// double returns the float64 that a word stands for.
func double(word []byte) (float64, bool) {
	for _, c := range word {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c|0x20 != 'e' {
			return number.NotFinite(word)
		}
	}
	v, err := strconv.ParseFloat(string(word), 64)
	return v, err == nil
}

package npy

import (
	"fmt"
	"math"
	"reflect"

	"setwise/io/internal/number"
	"setwise/set"
)

// element is any element type but bool.
type element interface{ number.Number | number.Half }

// Len returns the number of values.
func (a *Array) Len() int {
	if a.data == nil {
		return 0
	}
	return reflect.ValueOf(a.data).Len()
}

// Float32s returns all values in C order as float32, each the nearest; a
// float64 out of range becomes an infinity. An array of float32 returns its
// own memory: whoever changes it changes the array. O(values), O(1) then.
func (a *Array) Float32s() []float32 {
	if d, ok := a.data.([]float32); ok {
		return d
	}
	return floats[float32](a.data, 0, a.Len())
}

// Float64s returns all values in C order as float64. Integers beyond 2^53 go
// to the nearest. An array of float64 returns its own memory: whoever changes
// it changes the array. O(values), O(1) then.
func (a *Array) Float64s() []float64 {
	if d, ok := a.data.([]float64); ok {
		return d
	}
	return floats[float64](a.data, 0, a.Len())
}

// Rows returns the values of the rows lo up to hi along the first dimension,
// as float32 in C order and in memory of their own: hi-lo times the product of
// the other dimensions. Large arrays can so be used a part at a time. It
// panics with a [*set.ShapeError] unless the array has dimensions and
// 0 <= lo <= hi <= Shape[0].
func (a *Array) Rows(lo, hi int) []float32 { return rows[float32](a, lo, hi) }

// Rows64 is [Array.Rows] as float64. O(values).
func (a *Array) Rows64(lo, hi int) []float64 { return rows[float64](a, lo, hi) }

// Wide reports whether the type of the values has some that float32 has not:
// float64, and integers of 32 and 64 bits.
func (a *Array) Wide() bool {
	switch a.data.(type) {
	case []int32, []int64, []uint32, []uint64, []float64:
		return true
	}
	return false
}

func rows[F float32 | float64](a *Array, lo, hi int) []F {
	if len(a.Shape) == 0 || lo < 0 || hi < lo || hi > a.Shape[0] {
		panic(set.Mismatch("npy.Rows", "rows of the first dimension of shape %v, got %d to %d", a.Shape, lo, hi))
	}
	width := 1
	for _, d := range a.Shape[1:] {
		width *= d
	}
	return floats[F](a.data, lo*width, hi*width)
}

// Int64s returns all values in C order as int64, in memory of their own. A
// value that is not a whole number or does not fit is an error. O(values).
func (a *Array) Int64s() ([]int64, error) {
	var out []int64
	bad, value := -1, any(nil)
	switch d := a.data.(type) {
	case []uint64:
		out = make([]int64, len(d))
		for i, v := range d {
			if out[i] = int64(v); out[i] < 0 {
				bad, value = i, v
				break
			}
		}
	case []number.Half, []float32, []float64:
		f := a.Float64s()
		out = make([]int64, len(f))
		for i, v := range f {
			if v != math.Trunc(v) || v < -1<<63 || v >= 1<<63 {
				bad, value = i, v
				break
			}
			out[i] = int64(v)
		}
	case []bool:
		out = make([]int64, len(d))
		for i, v := range d {
			if v {
				out[i] = 1
			}
		}
	case []int8:
		out = cast[int64](d)
	case []int16:
		out = cast[int64](d)
	case []int32:
		out = cast[int64](d)
	case []int64:
		out = cast[int64](d)
	case []uint8:
		out = cast[int64](d)
	case []uint16:
		out = cast[int64](d)
	case []uint32:
		out = cast[int64](d)
	}
	if bad >= 0 {
		return nil, fmt.Errorf("npy: value %d of type %s: want a whole number that int64 holds, got %v", bad, a.Type, value)
	}
	return out, nil
}

// floats returns the elements lo to hi of a slice of any element type.
func floats[F float32 | float64](data any, lo, hi int) []F {
	switch d := data.(type) {
	case []bool:
		out := make([]F, hi-lo)
		for i, v := range d[lo:hi] {
			if v {
				out[i] = 1
			}
		}
		return out
	case []number.Half:
		out := make([]F, hi-lo)
		for i, v := range d[lo:hi] {
			out[i] = F(v.Float32())
		}
		return out
	case []int8:
		return cast[F](d[lo:hi])
	case []int16:
		return cast[F](d[lo:hi])
	case []int32:
		return cast[F](d[lo:hi])
	case []int64:
		return cast[F](d[lo:hi])
	case []uint8:
		return cast[F](d[lo:hi])
	case []uint16:
		return cast[F](d[lo:hi])
	case []uint32:
		return cast[F](d[lo:hi])
	case []uint64:
		return cast[F](d[lo:hi])
	case []float32:
		return cast[F](d[lo:hi])
	case []float64:
		return cast[F](d[lo:hi])
	}
	return nil
}

// cast converts values as Go does.
func cast[T, S element](s []S) []T {
	out := make([]T, len(s))
	for i, v := range s {
		out[i] = T(v)
	}
	return out
}

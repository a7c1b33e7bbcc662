package npy

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
)

func TestConversions(t *testing.T) {
	read := func(descr string, values any) *Array {
		n := strconv.Itoa(reflect.ValueOf(values).Len())
		a, err := Read(bytes.NewReader(file(dict(descr, "False", "("+n+",)"), values, binary.LittleEndian)), Limits{})
		require.NoError(t, err)
		return a
	}
	inf, nan := math.Inf(1), math.NaN()

	a := read("|b1", []uint8{0, 1, 7})
	assert.Equal(t, []float32{0, 1, 1}, a.Float32s())
	assert.Equal(t, []float64{0, 1, 1}, a.Float64s())
	whole, err := a.Int64s()
	require.NoError(t, err)
	assert.Equal(t, []int64{0, 1, 1}, whole)

	a = read("<i8", []int64{-1, 1<<24 + 1, 1<<53 + 1, math.MinInt64})
	assert.Equal(t, []float32{-1, 1 << 24, 1 << 53, -1 << 63}, a.Float32s())
	assert.Equal(t, []float64{-1, 1<<24 + 1, 1 << 53, -1 << 63}, a.Float64s())
	whole, err = a.Int64s()
	require.NoError(t, err)
	assert.Equal(t, []int64{-1, 1<<24 + 1, 1<<53 + 1, math.MinInt64}, whole)

	a = read("<u8", []uint64{5, 1 << 63})
	assert.Equal(t, []float64{5, 1 << 63}, a.Float64s())
	_, err = a.Int64s()
	assert.EqualError(t, err, "npy: value 1 of type <u8: want a whole number that int64 holds, got 9223372036854775808")

	a = read("<f8", []float64{1e300, -1e300, 1e-300, inf, nan})
	got := a.Float32s()
	assert.True(t, math.IsInf(float64(got[0]), 1) && math.IsInf(float64(got[1]), -1) && got[2] == 0 && math.IsInf(float64(got[3]), 1) && got[4] != got[4])

	whole, err = read("<f8", []float64{-2, 0, 1 << 62, -1 << 63}).Int64s()
	require.NoError(t, err)
	assert.Equal(t, []int64{-2, 0, 1 << 62, math.MinInt64}, whole)
	for _, v := range []float64{0.5, nan, inf, -inf, 1 << 63, -1 << 64} {
		_, err := read("<f8", []float64{1, v}).Int64s()
		assert.ErrorContains(t, err, "npy: value 1 of type <f8: want a whole number", "%v", v)
	}

	a = read("<f2", []uint16{0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x8000, 0x7c00, 0xfc00, 0x3555})
	assert.Equal(t, []float64{1, -2, 65504, 0x1p-24, 0x1.ff8p-15, 0, inf, -inf, 0.333251953125}, a.Float64s())
	assert.True(t, math.Signbit(a.Float64s()[5]))
	assert.True(t, math.IsNaN(read("<f2", []uint16{0x7e00}).Float64s()[0]))

	for descr, values := range map[string]any{
		"|i1": []int8{3, 2}, "|u1": []uint8{3, 2}, "<i2": []int16{3, 2}, "<u2": []uint16{3, 2}, "<i4": []int32{3, 2}, "<u4": []uint32{3, 2},
		"<i8": []int64{3, 2}, "<u8": []uint64{3, 2}, "<f2": []uint16{0x4200, 0x4000}, "<f4": []float32{3, 2}, "<f8": []float64{3, 2},
	} {
		a := read(descr, values)
		assert.Equal(t, []float32{3, 2}, a.Float32s(), descr)
		assert.Equal(t, []float64{3, 2}, a.Float64s(), descr)
		assert.Equal(t, []float32{2}, a.Rows(1, 2), descr)
		assert.Equal(t, 2, a.Len(), descr)
		whole, err := a.Int64s()
		assert.NoError(t, err, descr)
		assert.Equal(t, []int64{3, 2}, whole, descr)
	}
}

func TestRows(t *testing.T) {
	a, err := Read(bytes.NewReader(file(dict("<i2", "False", "(4, 3, 2)"), ramp[int16](24), binary.LittleEndian)), Limits{})
	require.NoError(t, err)
	all := a.Float32s()
	for lo := range 5 {
		for hi := lo; hi <= 4; hi++ {
			assert.Equal(t, all[lo*6:hi*6], a.Rows(lo, hi))
		}
	}
	for _, r := range [][2]int{{-1, 2}, {2, 1}, {0, 5}} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(func() { a.Rows(r[0], r[1]) }), &shape)
	}
	b, err := Read(bytes.NewReader(file(dict("<f4", "False", "(2,)"), []float32{1, 2}, binary.LittleEndian)), Limits{})
	require.NoError(t, err)
	b.Rows(0, 2)[0] = 9
	assert.Equal(t, []float32{1, 2}, b.Float32s(), "rows are copies")
}

func TestScalarAndZero(t *testing.T) {
	a, err := Read(bytes.NewReader(file(dict(">f8", "True", "()"), 42.0, binary.BigEndian)), Limits{})
	require.NoError(t, err)
	assert.Equal(t, []int{}, a.Shape)
	assert.Equal(t, []float32{42}, a.Float32s())
	assert.Error(t, set.Try(func() { a.Rows(0, 1) }))

	var zero Array
	assert.Zero(t, zero.Len())
	assert.Empty(t, zero.Float32s())
	assert.Empty(t, zero.Float64s())
	whole, err := zero.Int64s()
	assert.NoError(t, err)
	assert.Empty(t, whole)
}

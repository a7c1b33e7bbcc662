package tensor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
)

func TestOfHoldsACopy(t *testing.T) {
	values := []float32{1, 2, 3, 4, 5, 6}
	x := Of(values, 2, 3)
	values[0] = 9
	assert.Equal(t, "F32 [2 3]", x.String())
	got, err := x.Float32s()
	require.NoError(t, err)
	assert.Equal(t, []float32{1, 2, 3, 4, 5, 6}, got)
	wide, err := x.Float64s()
	require.NoError(t, err)
	assert.Equal(t, []float64{1, 2, 3, 4, 5, 6}, wide)
	assert.Equal(t, []int{6}, Of(values).Shape)

	x.Shape = []int{3, 2}
	_, err = x.Float32s()
	assert.NoError(t, err)
	x.Shape = []int{3, 3}
	_, err = x.Float32s()
	assert.EqualError(t, err, "tensor: shape [3 3]: want one of 6 elements")
}

func TestOfPanicsOnAWrongShape(t *testing.T) {
	for _, shape := range [][]int{{2, 2}, {-2, -3}, {7}, {1 << 62, 1 << 62}} {
		err := set.Try(func() { Of([]int64{1, 2, 3, 4, 5, 6}, shape...) })
		assert.Error(t, err, shape)
	}
}

// ints returns what Int64s makes of a tensor of one type.
func ints[T Number](t *testing.T, values ...T) []int64 {
	x, err := Of(values).Int64s()
	require.NoError(t, err)
	return x
}

func TestIntegersOfAllTypes(t *testing.T) {
	assert.Equal(t, []int64{-128, 127}, ints[int8](t, -128, 127))
	assert.Equal(t, []int64{0, 255}, ints[uint8](t, 0, 255))
	assert.Equal(t, []int64{-1 << 15, 1<<15 - 1}, ints[int16](t, -1<<15, 1<<15-1))
	assert.Equal(t, []int64{0, 1<<16 - 1}, ints[uint16](t, 0, 1<<16-1))
	assert.Equal(t, []int64{-1 << 31, 1<<31 - 1}, ints[int32](t, -1<<31, 1<<31-1))
	assert.Equal(t, []int64{0, 1<<32 - 1}, ints[uint32](t, 0, 1<<32-1))
	assert.Equal(t, []int64{-1 << 63, 1<<63 - 1}, ints[int64](t, -1<<63, 1<<63-1))
	assert.Equal(t, []int64{0, 1<<63 - 1}, ints[uint64](t, 0, 1<<63-1))

	truths, err := (&Tensor{Shape: []int{3}, Type: Bool, data: []byte{0, 1, 2}}).Int64s()
	require.NoError(t, err)
	assert.Equal(t, []int64{0, 1, 1}, truths)
}

func TestAccessorsRefuseOtherTypes(t *testing.T) {
	_, err := Of([]uint64{1 << 63}).Int64s()
	assert.EqualError(t, err, "tensor: element 0: want less than 2^63, got 9223372036854775808")
	_, err = Of([]float32{1}).Int64s()
	assert.EqualError(t, err, "tensor: want integers or booleans, got F32")
	_, err = Of([]int8{1}).Float32s()
	assert.EqualError(t, err, "tensor: want floating-point numbers, got I8")
	_, err = Of([]int8{1}).Float64s()
	assert.EqualError(t, err, "tensor: want floating-point numbers, got I8")
	for _, bad := range []*Tensor{{}, {Type: "F8", Shape: []int{0}}, {Type: F32}, {Type: F32, Shape: []int{-1}}} {
		_, err = bad.Float32s()
		assert.Error(t, err)
		_, err = bad.Float64s()
		assert.Error(t, err)
		_, err = bad.Int64s()
		assert.Error(t, err)
	}
}

func TestHalves(t *testing.T) {
	x, err := (&Tensor{Shape: []int{2}, Type: BF16, data: []byte{0x80, 0x3f, 0x49, 0xc0}}).Float64s()
	require.NoError(t, err)
	assert.Equal(t, []float64{1, -3.140625}, x)
	x, err = (&Tensor{Type: F16, data: []byte{0x00, 0x3e}}).Float64s()
	require.NoError(t, err)
	assert.Equal(t, []float64{1.5}, x)
}

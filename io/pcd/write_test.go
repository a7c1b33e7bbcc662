package pcd

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

func TestWriteText(t *testing.T) {
	f, err := OfCloud(threeCloud)
	require.NoError(t, err)
	f.Format = Text
	assert.Equal(t, in(t, "2e3", "2000"), string(encoded(t, f)))

	f.Width, f.Height = 1, 3
	f.Viewpoint = Viewpoint{[3]float32{0.1, 0, -1e-7}, [4]float32{0, 1, 0, 0}}
	f.Set("z", []float64{1e300, 0.1, math.Inf(-1)})
	f.Fields = append(f.Fields, Field{"label", 2, []int8{-1, 2, 3, 4, 5, 127}})
	want := in(t, "x y z", "x y z label", "4 4 4", "4 4 8 1", "F F F", "F F F I", "1 1 1", "1 1 1 2", "WIDTH 3\nHEIGHT 1", "WIDTH 1\nHEIGHT 3",
		"0 0 0 1 0 0 0", "0.1 0 -1e-07 0 1 0 0", points, "0 0 1e+300 -1 2\n1 0 0.1 3 4\n-1 2000 -Inf 5 127\n")
	assert.Equal(t, want, string(encoded(t, f)))

	f.Viewpoint = Viewpoint{}
	assert.Contains(t, string(encoded(t, f)), "VIEWPOINT 0 0 0 1 0 0 0\n")
}

func TestWriteThenRead(t *testing.T) {
	c := formattest.Cloud(99)
	c.Points[7] = [3]float32{math.SmallestNonzeroFloat32, -math.MaxFloat32, float32(math.Copysign(0, -1))}
	n := len(c.Points)
	for format := range Format(len(formats)) {
		f, err := OfCloud(c)
		require.NoError(t, err)
		f.Format = format
		f.Width, f.Height, f.Viewpoint = 50, n/50, Viewpoint{[3]float32{1, 2, 3}, [4]float32{4, 5, 6, 7}}
		got, err := Read(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, c, got)

		f.Set("i1", make([]int8, n))
		f.Set("u2", make([]uint16, n))
		f.Set("u8", slicesOf(n, uint64(math.MaxUint64)))
		f.Set("i8", slicesOf(n, int64(math.MinInt64)))
		f.Set("f8", slicesOf(n, 0.1))
		f.Fields = append(f.Fields, Field{"fpfh", 33, slicesOf(33*n, float32(0.1))}, Field{"u1", 3, make([]uint8, 3*n)})
		again, err := ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, f, again)
	}
}

// slicesOf returns n times a value, slightly changed if it is a float.
func slicesOf[T uint64 | int64 | float32 | float64](n int, v T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
		v += T(0.1 * float64(i%2))
	}
	return out
}

func TestEmpty(t *testing.T) {
	for format := range Format(len(formats)) {
		f, err := OfCloud(pointcloud.Cloud{})
		require.NoError(t, err)
		f.Format = format
		c, err := Read(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, pointcloud.Cloud{}, c)
		c, err = f.Cloud()
		require.NoError(t, err)
		assert.Equal(t, pointcloud.Cloud{}, c)
		again, err := ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Zero(t, again.Len())
		assert.Len(t, again.Fields, 3)
	}
}

func TestWriteRefuses(t *testing.T) {
	file := func(w, h int, fields ...Field) *File { return &File{Width: w, Height: h, Fields: fields} }
	x := Field{"x", 1, []float32{1, 2}}
	inf := float32(math.Inf(1))
	for want, f := range map[string]*File{
		"want one of the formats, got Format(3)":                                {Format: 3},
		"the viewpoint is {[0 0 +Inf] [0 0 0 0]}: want finite numbers":          {Viewpoint: Viewpoint{Position: [3]float32{0, 0, inf}}},
		"-1 times 1 points: want from 0 to 2147483647":                          file(-1, 1, x),
		"1 times -1 points: want from 0 to 2147483647":                          file(1, -1, x),
		"65536 times 65536 points: want from 0 to 2147483647":                   file(1<<16, 1<<16, x),
		"4294967296 times 4294967296 points: want from 0":                       file(1<<32, 1<<32, x),
		"0 fields: want from 1 to 1024":                                         file(2, 1),
		"1025 fields: want from 1 to 1024":                                      file(2, 1, make([]Field, 1025)...),
		`field 1: name "": want from 1 to 1024 bytes`:                           file(2, 1, x, Field{}),
		`field 0: name "a b": want one word without blanks`:                     file(2, 1, Field{Name: "a b"}),
		`field 0: name "_", which means padding: want another`:                  file(2, 1, Field{"_", 1, []int8{1, 2}}),
		"a second field x: want one of each name":                               file(2, 1, x, x),
		"field y has values of type []int: want a slice of a type that PCD has": file(2, 1, x, Field{"y", 1, []int{1, 2}}),
		"field y has values of type <nil>: want a slice of a type":              file(2, 1, x, Field{Name: "y"}),
		"field y has -1 numbers a point: want from 1 to 65536 in all fields":    file(2, 1, x, Field{"y", -1, []int8{1, 2}}),
		"field y has 65536 numbers a point: want from 1 to 65536 in all":        file(2, 1, x, Field{"y", 65536, []int8{1, 2}}),
		"field y has 3 values: want 1 for each of 2 points":                     file(2, 1, x, Field{"y", 0, []int8{1, 2, 3}}),
		"field y has 2 values: want 2 for each of 2 points":                     file(2, 1, x, Field{"y", 2, []int8{1, 2}}),
	} {
		var b bytes.Buffer
		assert.ErrorContains(t, Write(&b, f), "pcd: "+want)
		assert.Zero(t, b.Len(), "nothing is written")
	}
	_, err := OfCloud(pointcloud.Cloud{Points: [][3]float32{{0, inf, 0}}})
	assert.EqualError(t, err, "pcd: pointcloud: point 0: want finite coordinates, got [0 +Inf 0]")
	_, err = file(2, 1).Cloud()
	assert.EqualError(t, err, "pcd: 0 fields: want from 1 to 1024")
}

func TestErrorsOfTheWriter(t *testing.T) {
	f, err := OfCloud(formattest.Cloud(100))
	require.NoError(t, err)
	for f.Format = range Format(len(formats)) {
		formattest.FillsDisk(t, writing(f))
	}
}

func TestWriteFile(t *testing.T) {
	f, err := OfCloud(threeCloud)
	require.NoError(t, err)
	brief := &File{Fields: []Field{{"x", 1, []int8{}}}}
	write := func(f *File) func(string) error { return func(name string) error { return WriteFile(name, f) } }
	name := formattest.WritesWhole(t, "three.pcd", write(brief), write(f), write(&File{Format: 7}))
	got, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, threeCloud, got)
	assert.EqualError(t, WriteFile(name, &File{Format: 7}), "pcd: "+name+": want one of the formats, got Format(7)")
}

func TestColors(t *testing.T) {
	f, err := OfCloud(threeCloud)
	require.NoError(t, err)
	assert.Nil(t, f.Colors())
	colors := []color.NRGBA{{1, 2, 3, 4}, {0, 0, 0, 255}, {255, 254, 253, 0}}
	for f.Format = range Format(len(formats)) {
		f.SetColors(colors)
		f.SetColors(colors) // in place of the old
		again, err := ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, colors, again.Colors())
		assert.Len(t, again.Fields, 4)
	}
	f.SetColors(colors[:2])
	assert.Nil(t, f.Colors())
	assert.ErrorContains(t, Write(&bytes.Buffer{}, f), "field rgba has 2 values: want 1 for each of 3 points")

	opaque := []color.NRGBA{{0x40, 0x41, 0x42, 255}, {0, 0, 0, 255}, {255, 255, 255, 255}}
	for _, values := range []any{
		[]uint32{0x404142, 0, 0xffffffff}, []int32{0x404142, 0, -1},
		[]float32{math.Float32frombits(0x404142), 0, math.Float32frombits(0xffffffff)}, // the last is NaN
	} {
		f, err := OfCloud(threeCloud)
		require.NoError(t, err)
		f.Set("rgb", values)
		assert.Equal(t, opaque, f.Colors())
		for f.Format = range Format(len(formats)) {
			again, err := ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
			require.NoError(t, err)
			assert.Equal(t, opaque, again.Colors())
		}
	}
	// As text a packed float is a number, however small.
	text := strings.NewReplacer("x y z", "x y z rgb", "4 4 4", "4 4 4 4", "F F F", "F F F F", "1 1 1", "1 1 1 1",
		points, fmt.Sprintf("0 0 0 %v\n0 0 0 0\n0 0 0 2.3509886e-38\n", math.Float32frombits(0x404142))).Replace(three)
	f, err = ReadAll(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Equal(t, []color.NRGBA{{0x40, 0x41, 0x42, 255}, {0, 0, 0, 255}, {255, 255, 255, 255}}, f.Colors())

	// What is NaN in text is no colour, and stays none in every format, beside white.
	text = strings.Replace(text, "2.3509886e-38", "nan", 1)
	f, err = ReadAll(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	f.Field("rgb").Values.([]float32)[1] = math.Float32frombits(0xffffffff)
	for _, name := range []string{"rgb", "rgba", "RGB"} {
		f.Field("rgb").Name = name
		for f.Format = range Format(len(formats)) {
			again, err := ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
			require.NoError(t, err)
			assert.Equal(t, []color.NRGBA{{255, 255, 255, 255}, {}}, again.Colors()[1:], "%s, %v", name, f.Format)
		}
		f.Fields[3].Name = "rgb"
	}

	for _, values := range []any{[]uint16{1, 2, 3}, []float64{1, 2, 3}, []uint32{1, 2}, []int{1, 2, 3}} {
		f.Set("rgb", values)
		assert.Nil(t, f.Colors())
	}
}

func TestAccessors(t *testing.T) {
	f := &File{Width: 2, Height: 1, Fields: []Field{{"a", 0, []int16{-1, 2}}}}
	assert.Equal(t, []float32{-1, 2}, f.Field("a").Float32s())
	assert.Equal(t, []float64{-1, 2}, f.Field("a").Float64s())
	assert.Nil(t, f.Field("b"))
	assert.Nil(t, f.Field("b").Float32s())
	assert.Nil(t, f.Field("b").Float64s())
	assert.Equal(t, "binary_compressed", Compressed.String())
}

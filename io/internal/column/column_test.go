package column_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/elementary"
	"setwise/io/internal/column"
)

var all = []column.Type{
	column.Int8, column.Uint8, column.Int16, column.Uint16, column.Int32, column.Uint32,
	column.Int64, column.Uint64, column.Float32, column.Float64,
}

func TestNew(t *testing.T) {
	for _, kind := range all {
		c := column.New(kind)
		assert.Equal(t, kind, c.Type())
		assert.Equal(t, "[]"+kind.String(), fmt.Sprintf("%T", c.Values()))
		assert.Equal(t, kind.Size(), binary.Size(c.Values())+len(c.Append(nil, 0, 0, false))+kind.Size())
		assert.Zero(t, c.Len())
		require.True(t, c.Word([]byte("7")))
		assert.Equal(t, kind.Size(), binary.Size(c.Values()))
		assert.Equal(t, []float32{7}, c.Float32s())
		c.Reset()
		assert.Zero(t, c.Len())
	}
	assert.Nil(t, column.New(column.None))
	for _, values := range []any{nil, 7, []int{7}, []string{"7"}, [3]float32{}} {
		assert.Nil(t, column.Of(values), "%T", values)
	}
	values := []uint16{1, 2, 3}
	assert.Equal(t, values, column.Of(values).Values())
}

// Numbers taken from rows and written again are the bytes that were there.
func TestDecode(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	block := make([]byte, 1000)
	for i := range block {
		block[i] = byte(rng.Uint32())
	}
	for _, kind := range all {
		size := kind.Size()
		for _, l := range []column.Layout{
			{Rows: 0, Stride: 8, Per: 1}, {Rows: 5, Stride: 8, Per: 1}, {Rows: 7, Stride: 13, Per: 1},
			{Rows: 5, Stride: 3 * size, Per: 3}, {Rows: 5, Stride: 29, Per: 3}, {Rows: 5, Stride: 29, Per: 0},
		} {
			var want []byte
			for i := range l.Rows {
				want = append(want, block[3+i*l.Stride:][:l.Per*size]...)
			}
			for _, l.Big = range []bool{false, true} {
				end := 3 // of the last row, beyond which nothing may be looked at
				if l.Rows > 0 {
					end += (l.Rows-1)*l.Stride + l.Per*size
				}
				c := column.New(kind)
				c.Decode(block[3:end], l)
				c.Decode(block[3:end], l)
				n := l.Rows * l.Per
				require.Equal(t, 2*n, c.Len(), "%v %+v", kind, l)
				got := c.Append([]byte{7}, 0, n, l.Big)
				require.Equal(t, append([]byte{7}, want...), got, "%v %+v", kind, l)
				require.Equal(t, want, c.Append(nil, n, 2*n, l.Big), "%v %+v, the second time", kind, l)

				var order binary.ByteOrder = binary.LittleEndian
				if l.Big {
					order = binary.BigEndian
				}
				if n == 0 {
					continue
				}
				var b bytes.Buffer
				require.NoError(t, binary.Write(&b, order, c.Values()))
				require.Equal(t, want, b.Bytes()[:len(want)], "%v %+v", kind, l)
			}
		}
	}
}

// Numbers written as text come back.
func TestText(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, kind := range all {
		for i := range 3000 {
			b := binary.LittleEndian.AppendUint64(nil, rng.Uint64())
			switch i {
			case 0:
				b = make([]byte, 8)
			case 1:
				b = bytes.Repeat([]byte{0xff}, 8)
			case 2:
				b = []byte{0, 0, 0, 0, 0, 0, 0, 0x80}[8-kind.Size():]
			}
			c := column.New(kind)
			c.Decode(b, column.Layout{Rows: 1, Stride: 8, Per: 1})
			text := c.Text(nil, 0)
			require.True(t, c.Word(text), "%v: %s", kind, text)
			f := c.Float64s()
			if math.IsNaN(f[0]) {
				require.True(t, math.IsNaN(f[1]))
				continue
			}
			require.Equal(t, c.Append(nil, 0, 1, true), c.Append(nil, 1, 2, true), "%v: %s", kind, text)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		kind column.Type
		good map[string]float64
		bad  []string
	}{
		{column.Int8, map[string]float64{"-128": -128, "127": 127, "+5": 5, "3.0": 3, "-1.2e1": -12, "-0": 0}, []string{"-129", "128", "1.5", "nan", "1e3", "256", "-200.0"}},
		{column.Uint8, map[string]float64{"255": 255, "0": 0, "-0": 0, "255.0": 255}, []string{"256", "-1", "-1.0", "300.0", "0.5"}},
		{column.Int16, map[string]float64{"-32768": -32768, "32767": 32767}, []string{"-32769", "32768"}},
		{column.Uint16, map[string]float64{"65535": 65535}, []string{"65536", "-1", "-65535"}},
		{column.Int32, map[string]float64{"-2147483648": math.MinInt32, "2147483647": math.MaxInt32}, []string{"-2147483649", "2147483648", "4294967295"}},
		{column.Uint32, map[string]float64{"4294967295": math.MaxUint32}, []string{"4294967296", "-1", "18446744073709551615"}},
		{column.Int64, map[string]float64{"-9223372036854775808": math.MinInt64, "9223372036854775807": math.MaxInt64, "1e15": 1e15}, []string{"-9223372036854775809", "9223372036854775808", "1e16", "inf"}},
		{column.Uint64, map[string]float64{"18446744073709551615": math.MaxUint64, "9223372036854775808": 1 << 63}, []string{"18446744073709551616", "-1", "-9223372036854775808"}},
		{column.Float32, map[string]float64{"1.5": 1.5, "-2e-3": float64(float32(-2e-3)), "16777217": 16777216, "inf": math.Inf(1), "-Infinity": math.Inf(-1), "+INF": math.Inf(1), "1.#INF": math.Inf(1), "-1.#INF00": math.Inf(-1)},
			[]string{"1e39", "0x1p3", "1_0", "info", "nano", "1.#", "in", "--1", "1e", "."}},
		{column.Float64, map[string]float64{"1.5": 1.5, "-2e-3": -2e-3, "16777217": 16777217, "1e300": 1e300, "5e-324": 5e-324, "inf": math.Inf(1), "-infinity": math.Inf(-1)},
			[]string{"1e309", "0x1p3", "1_0", "infi", "1e", "e", "nan(", "0x"}},
	} {
		for word, want := range c.good {
			x := column.New(c.kind)
			assert.True(t, x.Word([]byte(word)), "%v: %q", c.kind, word)
			assert.Equal(t, []float64{want}, x.Float64s(), "%v: %q", c.kind, word)
		}
		for _, word := range append(c.bad, "", "-", "+", "x", "1x", "1,5", "1 ") {
			x := column.New(c.kind)
			assert.False(t, x.Word([]byte(word)), "%v: %q", c.kind, word)
			assert.Zero(t, x.Len(), "%v: %q", c.kind, word)
		}
	}
	for _, word := range []string{"nan", "NaN", "-nan", "+nan", "nan(0x7fc)", "-nan(ind)", "1.#QNAN", "-1.#IND", "1.#IND00"} {
		for _, kind := range []column.Type{column.Float32, column.Float64} {
			x := column.New(kind)
			assert.True(t, x.Word([]byte(word)), word)
			assert.True(t, math.IsNaN(x.Float64s()[0]), word)
		}
	}
}

func TestInt(t *testing.T) {
	for _, kind := range all {
		for _, want := range []int{0, 1, 100, 127} {
			c := column.New(kind)
			require.True(t, c.Word(fmt.Append(nil, want)))
			for _, big := range []bool{false, true} {
				got, ok := kind.Int(c.Append(nil, 0, 1, big), big)
				assert.True(t, ok)
				assert.Equal(t, want, got, "%v", kind)
			}
		}
	}
	for kind, want := range map[column.Type]int{
		column.Int8: -1, column.Uint8: 255, column.Int16: -1, column.Uint16: 65535,
		column.Int32: -1, column.Uint32: math.MaxUint32, column.Int64: -1,
	} {
		got, ok := kind.Int(bytes.Repeat([]byte{255}, 8), false)
		assert.True(t, ok)
		assert.Equal(t, want, got, "%v", kind)
	}
	for kind, words := range map[column.Type][]string{
		column.Uint64: {"18446744073709551615"}, column.Float32: {"0.5", "nan", "-inf", "1e30"}, column.Float64: {"-0.5", "nan", "1e300", "1e16"},
	} {
		for _, word := range words {
			c := column.New(kind)
			require.True(t, c.Word([]byte(word)))
			_, ok := kind.Int(c.Append(nil, 0, 1, true), true)
			assert.False(t, ok, "%v: %s", kind, word)
		}
	}
	_, ok := column.None.Int(nil, false)
	assert.False(t, ok)
}

func TestVectors(t *testing.T) {
	x, y, z := column.Of([]float64{1, 1e300}), column.Of([]uint8{2, 255}), column.Of([]float32{3, 0.5})
	got := column.Vectors([][3]float32{{9, 9, 9}}, x, y, z)
	assert.Equal(t, [][3]float32{{9, 9, 9}, {1, 2, 3}, {float32(math.Inf(1)), 255, 0.5}}, got)
	assert.True(t, elementary.FiniteVector(got[1]))
	assert.False(t, elementary.FiniteVector(got[2]))
	assert.False(t, elementary.FiniteVector([3]float32{0, float32(math.NaN()), 0}))
	assert.True(t, elementary.FiniteVector([3]float32{math.MaxFloat32, -math.MaxFloat32, 0}))
}

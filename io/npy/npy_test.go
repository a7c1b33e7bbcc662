package npy

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kshedden/gonpy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/number"
)

// file returns a file of format 1.0 with the given header text and values.
func file(dict string, values any, order binary.ByteOrder) []byte {
	var b bytes.Buffer
	b.WriteString("\x93NUMPY\x01\x00")
	b.WriteByte(byte(len(dict)))
	b.WriteByte(byte(len(dict) >> 8))
	b.WriteString(dict)
	if values != nil {
		if err := binary.Write(&b, order, values); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

func dict(descr, fortran, shape string) string {
	return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n"
}

func zipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(b)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.Bytes()
}

func save(t testing.TB, name string, b []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, b, 0o666))
	return name
}

// trip writes random values, reads them back from a file, from a compressed
// file and from slow streams, and wants the same slice each time.
func trip[T Number](t *testing.T, descr string, draw func(*rand.Rand) T) {
	t.Run(descr, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		// The last shape takes several pieces.
		for _, shape := range [][]int{{0}, {1}, {7}, {2, 3}, {3, 0, 2}, {2, 1, 3, 2}, {40_000, 5}} {
			n := 1
			for _, d := range shape {
				n *= d
			}
			want := make([]T, n)
			for i := range want {
				want[i] = draw(rng)
			}
			var b bytes.Buffer
			require.NoError(t, Write(&b, want, shape...))
			assert.Zero(t, (b.Len()-n*binary.Size(*new(T)))%64)
			check := func(a *Array, err error) {
				t.Helper()
				require.NoError(t, err)
				assert.Equal(t, descr, a.Type)
				assert.Equal(t, shape, a.Shape)
				assert.Equal(t, n, a.Len())
				require.Equal(t, want, a.data)
			}
			check(Read(bytes.NewReader(b.Bytes()), Limits{}))
			check(Read(iotest.HalfReader(bytes.NewReader(b.Bytes())), Limits{}))
			check(Read(iotest.DataErrReader(bytes.NewReader(b.Bytes())), Limits{}))
			check(Open(save(t, "a.npy", zipped(t, b.Bytes())), Limits{}))
			name := filepath.Join(t.TempDir(), "b.npy")
			require.NoError(t, WriteFile(name, want, shape...))
			check(Open(name, Limits{}))
		}
	})
}

func TestRoundTrip(t *testing.T) {
	trip(t, "|b1", func(r *rand.Rand) bool { return r.IntN(2) == 1 })
	trip(t, "|i1", func(r *rand.Rand) int8 { return int8(r.Uint64()) })
	trip(t, "|u1", func(r *rand.Rand) uint8 { return uint8(r.Uint64()) })
	trip(t, "<i2", func(r *rand.Rand) int16 { return int16(r.Uint64()) })
	trip(t, "<u2", func(r *rand.Rand) uint16 { return uint16(r.Uint64()) })
	trip(t, "<i4", func(r *rand.Rand) int32 { return int32(r.Uint64()) })
	trip(t, "<u4", func(r *rand.Rand) uint32 { return uint32(r.Uint64()) })
	trip(t, "<i8", func(r *rand.Rand) int64 { return int64(r.Uint64()) })
	trip(t, "<u8", func(r *rand.Rand) uint64 { return r.Uint64() })
	trip(t, "<f4", func(r *rand.Rand) float32 { return float32(r.NormFloat64()) })
	trip(t, "<f8", func(r *rand.Rand) float64 { return r.NormFloat64() })
}

func ramp[T element](n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = T(i*37 - 1000)
	}
	return out
}

// orders reads the same values in either byte order, in C and Fortran order.
func orders[T, S element](t *testing.T, name string, read func([]S) []T, rows, cols int) {
	t.Run(name, func(t *testing.T) {
		stored := ramp[S](rows * cols)
		want := read(stored)
		turned := make([]S, len(stored)) // as Fortran order stores it
		for i := range rows {
			for j := range cols {
				turned[j*rows+i] = stored[i*cols+j]
			}
		}
		shape := string(appendHeader(nil, "", []int{rows, cols}))
		shape = shape[strings.Index(shape, "("):strings.Index(shape, ")")] + ")"
		for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			descr := "<" + name
			if o == binary.BigEndian {
				descr = ">" + name
			}
			a, err := Read(bytes.NewReader(file(dict(descr, "False", shape), stored, o)), Limits{})
			require.NoError(t, err, descr)
			require.Equal(t, want, a.data, descr)
			a, err = Read(bytes.NewReader(file(dict(descr, "True", shape), turned, o)), Limits{})
			require.NoError(t, err, descr)
			require.Equal(t, want, a.data, descr+" Fortran")
		}
	})
}

func same[T any](v []T) []T { return v }

func TestOrders(t *testing.T) {
	for _, n := range [][2]int{{4, 3}, {1, 5}, {5, 1}, {3, 60_000}} {
		orders(t, "i1", same[int8], n[0], n[1])
		orders(t, "u1", same[uint8], n[0], n[1])
		orders(t, "i2", same[int16], n[0], n[1])
		orders(t, "u2", same[uint16], n[0], n[1])
		orders(t, "i4", same[int32], n[0], n[1])
		orders(t, "u4", same[uint32], n[0], n[1])
		orders(t, "i8", same[int64], n[0], n[1])
		orders(t, "u8", same[uint64], n[0], n[1])
		orders(t, "f4", same[float32], n[0], n[1])
		orders(t, "f8", same[float64], n[0], n[1])
		orders(t, "f2", func(v []uint16) []number.Half {
			out := make([]number.Half, len(v))
			for i := range v {
				out[i] = number.Half(v[i])
			}
			return out
		}, n[0], n[1])
	}
}

func TestFortranOfThreeDimensions(t *testing.T) {
	// Element (i, j, k) of shape (2, 3, 4) is 100i+10j+k; Fortran order
	// stores i fastest.
	var stored, want []int16
	for k := range 4 {
		for j := range 3 {
			for i := range 2 {
				stored = append(stored, int16(100*i+10*j+k))
			}
		}
	}
	for i := range 2 {
		for j := range 3 {
			for k := range 4 {
				want = append(want, int16(100*i+10*j+k))
			}
		}
	}
	a, err := Read(bytes.NewReader(file(dict("<i2", "True", "(2, 3, 4)"), stored, binary.LittleEndian)), Limits{})
	require.NoError(t, err)
	assert.Equal(t, want, a.data)
}

// gonpy reads what this package writes, and decodes little-endian values as
// this package does.
func TestAgainstGonpy(t *testing.T) {
	against(t, ramp[int8](99), (*gonpy.NpyReader).GetInt8)
	against(t, ramp[int16](99), (*gonpy.NpyReader).GetInt16)
	against(t, ramp[int32](99), (*gonpy.NpyReader).GetInt32)
	against(t, ramp[int64](99), (*gonpy.NpyReader).GetInt64)
	against(t, ramp[uint8](99), (*gonpy.NpyReader).GetUint8)
	against(t, ramp[uint16](99), (*gonpy.NpyReader).GetUint16)
	against(t, ramp[uint32](99), (*gonpy.NpyReader).GetUint32)
	against(t, ramp[uint64](99), (*gonpy.NpyReader).GetUint64)
	against(t, ramp[float32](99), (*gonpy.NpyReader).GetFloat32)
	against(t, ramp[float64](99), (*gonpy.NpyReader).GetFloat64)
}

func against[T Number](t *testing.T, want []T, get func(*gonpy.NpyReader) ([]T, error)) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, want, 9, 11))
	r, err := gonpy.NewReader(&b)
	require.NoError(t, err)
	assert.Equal(t, []int{9, 11}, r.Shape)
	got, err := get(r)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestReadLeavesTheRest(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Write(&b, []float32{1, 2}))
	require.NoError(t, Write(&b, []int8{3}))
	for _, r := range []io.Reader{iotest.OneByteReader(bytes.NewReader(b.Bytes())), bytes.NewReader(b.Bytes())} {
		first, err := Read(r, Limits{})
		require.NoError(t, err)
		second, err := Read(r, Limits{})
		require.NoError(t, err)
		_, err = Read(r, Limits{})
		assert.ErrorIs(t, err, io.EOF)
		assert.NotErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, []float32{1, 2}, first.Float32s())
		assert.Equal(t, []float32{3}, second.Float32s())
	}
}

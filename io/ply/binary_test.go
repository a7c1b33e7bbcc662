package ply

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/set"
)

// orders are the binary formats and how numbers are laid out in them.
var orders = map[Format]binary.ByteOrder{LittleEndian: binary.LittleEndian, BigEndian: binary.BigEndian}

// binaryFile is a file of a header without its first two lines and its last, and
// of numbers, each of its own type.
func binaryFile(f Format, header string, numbers ...any) []byte {
	b := []byte("ply\nformat " + f.String() + " 1.0\n" + header + end)
	for _, n := range numbers {
		var err error
		if b, err = binary.Append(b, orders[f], n); err != nil {
			panic(err)
		}
	}
	return b
}

func TestTypes(t *testing.T) {
	nan := float32(math.NaN())
	for old, c := range map[string]struct {
		name   string
		values any
	}{
		"char":   {"int8", []int8{-128, 127, 0}},
		"uchar":  {"uint8", []uint8{0, 255, 7}},
		"short":  {"int16", []int16{math.MinInt16, math.MaxInt16, 1}},
		"ushort": {"uint16", []uint16{0, math.MaxUint16, 258}},
		"int":    {"int32", []int32{math.MinInt32, math.MaxInt32, 1 << 20}},
		"uint":   {"uint32", []uint32{0, math.MaxUint32, 1 << 20}},
		"float":  {"float32", []float32{math.MaxFloat32, -math.SmallestNonzeroFloat32, nan}},
		"double": {"float64", []float64{math.MaxFloat64, -math.SmallestNonzeroFloat64, math.Inf(-1)}},
	} {
		for _, name := range []string{old, c.name, strings.ToUpper(old)} {
			header := "element row 3\nproperty " + name + " a\n"
			for format := range orders {
				f, err := ReadAll(bytes.NewReader(binaryFile(format, header, c.values)), Limits{})
				require.NoError(t, err)
				assert.Equal(t, format, f.Format)
				p := f.Element("row").Property("a")
				assert.Equal(t, fmt.Sprint(c.values), fmt.Sprint(p.Values), "%v %s", format, name)
				assert.IsType(t, c.values, p.Values)
				assert.Nil(t, p.Offsets)
			}
			words := strings.NewReplacer("[", "", "]", "", " ", "\n").Replace(fmt.Sprint(c.values))
			f, err := ReadAll(strings.NewReader("ply\nformat ascii 1.0\n"+header+end+words), Limits{})
			require.NoError(t, err)
			p := f.Element("row").Property("a")
			assert.Equal(t, fmt.Sprint(c.values), fmt.Sprint(p.Values), name)
		}
	}
}

func TestCounts(t *testing.T) {
	for name, count := range map[string]func(n int) any{
		"char":   func(n int) any { return int8(n) },
		"uint8":  func(n int) any { return uint8(n) },
		"short":  func(n int) any { return int16(n) },
		"ushort": func(n int) any { return uint16(n) },
		"int32":  func(n int) any { return int32(n) },
		"uint":   func(n int) any { return uint32(n) },
		"float":  func(n int) any { return float32(n) },
		"double": func(n int) any { return float64(n) },
	} {
		header := "element row 3\nproperty short a\nproperty list " + name + " ushort b\nproperty uchar c\n"
		for format := range orders {
			data := binaryFile(format, header, int16(1), count(2), []uint16{7, 8}, uint8(9),
				int16(2), count(0), uint8(19), int16(3), count(3), []uint16{1, 2, 3}, uint8(29))
			f, err := ReadAll(bytes.NewReader(data), Limits{})
			require.NoError(t, err)
			e := f.Element("row")
			assert.Equal(t, []int16{1, 2, 3}, e.Property("a").Values)
			assert.Equal(t, Property{"b", []uint16{7, 8, 1, 2, 3}, set.Offsets{0, 2, 2, 5}}, *e.Property("b"))
			assert.Equal(t, []uint8{9, 19, 29}, e.Property("c").Values)
		}
	}
}

// mixed is a file of triangles and quadrangles in any order, and two lists a row.
func mixed(n int) *File {
	faces := Element{Name: "face", Rows: n}
	corners := Property{Name: "vertex_indices", Offsets: set.Offsets{0}}
	weights := Property{Name: "weights", Offsets: set.Offsets{0}}
	var items []int32
	var numbers []float64
	var labels []uint16
	for i := range n {
		for k := range 3 + i*i/7%2 {
			items = append(items, int32((i+k)%n))
		}
		for k := range i / 11 % 3 {
			numbers = append(numbers, float64(i)/float64(k+3))
		}
		if i == n/2 {
			numbers = append(numbers, make([]float64, 40_000)...) // more than is looked at in one piece
		}
		corners.Offsets = append(corners.Offsets, len(items))
		weights.Offsets = append(weights.Offsets, len(numbers))
		labels = append(labels, uint16(i))
	}
	corners.Values, weights.Values = items, numbers
	faces.Properties = []Property{{"label", labels, nil}, corners, {"red", make([]uint8, n), nil}, weights}
	vertices := Element{Name: "vertex", Rows: n}
	for _, name := range axes {
		vertices.Set(name, make([]float64, n))
	}
	return &File{Elements: []Element{faces, vertices}}
}

func TestMixedLists(t *testing.T) {
	want := mixed(3000)
	mesh, err := want.Mesh()
	require.NoError(t, err)
	require.Greater(t, len(mesh.Faces), 4000)
	for want.Format = range Format(len(formats)) {
		data := encoded(t, want)
		for name, r := range map[string]io.Reader{
			"whole": bytes.NewReader(data), "halves": iotest.HalfReader(bytes.NewReader(data)),
			"bytes": iotest.OneByteReader(bytes.NewReader(data)), "zipped": bytes.NewReader(formattest.Zipped(t, data)),
		} {
			f, err := ReadAll(r, Limits{})
			require.NoError(t, err, "%v %s", want.Format, name)
			require.Equal(t, want, f, "%v %s", want.Format, name)
		}
		m, err := Read(bytes.NewReader(data), Limits{})
		require.NoError(t, err)
		require.Equal(t, mesh, m)
	}
}

func TestBinaryEnd(t *testing.T) {
	data := binaryFile(LittleEndian, vertices, make([]float32, 12))
	for _, more := range []string{"", "\n", "\r\n", strings.Repeat("\x00", 100_000), " \t\v\f\x00"} {
		for _, r := range []io.Reader{strings.NewReader(string(data) + more), iotest.OneByteReader(strings.NewReader(string(data) + more))} {
			m, err := Read(r, Limits{})
			require.NoError(t, err)
			assert.Len(t, m.Vertices, 4)
		}
	}
	for _, more := range []string{"x", "\n\x01", strings.Repeat("\x00", 100_000) + "x"} {
		_, err := Read(strings.NewReader(string(data)+more), Limits{})
		assert.EqualError(t, err, "ply: more follows the last row: want the end of the file")
	}
	_, err := Read(bytes.NewReader(data[:len(data)-1]), Limits{})
	assert.EqualError(t, err, "ply: vertex 3 of 4: the file ends early: want 12 bytes or more, got 11")
	_, err = ReadCloud(iotest.OneByteReader(bytes.NewReader(data[:len(data)-13])), Limits{})
	assert.EqualError(t, err, "ply: vertex 2 of 4: the file ends early: want 12 bytes or more, got 11")
}

// What the header ends in is not taken for the first byte of a row.
func TestBinaryBegin(t *testing.T) {
	for _, lineEnd := range []string{"\n", "\r\n", "\r"} {
		for _, first := range []byte{'\n', '\r', ' ', 0} {
			header := "ply\nformat binary_little_endian 1.0\nelement row 2\nproperty uchar a\nend_header\n"
			data := append([]byte(strings.ReplaceAll(header, "\n", lineEnd)), first, 7)
			f, err := ReadAll(bytes.NewReader(data), Limits{})
			if lineEnd == "\r" && first == '\n' { // nothing tells it from a line that ends in both
				assert.EqualError(t, err, "ply: row 1 of 2: the file ends early: want 1 bytes or more, got 0")
				continue
			}
			require.NoError(t, err)
			assert.Equal(t, []uint8{first, 7}, f.Elements[0].Properties[0].Values, "%q %q", lineEnd, first)
		}
	}
}

// TestHostile reads small files that promise much: refused, in no time and
// memory.
func TestHostile(t *testing.T) {
	const many = "element vertex 50000000\nproperty double x\nproperty double y\nproperty double z\n"
	endless := func(data []byte) io.Reader { return io.MultiReader(bytes.NewReader(data)) } // of unknown size
	for name, c := range map[string]struct {
		data  []byte
		want  string
		sized string // if the size of the file tells
	}{
		"rows": {binaryFile(LittleEndian, many, make([]byte, 100)), "vertex 4 of 50000000: the file ends early",
			"vertex: header promises 50000000 rows of 24 bytes or more: want no more than the file holds, of which "},
		"rows of text": {[]byte("ply\nformat ascii 1.0\n" + many + end + "1 2 3\n"), "line 9: the file ends early: want a float64 for x of vertex 1",
			"vertex: header promises 50000000 rows of 6 bytes or more: want no more than the file holds, of which "},
		"rows in all": {binaryFile(BigEndian, "element a 600\nproperty char x\nelement b 600\nproperty list uchar int y\n", make([]byte, 620)),
			"b 20 of 600: the file ends early", "b: header promises 600 rows of 1 bytes or more"},
		"list": {binaryFile(LittleEndian, "element a 1\nproperty list uint double x\n", uint32(50_000_000), make([]byte, 100)),
			"a 0 of 1: the file ends early: want 400000004 bytes or more, got 104", ""},
		"absurd list": {binaryFile(BigEndian, "element a 1\nproperty list uint char x\n", uint32(math.MaxUint32)),
			"a 0: list x: want from 0 to 60000000 items, got 4294967295", ""},
		"negative list": {binaryFile(BigEndian, "element a 2\nproperty list char char x\n", int8(0), int8(-1)),
			"a 1: list x: want from 0 to 60000000 items, got -1", ""},
		"half a list": {binaryFile(BigEndian, "element a 1\nproperty list float char x\n", float32(0.5)),
			"a 0: list x: want from 0 to 60000000 items, got no whole number", ""},
		"list of NaN": {binaryFile(LittleEndian, "element a 1\nproperty list double char x\n", math.NaN()),
			"a 0: list x: want from 0 to 60000000 items, got no whole number", ""},
		"list of text": {[]byte("ply\nformat ascii 1.0\nelement a 1\nproperty list int int x\nend_header\n50000000 1 2\n"),
			"line 6: the line ends early: want a int32 for x of a 0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.sized == "" {
				c.sized = c.want
			}
			took := formattest.Allocated(func() {
				_, err := ReadAll(bytes.NewReader(c.data), Limits{})
				assert.ErrorContains(t, err, c.sized)
				_, err = ReadAll(endless(c.data), Limits{})
				assert.ErrorContains(t, err, c.want)
			})
			assert.Less(t, took, uint64(2<<20))
		})
	}
}

// A list longer than all of a large file is refused before the file is read.
func TestHostileList(t *testing.T) {
	data := binaryFile(LittleEndian, "element a 1\nproperty list uint double x\n", uint32(1<<20), make([]byte, 4<<20))
	took := formattest.Allocated(func() {
		_, err := ReadAll(bytes.NewReader(data), Limits{})
		assert.ErrorContains(t, err, "a 0 of 1: the file ends early: want 8388612 bytes or more, got ")
	})
	assert.Less(t, took, uint64(1<<20))
}

// A short list promised and much that comes: memory grows with what comes.
func TestManyRows(t *testing.T) {
	const n = 300_000
	lists := make([]byte, n) // all empty
	data := binaryFile(LittleEndian, fmt.Sprintf("element a %d\nproperty list uchar double x\n", n), lists)
	f, err := ReadAll(bytes.NewReader(data), Limits{})
	require.NoError(t, err)
	assert.Equal(t, n, f.Elements[0].Rows)
	assert.Len(t, f.Elements[0].Properties[0].Offsets, n+1)

	nothing := binaryFile(BigEndian, "element a 60000000\nelement b 1\nproperty char x\n", int8(3))
	took := formattest.Allocated(func() { f, err = ReadAll(bytes.NewReader(nothing), Limits{}) })
	require.NoError(t, err)
	assert.Equal(t, []Element{{Name: "a", Rows: 60_000_000}, {"b", 1, []Property{{"x", []int8{3}, nil}}}}, f.Elements)
	assert.Less(t, took, uint64(1<<20))
}

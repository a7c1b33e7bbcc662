package pcd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

const (
	points = "0 0 0\n1 0 0.5\n-1 2e3 0\n"

	// three is a file of three points.
	three = "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n" +
		"WIDTH 3\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 3\nDATA ascii\n" + points
)

var threeCloud = pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0.5}, {-1, 2000, 0}}}

// in returns three with pairs of texts replaced, and fails if one is not there.
func in(t *testing.T, pairs ...string) string {
	t.Helper()
	text := three
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, text, pairs[i])
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// binaryFile is a header, of which DATA is replaced, and numbers.
func binaryFile(header, data string, numbers ...any) []byte {
	b := []byte(strings.Replace(strings.TrimSuffix(header, points), "DATA ascii", "DATA "+data, 1))
	for _, n := range numbers {
		var err error
		if b, err = binary.Append(b, binary.LittleEndian, n); err != nil {
			panic(err)
		}
	}
	return b
}

func TestReadText(t *testing.T) {
	for name, text := range map[string]string{
		"plain":            three,
		"no last line end": strings.TrimSpace(three),
		"CRLF":             strings.ReplaceAll(three, "\n", "\r\n"),
		"CR":               strings.ReplaceAll(three, "\n", "\r"),
		"tabs and blanks":  strings.ReplaceAll(strings.ReplaceAll(three, " ", " \t "), "\n", "  \n"),
		"byte order mark":  "\ufeff" + three,
		"blank lines":      strings.ReplaceAll(three, "\n", "\n\n"),
		"small letters":    strings.ToLower(three),
		"no comment":       in(t, "# .PCD v0.7 - Point Cloud Data file format\n", ""),
		"comments":         in(t, "VERSION", "#VERSION 7\n#\nVERSION", "DATA", "# DATA\n  # DATA binary\nDATA"),
		"version .5":       in(t, "VERSION 0.7", "VERSION .5", "VIEWPOINT 0 0 0 1 0 0 0\n", ""),
		"version .6":       in(t, "VERSION 0.7", "VERSION .6"),
		"version 0.5":      in(t, "VERSION 0.7", "VERSION 0.5"),
		"no version":       in(t, "VERSION 0.7\n", ""),
		"columns":          in(t, "FIELDS", "COLUMNS"),
		"defaults":         in(t, "SIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n", ""),
		"points alone":     in(t, "WIDTH 3\nHEIGHT 1\n", ""),
		"zeros":            in(t, "WIDTH 3\nHEIGHT 1\n", "WIDTH 0\nHEIGHT 0\n"),
		"no height":        in(t, "HEIGHT 1\n", ""),
		"no points":        in(t, "POINTS 3\n", ""),
		"three high":       in(t, "WIDTH 3\nHEIGHT 1\n", "WIDTH 1\nHEIGHT 3\n"),
		"other order":      in(t, "VERSION 0.7\n", "POINTS 3\nCOUNT 1 1 1\nTYPE F F F\n", "\nPOINTS 3\nDATA", "\nDATA", "SIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n", "SIZE 4 4 4\n"),
		"doubles":          in(t, "SIZE 4 4 4", "SIZE 8 8 8"),
		"integers":         in(t, "SIZE 4 4", "SIZE 1 2", "TYPE F F", "TYPE I U"),
		"numbers":          in(t, "1 0 0.5", "+1. 0e7 5e-1"),
		"z first":          in(t, "x y z", "z y x", points, "0 0 0\n.5 0 1\n0 2000 -1\n"),
		"more fields":      in(t, "x y z", "x rgb y f z", "4 4 4", "4 4 4 8 4", "F F F", "F U F F F", "1 1 1", "1 1 1 3 1", points, "0 255 0 1 2 nan 0\n1 7 0 1 1 inf .5\n-1 8 2000 1 1 1 0"),
		"padding":          in(t, "x y z", "x _ y z _", "4 4 4", "4 1 4 4 4", "F F F", "F U F F F", "1 1 1", "1 2 1 1 1", points, "0 7 7 0 0 9\n1 7 7 0 .5 9\n-1 7 7 2000 0 9"),
		"points not there": in(t, "WIDTH 3", "WIDTH 6", "POINTS 3", "POINTS 6", points, "nan nan nan\n"+points+"0 -inf 0\n0 0 1.#QNAN\n"),
		"beyond float32":   in(t, "SIZE 4", "SIZE 8", "WIDTH 3", "WIDTH 4", "POINTS 3", "POINTS 4", points, "1e39 0 0\n"+points),
		"more at the end":  three + " \n\t\x00\x00\n",
	} {
		t.Run(name, func(t *testing.T) {
			c, err := Read(strings.NewReader(text), Limits{})
			require.NoError(t, err)
			assert.Equal(t, threeCloud, c)
			c, err = Read(iotest.OneByteReader(strings.NewReader(text)), Limits{})
			require.NoError(t, err, "one byte at a time")
			assert.Equal(t, threeCloud, c, "one byte at a time")
			f, err := ReadAll(strings.NewReader(text), Limits{})
			require.NoError(t, err)
			c, err = f.Cloud()
			require.NoError(t, err)
			assert.Equal(t, threeCloud, c)

			// and the same in the other formats
			assert.Equal(t, Text, f.Format)
			for f.Format = range Text {
				c, err = Read(bytes.NewReader(encoded(t, f)), Limits{})
				require.NoError(t, err)
				assert.Equal(t, threeCloud, c)
			}
		})
	}
}

func TestHeaderRefused(t *testing.T) {
	many := func(word string) string { return strings.Repeat(word+" ", 1025) }
	for name, c := range map[string]struct{ text, want string }{
		"empty":              {"", `pcd: empty: want a header that begins with VERSION or FIELDS`},
		"blank":              {" \n", `pcd: begins with " \n": want a header`},
		"comment alone":      {"# .PCD v0.7\n", `pcd: begins with "# .PCD v0.7\n": want a header that begins with VERSION or FIELDS`},
		"another format":     {"ply\n", `pcd: begins with "ply\n": want a header`},
		"long word":          {strings.Repeat("x", 2000), `pcd: line 1: a word of more than 1024 bytes`},
		"no data":            {in(t, "DATA ascii\n"+points, ""), `line 11: the file ends early: want DATA and what else a header has`},
		"other keyword":      {in(t, "SIZE", "SIZES"), `line 4: want VERSION, FIELDS, SIZE, TYPE, COUNT, WIDTH, HEIGHT, VIEWPOINT, POINTS, DATA, got "SIZES"`},
		"twice a line":       {in(t, "SIZE", "SIZE 4 4 4\nSIZE"), `line 5: a second line SIZE: want one`},
		"fields and columns": {in(t, "SIZE", "COLUMNS x y z\nSIZE"), `line 4: a second line FIELDS: want one`},
		"many words":         {in(t, "FIELDS x y z", "FIELDS "+many("x")), `line 3: FIELDS with more than 1024 words: want no more`},
		"other version":      {in(t, "VERSION 0.7", "VERSION 0.8"), `line 2: want version 0.5, 0.6 or 0.7, got "VERSION 0.8"`},
		"two versions":       {in(t, "VERSION 0.7", "VERSION 0.7 0.7"), `line 2: want version 0.5, 0.6 or 0.7, got "VERSION 0.7 0.7"`},
		"no fields":          {in(t, "FIELDS x y z\n", ""), `the header has no line FIELDS: want one with the name of a field or more`},
		"no field":           {in(t, "FIELDS x y z\n", "FIELDS\n"), `line 3: want the name of a field or more, got "FIELDS"`},
		"twice a field":      {in(t, "x y z", "x y x"), `line 3: want one field x, got "FIELDS x y x"`},
		"sizes missing":      {in(t, "SIZE 4 4 4", "SIZE 4 4"), `line 4: want 3 numbers from 1 to 8, got "SIZE 4 4"`},
		"no sizes":           {in(t, "SIZE 4 4 4", "SIZE"), `line 4: want 3 numbers from 1 to 8, got "SIZE"`},
		"size of zero":       {in(t, "SIZE 4 4 4", "SIZE 4 4 0"), `line 4: want 3 numbers from 1 to 8, got "SIZE 4 4 0"`},
		"size of a word":     {in(t, "SIZE 4 4 4", "SIZE 4 4 x"), `line 4: want 3 numbers from 1 to 8, got "SIZE 4 4 x"`},
		"float of 2":         {in(t, "SIZE 4 4 4", "SIZE 4 2 4"), `line 5: want F of SIZE 4 or 8, or I or U of SIZE 1, 2, 4 or 8, for y of SIZE 2, got "TYPE F F F"`},
		"size of 3":          {in(t, "SIZE 4 4 4", "SIZE 4 3 4", "F F F", "F I F"), `line 5: want F of SIZE 4 or 8, or I or U of SIZE 1, 2, 4 or 8, for y of SIZE 3, got "TYPE F I F"`},
		"other type":         {in(t, "F F F", "F D F"), `line 5: want F of SIZE 4 or 8, or I or U of SIZE 1, 2, 4 or 8, for y of SIZE 4, got "TYPE F D F"`},
		"types missing":      {in(t, "F F F", "F F"), `line 5: want 3 letters, got "TYPE F F"`},
		"no type":            {in(t, "TYPE F F F", "TYPE"), `line 5: want 3 letters, got "TYPE"`},
		"type by default":    {in(t, "TYPE F F F\n", "", "SIZE 4", "SIZE 1"), `the header has no line TYPE: want one with F of SIZE 4 or 8, or I or U of SIZE 1, 2, 4 or 8, for x of SIZE 1`},
		"counts of zero":     {in(t, "COUNT 1 1 1", "COUNT 0 0 0"), `line 6: want a field of one number or more, got "COUNT 0 0 0"`},
		"negative count":     {in(t, "COUNT 1", "COUNT -1"), `line 6: want 3 numbers from 0 to 65536, got "COUNT -1 1 1"`},
		"much of one":        {in(t, "COUNT 1", "COUNT 65537"), `line 6: want 3 numbers from 0 to 65536`},
		"much of all":        {in(t, "COUNT 1 1 1", "COUNT 32768 32768 1"), `line 6: want at most 65536 numbers a point, got "COUNT 32768 32768 1"`},
		"negative width":     {in(t, "WIDTH 3", "WIDTH -3"), `line 7: want a number from 0 to 2147483647, got "WIDTH -3"`},
		"two widths":         {in(t, "WIDTH 3", "WIDTH 3 1"), `line 7: want a number from 0 to 2147483647, got "WIDTH 3 1"`},
		"large height":       {in(t, "HEIGHT 1", "HEIGHT 2147483648"), `line 8: want a number from 0 to 2147483647, got "HEIGHT 2147483648"`},
		"points of a word":   {in(t, "POINTS 3", "POINTS few"), `line 10: want a number from 0 to 2147483647, got "POINTS few"`},
		"other points":       {in(t, "POINTS 3", "POINTS 4"), `line 10: want WIDTH times HEIGHT, 3 times 1, and at most 2147483647, got "POINTS 4"`},
		"fewer points":       {in(t, "POINTS 3", "POINTS 2"), `line 10: want WIDTH times HEIGHT, 3 times 1, and at most 2147483647, got "POINTS 2"`},
		"no width":           {in(t, "WIDTH 3\n", ""), `the header has no line WIDTH: want one with the number of points in a row`},
		"no numbers":         {in(t, "WIDTH 3\nHEIGHT 1\n", "", "POINTS 3\n", ""), `the header has no line WIDTH: want one`},
		"too many":           {in(t, "WIDTH 3\nHEIGHT 1", "WIDTH 2147483647\nHEIGHT 2147483647", "POINTS 3\n", ""), `the header has no line POINTS: want one with WIDTH times HEIGHT, 2147483647 times 2147483647, and at most 2147483647`},
		"viewpoint of six":   {in(t, "VIEWPOINT 0 ", "VIEWPOINT "), `line 9: want seven numbers, got "VIEWPOINT 0 0 1 0 0 0"`},
		"viewpoint of NaN":   {in(t, "VIEWPOINT 0 ", "VIEWPOINT nan "), `line 9: want seven numbers, got "VIEWPOINT nan 0 0 1 0 0 0"`},
		"no kind of data":    {in(t, "DATA ascii", "DATA"), `line 11: want binary, binary_compressed, ascii, got "DATA"`},
		"other data":         {in(t, "DATA ascii", "DATA text"), `line 11: want binary, binary_compressed, ascii, got "DATA text"`},
		"data and more":      {in(t, "DATA ascii", "DATA binary compressed"), `line 11: want binary, binary_compressed, ascii, got "DATA binary compressed"`},
	} {
		t.Run(name, func(t *testing.T) { refused(t, []byte(c.text), c.want) })
	}
}

// refused reads what is to be refused, in every way.
func refused(t *testing.T, data []byte, want string) {
	t.Helper()
	c, err := Read(bytes.NewReader(data), Limits{})
	assert.ErrorContains(t, err, want)
	assert.Zero(t, c)
	c, err = Read(iotest.OneByteReader(bytes.NewReader(data)), Limits{})
	assert.Error(t, err)
	assert.Zero(t, c)
	f, err := ReadAll(bytes.NewReader(data), Limits{})
	assert.ErrorContains(t, err, want)
	assert.Nil(t, f)
}

func TestTextRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"too few points": {in(t, "-1 2e3 0\n", "\n\n"), `line 16: the file ends early: want a float32 for x of point 2`},
		"short row":      {in(t, "\n1 0 0.5\n", "\n1 0\n"), `line 13: the line ends early: want a float32 for z of point 1`},
		"long row":       {in(t, "\n1 0 0.5\n", "\n1 0 0.5 7\n"), `line 13: want the end of the line, got "7"`},
		"half a row":     {in(t, "-1 2e3 0\n", "-1 2e3"), `line 14: the file ends early: want a float32 for z of point 2`},
		"no number":      {in(t, "\n1 0 0.5\n", "\n1 O 0.5\n"), `line 13: want a float32 for y of point 1, got "O"`},
		"too large":      {in(t, "\n1 0 0.5\n", "\n1 1e39 0.5\n"), `line 13: want a float32 for y of point 1, got "1e39"`},
		"out of type":    {in(t, "F F F", "U F F"), `line 14: want a uint32 for x of point 2, got "-1"`},
		"more points":    {three + "0 0 0\n", `line 15: want the end of the file, got "0"`},
		"comment":        {in(t, "\n1 0 0.5\n", "\n1 0 0.5 # here\n"), `line 13: want the end of the line, got "#"`},
	} {
		t.Run(name, func(t *testing.T) { refused(t, []byte(c.text), c.want) })
	}
}

func TestReadBinary(t *testing.T) {
	header := in(t, "x y z", "x _ y z f", "4 4 4", "4 1 8 2 2", "F F F", "f u F U I", "1 1 1", "1 3 1 1 2", "WIDTH 3\nHEIGHT 1", "WIDTH 1\nHEIGHT 2", "POINTS 3", "POINTS 2", "1 0 0 0\n", "0.5 0 0.5 0\n")
	data := binaryFile(header, "binary", float32(1.5), []byte("pad"), float64(-2), uint16(3), []int16{4, -5}, float32(math.Inf(1)), []byte("pad"), 1e300, uint16(65535), []int16{6, 7})
	for _, more := range []string{"", "\n", strings.Repeat("\x00", 100_000)} {
		for _, r := range []io.Reader{strings.NewReader(string(data) + more), iotest.HalfReader(strings.NewReader(string(data) + more))} {
			f, err := ReadAll(r, Limits{})
			require.NoError(t, err)
			want := &File{Binary, 1, 2, Viewpoint{Rotation: [4]float32{0.5, 0, 0.5, 0}}, []Field{
				{"x", 1, []float32{1.5, float32(math.Inf(1))}},
				{"y", 1, []float64{-2, 1e300}},
				{"z", 1, []uint16{3, 65535}},
				{"f", 2, []int16{4, -5, 6, 7}},
			}}
			assert.Equal(t, want, f)
			c, err := Read(strings.NewReader(string(data)+more), Limits{})
			require.NoError(t, err)
			assert.Equal(t, pointcloud.Cloud{Points: [][3]float32{{1.5, -2, 3}}}, c)
		}
	}
	for _, more := range []string{"x", "\x00x", strings.Repeat("x", mostTrailing)} {
		c, err := Read(strings.NewReader(string(data)+more), Limits{})
		require.NoError(t, err)
		assert.Len(t, c.Points, 1)
	}
	refused(t, append(data[:len(data):len(data)], strings.Repeat("x", mostTrailing+1)...), "more than 4096 bytes follow the last row: want the end of the file")
	refused(t, data[:len(data)-1], "point 1 of 2: the file ends early: want 21 bytes or more, got 20")
	refused(t, data[:len(data)-21], "point 1 of 2: the file ends early: want 21 bytes or more, got 0")
}

func TestReadCompressed(t *testing.T) {
	header := in(t, "x y z", "x _ y z f", "4 4 4", "4 1 4 4 1", "F F F", "F U F F U", "1 1 1", "1 5 1 1 3")
	plain := []any{[]float32{1, 2, 3}, []float32{0, 0, 0}, []float32{7, 8, 9}, []byte("abcdefghi")}
	whole := binaryFile("", "", plain...)
	packed := compress(nil, whole)
	require.Less(t, len(packed), len(whole))
	file := func(p, w uint32, data []byte) []byte { return binaryFile(header, "binary_compressed", p, w, data) }
	data := file(uint32(len(packed)), 45, packed)
	for _, more := range []string{"", "\r\n", strings.Repeat("\x00", 100_000)} {
		for _, r := range []io.Reader{strings.NewReader(string(data) + more), iotest.HalfReader(strings.NewReader(string(data) + more))} {
			f, err := ReadAll(r, Limits{})
			require.NoError(t, err)
			assert.Equal(t, &File{Compressed, 3, 1, upright, []Field{
				{"x", 1, []float32{1, 2, 3}}, {"y", 1, []float32{0, 0, 0}}, {"z", 1, []float32{7, 8, 9}}, {"f", 3, []uint8("abcdefghi")},
			}}, f)
			c, err := Read(strings.NewReader(string(data)+more), Limits{})
			require.NoError(t, err)
			assert.Equal(t, [][3]float32{{1, 0, 7}, {2, 0, 8}, {3, 0, 9}}, c.Points)
		}
	}
	n := uint32(len(packed))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"no sizes":         {file(n, 45, packed)[:len(data)-len(packed)-1], "the file ends early: want two numbers of compressed data"},
		"other size":       {file(n, 44, packed), "compressed data promise 44 bytes: want 3 points of 15 bytes, 45, and at most 2147483647"},
		"with padding":     {file(n, 60, packed), "compressed data promise 60 bytes: want 3 points of 15 bytes, 45"},
		"more than all":    {file(1<<31, 45, packed), "2147483648 bytes of compressed data are promised: want no more than the file of"},
		"bomb":             {binaryFile(strings.NewReplacer("WIDTH 3", "WIDTH 50000000", "POINTS 3", "POINTS 50000000").Replace(header), "binary_compressed", n, uint32(50_000_000*15), packed), fmt.Sprintf("%d bytes of compressed data promise to be 750000000: want at most 88-fold", n)},
		"truncated":        {data[:len(data)-1], fmt.Sprintf("the file ends early: want %d bytes of compressed data, got %d", n, n-1)},
		"more follows":     {append(data[:len(data):len(data)], strings.Repeat("x", mostTrailing+1)...), "more than 4096 bytes follow the last row: want the end of the file"},
		"shorter":          {file(n-2, 45, append(packed[:n-2:n-2], 0, 0)), "want"},
		"too little":       {file(2, 45, []byte{0, 7}), "compressed data of 1 bytes: want the 45 promised"},
		"too much":         {file(7, 45, []byte{0, 7, 0xe0, 80, 0, 0, 7}), "compressed data of more than the 45 bytes promised: want as many"},
		"before the start": {file(4, 45, []byte{0, 7, 0x20, 1}), "compressed data that LZF does not make"},
		"no literals":      {file(3, 45, []byte{5, 7, 7}), "compressed data that LZF does not make"},
		"no offset":        {file(3, 45, []byte{0, 7, 0x20}), "compressed data that LZF does not make"},
		"no length":        {file(4, 45, []byte{0, 7, 0xe0, 1}), "compressed data that LZF does not make"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.data, c.want) })
	}
	_, err := Read(io.MultiReader(bytes.NewReader(file(1<<31, 45, packed))), Limits{})
	assert.ErrorContains(t, err, fmt.Sprintf("the file ends early: want 2147483648 bytes of compressed data, got %d", n))
}

func TestNormals(t *testing.T) {
	text := in(t, "x y z", "x y z normal_x normal_y normal_z", "4 4 4", "4 4 4 4 4 4", "F F F", "F F F F F F", "1 1 1", "1 1 1 1 1 1", "WIDTH 3", "WIDTH 4", "POINTS 3", "POINTS 4",
		points, "0 0 0 0 0 1\nnan 0 0 1 0 0\n1 0 0 nan nan nan\n2 0 0 0 3 0\n")
	c, err := Read(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Equal(t, pointcloud.Cloud{Points: [][3]float32{{}, {1, 0, 0}, {2, 0, 0}}, Normals: [][3]float32{{0, 0, 1}, {}, {0, 3, 0}}}, c)
	require.NoError(t, c.Validate())
	f, err := ReadAll(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	again, err := f.Cloud()
	require.NoError(t, err)
	assert.Equal(t, c, again)
	assert.Equal(t, 4, f.Len())

	c, err = Read(strings.NewReader(strings.NewReplacer("0 0 0 0 0 1", "inf 0 0 0 0 1", "\n1 0 0", "\ninf 0 0", "\n2 0", "\n2 nan").Replace(text)), Limits{})
	require.NoError(t, err)
	assert.Equal(t, pointcloud.Cloud{}, c)
}

func TestNoCloud(t *testing.T) {
	for _, text := range []string{in(t, "x y z", "x y w"), in(t, "COUNT 1", "COUNT 2", points, "0 0 0 0\n0 0 0 0\n0 0 0 0\n")} {
		f, err := ReadAll(strings.NewReader(text), Limits{})
		require.NoError(t, err)
		_, err = f.Cloud()
		assert.EqualError(t, err, "pcd: want fields x, y and z of one number each, got none")
		_, err = Read(strings.NewReader(text), Limits{})
		assert.EqualError(t, err, "pcd: want fields x, y and z of one number each, got none")
	}
}

func TestLimits(t *testing.T) {
	f, err := ReadAll(strings.NewReader(three), Limits{Points: 3})
	require.NoError(t, err)
	for f.Format = range Format(len(formats)) {
		_, err := Read(bytes.NewReader(encoded(t, f)), Limits{Points: 3})
		require.NoError(t, err)
		_, err = ReadAll(bytes.NewReader(encoded(t, f)), Limits{Points: 2})
		assert.EqualError(t, err, "pcd: point: header promises 3 rows: want at most 2, or a higher limit")
	}
}

// TestHostile reads small files that promise much: refused, in no time and
// memory.
func TestHostile(t *testing.T) {
	header := in(t, "WIDTH 3", "WIDTH 50000000", "POINTS 3", "POINTS 50000000")
	for want, data := range map[string][]byte{
		"line 13: the file ends early: want a float32 for x of point 1": []byte(strings.TrimSuffix(header, points) + "0 0 0\n"),
		"point 8 of 50000000: the file ends early":                      binaryFile(header, "binary", make([]byte, 100)),
	} {
		took := formattest.Allocated(func() {
			_, err := Read(bytes.NewReader(data), Limits{})
			assert.ErrorContains(t, err, "point: header promises 50000000 rows of ")
			_, err = ReadAll(io.MultiReader(bytes.NewReader(data)), Limits{})
			assert.ErrorContains(t, err, want)
		})
		assert.Less(t, took, uint64(1<<20))
	}
	// Five million points are in 4 KiB of nothing, but not in 4 KiB of LZF.
	header = in(t, "WIDTH 3", "WIDTH 5000000", "POINTS 3", "POINTS 5000000")
	took := formattest.Allocated(func() {
		_, err := ReadAll(bytes.NewReader(binaryFile(header, "binary_compressed", uint32(4096), uint32(60_000_000), make([]byte, 4096))), Limits{})
		assert.ErrorContains(t, err, "promise to be 60000000: want at most 88-fold")
	})
	assert.Less(t, took, uint64(1<<20))
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string][]byte{"three.pcd": []byte(three), "three.pcd.gz": formattest.Zipped(t, []byte(three))} {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, data, 0o600))
		c, err := Open(name, Limits{})
		require.NoError(t, err)
		assert.Equal(t, threeCloud, c)
		f, err := OpenAll(name, Limits{})
		require.NoError(t, err)
		assert.Len(t, f.Fields, 3)
	}
	name := filepath.Join(dir, "bad.pcd")
	require.NoError(t, os.WriteFile(name, []byte(in(t, "\n1 0 0.5\n", "\n1 0\n")), 0o600))
	want := "pcd: " + name + ": line 13: the line ends early: want a float32 for z of point 1"
	_, err := Open(name, Limits{})
	assert.EqualError(t, err, want)
	_, err = OpenAll(name, Limits{})
	assert.EqualError(t, err, want)
	_, err = Open(filepath.Join(dir, "none.pcd"), Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestErrorsOfTheReader(t *testing.T) {
	read := func(r io.Reader) error { _, err := Read(r, Limits{}); return err }
	f, err := ReadAll(strings.NewReader(three), Limits{})
	require.NoError(t, err)
	for f.Format = range Format(len(formats)) {
		data := encoded(t, f)
		for n := range data {
			formattest.Breaks(t, data[:n], read)
			_, err := ReadAll(bytes.NewReader(data[:n]), Limits{})
			if n < len(data)-1 || f.Format != Text { // without the end of the last line
				assert.Error(t, err, "%v: %d bytes", f.Format, n)
			}
		}
		formattest.Breaks(t, data, read)
	}
}

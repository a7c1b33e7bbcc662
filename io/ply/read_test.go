package ply

import (
	"bytes"
	"io"
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
	vertices = "element vertex 4\nproperty float x\nproperty float y\nproperty float z\n"
	faces    = "element face 1\nproperty list uchar int vertex_indices\n"
	end      = "end_header\n"
	corners  = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n"

	// square is a file of one quadrangle.
	square = "ply\nformat ascii 1.0\n" + vertices + faces + end + corners + "4 0 1 2 3\n"
)

var squareMesh = pointcloud.Mesh{
	Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}},
	Faces:    [][3]int32{{0, 1, 2}, {0, 2, 3}},
}

// in returns square with something replaced, and fails if it is not there.
func in(t *testing.T, old, replacement string) string {
	t.Helper()
	require.Contains(t, square, old)
	return strings.Replace(square, old, replacement, 1)
}

func TestReadText(t *testing.T) {
	for name, text := range map[string]string{
		"plain":             square,
		"no last line end":  strings.TrimSpace(square),
		"CRLF":              strings.ReplaceAll(square, "\n", "\r\n"),
		"CR":                strings.ReplaceAll(square, "\n", "\r"),
		"tabs and blanks":   strings.ReplaceAll(strings.ReplaceAll(square, " ", " \t "), "\n", "  \n"),
		"byte order mark":   "\ufeff" + square,
		"blank lines":       strings.ReplaceAll(square, "\n", "\n\n"),
		"capitals":          strings.NewReplacer("ply\n", "PLY\n", "ascii", "ASCII", "element", "ELEMENT", "float", "Float", "list", "LIST").Replace(square),
		"new names":         strings.NewReplacer("float", "float32", "uchar", "uint8", "int ", "int32 ").Replace(square),
		"vertex_index":      in(t, "vertex_indices", "vertex_index"),
		"doubles":           strings.ReplaceAll(square, "float", "double"),
		"bytes":             strings.ReplaceAll(square, "float", "uchar"),
		"small corners":     in(t, "uchar int", "char ushort"),
		"count of float":    in(t, "uchar int", "float uint"),
		"numbers":           in(t, "1 1 0", "1e0 +1. 0.0e7"),
		"corners of floats": in(t, "4 0 1 2 3", "4 0.0 1e0 2 3.00"),
		"comments":          in(t, "format", "comment\nobj_info of no account\ncomment format 7\nformat"),
		"comment last":      in(t, "end_header", "comment end_header\nend_header"),
		"more at the end":   square + " \n\t\x00\x00\n",
		"empty element":     in(t, "end_header", "element nothing 1000\nend_header"),
		"other properties":  strings.Replace(in(t, corners, "0 0 0 255 0\n1 0 0 7 2 nan 1e300\n1 1 0 0 1 1\n0 1 0 1 1 -inf\n"), "float z\n", "float z\nproperty uchar label\nproperty list uchar double weights\n", 1),
		"other order":       "ply\nformat ascii 1.0\nelement edge 2\nproperty int vertex1\n" + faces + vertices + end + "7\n8\n4 0 1 2 3\n" + corners,
		"z first":           strings.NewReplacer("float x", "float z", "float z", "float x", "1 0 0\n", "0 0 1\n", "1 1 0\n", "0 1 1\n").Replace(square),
		"two triangles":     strings.NewReplacer("face 1", "face 2", "4 0 1 2 3", "3 0 1 2\n3 0 2 3").Replace(square),
		"point and edge":    strings.NewReplacer("face 1", "face 4", "4 0 1 2 3", "0\n1 3\n4 0 1 2 3\n2 0 1").Replace(square),
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(strings.NewReader(text), Limits{})
			require.NoError(t, err)
			assert.Equal(t, squareMesh, m)

			m, err = Read(iotest.OneByteReader(strings.NewReader(text)), Limits{})
			require.NoError(t, err, "one byte at a time")
			assert.Equal(t, squareMesh, m, "one byte at a time")

			c, err := ReadCloud(strings.NewReader(text), Limits{})
			require.NoError(t, err)
			assert.Equal(t, pointcloud.Cloud{Points: squareMesh.Vertices}, c)

			f, err := ReadAll(strings.NewReader(text), Limits{})
			require.NoError(t, err)
			m, err = f.Mesh()
			require.NoError(t, err)
			assert.Equal(t, squareMesh, m)
			c, err = f.Cloud()
			require.NoError(t, err)
			assert.Equal(t, pointcloud.Cloud{Points: squareMesh.Vertices}, c)
		})
	}
}

func TestHeaderRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":               {"", `ply: empty: want a line "ply"`},
		"blank":               {" \n", `ply: begins with " \n": want a line "ply"`},
		"another format":      {"OFF\n3 1 0\n", `ply: begins with "OFF\n3 1 0\n": want a line "ply"`},
		"long word":           {strings.Repeat("x", 2000), `ply: line 1: a word of more than 1024 bytes`},
		"magic and more":      {"ply me\n", `ply: line 1: want the end of the line, got "me"`},
		"magic alone":         {"ply", `ply: line 1: the file ends early: want "format", "comment"`},
		"no end":              {square[:100], `the file ends early`},
		"no format":           {in(t, "format ascii 1.0\n", ""), `line 8: the header ends: want one line "format" in it, got 0`},
		"two formats":         {in(t, "format", "format ascii 1.0\nformat"), `line 10: the header ends: want one line "format" in it, got 2`},
		"other format":        {in(t, "ascii", "binary"), `line 2: want ascii, binary_little_endian or binary_big_endian, got "binary"`},
		"no format's name":    {in(t, " ascii 1.0", ""), `line 2: the line ends early: want ascii`},
		"no version":          {in(t, " 1.0", ""), `line 2: the line ends early: want version 1.0`},
		"other version":       {in(t, "1.0", "2.0"), `line 2: want version 1.0, got "2.0"`},
		"format and more":     {in(t, "1.0", "1.0 x"), `line 2: want the end of the line, got "x"`},
		"other keyword":       {in(t, "element", "elements"), `line 3: want "format", "comment", "obj_info", "element", "property" or "end_header", got "elements"`},
		"no element's name":   {in(t, " vertex 4", ""), `line 3: the line ends early: want the name of an element`},
		"no number":           {in(t, " 4", ""), `line 3: the line ends early: want a number of rows`},
		"negative":            {in(t, "vertex 4", "vertex -4"), `line 3: want a number of rows from 0 to 2147483647, got "-4"`},
		"too many":            {in(t, "vertex 4", "vertex 2147483648"), `line 3: want a number of rows from 0 to 2147483647, got "2147483648"`},
		"far too many":        {in(t, "vertex 4", "vertex 99999999999999999999"), `line 3: want a number of rows`},
		"half":                {in(t, "vertex 4", "vertex 4.5"), `line 3: want a number of rows from 0 to 2147483647, got "4.5"`},
		"element and more":    {in(t, "vertex 4", "vertex 4 5"), `line 3: want the end of the line, got "5"`},
		"twice an element":    {in(t, "face", "vertex"), `line 7: a second element "vertex": want one of each name`},
		"property of nothing": {in(t, vertices, "property int x\n"), `line 3: a property of no element: want "element" first`},
		"no type":             {in(t, "property float x", "property"), `line 4: the line ends early: want a type`},
		"other type":          {in(t, "float x", "float16 x"), `line 4: want a type such as float or uint8, got "float16"`},
		"64-bit type":         {in(t, "float x", "int64 x"), `line 4: want a type such as float or uint8, got "int64"`},
		"no type none":        {in(t, "float x", "none x"), `line 4: want a type such as float or uint8, got "none"`},
		"no property's name":  {in(t, "float x", "float"), `line 4: the line ends early: want the name of a property`},
		"twice a property":    {in(t, "float y", "int x"), `line 5: a second property "x" of vertex: want one of each name`},
		"property and more":   {in(t, "float x", "float x y"), `line 4: want the end of the line, got "y"`},
		"list of nothing":     {in(t, "list uchar int vertex_indices", "list"), `line 8: the line ends early: want a type of counts`},
		"other count":         {in(t, "list uchar", "list list"), `line 8: want a type of counts such as uchar, got "list"`},
		"no items":            {in(t, "uchar int vertex_indices", "uchar"), `line 8: the line ends early: want a type of items`},
		"other items":         {in(t, "uchar int", "uchar long"), `line 8: want a type such as float or uint8, got "long"`},
		"end and more":        {in(t, "end_header", "end_header 7"), `line 9: want the end of the line, got "7"`},
		"many lines":          {in(t, "element", strings.Repeat("\n", 1<<16)+"element"), `line 65539: a header of more than 65536 lines: want "end_header"`},
		"many elements":       {in(t, "end_header", elements(1100)+"end_header"), `line 1031: more than 1024 elements: want no more`},
		"many properties":     {in(t, "end_header", properties(1100)+"end_header"), `line 1032: more than 1024 properties of face: want no more`},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.text, c.want) })
	}
}

// refused reads what is to be refused, in every way.
func refused(t *testing.T, text, want string) {
	t.Helper()
	m, err := Read(strings.NewReader(text), Limits{})
	assert.ErrorContains(t, err, want)
	assert.Zero(t, m)
	c, err := ReadCloud(iotest.OneByteReader(strings.NewReader(text)), Limits{})
	assert.Error(t, err)
	assert.Zero(t, c)
	f, err := ReadAll(strings.NewReader(text), Limits{})
	assert.ErrorContains(t, err, want)
	assert.Nil(t, f)
}

func elements(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("element e" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26)) + " 0\n")
	}
	return b.String()
}

func properties(n int) string {
	return strings.NewReplacer("element", "property int", " 0\n", "\n").Replace(elements(n))
}

func TestTextRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no rows":           {in(t, corners+"4 0 1 2 3\n", ""), `line 10: the file ends early: want a float32 for x of vertex 0`},
		"too few rows":      {in(t, "4 0 1 2 3\n", "\n\n"), `line 16: the file ends early: want a number of items for vertex_indices of face 0`},
		"half a row":        {in(t, "4 0 1 2 3\n", "4 0"), `line 14: the file ends early: want a int32 for vertex_indices of face 0`},
		"short row":         {in(t, "\n1 1 0\n", "\n1 1\n"), `line 12: the line ends early: want a float32 for z of vertex 2`},
		"long row":          {in(t, "\n1 1 0\n", "\n1 1 0 7\n"), `line 12: want the end of the line, got "7"`},
		"no number":         {in(t, "\n1 1 0\n", "\n1 one 0\n"), `line 12: want a float32 for y of vertex 2, got "one"`},
		"too large":         {in(t, "\n1 1 0\n", "\n1 1e39 0\n"), `line 12: want a float32 for y of vertex 2, got "1e39"`},
		"negative list":     {in(t, "4 0 1 2 3", "-4 0 1 2 3"), `line 14: face 0: list vertex_indices: want from 0 to 60000000 items, got -4`},
		"absurd list":       {in(t, "4 0 1 2 3", "60000001 0 1 2 3"), `line 14: face 0: list vertex_indices: want from 0 to 60000000 items, got 60000001`},
		"half a list":       {in(t, "4 0 1 2 3", "4.5 0 1 2 3"), `line 14: want a number of items for vertex_indices of face 0, got "4.5"`},
		"short list":        {in(t, "4 0 1 2 3", "5 0 1 2 3"), `line 14: the line ends early: want a int32 for vertex_indices of face 0`},
		"long list":         {in(t, "4 0 1 2 3", "3 0 1 2 3"), `line 14: want the end of the line, got "3"`},
		"corner of a half":  {in(t, "4 0 1 2 3", "4 0 1 2.5 3"), `line 14: want a int32 for vertex_indices of face 0, got "2.5"`},
		"list in two lines": {in(t, "4 0 1 2 3", "4 0 1\n2 3"), `line 14: the line ends early`},
		"more rows":         {square + "3 0 1 2\n", `line 15: want the end of the file, got "3"`},
		"out of type":       {strings.NewReplacer("float x", "uchar x", "\n1 1 0", "\n256 1 0").Replace(square), `line 12: want a uint8 for x of vertex 2, got "256"`},
		"long word":         {in(t, "\n1 1 0\n", "\n1 1"+strings.Repeat("0", 2000)+" 0\n"), `line 12: a word of more than 1024 bytes`},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, c.text, c.want)
		})
	}
}

// TestShapesRefused reads files that are good as such, but not as a mesh.
func TestShapesRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, mesh, cloud string }{
		"no elements":       {"ply\nformat ascii 1.0\nend_header\n", `want an element vertex with single numbers x, y and z, got none`, `want an element vertex`},
		"no vertices":       {in(t, "vertex", "point"), `want an element vertex with single numbers x, y and z, got none`, `want an element vertex`},
		"no z":              {in(t, "float z", "float w"), `want an element vertex with single numbers x, y and z, got none`, `want an element vertex`},
		"list z":            {strings.Replace(in(t, corners, "0 0 0\n1 0 0\n1 1 0\n0 1 0\n"), "float z", "list char float z", 1), `want an element vertex with single numbers`, `want an element vertex`},
		"NaN":               {in(t, "\n1 1 0\n", "\n1 nan 0\n"), `vertex 2 is [1 NaN 0]: want coordinates that are finite and within float32`, `vertex 2 is [1 NaN 0]`},
		"infinite":          {in(t, "\n0 1 0\n", "\n0 1 -inf\n"), `vertex 3 is [0 1 -Inf]: want coordinates`, `vertex 3 is [0 1 -Inf]`},
		"beyond float32":    {strings.NewReplacer("float x", "double x", "\n1 1 0", "\n1e39 1 0").Replace(square), `vertex 2 is [+Inf 1 0]: want coordinates that are finite and within float32`, `vertex 2 is [+Inf 1 0]`},
		"corner too high":   {in(t, "4 0 1 2 3", "4 0 1 2 4"), `face 0 has corner 4: want one of 4 vertices`, ""},
		"negative corner":   {in(t, "4 0 1 2 3", "4 0 1 2 -1"), `face 0 has corner -1: want one of 4 vertices`, ""},
		"large corner":      {strings.NewReplacer("uchar int", "uchar uint", "2 3\n", "2 4294967295\n").Replace(square), `face 0 has corner 4294967295: want one of 4 vertices`, ""},
		"corner of an edge": {in(t, "4 0 1 2 3", "1 4"), `face 0 has corner 4: want one of 4 vertices`, ""},
		"corners of floats": {in(t, "uchar int", "uchar float"), `element face: vertex_indices are of type float32: want integers`, ""},
		"no corners":        {in(t, "vertex_indices", "vertices"), `element face: want a list vertex_indices or vertex_index, got none`, ""},
		"single corners":    {strings.NewReplacer("list uchar int", "int", "4 0 1 2 3", "7").Replace(square), `element face: want a list vertex_indices or vertex_index, got none`, ""},
		"strip too high":    {strings.NewReplacer("face", "tristrips", "2 3\n", "2 4\n").Replace(square), `tristrips 0 has corner 4: want one of 4 vertices`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := ReadAll(strings.NewReader(c.text), Limits{})
			require.NoError(t, err)
			_, ofFile := f.Mesh()
			_, read := Read(strings.NewReader(c.text), Limits{})
			assert.ErrorContains(t, read, "ply: "+c.mesh)
			assert.Equal(t, read, ofFile)

			_, ofFile = f.Cloud()
			_, read = ReadCloud(strings.NewReader(c.text), Limits{})
			assert.Equal(t, read, ofFile)
			if c.cloud == "" {
				assert.NoError(t, read)
			} else {
				assert.ErrorContains(t, read, "ply: "+c.cloud)
			}
		})
	}
}

func TestStrips(t *testing.T) {
	for list, want := range map[string][][3]int32{
		"4 0 1 2 3":             {{0, 1, 2}, {2, 1, 3}},
		"9 0 1 2 -1 1 2 3 0 -7": {{0, 1, 2}, {1, 2, 3}, {3, 2, 0}},
		"8 -1 -1 0 1 -1 3 2 1":  {{3, 2, 1}},
		"6 0 1 2 2 3 1":         {{0, 1, 2}, {3, 2, 1}},
		"2 0 1":                 nil,
		"0":                     nil,
		"7 0 1 2 3 3 2 1":       {{0, 1, 2}, {2, 1, 3}, {3, 2, 1}},
	} {
		text := strings.NewReplacer("face", "tristrips", "4 0 1 2 3", list).Replace(square)
		m, err := Read(strings.NewReader(text), Limits{})
		require.NoError(t, err)
		assert.Equal(t, want, m.Faces, list)
	}
	both := strings.NewReplacer("end_header", "property float nx\nproperty float ny\nproperty float nz\n"+strings.Replace(faces, "face", "tristrips", 1)+"end_header",
		"4 0 1 2 3", "3 0 1 2 0 0 1\n3 1 2 3").Replace(square)
	m, err := Read(strings.NewReader(both), Limits{})
	require.NoError(t, err)
	assert.Equal(t, [][3]int32{{0, 1, 2}, {1, 2, 3}}, m.Faces)
	assert.Nil(t, m.Normals, "strips have none")
}

func TestNormals(t *testing.T) {
	three := "property float nx\nproperty float ny\nproperty double nz\n"
	text := strings.NewReplacer(
		"float z\n", "float z\n"+three, "end_header", three+"end_header", "face 1", "face 3",
		corners, "0 0 0 0 0 2\n1 0 0 nan 1 1\n1 1 0 0 0 1e39\n0 1 0 .5 -.5 1\n",
		"4 0 1 2 3\n", "4 0 1 2 3 0 0 1\n2 0 1 0 1 0\n3 0 1 2 inf 0 0\n").Replace(square)
	c, err := ReadCloud(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Equal(t, squareMesh.Vertices, c.Points)
	assert.Equal(t, [][3]float32{{0, 0, 2}, {}, {}, {0.5, -0.5, 1}}, c.Normals)
	require.NoError(t, c.Validate())

	m, err := Read(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Equal(t, append(squareMesh.Faces[:2:2], squareMesh.Faces[0]), m.Faces)
	assert.Equal(t, [][3]float32{{0, 0, 1}, {0, 0, 1}, {}}, m.Normals)
	require.NoError(t, m.Validate())
}

func TestEmpty(t *testing.T) {
	text := strings.NewReplacer("vertex 4", "vertex 0", "face 1", "face 0", corners, "", "4 0 1 2 3\n", "", "float z\n", "float z\nproperty float nx\nproperty float ny\nproperty float nz\n").Replace(square)
	for _, r := range []io.Reader{strings.NewReader(text), iotest.HalfReader(strings.NewReader(text))} {
		f, err := ReadAll(r, Limits{})
		require.NoError(t, err)
		require.Len(t, f.Elements, 2)
		assert.Equal(t, Property{"vertex_indices", []int32(nil), []int{0}}, f.Elements[1].Properties[0])
		for _, read := range []func() (pointcloud.Mesh, error){f.Mesh, func() (pointcloud.Mesh, error) { return Read(strings.NewReader(text), Limits{}) }} {
			m, err := read()
			require.NoError(t, err)
			assert.Equal(t, pointcloud.Mesh{}, m)
		}
		for _, read := range []func() (pointcloud.Cloud, error){f.Cloud, func() (pointcloud.Cloud, error) { return ReadCloud(strings.NewReader(text), Limits{}) }} {
			c, err := read()
			require.NoError(t, err)
			assert.Equal(t, pointcloud.Cloud{}, c)
		}
	}
}

func TestLimits(t *testing.T) {
	strips := strings.Replace(square, "face", "tristrips", 1)
	others := strings.Replace(square, "face", "edge", 1)
	for _, c := range []struct {
		text   string
		limits Limits
		want   string
	}{
		{square, Limits{Points: 4, Faces: 2}, ""},
		{square, Limits{Points: 3}, "ply: vertex: header promises 4 rows: want at most 3, or a higher limit"},
		{square, Limits{Points: 4, Faces: 1}, "ply: face 0 has 4 corners, after 0 triangles: want at most 1 triangles in all, or a higher limit"},
		{strings.Replace(square, "face 1", "face 2", 1), Limits{Faces: 1}, "ply: face: header promises 2 rows: want at most 1, or a higher limit"},
		{strips, Limits{Points: 4, Faces: 2}, ""},
		{strips, Limits{Points: 4, Faces: 1}, "ply: tristrips 0 has 4 corners, after 0 triangles: want at most 1 triangles in all, or a higher limit"},
		{strings.Replace(others, "edge 1", "edge 5", 1), Limits{Points: 4}, "ply: edge: header promises 5 rows: want at most 4, or a higher limit"},
		{strings.Replace(others, "4 0 1 2 3", "5 0 1 2 3 0", 1), Limits{Points: 4, Faces: 3}, ""},
		{strings.Replace(others, "4 0 1 2 3", "5 0 1 2 3 0", 1), Limits{Points: 4, Faces: 1}, "ply: line 14: edge 0: list vertex_indices: want from 0 to 4 items, got 5"},
	} {
		_, err := Read(strings.NewReader(c.text), c.limits)
		if c.want == "" {
			assert.NoError(t, err)
		} else {
			assert.EqualError(t, err, c.want)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string][]byte{"square.ply": []byte(square), "square.ply.gz": formattest.Zipped(t, []byte(square))} {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, data, 0o600))
		m, err := Open(name, Limits{})
		require.NoError(t, err)
		assert.Equal(t, squareMesh, m)
		c, err := OpenCloud(name, Limits{})
		require.NoError(t, err)
		assert.Equal(t, squareMesh.Vertices, c.Points)
		f, err := OpenAll(name, Limits{})
		require.NoError(t, err)
		assert.Len(t, f.Elements, 2)
	}
	name := filepath.Join(dir, "bad.ply")
	require.NoError(t, os.WriteFile(name, []byte(in(t, "\n1 1 0\n", "\n1 1\n")), 0o600))
	want := "ply: " + name + ": line 12: the line ends early: want a float32 for z of vertex 2"
	_, err := Open(name, Limits{})
	assert.EqualError(t, err, want)
	_, err = OpenCloud(name, Limits{})
	assert.EqualError(t, err, want)
	_, err = OpenAll(name, Limits{})
	assert.EqualError(t, err, want)
	_, err = Open(filepath.Join(dir, "none.ply"), Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestErrorsOfTheReader(t *testing.T) {
	read := func(r io.Reader) error { _, err := Read(r, Limits{}); return err }
	for _, format := range []Format{Text, LittleEndian} {
		f, err := ReadAll(strings.NewReader(square), Limits{})
		require.NoError(t, err)
		f.Format = format
		data := encoded(t, f)
		for n := range data {
			formattest.Breaks(t, data[:n], read)
			_, err := ReadAll(bytes.NewReader(data[:n]), Limits{})
			if n < len(data)-1 || format != Text { // without the end of the last line
				assert.Error(t, err, "%v: %d bytes", format, n)
			}
		}
		formattest.Breaks(t, data, read)
	}
}

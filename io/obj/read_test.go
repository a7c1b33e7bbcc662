package obj

import (
	"bytes"
	"fmt"
	"image/color"
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

// points are the vertices of a square, and lines the statements of them.
var (
	points = [][3]float32{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}}
	flat   = pointcloud.Mesh{Vertices: points, Faces: [][3]int32{{0, 1, 2}, {0, 2, 3}}}
)

const (
	lines  = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"
	square = lines + "f 1 2 3\nf 1 3 4\n"
)

func TestRead(t *testing.T) {
	in := func(old, replacement string) string {
		if !strings.Contains(square, old) {
			panic(old)
		}
		return strings.Replace(square, old, replacement, 1)
	}
	for name, text := range map[string]string{
		"plain":            square,
		"one face":         lines + "f 1 2 3 4\n",
		"capital":          strings.ToUpper(square),
		"old keyword":      strings.ReplaceAll(square, "f", "fo"),
		"CRLF":             strings.ReplaceAll(square, "\n", "\r\n"),
		"CR":               strings.ReplaceAll(square, "\n", "\r"),
		"tabs":             strings.ReplaceAll(square, " ", "\t"),
		"byte order mark":  "\ufeff" + square,
		"blank lines":      "\n\n" + strings.ReplaceAll(square, "\n", " \n\n \n  "),
		"comments":         "# a square\n#v 9 9 9\n" + strings.ReplaceAll(square, "\n", " # here 1 2 3 \\\n# 4 5 6\n") + "# end",
		"no last line end": strings.TrimSpace(square),
		"zeros at the end": square + strings.Repeat("\x00", 600) + "\x1a",
		"numbers":          in("1 1 0", "+1. 10e-1 -0e+00"),
		"weight":           strings.Replace(in("1 1 0", "1 1 0 0.25"), "1 0 0", "1 0 0 nan", 1),
		"negative":         lines + "f -4 -3 -2\nf -4 -2 -1\n",
		"negative early":   "v 0 0 0\nv 1 0 0\nv 1 1 0\nf -3 -2 -1\nv 0 1 0\nf -4 -2 -1",
		"faces first":      "f 1 2 3\nf +1 3 4\n" + lines,
		"texture":          lines + "vt 0 0\nvt 1\nf 1/1 2/2 3/1\nf 1/-1 3/99 4/\n",
		"no such normals":  lines + "f 1//1 2//2 3/7/8\nf 1// 3/1/ 4//4\n",
		"edges and points": lines + "f 1\nf 1 2\nf 1 2 3\nl 1 2\np 1\nf 1 3 4\nf 1//7 -1\n",
		"joined": "v 0 \\\n 0 0\nv 1 0\\\r\n0\nv \\\n1 1 0\ng a \\\n f 1 2 3\nv 0 1 0\nf 1 2 \\ \n\\\n3 \\\n4\n" +
			"usemtl a\\b\nmtllib c:\\\\ \nv 7 7 7\n",
		"other statements": "mtllib f.mtl\no f 1 2 3\ng An f Three 1 2 3\nusemtl v\ns off\n" + square +
			"vw 0 0 1.0\nt crease 2/1/0 1\nvp 1 2\ncstype bspline\nunheard-of 1 2\ns 1\n",
		"a long line": "g " + strings.Repeat("long ", 50_000) + "\n" + square,
	} {
		t.Run(name, func(t *testing.T) {
			for _, data := range [][]byte{[]byte(text), formattest.Zipped(t, []byte(text))} {
				m, err := Read(bytes.NewReader(data), Limits{})
				require.NoError(t, err)
				assert.Equal(t, flat, m)
				o, err := ReadObject(iotest.OneByteReader(bytes.NewReader(data)), Limits{})
				require.NoError(t, err)
				assert.Equal(t, Object{Mesh: flat}, o)
			}
		})
	}
}

func TestReadMeshes(t *testing.T) {
	for text, want := range map[string]pointcloud.Mesh{
		"# nothing":                             {},
		"o":                                     {},
		"v 1 2 3":                               {Vertices: [][3]float32{{1, 2, 3}}},
		"f 1 1 1\nv 1 2 3\nv 4 5 6\nf -1 -2 -1": {Vertices: [][3]float32{{1, 2, 3}, {4, 5, 6}}, Faces: [][3]int32{{0, 0, 0}, {1, 0, 1}}},
	} {
		m, err := Read(strings.NewReader(text), Limits{})
		require.NoError(t, err, text)
		assert.Equal(t, want, m, text)
	}

	// A face of many corners, on a long line, becomes a fan.
	n := 20_000
	var b strings.Builder
	b.WriteString("f")
	for i := range n {
		fmt.Fprint(&b, " ", n-i)
	}
	b.WriteString(strings.Repeat("\nv 0 0 0", n))
	m, err := Read(strings.NewReader(b.String()), Limits{})
	require.NoError(t, err)
	require.Len(t, m.Faces, n-2)
	for i, f := range m.Faces {
		require.Equal(t, [3]int32{int32(n - 1), int32(n - 2 - i), int32(n - 3 - i)}, f)
	}
}

func TestColors(t *testing.T) {
	for name, c := range map[string]struct {
		colors [4]string
		want   []color.NRGBA
	}{
		"none":       {[4]string{"", "1", "", "0.5"}, nil},
		"not one":    {[4]string{"", "nan nan nan", "0 0 inf", ""}, nil},
		"fractions":  {[4]string{"1 0 0.2", "0 0 0", "0 1 0", "1 1 1"}, []color.NRGBA{{255, 0, 51, 255}, {0, 0, 0, 255}, {0, 255, 0, 255}, {255, 255, 255, 255}}},
		"bytes":      {[4]string{"255 0 51", "0 1 0", "0 255 0", "2 3 4"}, []color.NRGBA{{255, 0, 51, 255}, {0, 1, 0, 255}, {0, 255, 0, 255}, {2, 3, 4, 255}}},
		"of some":    {[4]string{"", "0 0 1", "1", ""}, []color.NRGBA{{}, {0, 0, 255, 255}, {}, {}}},
		"not finite": {[4]string{"1 0 0", "nan nan nan", "", "0 1 0"}, []color.NRGBA{{255, 0, 0, 255}, {}, {}, {0, 255, 0, 255}}},
		"alpha":      {[4]string{"1 0 0 0.2", "0 0 0 0", "0 1 0", "0 0 1 1"}, []color.NRGBA{{255, 0, 0, 51}, {}, {0, 255, 0, 255}, {0, 0, 255, 255}}},
	} {
		var text strings.Builder
		for i, p := range points {
			fmt.Fprintln(&text, "v", p[0], p[1], p[2], c.colors[i])
		}
		o, err := ReadObject(strings.NewReader(text.String()), Limits{})
		require.NoError(t, err, name)
		assert.Equal(t, Object{Mesh: pointcloud.Mesh{Vertices: points}, VertexColors: c.want}, o, name)
	}
}

func TestNormals(t *testing.T) {
	x, y, z := [3]float32{1, 0, 0}, [3]float32{0, 1, 0}, [3]float32{0, 0, 1}
	const vn = "vn 1 0 0\nvn 0 1 0\nvn 0 0 1\nvn 0 0 1\n"
	for name, c := range map[string]struct {
		text            string
		vertices, faces [][3]float32
	}{
		"flat":                   {vn + "f 1//3 2//3 3//4\nf 1//4 3//3 4//3\n", [][3]float32{z, z, z, z}, [][3]float32{z, z}},
		"smooth":                 {vn + "f 1//1 2//2 3//3\nf 1//1 3//4 4//2\n", [][3]float32{x, y, z, y}, nil},
		"sharp":                  {vn + "f 1//1 2//1 3//1\nf 1//3 3//4 4//3\n", nil, [][3]float32{x, z}},
		"neither":                {vn + "f 1//1 2//1 3//1\nf 1//2 3//2 4//1\n", nil, nil},
		"four corners":           {vn + "f 1/1/1 2/2/1 3/2/1 4/9/1\n", [][3]float32{x, x, x, x}, [][3]float32{x, x}},
		"negative":               {vn + "f 1//-4 2//-3 3//-2\nf 1//1 3//-1 4//2\n", [][3]float32{x, y, z, y}, nil},
		"after the faces":        {"f 1//1 2//2 3//3\nf 1//1 3//4 4//2\n" + vn, [][3]float32{x, y, z, y}, nil},
		"one corner without":     {vn + "f 1//1 2//1 3//1\nf 1//1 3//1 4\n", nil, nil},
		"one face without":       {vn + "f 1 2 3\nf 1//1 3//1 4//1\n", nil, nil},
		"an edge without":        {vn + "f 1 2\nf 1//1 2//1 3//1\nf 1//1 3//1 4//1\n", [][3]float32{x, x, x, x}, [][3]float32{x, x}},
		"vertex without face":    {vn + "f 1//3 2//3 4//3\n", [][3]float32{z, z, z, z}, [][3]float32{z}},
		"its own number":         {vn + "f 2//1 3//3 4//2\n", [][3]float32{x, x, z, y}, nil},
		"without, fewer normals": {"vn 1 0 0\nf 2//1 3//1 4//1\n", [][3]float32{{}, x, x, x}, [][3]float32{x}},
		"points":                 {vn, [][3]float32{x, y, z, z}, nil},
		"points, fewer normals":  {"vn 1 0 0\n", nil, nil},
		"points, more normals":   {vn + "vn 1 0 0\n", nil, nil},
		"edges":                  {vn + "f 1//2 2\n", [][3]float32{x, y, z, z}, nil},
		"not finite":             {"vn nan 1 0\nvn 1 -inf 0\nf 1//1 2//1 3//2\nf 1//2 3//2 4//2", make([][3]float32, 4), make([][3]float32, 2)},
		"nobody asks":            {"vn 1 0 0\nf 1 2 3\nf 1 3 4\n", nil, nil},
		"not of length 1":        {"vn 0 0 2\nf 1//1 2//1 3//1\n", [][3]float32{{0, 0, 2}, {0, 0, 2}, {0, 0, 2}, {}}, [][3]float32{{0, 0, 2}}},
	} {
		o, err := ReadObject(strings.NewReader(lines+c.text), Limits{})
		require.NoError(t, err, name)
		assert.Equal(t, c.vertices, o.VertexNormals, name)
		assert.Equal(t, c.faces, o.Mesh.Normals, name)
	}
}

func TestReadRefuses(t *testing.T) {
	in := func(old, replacement string) string { return strings.Replace(square, old, replacement, 1) }
	for name, c := range map[string]struct{ text, want string }{
		"empty":               {"", `obj: empty: want vertices, "v", and faces, "f"`},
		"other text":          {"solid a\nfacet", `obj: begins with "solid a\nfacet": want vertices, "v", and faces, "f"`},
		"numbers":             {"1 2 3\n", `begins with "1 2 3\n"`},
		"UTF-16":              {"\xff\xfev\x00 \x001\x00", `begins with`},
		"a line broken":       {in("f 1 2 3", "f 1 2\n3"), `line 6: want a statement, as "v" or "f", got "3"`},
		"vertex of two":       {in("1 1 0", "1 1"), `line 3: the line ends early: want a finite number within float32`},
		"vertex of five":      {in("1 1 0", "1 1 0 1 1"), `line 3: want nothing after the coordinates, or 1 number of a weight, or 3 or 4 of a colour, got 2`},
		"vertex of eight":     {in("1 1 0", "1 1 0 1 1 1 1 7"), `line 3: want the end of the line, got "7"`},
		"colour of words":     {in("1 1 0", "1 1 0 red"), `line 3: want a number, got "red"`},
		"NaN":                 {in("1 1 0", "1 nan 0"), `line 3: want a finite number within float32, got "nan"`},
		"infinite":            {in("1 1 0", "1 1 -inf"), `line 3: want a finite number within float32, got "-inf"`},
		"too large":           {in("1 1 0", "1e39 1 0"), `line 3: want a finite number within float32, got "1e39"`},
		"comma":               {in("1 1 0", "1,5 1 0"), `got "1,5"`},
		"face of none":        {in("f 1 2 3", "f"), `line 5: the line ends early: want the corners of a face`},
		"corner beyond":       {in("f 1 2 3", "f 1 2 5"), `line 5: want a corner among 4 vertices, got 5`},
		"beyond, of an edge":  {square + "f 1 5\n", `line 7: want a corner among 4 vertices, got 5`},
		"the farthest":        {square + "f 5 6 1\nf 6 1 7\nf 1 2 7", `line 8: want a corner among 4 vertices, got 7`},
		"corner 0":            {in("f 1 2 3", "f 0 1 2"), `line 5: want a corner from 1 up, or back from -1 to -4, got "0"`},
		"corner before":       {in("f 1 2 3", "f -5 1 2"), `line 5: want a corner from 1 up, or back from -1 to -4, got "-5"`},
		"corner of words":     {in("f 1 2 3", "f 1 2 three"), `line 5: want a corner, as 1, 1/2, 1//3 or 1/2/3, got "three"`},
		"corner of fractions": {in("f 1 2 3", "f 1 2 3.0"), `line 5: want a corner, as 1, 1/2, 1//3 or 1/2/3, got "3.0"`},
		"corner of nothing":   {in("f 1 2 3", "f 1 2 /3"), `line 5: want a corner, as 1, 1/2, 1//3 or 1/2/3, got "/3"`},
		"corner of four":      {in("f 1 2 3", "f 1 2 3/1/1/1"), `line 5: want a corner, as 1, 1/2, 1//3 or 1/2/3, got "3/1/1/1"`},
		"corner beyond int32": {in("f 1 2 3", "f 1 2 2147483648"), `line 5: want a corner from 1 up, or back from -1 to -4, got "2147483648"`},
		"corner beyond int":   {in("f 1 2 3", "f 1 2 99999999999999999999"), `line 5: want a corner, as 1`},
		"normal beyond":       {square + "vn 0 0 1\nf 1//1 2//2 3//1", `line 8: want a normal among 1, got 2`},
		"normal 0":            {square + "vn 0 0 1\nf 1//0 2//1 3//1", `line 8: want a normal from 1 up, or back from -1 to -1, got "1//0"`},
		"normal before":       {square + "vn 0 0 1\nf 1//-2 2//1 3//1", `line 8: want a normal from 1 up, or back from -1 to -1, got "1//-2"`},
		"normal of words":     {square + "f 1//up 2//1 3//1", `line 7: want a corner, as 1, 1/2, 1//3 or 1/2/3, got "1//up"`},
		"vn of two":           {square + "vn 0 0\n", `line 7: the line ends early: want a number`},
		"vn of four":          {square + "vn 0 0 1 1\n", `line 7: want the end of the line, got "1"`},
		"vn of words":         {square + "vn 0 0 up\n", `line 7: want a number, got "up"`},
		"long word":           {in("1 1 0", "1 1 "+strings.Repeat("0", 2000)), `line 3: a word of more than 1024 bytes, which begins with "00000000000000000000"`},
		"long word after":     {in("1 1 0", "1 1 0 "+strings.Repeat("0", 2000)), `line 3: a word of more than 1024 bytes`},
		"long corner":         {in("f 1 2 3", "f 1 2 3 "+strings.Repeat("0", 2000)), `line 5: a word of more than 1024 bytes`},
		"long name":           {"g " + strings.Repeat("a", 2000), `line 1: a word of more than 1024 bytes`},
		"long keyword":        {square + strings.Repeat("a", 2000), `line 7: a word of more than 1024 bytes`},
		"CR counts as a line": {strings.ReplaceAll(in("1 1 0", "1 1"), "\n", "\r"), `line 3: the line ends early`},
		"CRLF is one line":    {strings.ReplaceAll(in("1 1 0", "1 1"), "\n", "\r\n"), `line 3: the line ends early`},
		"joined lines count":  {"g a \\\nb \\\nc\nv 1 1", `line 4: the file ends early: want a finite number`},
		"gzip, cut":           {"\x1f\x8b\x08", `obj: gzip:`},
	} {
		t.Run(name, func(t *testing.T) {
			formattest.Refuses(t, c.text, c.want,
				func(r io.Reader) (any, error) { return ReadObject(r, Limits{}) },
				func(r io.Reader) (any, error) { return Read(r, Limits{}) })
		})
	}
}

func TestLimits(t *testing.T) {
	text := lines + "f 1 2 3 4\n" + strings.Repeat("vn 0 0 1\n", 6)
	_, err := Read(strings.NewReader(text), Limits{Points: 4, Faces: 2})
	assert.NoError(t, err)
	_, err = Read(strings.NewReader(text), Limits{Points: 3, Faces: 2})
	assert.EqualError(t, err, "obj: line 4: more than 3 vertices: want no more, or a higher limit")
	_, err = Read(strings.NewReader(text), Limits{Points: 4, Faces: 1})
	assert.EqualError(t, err, "obj: line 5: more than 1 triangles: want no more, or a higher limit")
	_, err = Read(strings.NewReader(text+"vn 0 0 1\n"), Limits{Points: 4, Faces: 2})
	assert.EqualError(t, err, "obj: line 12: more than 6 normals: want no more, or a higher limit")
	_, err = Read(strings.NewReader(text+"vn 0 0 1\n"), Limits{Points: 7, Faces: 2})
	assert.NoError(t, err)
}

func TestReadErrorsOfTheReader(t *testing.T) {
	text := "v 0 0 0 1 1 1 1\nvn 1 0 0\ng a \\\n b\nf 1//1 1//1 1//1\n"
	formattest.BreaksAnywhere(t, text, func(r io.Reader) error { _, err := Read(r, Limits{}); return err })
}

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "chair.obj")
	_, err := Open(name, Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "chair.obj")

	require.NoError(t, os.WriteFile(name, []byte(lines+"vn 0 0 1\nf 1//1 2//1 3//1 4//1\n"), 0o600))
	z := [3]float32{0, 0, 1}
	want := Object{Mesh: flat, VertexNormals: [][3]float32{z, z, z, z}}
	want.Mesh.Normals = [][3]float32{z, z}
	m, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, want.Mesh, m)
	o, err := OpenObject(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, want, o)

	require.NoError(t, os.WriteFile(name, []byte("v 1 2 square"), 0o600))
	_, err = Open(name, Limits{})
	assert.EqualError(t, err, "obj: "+name+`: line 1: want a finite number within float32, got "square"`)
	o, err = OpenObject(name, Limits{})
	assert.ErrorContains(t, err, name)
	assert.Zero(t, o)
}

func TestBombsTakeLittleMemory(t *testing.T) {
	text := func(parts ...string) io.Reader { return strings.NewReader(strings.Join(parts, "")) }
	const many = 200_000
	for name, c := range map[string]struct {
		file io.Reader
		most uint64 // bytes
		want string // "" if the file is good
	}{
		"blank lines": {text("v 0 0 0", strings.Repeat("\n", 4*many)), 1 << 20, ""},
		"comments":    {text("v 0 0 0", strings.Repeat("\n#", 2*many)), 1 << 20, ""},
		"joined":      {text("v 0 0 0", strings.Repeat("\\\n", 2*many)), 1 << 20, ""},
		"one word":    {text("v ", strings.Repeat("f", 4*many)), 1 << 20, "more than 1024 bytes"},
		"statements":  {text(strings.Repeat("g\n", 2*many)), 1 << 20, ""},
		"texture":     {text(strings.Repeat("vt 0 0\n", many)), 1 << 20, ""},
		"far corner":  {text("v 0 0 0\nf 2147483647//2147483647 1 1"), 1 << 20, "want a corner among 1 vertices, got 2147483647"},
		"edges":       {text("v 0 0 0\n", strings.Repeat("f 1 1\n", many)), 1 << 20, ""},
		"one face":    {text("v 0 0 0\nf", strings.Repeat(" 1//1", many)), 200 * many, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			took := formattest.Allocated(func() { _, err = Read(c.file, Limits{}) })
			assert.LessOrEqual(t, took, c.most)
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
}

// Other files are not taken for empty meshes.
func TestOtherFiles(t *testing.T) {
	for text, want := range map[string]string{
		"\x00\x00\x00":              "no statement, and begins with",
		" \n\n":                     "no statement, and begins with",
		"\x7fELF\x02\x01":           "begins with",
		"o what a day\nand night\n": `no vertices, and line 2 has "and", which OBJ does not have`,
		"p\nDear all,\n":            `no vertices, and line 2 has "Dear"`,
		"v 0 0 0\n\x00v 1 1 1\n":    "line 2: zero bytes before more text: binary data",
	} {
		_, err := Read(strings.NewReader(text), Limits{})
		assert.ErrorContains(t, err, want, text)
	}
	for _, text := range []string{"# nothing\n", "o empty\ns off\n", "g a\nmtllib b.mtl\n", "o a\nv 0 0 0\nand more\n"} {
		_, err := Read(strings.NewReader(text), Limits{})
		assert.NoError(t, err, text)
	}
}

// Corners keep their normals where a face is cut another way, and vertices may
// come after it.
func TestConcave(t *testing.T) {
	const vertices = "v 0 0 0\nv 3 0 0\nv 3 3 0\nv 2 3 0\nv 2 1 0\nv 1 1 0\nv 1 3 0\nv 0 3 0\n"
	var normals, face strings.Builder
	face.WriteString("f")
	for i := 1; i <= 8; i++ {
		fmt.Fprintf(&normals, "vn 0 0 %d\n", i)
		fmt.Fprintf(&face, " %d//%d", i, i)
	}
	for _, text := range []string{vertices + normals.String() + face.String(), face.String() + "\n" + vertices + normals.String()} {
		o, err := ReadObject(strings.NewReader(text), Limits{})
		require.NoError(t, err)
		assert.Len(t, o.Mesh.Faces, 6)
		assert.InDelta(t, 7, o.Mesh.Area(), 1e-6)
		for i, n := range o.VertexNormals {
			assert.Equal(t, [3]float32{0, 0, float32(i + 1)}, n)
		}
	}
}

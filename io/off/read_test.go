package off

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

// square is a text file of a square of two triangles.
const square = "OFF\n4 2 5\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n3 0 1 2\n3 0 2 3\n"

var (
	corners = [][3]float32{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}}
	flat    = pointcloud.Mesh{Vertices: corners, Faces: [][3]int32{{0, 1, 2}, {0, 2, 3}}}
)

func TestRead(t *testing.T) {
	in := func(old, replacement string) string {
		if !strings.Contains(square, old) {
			panic(old)
		}
		return strings.Replace(square, old, replacement, 1)
	}
	for name, text := range map[string]string{
		"plain":               square,
		"grown together":      in("OFF\n4 2 5", "OFF4 2 5"),
		"on one line":         in("OFF\n4 2 5", "OFF 4 2 5"),
		"no first word":       in("OFF\n", ""),
		"small letters":       in("OFF", "off"),
		"no edges":            in("4 2 5", "4 2"),
		"edges of -1":         in("4 2 5", "4 2 -1"),
		"CRLF":                strings.ReplaceAll(square, "\n", "\r\n"),
		"CR":                  strings.ReplaceAll(square, "\n", "\r"),
		"grown together CRLF": strings.ReplaceAll(in("OFF\n4 2 5", "OFF4 2 5"), "\n", "\r\n"),
		"tabs":                strings.ReplaceAll(square, " ", "\t"),
		"byte order mark":     "\ufeff" + square,
		"blanks in front":     "\n \t\n" + square,
		"blank lines":         strings.ReplaceAll(square, "\n", "\n\n \n"),
		"blanks at the ends":  strings.ReplaceAll(square, "\n", " \n  "),
		"comments":            "# a square\n" + strings.ReplaceAll(square, "\n", " # here 1 2 3\n# 4 5 6\n") + "# end",
		"grown comment":       in("OFF\n4 2 5\n", "OFF4 2 5#yes\n"),
		"no last line end":    strings.TrimSpace(square),
		"zeros at the end":    square + strings.Repeat("\x00", 600) + "\x1a",
		"numbers":             in("1 1 0", "+1. 10e-1 -0e+00"),
		"one face":            in("4 2 5", "4 1 5")[:len(square)-16] + "4 0 1 2 3\n",
		"with an edge":        in("4 2 5", "4 4 5") + "2 0 1\n1 3\n",
		"a place in a table":  in("3 0 1 2", "3 0 1 2 17"),
		"texture":             "STOFF\n4 2 5\n0 0 0 .5 7\n1 0 0 0 0\n1 1 0 1 1\n0 1 0 9 9\n3 0 1 2\n3 0 2 3\n",
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
		"OFF 0 0 0":           {},
		"OFF0 1 0\n0":         {},
		"OFF\n1 0 0\n1 2 3\n": {Vertices: [][3]float32{{1, 2, 3}}},
	} {
		m, err := Read(strings.NewReader(text), Limits{})
		require.NoError(t, err, text)
		assert.Equal(t, want, m, text)
	}

	// A face of many corners, on a long line, becomes a fan.
	n := 20_000
	var b strings.Builder
	fmt.Fprintf(&b, "OFF\n%d 1 0\n", n)
	for i := range n {
		fmt.Fprintln(&b, i, 0, 0)
	}
	fmt.Fprint(&b, n)
	for i := range n {
		fmt.Fprint(&b, " ", n-1-i)
	}
	m, err := Read(strings.NewReader(b.String()), Limits{})
	require.NoError(t, err)
	require.Len(t, m.Faces, n-2)
	for i, f := range m.Faces {
		require.Equal(t, [3]int32{int32(n - 1), int32(n - 2 - i), int32(n - 3 - i)}, f)
	}
}

// TestReadObjects reads three vertices and a face, with what the letters say.
func TestReadObjects(t *testing.T) {
	normals := [][3]float32{{0, 0, 1}, {0, 0, 0.5}, {}}
	colors := []color.NRGBA{{255, 0, 51, 255}, {0, 255, 0, 255}, {}}
	clear := []color.NRGBA{{255, 0, 51, 0}, {0, 255, 0, 51}, {}}
	for name, c := range map[string]struct {
		letters    string
		a, b, c    string // what follows the coordinates
		normals    [][3]float32
		colors     []color.NRGBA
		face       string
		faceColors []color.NRGBA
	}{
		"normals":             {letters: "N", a: "0 0 1", b: "0 0 .5", c: "0 0 0", normals: normals},
		"normals not finite":  {letters: "N", a: "0 0 1", b: "0 0 .5", c: "inf 1 -nan(ind)", normals: normals},
		"colours, fractions":  {letters: "C", a: "1 0 0.2", b: "0 1.0 0", c: "nan 0 0", colors: colors},
		"colours, bytes":      {letters: "C", a: "255 0 51", b: "0 255 0", c: "nan 0 0", colors: colors},
		"colours, points":     {letters: "c", a: "255.0 0.0 51.0", b: "0.0 255.0 0.0", c: "nan 0 0", colors: colors},
		"alpha, fractions":    {letters: "C", a: "1 0 0.2 0", b: "0 1 0 .2", c: "0 0 0 inf", colors: clear},
		"alpha, bytes":        {letters: "C", a: "255 0 51 0", b: "0 255 0 51", c: "0 0 0 inf", colors: clear},
		"alpha of some":       {letters: "C", a: "255 0 51", b: "0 255 0 255", c: "0 0 0 0", colors: colors},
		"both":                {letters: "CN", a: "0 0 1 255 0 51", b: "0 0 .5 0 255 0", c: "0 0 0 0 0 0 0", normals: normals, colors: colors},
		"both, turned":        {letters: "NC", a: "0 0 1 255 0 51", b: "0 0 .5 0 255 0", c: "0 0 0 0 0 0 0", normals: normals, colors: colors},
		"all":                 {letters: "STCN", a: "0 0 1 255 0 51 7 7", b: "0 0 .5 0 255 0 255 0 1", c: "0 0 0 0 0 0 0 .1 -.1", normals: normals, colors: colors},
		"colours and texture": {letters: "stC", a: "255 0 51 999 999", b: "0 255 0 255 0 1", c: "0 0 0 0 .1 -.1", colors: colors},
		"normals and texture": {letters: "STN", a: "0 0 1 7 7", b: "0 0 .5 8 8", c: "0 0 0 nan inf", normals: normals},
		"face, bytes":         {face: "1 2 255", faceColors: []color.NRGBA{{1, 2, 255, 255}}},
		"face, fractions":     {face: "1 0 0 0.2", faceColors: []color.NRGBA{{255, 0, 0, 51}}},
		"face, none":          {face: "nan 0 0 0.2"},
		"face and vertices":   {letters: "C", a: "1 0 .2", b: "0 1 0", c: "nan 0 0", colors: colors, face: "9 8 7", faceColors: []color.NRGBA{{9, 8, 7, 255}}},
		"nothing but letters": {},
	} {
		t.Run(name, func(t *testing.T) {
			text := fmt.Sprintf("%sOFF\n3 1\n0 0 0 %s\n1 0 0 %s\n1 1 0 %s\n3 0 1 2 %s\n", c.letters, c.a, c.b, c.c, c.face)
			want := Object{
				Mesh:          pointcloud.Mesh{Vertices: corners[:3], Faces: flat.Faces[:1]},
				VertexNormals: c.normals, VertexColors: c.colors, FaceColors: c.faceColors,
			}
			o, err := ReadObject(strings.NewReader(text), Limits{})
			require.NoError(t, err)
			assert.Equal(t, want, o)
			o, err = ReadObject(strings.NewReader(strings.Replace(text, "OFF\n", "OFF", 1)), Limits{})
			require.NoError(t, err)
			assert.Equal(t, want, o)
		})
	}
}

// TestFaceColors: a colour goes to all triangles of its face, and to no other.
func TestFaceColors(t *testing.T) {
	o, err := ReadObject(strings.NewReader("OFF\n4 5\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n3 0 1 2\n2 0 1 7 7 7\n4 0 1 2 3 1 2 3\n4 3 2 1 0 5\n3 1 2 3 9 9 9 9\n"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, [][3]int32{{0, 1, 2}, {0, 1, 2}, {0, 2, 3}, {3, 2, 1}, {3, 1, 0}, {1, 2, 3}}, o.Mesh.Faces)
	assert.Equal(t, []color.NRGBA{{}, {1, 2, 3, 255}, {1, 2, 3, 255}, {}, {}, {9, 9, 9, 9}}, o.FaceColors)
}

func TestReadRefuses(t *testing.T) {
	in := func(old, replacement string) string { return strings.Replace(square, old, replacement, 1) }
	for name, c := range map[string]struct{ text, want string }{
		"empty":                   {"", `off: nothing but blanks and comments: want "OFF" and text`},
		"comment":                 {"# OFF", `off: nothing but blanks and comments: want "OFF" and text`},
		"other text":              {"solid a\nfacet", `off: begins with "solid a\nfacet": want "OFF", or the number of vertices`},
		"other word":              {"XOFF\n1 0 0\n", `begins with`},
		"n dimensions":            {in("OFF", "nOFF\n3"), `off: line 1: nOFF has points of any number of dimensions: want 3 of them, or NOFF`},
		"normals in small":        {in("OFF", "cnoff"), `line 1: cnOFF has points of any number of dimensions`},
		"4 dimensions":            {in("OFF", "C4OFF"), `line 1: C4OFF has points of 4 dimensions: want 3`},
		"a letter":                {in("OFF", "SCOFF"), `line 1: want OFF after letters from C, N and ST, got SCOFF`},
		"binary":                  {"OFF BINARY\n\x00\x00\x00\x01", `line 1: a binary OFF file: want text`},
		"no numbers":              {"OFF", `line 1: the file ends early: want the number of vertices`},
		"vertices of words":       {in("4 2 5", "four 2 5"), `line 2: want the number of vertices, got "four"`},
		"negative vertices":       {in("4 2 5", "-4 2 5"), `line 2: want the number of vertices, got "-4"`},
		"broken vertices":         {in("4 2 5", "4.0 2 5"), `line 2: want the number of vertices, got "4.0"`},
		"many vertices":           {in("4 2 5", "99999999999999999999 2 5"), `line 2: want the number of vertices, got "99999999999999999999"`},
		"too many vertices":       {in("4 2 5", "60000001 2 5"), `line 2: 60000001 vertices: want at most 60000000, or a higher limit`},
		"too many faces":          {in("4 2 5", "4 20000001 5"), `line 2: 20000001 faces: want at most 20000000, or a higher limit`},
		"no faces":                {in("4 2 5", "4"), `line 2: the line ends early: want the number of faces`},
		"edges of words":          {in("4 2 5", "4 2 many"), `line 2: want the number of edges, or the end of the line, got "many"`},
		"a fourth number":         {in("4 2 5", "4 2 5 1"), `line 2: want the end of the line, got "1"`},
		"vertex of two":           {in("1 1 0", "1 1"), `line 5: the line ends early: want a finite number within float32`},
		"vertex of four":          {in("1 1 0", "1 1 0 1"), `line 5: want the end of the line, got "1"`},
		"NaN":                     {in("1 1 0", "1 nan 0"), `line 5: want a finite number within float32, got "nan"`},
		"infinite":                {in("1 1 0", "1 1 -inf"), `line 5: want a finite number within float32, got "-inf"`},
		"too large":               {in("1 1 0", "1e39 1 0"), `line 5: want a finite number within float32, got "1e39"`},
		"comma":                   {in("1 1 0", "1,5 1 0"), `got "1,5"`},
		"no vertices":             {"OFF\n4 2 5\n", `line 3: the file ends early: want a finite number within float32`},
		"vertices missing":        {in("0 0 0\n1 0 0\n1 1 0\n", ""), `line 4: want the end of the line, got "2"`},
		"a vertex too many":       {in("1 0 0\n", "1 0 0\n2 0 0\n"), `line 7: want nothing after the corners, or 1, 3 or 4 numbers of a colour, got 2`},
		"corner beyond":           {in("3 0 2 3", "3 0 2 4"), `line 8: want a corner among 4 vertices, got "4"`},
		"corner below":            {in("3 0 2 3", "3 0 2 -1"), `line 8: want a corner among 4 vertices, got "-1"`},
		"corner missing":          {in("3 0 1 2", "3 0 1"), `line 7: the line ends early: want a corner among 4 vertices`},
		"corner of words":         {in("3 0 1 2", "3 0 1 two"), `line 7: want a corner among 4 vertices, got "two"`},
		"corners negative":        {in("3 0 1 2", "-3 0 1 2"), `line 7: want the number of corners of a face, got "-3"`},
		"many corners":            {in("3 0 1 2", "3000000000 0 1 2"), `line 7: the line ends early: want a corner among 4 vertices`},
		"face missing":            {in("3 0 1 2\n", ""), `line 8: the file ends early: want the number of corners of a face`},
		"rest":                    {square + "3 0 1 2\n", `line 9: want the end of the file after 4 vertices and 2 faces, got "3"`},
		"second file":             {square + square, `line 9: want the end of the file after 4 vertices and 2 faces, got "OFF"`},
		"colour of two":           {in("3 0 1 2", "3 0 1 2 1 1"), `line 7: want nothing after the corners, or 1, 3 or 4 numbers of a colour, got 2`},
		"colour of five":          {in("3 0 1 2", "3 0 1 2 1 1 1 1 1"), `line 7: want the end of the line, got "1"`},
		"colour of words":         {in("3 0 1 2", "3 0 1 2 red"), `line 7: want a number, got "red"`},
		"colour of vertex of two": {"COFF 1 0\n0 0 0 1 1\n", `line 2: vertex 0: want 3 or 4 numbers of a colour, got 2`},
		"no colour of vertex":     {"COFF 1 0\n0 0 0\n", `line 2: vertex 0: want 3 or 4 numbers of a colour, got 0`},
		"colour and half texture": {"STCOFF 1 0\n0 0 0 1 1 1 1", `line 2: vertex 0: want 3 or 4 numbers of a colour and 2 of a texture, got 4`},
		"texture of three":        {"STOFF 1 0\n0 0 0 1 1 1", `line 2: vertex 0: want 2 numbers of a texture, got 3`},
		"much after a vertex":     {"COFF 1 0\n0 0 0 1 1 1 1 1 1 7", `line 2: want the end of the line, got "7"`},
		"no normal":               {"NOFF 1 0\n0 0 0\n", `line 2: the line ends early: want a number`},
		"normal of four":          {"NOFF 1 0\n0 0 0 1 1 1 1\n", `line 2: want the end of the line, got "1"`},
		"normal of words":         {"NOFF 1 0\n0 0 0 1 1 up\n", `line 2: want a number, got "up"`},
		"long word":               {in("1 1 0", "1 1 "+strings.Repeat("0", 2000)), `line 5: a word of more than 1024 bytes, which begins with "00000000000000000000"`},
		"long word in the end":    {square + strings.Repeat("0", 2000), `line 9: a word of more than 1024 bytes`},
		"long first word":         {strings.Repeat("OFF", 2000), `line 1: a word of more than 1024 bytes`},
		"CR counts as a line":     {strings.ReplaceAll(in("1 1 0", "1 1"), "\n", "\r"), `line 5: the line ends early`},
		"CRLF is one line":        {strings.ReplaceAll(in("1 1 0", "1 1"), "\n", "\r\n"), `line 5: the line ends early`},
		"gzip, cut":               {"\x1f\x8b\x08", `off: gzip:`},
	} {
		t.Run(name, func(t *testing.T) {
			formattest.Refuses(t, c.text, c.want,
				func(r io.Reader) (any, error) { return ReadObject(r, Limits{}) },
				func(r io.Reader) (any, error) { return Read(r, Limits{}) })
		})
	}
}

func TestLimits(t *testing.T) {
	quads := "OFF\n4 2\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n4 3 2 1 0\n"
	_, err := Read(strings.NewReader(quads), Limits{Points: 4, Faces: 4})
	assert.NoError(t, err)
	_, err = Read(strings.NewReader(quads), Limits{Points: 3, Faces: 4})
	assert.EqualError(t, err, "off: line 2: 4 vertices: want at most 3, or a higher limit")
	_, err = Read(strings.NewReader(quads), Limits{Points: 4, Faces: 3})
	assert.EqualError(t, err, "off: line 8: more than 3 triangles: want no more, or a higher limit")
	_, err = Read(strings.NewReader(quads), Limits{Points: 4, Faces: 1})
	assert.EqualError(t, err, "off: line 2: 2 faces: want at most 1, or a higher limit")
}

func TestReadErrorsOfTheReader(t *testing.T) {
	text := "STCNOFF\n1 1 0\n0 0 0 0 0 1 9 9 9 1 1\n3 0 0 0 9 9 9\n"
	formattest.BreaksAnywhere(t, text, func(r io.Reader) error { _, err := Read(r, Limits{}); return err })
}

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "chair.off")
	_, err := Open(name, Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "chair.off")

	require.NoError(t, os.WriteFile(name, []byte("N"+strings.ReplaceAll(square, "0\n", "0 0 0 1\n")), 0o600))
	m, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, flat, m)
	o, err := OpenObject(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, Object{Mesh: flat, VertexNormals: [][3]float32{{0, 0, 1}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1}}}, o)

	require.NoError(t, os.WriteFile(name, []byte("OFF\nsquare"), 0o600))
	_, err = Open(name, Limits{})
	assert.EqualError(t, err, "off: "+name+`: line 2: want the number of vertices, got "square"`)
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
		"blank lines":     {text("OFF", strings.Repeat("\n", 4*many), "0 0 0"), 1 << 20, ""},
		"comments":        {text("OFF", strings.Repeat("\n#", 2*many), "\n0 0 0"), 1 << 20, ""},
		"one comment":     {text("#", strings.Repeat("f", 4*many), "\nOFF 0 0 0"), 1 << 20, ""},
		"one word":        {text("OFF", strings.Repeat("f", 4*many)), 1 << 20, "more than 1024 bytes"},
		"promises 1 GB":   {text("CNOFF 60000000 20000000 0\n0 0 0 0 0 0 9 9 9\n"), 1 << 20, "ends early"},
		"empty faces":     {text("OFF 0 200000\n", strings.Repeat("0\n", many)), 1 << 20, ""},
		"edges of colour": {text("OFF 1 200000\n0 0 0\n", strings.Repeat("2 0 0 9 9 9\n", many)), 1 << 20, ""},
		"one face":        {text("OFF 1 1 0\n0 0 0\n200000", strings.Repeat(" 0", many)), 64 * many, ""},
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

// What follows the coordinates of vertices is told by the values where the header
// is wrong or silent.
func TestVertexValues(t *testing.T) {
	red := []color.NRGBA{{255, 200, 10, 255}, {255, 200, 10, 255}}
	up := [][3]float32{{0, 0, 1}, {0, 0.6, 0.8}}
	for name, c := range map[string]struct {
		text    string
		normals [][3]float32
		colors  []color.NRGBA
	}{
		"colour first":         {"NCOFF 2 0\n0 0 0 255 200 10 255 0 0 1\n1 0 0 255 200 10 255 0 .6 .8\n", up, red},
		"colour of three":      {"CNOFF 2 0\n0 0 0 255 200 10 0 0 1\n1 0 0 255 200 10 0 .6 .8\n", up, red},
		"texture too":          {"STCNOFF 2 0\n0 0 0 255 200 10 0 0 1 7 8\n1 0 0 255 200 10 0 .6 .8 7 8\n", up, red},
		"normal first":         {"NCOFF 2 0\n0 0 0 0 0 1 255 200 10\n1 0 0 0 .6 .8 255 200 10 255\n", up, red},
		"long normals":         {"NCOFF 2 0\n0 0 0 0 0 5 255 200 10\n1 0 0 0 0 7 255 200 10\n", [][3]float32{{0, 0, 5}, {0, 0, 7}}, red},
		"not announced":        {"OFF 2 0\n0 0 0 255 200 10\n1 0 0 255 200 10\n", nil, red},
		"alpha, not announced": {"OFF 2 0\n0 0 0 255 200 10 255\n1 0 0 255 200 10 255\n", nil, red},
		"normals instead":      {"OFF 2 0\n0 0 0 0 0 1\n1 0 0 0 .6 .8\n", up, nil},
		"not finite":           {"CNOFF 2 0\n0 0 0 255 200 10 0 0 1\n1 0 0 255 200 10 0 nan inf\n", [][3]float32{{0, 0, 1}, {}}, red},
	} {
		o, err := ReadObject(strings.NewReader(c.text), Limits{})
		if assert.NoError(t, err, name) {
			assert.Equal(t, c.normals, o.VertexNormals, name)
			assert.Equal(t, c.colors, o.VertexColors, name)
		}
	}
	for text, want := range map[string]string{
		"NCOFF 1 0\n0 0 0 255 200 10 7 7 7\n":  "vertex 0 has the normal [255 200 10]: want one that is not longer than 100",
		"NOFF 1 0\n0 0 0 255 200 10\n":         "vertex 0 has the normal [255 200 10]",
		"NCOFF 1 0\n0 0 0 1 1 1\n":             "vertex 0: want 3 numbers of a normal and 3 or 4 of a colour, got 3",
		"OFF 2 0\n0 0 0 1 1 1\n1 0 0\n":        "vertex 1: want 3 numbers after its coordinates, as vertex 0 has in a file that says OFF and not COFF, got 0",
		"OFF 1 0\n0 0 0 1 1\n":                 "or 3 or 4 numbers of a colour, as in COFF, got 2",
		"OFF 2 0\n0 0 0 -3 1 1\n1 0 0 4 5 6\n": "want a colour from 0 to 1 or 255, as in COFF",
	} {
		_, err := ReadObject(strings.NewReader(text), Limits{})
		assert.ErrorContains(t, err, want)
	}
}

package stl

import (
	"bytes"
	"encoding/binary"
	"errors"
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

// facet is a text facet in the plane z = 0.
const facet = "facet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\n"

// one is the mesh of that facet.
var one = pointcloud.Mesh{
	Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}},
	Faces:    [][3]int32{{0, 1, 2}},
	Normals:  [][3]float32{{0, 0, 1}},
}

// binaryFile is a header of the text, the promised number, and triangles.
func binaryFile(header string, promised uint32, triangles ...[12]float32) []byte {
	b := make([]byte, 80, headerSize+triangleSize*len(triangles))
	copy(b, header)
	b = binary.LittleEndian.AppendUint32(b, promised)
	for _, t := range triangles {
		for _, x := range t {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		b = append(b, 7, 7)
	}
	return b
}

var flat = [12]float32{0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0}

func TestReadText(t *testing.T) {
	for name, text := range map[string]string{
		"plain":               "solid a\n" + facet + "endsolid a\n",
		"no name":             "solid\n" + facet + "endsolid\n",
		"no last line end":    "solid\n" + facet + "endsolid",
		"upper case":          strings.ToUpper("solid a\n" + facet + "endsolid a\n"),
		"CRLF":                strings.ReplaceAll("solid a\n"+facet+"endsolid a\n", "\n", "\r\n"),
		"CR":                  strings.ReplaceAll("solid a\n"+facet+"endsolid a\n", "\n", "\r"),
		"tabs":                strings.ReplaceAll("solid a\n"+facet+"endsolid a\n", " ", "\t"),
		"byte order mark":     "\ufeffsolid a\n" + facet + "endsolid a\n",
		"blanks in front":     "\n \t\nsolid a\n" + facet + "endsolid a\n",
		"many blanks":         strings.Repeat("\n", 5000) + "solid a\n" + facet + "endsolid a\n",
		"one line":            "solid\n" + strings.ReplaceAll(facet, "\n", " ") + "endsolid",
		"end apart":           "solid a\n" + strings.ReplaceAll(strings.ReplaceAll(facet, "endl", "end l"), "endf", "end  f") + "end solid a\n",
		"name of blanks":      "solid  my  part 7 \n" + facet + "endsolid my part 7\n",
		"long name":           "solid " + strings.Repeat("long ", 50_000) + "\n" + facet + "endsolid\n",
		"Latin-1 name":        "solid T\xfcr\n" + facet + "endsolid T\xfcr\n",
		"name says otherwise": "solid a\n" + facet + "endsolid b\n",
		"empty solid":         "solid a\nendsolid\nsolid b\n" + facet + "endsolid\n",
		"zeros at the end":    "solid a\n" + facet + "endsolid\n" + strings.Repeat("\x00", 600) + "\x1a",
		"numbers":             "solid\nfacet normal +0 -0.0 1E+000\nouter loop\nvertex 0e99 0000.000 .0\nvertex +1. 0 0\nvertex 0 10e-1 0\nendloop\nendfacet\nendsolid",
		"normal of zeros":     strings.Replace("solid\n"+facet+"endsolid", "0 0 1", "0 0 0", 1),
		"normal not a number": strings.Replace("solid\n"+facet+"endsolid", "0 0 1", "nan 0 5", 1),
		"normal of Windows":   strings.Replace("solid\n"+facet+"endsolid", "0 0 1", "-1.#IND -nan(ind) 1.#QNAN", 1),
		"normal infinite":     strings.Replace("solid\n"+facet+"endsolid", "0 0 1", "0 0 -Infinity", 1),
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(strings.NewReader(text), Limits{})
			require.NoError(t, err)
			assert.Equal(t, one, m)

			m, err = Read(iotest.OneByteReader(strings.NewReader(text)), Limits{})
			require.NoError(t, err, "one byte at a time")
			assert.Equal(t, one, m, "one byte at a time")
		})
	}
}

func TestReadTextRefuses(t *testing.T) {
	in := func(old, replacement string) string {
		return "solid a\n" + strings.Replace(facet, old, replacement, 1) + "endsolid a\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":               {"", `stl: empty: want "solid" and text, or a binary header of 84 bytes`},
		"other text":          {"OFF\n3 1 0\n", `stl: begins with "OFF\n3 1 0\n": want "solid"`},
		"one word":            {"solids are\n", `begins with`},
		"short binary":        {"a\x00\x00", `begins with "a\x00\x00": want "solid"`},
		"solid alone":         {"solid", `line 1: the file ends early: want "facet" or "endsolid"`},
		"no endsolid":         {"solid a\n" + facet, `line 9: the file ends early: want "facet" or "endsolid"`},
		"ends within a facet": {"solid a\n" + facet[:50], `line 5: the file ends early: want a finite number`},
		"second solid inside": {"solid a\n" + facet + "solid b\n", `line 9: want "facet" or "endsolid", got "solid"`},
		"rubbish after":       {"solid a\nendsolid a\nrest", `line 3: want "solid" or the end of the file, got "rest"`},
		"no normal":           {in("normal 0 0 1", ""), `line 3: want "normal", got "outer"`},
		"normal of two":       {in("0 0 1", "0 1"), `line 3: want a number, got "outer"`},
		"normal of words":     {in("0 0 1", "0 0 up"), `line 2: want a number, got "up"`},
		"normal too large":    {in("0 0 1", "0 0 1e39"), `line 2: want a number, got "1e39"`},
		"no loop":             {in("outer loop", "outer"), `line 4: want "loop", got "vertex"`},
		"two vertices":        {in("vertex 0 1 0\n", ""), `line 6: want "vertex", got "endloop"`},
		"four vertices":       {in("vertex 0 1 0", "vertex 0 1 0\nvertex 1 1 0"), `line 7: want "endloop", got "vertex"`},
		"vertex of two":       {in("0 1 0", "0 1"), `line 7: want a finite number within float32, got "endloop"`},
		"vertex of four":      {in("0 1 0", "0 1 0 1"), `line 6: want "endloop", got "1"`},
		"NaN":                 {in("0 1 0", "0 1 NaN"), `line 6: want a finite number within float32, got "NaN"`},
		"infinite":            {in("0 1 0", "-inf 1 0"), `line 6: want a finite number within float32, got "-inf"`},
		"too large":           {in("0 1 0", "0 1e39 0"), `line 6: want a finite number within float32, got "1e39"`},
		"hexadecimal":         {in("0 1 0", "0 0x1p3 0"), `line 6: want a finite number within float32, got "0x1p3"`},
		"comma":               {in("0 1 0", "0 1,5 0"), `line 6: want a finite number within float32, got "1,5"`},
		"underscore":          {in("0 1 0", "0 1_0 0"), `got "1_0"`},
		"two points":          {in("0 1 0", "0 1.0.0 0"), `got "1.0.0"`},
		"end of what":         {in("endloop", "end of"), `line 7: want "loop", got "of"`},
		"endloop missing":     {in("endloop\n", ""), `line 7: want "endloop", got "endfacet"`},
		"long word":           {in("0 1 0", "0 1"+strings.Repeat("0", 2000)+" 0"), `line 6: a word of more than 1024 bytes, which begins with "10000000000000000000"`},
		"amplifier":           {"solid a\n" + strings.Repeat("facet\n", 1000), `line 3: want "normal", got "facet"`},
		"CR counts as a line": {strings.ReplaceAll(in("0 1 0", "0 1"), "\n", "\r"), `line 7: want`},
		"CRLF is one line":    {strings.ReplaceAll(in("0 1 0", "0 1"), "\n", "\r\n"), `line 7: want`},
		"CR, then LF":         {"solid\rfacet\nx", `line 3: want "normal", got "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			formattest.Refuses(t, c.text, c.want,
				func(r io.Reader) (any, error) { return Read(r, Limits{}) },
				func(r io.Reader) (any, error) { return ReadSolids(r, Limits{}) })
		})
	}
}

func TestReadBinary(t *testing.T) {
	two := pointcloud.Mesh{
		Vertices: append(one.Vertices[:3:3], one.Vertices...),
		Faces:    [][3]int32{{0, 1, 2}, {3, 4, 5}},
		Normals:  append(one.Normals[:1:1], one.Normals...),
	}
	silent, odd := flat, flat
	silent[2] = 0
	odd[1] = float32(math.NaN())
	for name, c := range map[string]struct {
		data []byte
		want pointcloud.Mesh
	}{
		"plain":               {binaryFile("a", 1, flat), one},
		"empty":               {binaryFile("a", 0), pointcloud.Mesh{}},
		"begins with solid":   {binaryFile("solid "+strings.Repeat("a", 74), 1, flat), one},
		"solid and trailing":  {append(binaryFile("solid "+strings.Repeat("a", 74), 1, flat), 0), one},
		"gzip's magic bytes":  {binaryFile("\x1f\x8b", 1, flat), one},
		"no count":            {binaryFile("a", 0, flat, flat), two},
		"trailing bytes":      {append(binaryFile("a", 2, flat, flat), make([]byte, mostTrailing)...), two},
		"normal of zeros":     {binaryFile("a", 1, silent), one},
		"normal not a number": {binaryFile("a", 1, odd), one},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(bytes.NewReader(c.data), Limits{})
			require.NoError(t, err)
			assert.Equal(t, c.want, m)

			if name == "gzip's magic bytes" {
				return // of a stream without a size they are gzip's
			}
			m, err = Read(iotest.HalfReader(bytes.NewReader(c.data)), Limits{})
			require.NoError(t, err, "no size known")
			assert.Equal(t, c.want, m, "no size known")
		})
	}
}

func TestReadBinaryRefuses(t *testing.T) {
	huge, nan := flat, flat
	huge[3] = float32(math.Inf(1))
	nan[11] = float32(math.NaN())
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"truncated header":    {binaryFile("a", 1)[:83], `begins with`},
		"truncated":           {binaryFile("a", 3, flat, flat), `stl: header promises 3 triangles, but only 2 came: want 84 bytes and 50 for each triangle`},
		"truncated within":    {binaryFile("a", 2, flat, flat)[:183], `header promises 2 triangles, but only 1 came`},
		"no triangle":         {binaryFile("a", 1), `header promises 1 triangles, but only 0 came`},
		"much promised":       {binaryFile("a", math.MaxUint32, flat), `header promises 4294967295 triangles`},
		"no count, truncated": {binaryFile("a", 0, flat, flat)[:183], `header promises no triangles, but 1 and 49 bytes more follow: want whole triangles of 50 bytes`},
		"a second file":       {append(binaryFile("a", 1, flat), make([]byte, mostTrailing+1)...), `more than 4096 bytes follow the 1 triangles that the header promises`},
		"infinite":            {binaryFile("a", 2, flat, huge), `triangle 2: a coordinate is infinite or not a number`},
		"not a number":        {binaryFile("a", 3, flat, flat, nan), `triangle 3: a coordinate is infinite or not a number`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(c.data), Limits{})
			assert.ErrorContains(t, err, c.want)
			_, err = Read(iotest.HalfReader(bytes.NewReader(c.data)), Limits{})
			assert.Error(t, err, "no size known")
		})
	}
}

func TestReadSolids(t *testing.T) {
	text := "solid  first\tpart \u200b\n" + facet + "endsolid\nsolid\nendsolid\n" +
		"SOLID third\n" + facet + strings.Replace(facet, "0 0 1", "0 0 0.5", 1) + "endsolid third\n"
	solids, err := ReadSolids(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	require.Len(t, solids, 3)
	assert.Equal(t, Solid{Name: "first part", Mesh: one}, solids[0])
	assert.Equal(t, Solid{}, solids[1])
	assert.Equal(t, "third", solids[2].Name)
	assert.Equal(t, [][3]int32{{0, 1, 2}, {3, 4, 5}}, solids[2].Mesh.Faces)
	assert.Equal(t, [][3]float32{{0, 0, 1}, {0, 0, 0.5}}, solids[2].Mesh.Normals)

	all, err := Read(strings.NewReader(text), Limits{})
	require.NoError(t, err)
	assert.Len(t, all.Faces, 3)
	assert.Equal(t, [3]int32{6, 7, 8}, all.Faces[2])

	solids, err = ReadSolids(bytes.NewReader(binaryFile(" no color ", 1, flat)), Limits{})
	require.NoError(t, err)
	assert.Equal(t, []Solid{{Name: "no color", Mesh: one}}, solids)

	// A slab that is used again must not remember the normals it had.
	flatless := strings.Replace(facet, "vertex 0 1 0", "vertex 2 0 0", 1)
	flatless = strings.Replace(flatless, "0 0 1", "0 0 0", 1)
	solids, err = ReadSolids(strings.NewReader("solid\n"+facet+"endsolid solid\nsolid\n"+flatless+"endsolid"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, make([][3]float32, 1), solids[1].Mesh.Normals)

	_, err = ReadSolids(strings.NewReader(strings.Repeat("solid\nendsolid\n", mostSolids+1)), Limits{})
	assert.EqualError(t, err, "stl: line 131074: more than 65536 solids: want no more in one file")
}

func TestLimits(t *testing.T) {
	text := "solid a\n" + facet + facet + "endsolid\nsolid b\n" + facet + "endsolid\n"
	data := binaryFile("a", 3, flat, flat, flat)
	silent := binaryFile("a", 0, flat, flat, flat)
	for _, in := range [][]byte{[]byte(text), data, silent} {
		for _, r := range []func() io.Reader{
			func() io.Reader { return bytes.NewReader(in) },
			func() io.Reader { return iotest.HalfReader(bytes.NewReader(in)) },
		} {
			_, err := Read(r(), Limits{Faces: 3})
			assert.NoError(t, err)
			_, err = ReadSolids(r(), Limits{Faces: 3})
			assert.NoError(t, err)
			_, err = Read(r(), Limits{Faces: 2})
			assert.ErrorContains(t, err, "higher limit")
			_, err = ReadSolids(r(), Limits{Faces: 2})
			assert.ErrorContains(t, err, "higher limit")
		}
	}
	assert.Equal(t, math.MaxInt32/3, most(Limits{Faces: math.MaxInt}))
}

func TestGzip(t *testing.T) {
	text := []byte("solid a\n" + facet + "endsolid a\n")
	for _, data := range [][]byte{text, binaryFile("a", 1, flat), binaryFile("a", 0, flat)} {
		m, err := Read(bytes.NewReader(formattest.Zipped(t, data)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, one, m)

		cut := formattest.Zipped(t, data)
		_, err = Read(bytes.NewReader(cut[:len(cut)-1]), Limits{})
		assert.ErrorContains(t, err, "stl: gzip: unexpected EOF")
		cut[len(cut)-8] ^= 1
		_, err = Read(bytes.NewReader(cut), Limits{})
		assert.ErrorContains(t, err, "gzip: invalid checksum")
	}
	_, err := Read(bytes.NewReader(formattest.Zipped(t, formattest.Zipped(t, text))), Limits{})
	assert.Error(t, err, "twice compressed")
	_, err = Read(strings.NewReader("\x1f\x8b\x08"), Limits{})
	assert.ErrorContains(t, err, "stl: gzip:")
}

func TestReadErrorsOfTheReader(t *testing.T) {
	broken := errors.New("broken cable")
	text := "solid a\n" + facet
	data := binaryFile("a", 2, flat)
	for _, head := range []string{"", "solid", text, text + strings.Repeat("\n", 1000), string(data), string(data) + strings.Repeat("\x00", 1000),
		string(binaryFile("a", 1, flat)) + strings.Repeat("\x00", 1000)} {
		_, err := Read(io.MultiReader(strings.NewReader(head), iotest.ErrReader(broken)), Limits{})
		assert.ErrorIs(t, err, broken)
	}
	_, err := Read(io.MultiReader(strings.NewReader(text+strings.Repeat("\n", 1000)), idle{}), Limits{})
	assert.ErrorIs(t, err, io.ErrNoProgress)
}

// idle never gives anything.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "chair.stl")
	_, err := Open(name, Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "chair.stl")

	require.NoError(t, os.WriteFile(name, []byte("solid a\n"+facet+"endsolid\n"), 0o600))
	m, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, one, m)
	solids, err := OpenSolids(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, []Solid{{Name: "a", Mesh: one}}, solids)

	require.NoError(t, os.WriteFile(name, []byte("solid a\nsquare"), 0o600))
	_, err = Open(name, Limits{})
	assert.EqualError(t, err, "stl: "+name+`: line 2: want "facet" or "endsolid", got "square"`)
	_, err = OpenSolids(name, Limits{})
	assert.ErrorContains(t, err, name)

	// A file is read from where it stands.
	require.NoError(t, os.WriteFile(name, append([]byte("skip"), binaryFile("solid", 1, flat)...), 0o600))
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	_, err = f.Seek(4, io.SeekStart)
	require.NoError(t, err)
	m, err = Read(f, Limits{})
	require.NoError(t, err)
	assert.Equal(t, one, m)
}

func TestBombsTakeLittleMemory(t *testing.T) {
	sparse := func(promised uint32, size int64) string {
		name := filepath.Join(t.TempDir(), fmt.Sprint(promised, ".stl"))
		require.NoError(t, os.WriteFile(name, binaryFile("", promised), 0o600))
		require.NoError(t, os.Truncate(name, size))
		return name
	}
	open := func(name string) func() error {
		return func() error { _, err := Open(name, Limits{}); return err }
	}
	read := func(r io.Reader) func() error {
		return func() error { _, err := Read(r, Limits{}); return err }
	}
	text := func(parts ...string) func() error { return read(strings.NewReader(strings.Join(parts, ""))) }
	zeros := formattest.Zipped(t, append(binaryFile("", 10_000_000), make([]byte, 100<<20)...))
	const million = 1_000_000

	for name, c := range map[string]struct {
		read func() error
		most uint64 // bytes
		want string // "" if the file is good
	}{
		"blank lines":            {text("solid a\n", strings.Repeat("\n", 4*million), "endsolid a\n"), 1 << 20, ""},
		"facets":                 {text("solid a\n", strings.Repeat("facet\n", million)), 1 << 20, "line 3"},
		"one word":               {text("solid a\n", strings.Repeat("f", 4*million)), 1 << 20, "more than 1024 bytes"},
		"one name":               {text("solid ", strings.Repeat("f", 4*million)), 1 << 20, "ends early"},
		"empty solids":           {text(strings.Repeat("solid\nendsolid\n", million)), 1 << 20, ""},
		"sparse, 50 GB":          {open(sparse(1_000_000_000, 84+50*1_000_000_000)), 1 << 20, "want at most 20000000"},
		"sparse, 100 MB":         {open(sparse(2*million, 84+50*2*million)), 100 * million, ""},
		"promises 1 GB":          {open(sparse(20*million, 84+50)), 1 << 20, "but only 1 came"},
		"promises 1 GB, no size": {read(iotest.HalfReader(bytes.NewReader(binaryFile("", 20*million, flat)))), 1 << 20, "but only 1 came"},
		"gzip":                   {read(bytes.NewReader(zeros)), 64 << 20, "more than 100-fold"},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			took := formattest.Allocated(func() { err = c.read() })
			assert.LessOrEqual(t, took, c.most)
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
}

package stl

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hschendel/stl"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

func TestWriteThenRead(t *testing.T) {
	m := formattest.Mesh(40) // 3,200 triangles, several blocks
	m.Vertices[7] = [3]float32{math.SmallestNonzeroFloat32, -math.MaxFloat32, float32(math.Copysign(0, -1))}
	var soup pointcloud.Mesh
	for i, f := range m.Faces {
		for _, c := range f {
			soup.Vertices = append(soup.Vertices, m.Vertices[c])
		}
		at := int32(3 * i)
		soup.Faces = append(soup.Faces, [3]int32{at, at + 1, at + 2})
		soup.Normals = append(soup.Normals, normal(m.Vertices[f[0]], m.Vertices[f[1]], m.Vertices[f[2]]))
	}
	for _, o := range []Options{{}, {Text: true}, {Name: "sheet"}, {Name: "sheet", Text: true}} {
		got, err := Read(bytes.NewReader(encoded(t, m, o)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, soup, got)

		solids, err := ReadSolids(bytes.NewReader(encoded(t, m, o)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, []Solid{{Name: o.Name, Mesh: soup}}, solids)

		library, err := stl.ReadAll(bytes.NewReader(encoded(t, m, o)))
		if o == (Options{Text: true}) {
			continue // the library wants a name
		}
		require.NoError(t, err)
		require.Len(t, library.Triangles, len(m.Faces))
		for i, l := range library.Triangles {
			require.Equal(t, soup.Normals[i], [3]float32(l.Normal))
			require.Equal(t, soup.Vertices[3*i+1], [3]float32(l.Vertices[1]))
		}
	}
}

func TestWriteKeepsNormals(t *testing.T) {
	m := one
	m.Normals = [][3]float32{{3, 4, 5}}
	for _, text := range []bool{false, true} {
		got, err := Read(bytes.NewReader(encoded(t, m, Options{Text: text})), Limits{})
		require.NoError(t, err)
		assert.Equal(t, m, got)
	}
}

func TestWriteEmpty(t *testing.T) {
	assert.Equal(t, make([]byte, headerSize), encoded(t, pointcloud.Mesh{}, Options{}))
	assert.Equal(t, "solid\nendsolid\n", string(encoded(t, pointcloud.Mesh{}, Options{Text: true})))
}

func TestWriteText(t *testing.T) {
	want := `solid wing 7
facet normal 0 0 1
 outer loop
  vertex 0 0 0
  vertex 1 0 0
  vertex 0 1 0
 endloop
endfacet
endsolid wing 7
`
	assert.Equal(t, want, string(encoded(t, one, Options{Name: " wing\n7", Text: true})))
}

func TestWriteCleansNames(t *testing.T) {
	long := strings.Repeat("ü", 200)
	for name, want := range map[string]struct{ binary, text string }{
		"":                              {"", ""},
		"Stuhl für zwei":                {"Stuhl für zwei", "Stuhl für zwei"},
		"a\nendsolid a\nsolid\r\n\x00b": {"a endsolid a solid b", "a endsolid a solid b"},
		"a\u2028b\u0085c":               {"a b c", "a b c"},
		"bad \xff\xfe bytes":            {"bad bytes", "bad bytes"},
		"solid":                         {"binary solid", "solid"},
		" \tSOLIDWORKS":                 {"binary SOLIDWORKS", "SOLIDWORKS"},
		"\ufeffsolid a":                 {"binary solid a", "solid a"},
		long:                            {long[:80], long[:256]},
		"a" + long:                      {"a" + long[:78], "a" + long[:254]},
	} {
		b := encoded(t, one, Options{Name: name})
		assert.Len(t, b, 134)
		solids, err := ReadSolids(bytes.NewReader(b), Limits{})
		require.NoError(t, err)
		assert.Equal(t, []Solid{{Name: want.binary, Mesh: one}}, solids)

		solids, err = ReadSolids(bytes.NewReader(encoded(t, one, Options{Name: name, Text: true})), Limits{})
		require.NoError(t, err)
		assert.Equal(t, []Solid{{Name: want.text, Mesh: one}}, solids)
	}
}

func TestWriteRefuses(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for want, change := range map[string]func(*pointcloud.Mesh){
		"stl: vertex 1 is [0 NaN 0]: want finite coordinates":    func(m *pointcloud.Mesh) { m.Vertices = [][3]float32{{}, {0, nan}, {}} },
		"stl: normal 0 is [-Inf 0 0]: want finite components":    func(m *pointcloud.Mesh) { m.Normals = [][3]float32{{inf}} },
		"stl: 2 normals for 1 faces: want one for each, or none": func(m *pointcloud.Mesh) { m.Normals = make([][3]float32, 2) },
		"stl: face 0 has corner 3: want one of 3 vertices":       func(m *pointcloud.Mesh) { m.Faces = [][3]int32{{0, 1, 3}} },
		"stl: face 1 has corner -1: want one of 3 vertices":      func(m *pointcloud.Mesh) { m.Normals, m.Faces = nil, [][3]int32{{0, 1, 2}, {0, -1, 2}} },
	} {
		m := one
		change(&m)
		for _, text := range []bool{false, true} {
			var b bytes.Buffer
			assert.EqualError(t, Write(&b, m, Options{Text: text}), want)
			assert.Zero(t, b.Len(), "nothing is written")
		}
	}
}

func TestWriteErrorsOfTheWriter(t *testing.T) {
	for _, o := range []Options{{}, {Text: true}} {
		formattest.FillsDisk(t, writing(formattest.Mesh(60), o))
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "chair.stl")
	require.NoError(t, WriteFile(name, one, Options{Name: "old"}))
	require.NoError(t, WriteFile(name, one, Options{Name: "chair"}))
	solids, err := OpenSolids(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, []Solid{{Name: "chair", Mesh: one}}, solids)

	// What cannot be written leaves the old file, and nothing beside it.
	bad := one
	bad.Faces = [][3]int32{{1, 2, 3}}
	assert.EqualError(t, WriteFile(name, bad, Options{}), "stl: "+name+": face 0 has corner 3: want one of 3 vertices")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	assert.ErrorContains(t, WriteFile(filepath.Join(dir, "folder"), one, Options{}), "folder")
	assert.ErrorIs(t, WriteFile(filepath.Join(dir, "none", "chair.stl"), one, Options{}), os.ErrNotExist)
	again, err := OpenSolids(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, solids, again)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

func TestNormal(t *testing.T) {
	const big, small = math.MaxFloat32, math.SmallestNonzeroFloat32
	assert.Equal(t, [3]float32{0, 0, 1}, normal([3]float32{}, [3]float32{1}, [3]float32{0, 1}))
	assert.Equal(t, [3]float32{0, 0, -1}, normal([3]float32{}, [3]float32{0, 1}, [3]float32{1}))
	assert.Equal(t, [3]float32{1, 0, 0}, normal([3]float32{0, -big, -big}, [3]float32{0, big, -big}, [3]float32{0, -big, big}))
	assert.Equal(t, [3]float32{0, 1, 0}, normal([3]float32{}, [3]float32{0, 0, small}, [3]float32{small}))
	assert.Zero(t, normal([3]float32{1, 2, 3}, [3]float32{2, 4, 6}, [3]float32{3, 6, 9}))
	assert.Zero(t, normal([3]float32{}, [3]float32{}, [3]float32{}))
}

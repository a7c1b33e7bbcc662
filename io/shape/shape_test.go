package shape_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/io/npy"
	"setwise/io/shape"
	"setwise/pointcloud"
)

// corner is a mesh of two triangles, and cloud its first three vertices with
// normals.
var (
	corner = pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0.5}, {0, 0, 1e-3}},
		Faces:    [][3]int32{{0, 1, 2}, {0, 2, 3}},
	}
	cloud = pointcloud.Cloud{Points: corner.Vertices[:3], Normals: [][3]float32{{0, 0, 1}, {0, 0.6, 0.8}, {-1, 0, 0}}}
)

// triangles returns the corners of all faces of a mesh.
func triangles(m pointcloud.Mesh) [][3][3]float32 {
	var out [][3][3]float32
	for _, f := range m.Faces {
		out = append(out, [3][3]float32{m.Vertices[f[0]], m.Vertices[f[1]], m.Vertices[f[2]]})
	}
	return out
}

func TestEnds(t *testing.T) {
	assert.Subset(t, shape.Ends(), []string{".stl", ".off", ".obj", ".ply", ".pcd", ".npy", ".npz", ".xyz", ".txt", ".csv"})
}

// What is written under any name is read back under that name, and formats that
// show themselves under any other.
func TestWriteThenOpen(t *testing.T) {
	meshes, clouds := 0, 0
	for _, end := range shape.Ends() {
		for _, zipped := range []string{"", ".gz"} {
			if end == ".npz" && zipped != "" {
				continue
			}
			for what, s := range map[string]shape.Shape{
				"mesh": {Mesh: corner}, "cloud": {Cloud: cloud}, "bare": {Cloud: pointcloud.Cloud{Points: cloud.Points}},
			} {
				name := filepath.Join(t.TempDir(), what+strings.ToUpper(end)+zipped)
				if err := shape.WriteFile(name, s); err != nil {
					assert.ErrorContains(t, err, "shape: "+name+": want a ")
					assert.NoFileExists(t, name)
					continue
				}
				got, err := shape.Open(name, shape.Limits{})
				if !assert.NoError(t, err) {
					continue
				}
				if s.IsMesh() {
					meshes++
					assert.Equal(t, triangles(corner), triangles(got.Mesh), name)
					assert.Empty(t, got.Cloud, name)
				} else {
					clouds++
					assert.Equal(t, s.Cloud, got.Cloud, name)
					assert.Empty(t, got.Mesh, name)
				}
				if end == "."+string(got.Format) && got.Format != shape.XYZ && got.Format != shape.OBJ {
					other := filepath.Join(t.TempDir(), "other")
					require.NoError(t, os.Rename(name, other))
					again, err := shape.Open(other, shape.Limits{})
					assert.NoError(t, err, "%s under another name", end)
					assert.Equal(t, got, again)
				}
			}
		}
	}
	assert.Equal(t, 2*4, meshes)      // STL, OFF, OBJ and PLY
	assert.Equal(t, 2*2*10+2, clouds) // all but STL, and NPZ once
}

// open opens a file of a name and content.
func open(t *testing.T, name, content string, l shape.Limits) (shape.Shape, error) {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return shape.Open(name, l)
}

func TestFormats(t *testing.T) {
	const (
		off   = "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
		solid = "solid\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid\n"
		ply   = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
		pcd   = "VERSION 0.7\nFIELDS x y z\nWIDTH 2\nDATA ascii\n1 2 3\n4 5 6\n"
		rows  = "1 2 3\n4 5 6\n"
	)
	binary := func(bytes int) string { // STL of one triangle
		return "a header" + strings.Repeat("\x00", 72) + "\x01\x00\x00\x00" + strings.Repeat("\x00", bytes)
	}
	for _, c := range []struct {
		name, content string
		format        shape.Format
		faces, points int
	}{
		{"a.off", off, shape.OFF, 1, 0},
		{"a.txt", off, shape.OFF, 1, 0},
		{"a", "# ModelNet\noff3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", shape.OFF, 1, 0},
		{"a", "Noff 1 0 0\n1 2 3 0 0 1\n", shape.OFF, 0, 1},
		{"a.off", off[4:], shape.OFF, 1, 0},
		{"a.off", "OFF 2 0 0\n1 2 3\n4 5 6\n", shape.OFF, 0, 2},
		{"a.off", solid, shape.STL, 1, 0},
		{"a.xyz", " \n" + strings.ToUpper(solid), shape.STL, 1, 0},
		{"a.stl", strings.Repeat(" ", 600) + solid, shape.STL, 1, 0},
		{"a", binary(50), shape.STL, 1, 0},
		{"a.STL", binary(52), shape.STL, 1, 0},
		{"a", "\x1f\x8b" + binary(50)[2:], shape.STL, 1, 0}, // as gzip begins
		{"a.stl", "solid\nendsolid\n", shape.STL, 0, 0},
		{"a.obj", "v 1 2 3\nv 4 5 6\n", shape.OBJ, 0, 2},
		{"a.obj.gz", string(formattest.Zipped(t, []byte("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"))), shape.OBJ, 1, 0},
		{"a", ply + "element face 1\nproperty list uchar int vertex_index\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", shape.PLY, 1, 0},
		{"a.off", ply + "end_header\n0 0 0\n1 0 0\n0 1 0\n", shape.PLY, 0, 3},
		{"a", "# .PCD v0.7\n" + pcd, shape.PCD, 0, 2},
		{"a.xyz", pcd, shape.PCD, 0, 2},
		{"a.pcd", strings.TrimPrefix(pcd, "VERSION 0.7\n"), shape.PCD, 0, 2},
		{"a.pcd", strings.Replace(pcd, "1 2 3", "1 nan 3", 1), shape.PCD, 0, 1},
		{"a.xyz", rows, shape.XYZ, 0, 2},
		{"a.Txt", "x,y,z\n1,2,3\n", shape.XYZ, 0, 1},
		{"a.csv.GZ", string(formattest.Zipped(t, []byte(rows))), shape.XYZ, 0, 2},
		{"a.pts", string(formattest.Zipped(t, []byte(rows))), shape.XYZ, 0, 2},
		{"a.asc", "2\n" + rows, shape.XYZ, 0, 2},
	} {
		s, err := open(t, c.name, c.content, shape.Limits{})
		if assert.NoError(t, err, "%s of %.20q", c.name, c.content) {
			assert.Equal(t, c.format, s.Format, "%s of %.20q", c.name, c.content)
			assert.Equal(t, [2]int{c.faces, c.points}, [2]int{len(s.Mesh.Faces), s.Cloud.Len()}, "%s of %.20q", c.name, c.content)
		}
	}
	for _, c := range []struct{ name, content, want string }{
		{"a", rows, `a: begins with "1 2 3\n4 5 6\n": want another kind of file, or a name that ends in .stl, .off,`},
		{"a", "", `a: begins with "": want another`},
		{"a.doc", binary(52), `a.doc: begins with "a header`},
		{"a.zip", "PK\x03\x04", "a.zip: npy: zip directory"},
		{"a.npz.gz", string(formattest.Zipped(t, []byte("PK\x05\x06"))), "a.npz.gz: an archive compressed by gzip: want it as it was"},
		{"a.gz", "\x1f\x8bxx", "a.gz: gzip: "},
		{"a.bz2", "BZh9", `a.bz2: begins with "BZh9": want another`},
		{"a.off", "OFFICE\n", "off: /"},
		{"a.xyz", "OFF3D 1 2\n", "xyz: /"},
		{"a.xyz", "MYOFF 1 2\n", "xyz: /"},
	} {
		_, err := open(t, c.name, c.content, shape.Limits{})
		assert.ErrorContains(t, err, c.want, "%s of %.20q", c.name, c.content)
		assert.ErrorContains(t, err, string(filepath.Separator)+c.name+": ")
	}
	dir := t.TempDir()
	_, err := shape.Open(filepath.Join(dir, "none.stl"), shape.Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = shape.Open(dir, shape.Limits{})
	assert.EqualError(t, err, "shape: open "+dir+": a folder: want a regular file")
}

// Every format keeps to limits of points, and those with faces to theirs.
func TestLimits(t *testing.T) {
	for _, end := range shape.Ends() {
		name := filepath.Join(t.TempDir(), "a"+end)
		if shape.WriteFile(name, shape.Shape{Cloud: cloud}) == nil {
			_, err := shape.Open(name, shape.Limits{Points: 3})
			assert.NoError(t, err)
			_, err = shape.Open(name, shape.Limits{Points: 2})
			assert.ErrorContains(t, err, name+": ")
		}
		if shape.WriteFile(name, shape.Shape{Mesh: corner}) == nil {
			_, err := shape.Open(name, shape.Limits{Points: 6, Faces: 2})
			assert.NoError(t, err)
			_, err = shape.Open(name, shape.Limits{Faces: 1})
			assert.ErrorContains(t, err, name+": ")
			_, err = shape.Open(name, shape.Limits{Points: 3})
			assert.ErrorContains(t, err, name+": ")
		}
	}
}

type array struct {
	name   string
	values []float64
	shape  []int
}

// archive writes arrays into an archive and returns its name.
func archive(t *testing.T, arrays ...array) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, a := range arrays {
		w, err := z.Create(a.name + ".npy")
		require.NoError(t, err)
		require.NoError(t, npy.Write(w, a.values, a.shape...))
	}
	require.NoError(t, z.Close())
	name := filepath.Join(t.TempDir(), "a.npz")
	require.NoError(t, os.WriteFile(name, b.Bytes(), 0o600))
	return name
}

func TestArchives(t *testing.T) {
	points, normals := array{"points", []float64{1, 2, 3, 4, 5, 6}, []int{2, 3}}, array{"normals", []float64{0, 0, 1, 0, 1, 0}, []int{2, 3}}
	both := array{"both", []float64{1, 2, 3, 0, 0, 1, 4, 5, 6, 0, 1, 0}, []int{2, 6}}
	colours := array{"colours", []float64{1, 2, 3, 255, 0, 10, 4, 5, 6, 0, 0, 0}, []int{2, 6}}
	scale, more := array{"scale", []float64{7}, []int{1}}, array{"more", []float64{7, 8, 9}, []int{1, 3}}
	bare := pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}, {4, 5, 6}}}
	full := pointcloud.Cloud{Points: bare.Points, Normals: [][3]float32{{0, 0, 1}, {0, 1, 0}}}
	named := func(a array, name string) array { a.name = name; return a }
	for name, c := range map[string]struct {
		arrays []array
		want   pointcloud.Cloud
	}{
		"points alone":        {[]array{points}, bare},
		"points among others": {[]array{more, points, scale}, bare},
		"points and normals":  {[]array{scale, normals, points}, full},
		"another name":        {[]array{scale, named(points, "arr_0")}, bare},
		"another, normals":    {[]array{named(points, "pos"), normals}, full},
		"both in one":         {[]array{both, scale}, full},
		"both, and normals":   {[]array{both, normals}, full},
		"normals beside":      {[]array{named(colours, "points"), normals}, full},
		"colours":             {[]array{colours}, bare},
	} {
		s, err := shape.Open(archive(t, c.arrays...), shape.Limits{})
		if assert.NoError(t, err, name) {
			assert.Equal(t, c.want, s.Cloud, name)
			assert.Equal(t, shape.NPZ, s.Format)
		}
	}
	for name, c := range map[string]struct {
		arrays []array
		want   string
	}{
		"nothing":        {nil, `want an array "points", or one alone of shape [points, 3] or [points, 6], got []`},
		"no cloud":       {[]array{scale}, `got ["scale [1]"]`},
		"two clouds":     {[]array{more, both}, `got ["both [2 6]" "more [1 3]"]`},
		"normals":        {[]array{normals}, `got ["normals [2 3]"]`},
		"bad points":     {[]array{named(scale, "points"), both}, "points: want an array of shape [points, 3] or [points, 6], got [1]"},
		"wide normals":   {[]array{points, named(both, "normals")}, "normals: want an array of shape [2 3], for as many points as points has, got [2 6]"},
		"other normals":  {[]array{points, named(more, "normals")}, "normals: want an array of shape [2 3], for as many points as points has, got [1 3]"},
		"normals of 1":   {[]array{points, named(scale, "normals")}, "normals: want an array of shape [2 3], for as many points as points has, got [1]"},
		"scalar normals": {[]array{points, {"normals", []float64{7}, []int{}}}, "normals: want an array of shape [2 3], for as many points as points has, got ["},
		"normals of 3":   {[]array{points, {"normals", make([]float64, 6), []int{1, 2, 3}}}, "got [1 2 3]"},
		"huge number":    {[]array{{"points", []float64{1, 1e300, 2}, []int{1, 3}}}, "points: pointcloud: point 0: want finite coordinates"},
		"huge normal":    {[]array{{"points", make([]float64, 3), []int{1, 3}}, {"normals", []float64{1, 1e300, 2}, []int{1, 3}}}, "points: pointcloud: normal of point 0: want finite"},
	} {
		file := archive(t, c.arrays...)
		_, err := shape.Open(file, shape.Limits{})
		assert.ErrorContains(t, err, c.want, name)
		assert.ErrorContains(t, err, file+": ", name)
	}
}

func TestArrays(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.npy")
	write := func(values []int16, shape ...int) { require.NoError(t, npy.WriteFile(name, values, shape...)) }
	write([]int16{1, 2, 3, 0, -1, 0}, 1, 6)
	s, err := shape.Open(name, shape.Limits{})
	require.NoError(t, err)
	assert.Equal(t, pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}}, Normals: [][3]float32{{0, -1, 0}}}, s.Cloud)
	for _, colours := range [][]int16{{4, 5, 6}, {0, 0, 0}, {255, 255, 255}, {1, 1, 1}} {
		write(append([]int16{1, 2, 3}, colours...), 1, 6)
		s, err := shape.Open(name, shape.Limits{})
		require.NoError(t, err)
		assert.Equal(t, pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}}}, s.Cloud, "%v are no normal", colours)
	}
	for _, bad := range [][]int{{6}, {6, 1}, {3, 2}, {2, 3, 1}, {1, 2, 3}} {
		write([]int16{1, 2, 3, 4, 5, 6}, bad...)
		_, err := shape.Open(name, shape.Limits{})
		assert.ErrorContains(t, err, name+": want an array of shape [points, 3] or [points, 6], got [")
	}
	write(nil, 0, 3)
	s, err = shape.Open(name, shape.Limits{})
	assert.NoError(t, err)
	assert.Zero(t, s.Cloud.Len())
	assert.Panics(t, func() { shape.CloudOf(make([]float32, 8), 4) })
	assert.Panics(t, func() { shape.CloudOf(make([]float32, 8), 3) })
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{
		"a":        "want a name that ends in .stl, ",
		"a.doc":    "want a name that ends in .stl, ",
		"a.npz.gz": "perhaps with .gz but for .npz",
		"a.stl":    "want a mesh for stl, got a cloud",
		"long.npy": "want normals of length 1, or they would be read as colours; .npz names them",
	} {
		c := cloud
		if name == "long.npy" {
			c.Normals = [][3]float32{{0, 0, 1}, {0, 0, 1}, {0, 0, 2}}
		}
		name := filepath.Join(dir, name)
		err := shape.WriteFile(name, shape.Shape{Cloud: c})
		assert.ErrorContains(t, err, "shape: "+name+": ")
		assert.ErrorContains(t, err, want)
	}
	name := filepath.Join(dir, "a.xyz")
	assert.EqualError(t, shape.WriteFile(name, shape.Shape{Mesh: corner}), "shape: "+name+": want a cloud for xyz, got a mesh: draw points from it")
	for _, end := range shape.Ends() {
		var inf float32 = 1e38
		inf *= 10
		bad := pointcloud.Cloud{Points: [][3]float32{{0, inf, 0}}}
		assert.Error(t, shape.WriteFile(filepath.Join(dir, "a"+end), shape.Shape{Cloud: bad}), end)
		assert.Error(t, shape.WriteFile(filepath.Join(dir, "a"+end+".gz"), shape.Shape{Cloud: bad}), end)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, entries)
}

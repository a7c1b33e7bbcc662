package shape_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/npy"
	"setwise/io/shape"
	"setwise/io/stl"
	"setwise/pointcloud"
)

// survey holds three points 7 cm apart in the coordinates of a map.
var survey = [][3]float64{
	{694386.212, 5155487.512, 381.036}, {694386.262, 5155487.562, 381.036}, {694386.312, 5155487.612, 381.036},
}

// apart holds a shape's points to places, and neighbours to the distance that the
// places have.
func apart(t *testing.T, want [][3]float64, s shape.Shape, of string) {
	t.Helper()
	place, n := s.Cloud.Place, s.Cloud.Len()
	if s.IsMesh() {
		place, n = s.Mesh.Place, len(s.Mesh.Vertices)
	}
	require.Equal(t, len(want), n, of)
	distance := func(a, b [3]float64) float64 {
		return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
	}
	for i := range want {
		for k := range 3 {
			require.InDelta(t, want[i][k], place(i)[k], 2e-5, of)
		}
		if i > 0 {
			require.InDelta(t, distance(want[i], want[i-1]), distance(place(i), place(i-1)), 3e-5, of)
		}
	}
}

// The digits of a survey are written as they were read.
func TestSurveyDigits(t *testing.T) {
	const text = "694386.212,5155487.512,381.036\n694386.262,5155487.562,381.036\n"
	s, err := shape.Read(strings.NewReader(text), "a.txt", shape.Limits{})
	require.NoError(t, err)
	assert.Equal(t, [3]float64{694386, 5155488, 0}, s.Cloud.Origin)
	name := filepath.Join(t.TempDir(), "copy.csv")
	require.NoError(t, shape.WriteFile(name, s))
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "x,y,z\n"+text, string(got))
}

// texts are files of places by the ending of their names, {} standing for lines
// of coordinates.
var texts = map[string]string{
	"xyz":        "{}",
	"pts":        "3\n{}",
	"names.txt":  "# x y z\n{}",
	"ply":        "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nend_header\n{}",
	"double.ply": "ply\nformat ascii 1.0\nelement vertex 3\nproperty double x\nproperty double y\nproperty double z\nend_header\n{}",
	"face.ply": "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty double y\nproperty float z\n" +
		"element face 1\nproperty list uchar int vertex_indices\nend_header\n{}3 0 1 2\n",
	"pcd":        "VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 3\nHEIGHT 1\nPOINTS 3\nDATA ascii\n{}",
	"double.pcd": "VERSION .7\nFIELDS x y z\nSIZE 8 8 8\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 3\nHEIGHT 1\nPOINTS 3\nDATA ascii\n{}",
	"off":        "OFF\n3 1 0\n{}3 0 1 2\n",
	"points.off": "OFF\n3 0 0\n{}",
	"obj":        "v {}f 1 2 3\n",
	"points.obj": "v {}",
	"stl":        "solid a\nfacet normal 0 0 0\nouter loop\nvertex {}endloop\nendfacet\nendsolid a\n",
}

// written returns a text with places, separators of lines repeated.
func written(text string, places [][3]float64) string {
	before, after, _ := strings.Cut(text, "{}")
	at := strings.LastIndexByte(before, '\n') + 1
	var b strings.Builder
	b.WriteString(before[:at])
	for _, p := range places {
		fmt.Fprintf(&b, "%s%v %v %v\n", before[at:], fixed(p[0]), fixed(p[1]), fixed(p[2]))
	}
	b.WriteString(after)
	return b.String()
}

func fixed(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.3f", x), ".000") }

// TestSurveyInEveryFormat reads places from every format that has text or doubles,
// and writes and reads them in every format again.
func TestSurveyInEveryFormat(t *testing.T) {
	tilted := [][3]float64{survey[0], survey[1], {694386.312, 5155487.612, 381.097}}
	away := [][3]float64{{-448262.07, 5411932.15, 0.5}, {-448262.14, 5411932.15, 0.25}, {-448262.07, 5411932.08, 0.5}}
	for end, text := range texts {
		for _, places := range [][][3]float64{tilted, away} {
			dir := t.TempDir()
			name := filepath.Join(dir, "survey."+end)
			require.NoError(t, os.WriteFile(name, []byte(written(text, places)), 0o600))
			s, err := shape.Open(name, shape.Limits{})
			require.NoError(t, err, name)
			apart(t, places, s, end)
			ends := []string{"off", "obj", "ply"}
			if s.IsMesh() {
				ends = append(ends, "stl", "stl.gz")
			} else {
				ends = append(ends, "pcd", "xyz", "csv", "npy", "npz", "npy.gz", "pts")
			}
			for _, to := range ends {
				copied := filepath.Join(dir, "copy."+to)
				require.NoError(t, shape.WriteFile(copied, s), "%s to %s", end, to)
				again, err := shape.Open(copied, shape.Limits{})
				require.NoError(t, err, "%s to %s", end, to)
				s.Format = again.Format
				s.Mesh.Normals, again.Mesh.Normals = nil, nil // which STL has
				assert.Equal(t, s, again, "%s to %s", end, to)
			}
		}
	}
}

// TestNormalOfSurvey computes a normal that a file leaves out from all digits.
func TestNormalOfSurvey(t *testing.T) {
	places := [][3]float64{{694386.212, 5155487.512, 381}, {694386.282, 5155487.512, 381}, {694386.212, 5155487.582, 381}}
	m, err := stl.Read(strings.NewReader(written(texts["stl"], places)), stl.Limits{})
	require.NoError(t, err)
	assert.Equal(t, [][3]float32{{0, 0, 1}}, m.Normals)
	assert.InDelta(t, 0.07*0.07/2, m.Area(), 1e-8)

	c, err := m.Sample(100, rand.New(rand.NewPCG(1, 2)))
	require.NoError(t, err)
	for i := range c.Points {
		p := c.Place(i)
		for k, x := range places[0][:2] {
			assert.GreaterOrEqual(t, p[k], x-1e-7)
			assert.LessOrEqual(t, p[k], x+0.07+1e-7)
		}
	}

	var b bytes.Buffer
	err = stl.Write(&b, m, stl.Options{})
	assert.EqualError(t, err, "stl: coordinates measured from [694386 5155488 0]: want text, as binary STL has float32, which is too coarse there; or the mesh moved near zero")
	assert.Zero(t, b.Len())
	name := filepath.Join(t.TempDir(), "a.stl")
	assert.ErrorContains(t, stl.WriteFile(name, m, stl.Options{}), "want text")
	assert.NoFileExists(t, name)
	assert.NoError(t, stl.Write(&b, m.WithOrigin([3]float64{}), stl.Options{}), "for who wants it")
}

// TestSolidsOfSurvey gives each solid an origin of its own.
func TestSolidsOfSurvey(t *testing.T) {
	small := [][3]float64{{0, 0, 0.1}, {1, 0, 0}, {0, 1, 0}}
	text := written(texts["stl"], survey) + written(texts["stl"], small)
	solids, err := stl.ReadSolids(strings.NewReader(text), stl.Limits{})
	require.NoError(t, err)
	require.Len(t, solids, 2)
	apart(t, survey, shape.Shape{Mesh: solids[0].Mesh}, "first")
	assert.Zero(t, solids[1].Mesh.Origin)
	assert.Equal(t, [][3]float32{{0, 0, 0.1}, {1, 0, 0}, {0, 1, 0}}, solids[1].Mesh.Vertices)
}

func TestArraysOfSurvey(t *testing.T) {
	dir := t.TempDir()
	var values []float64
	var whole []int64
	for _, p := range survey {
		values = append(values, p[:]...)
		for _, x := range p {
			whole = append(whole, int64(x*1000))
		}
	}
	save := func(name string, write func(b *bytes.Buffer) error) shape.Shape {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600))
		s, err := shape.Open(filepath.Join(dir, name), shape.Limits{})
		require.NoError(t, err)
		return s
	}
	apart(t, survey, save("a.npy", func(b *bytes.Buffer) error { return npy.Write(b, values, 3, 3) }), "float64")
	s := save("b.npy.gz", func(b *bytes.Buffer) error {
		z := gzip.NewWriter(b)
		defer z.Close()
		return npy.Write(z, whole, 3, 3)
	})
	var millimetres [][3]float64
	for i := range survey {
		millimetres = append(millimetres, [3]float64{float64(whole[3*i]), float64(whole[3*i+1]), float64(whole[3*i+2])})
	}
	apart(t, millimetres, s, "int64")
}

// TestOrdinaryFilesHaveNoOrigin holds what float32 holds to what it was.
func TestOrdinaryFilesHaveNoOrigin(t *testing.T) {
	places := [][3]float64{{10.001, -7.1, 0.123}, {8191.999, 0, 1}, {-3, 50000.1, 2}}
	exact := [][3]float64{{694386.25, 5155487.5, 381.036}, {694386.5, 5155487, 381}, {694386, 5155488, 16777216}}
	for end, text := range texts {
		for _, want := range [][][3]float64{places, exact} {
			name := filepath.Join(t.TempDir(), "a."+end)
			require.NoError(t, os.WriteFile(name, []byte(written(text, want)), 0o600))
			s, err := shape.Open(name, shape.Limits{})
			require.NoError(t, err, end)
			points, o := s.Cloud.Points, s.Cloud.Origin
			if s.IsMesh() {
				points, o = s.Mesh.Vertices, s.Mesh.Origin
			}
			assert.Zero(t, o, end)
			for i, p := range want {
				assert.Equal(t, [3]float32{float32(p[0]), float32(p[1]), float32(p[2])}, points[i], end)
			}
		}
	}
}

// TestLargeFloatsComeBack writes what float32 has of large coordinates as text: a
// reader must not take its digits for those of another place.
func TestLargeFloatsComeBack(t *testing.T) {
	c := pointcloud.Cloud{Points: [][3]float32{{694386.212, 10000.1, 1e30}, {694386.262, 10000.2, 3.4e38}, {694386.3, 10000.3, 1e-30}}}
	m := pointcloud.Mesh{Vertices: c.Points, Faces: [][3]int32{{0, 1, 2}}}
	for _, end := range shape.Ends() {
		for _, s := range []shape.Shape{{Cloud: c}, {Mesh: m}} {
			name := filepath.Join(t.TempDir(), "a"+end)
			if err := shape.WriteFile(name, s); err != nil {
				continue // it has no place for such a shape
			}
			again, err := shape.Open(name, shape.Limits{})
			require.NoError(t, err)
			again.Format, again.Mesh.Normals = "", nil
			assert.Equal(t, s, again, end)
		}
	}
	text := stl.Options{Text: true}
	var b bytes.Buffer
	require.NoError(t, stl.Write(&b, m, text))
	again, err := stl.Read(&b, stl.Limits{})
	require.NoError(t, err)
	assert.Equal(t, m.Vertices, again.Vertices)
}

// TestMixedSurveys reads outliers, what is not finite and what is too large.
func TestMixedSurveys(t *testing.T) {
	outlier := [][3]float64{survey[0], {0, 0, 0}, survey[2]}
	for end, text := range texts {
		name := filepath.Join(t.TempDir(), "a."+end)
		require.NoError(t, os.WriteFile(name, []byte(written(text, outlier)), 0o600))
		s, err := shape.Open(name, shape.Limits{})
		require.NoError(t, err, end)
		apart(t, outlier, s, end)
		for _, bad := range []string{"1e300", "nan", "inf"} {
			lines := strings.Replace(written(text, outlier), "\n0 0 0", "\n0 "+bad+" 0", 1)
			lines = strings.Replace(lines, "v 0 0 0", "v 0 "+bad+" 0", 1)
			lines = strings.Replace(lines, "vertex 0 0 0", "vertex 0 "+bad+" 0", 1)
			require.Contains(t, lines, bad, end)
			require.NoError(t, os.WriteFile(name, []byte(lines), 0o600))
			s, err := shape.Open(name, shape.Limits{})
			if strings.HasSuffix(end, "pcd") && err == nil { // which leaves such points out
				apart(t, [][3]float64{survey[0], survey[2]}, s, end)
				continue
			}
			assert.Error(t, err, "%s, %s", end, bad)
		}
	}
}

package shape_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/shape"
)

// cases are small files such as other programs write, or people have by mistake,
// and what is right: so many faces and points, the first point, and an area; or
// words of an error.
var cases = map[string]struct {
	faces, points int
	first         [3]float32
	normal        [3]float32 // of the first point
	area          float64
	err           string
}{
	"concave-U.obj":                 {faces: 6, area: 7},
	"csv-nan-scalar.csv":            {points: 2, first: [3]float32{1.5, 2.5, 3.5}},
	"csv-text-column.csv":           {points: 2, first: [3]float32{1, 2, 3}},
	"gz-trailing-zeros.ply.gz":      {points: 2, first: [3]float32{1, 2, 3}},
	"lfs-pointer.ply":               {err: "a Git LFS pointer, not the file"},
	"normals-one-for-all.obj":       {faces: 96},
	"normals-right.stl":             {faces: 96},
	"obj-only-zeros.obj":            {err: "no statement"},
	"off-ncoff-color-first.off":     {points: 3, normal: [3]float32{0, 0, 1}},
	"off-vertex-colors.off":         {faces: 1, area: 0.5},
	"pcd-count0-ascii.pcd":          {points: 3},
	"pcd-count0.pcd":                {points: 4, first: [3]float32{0, 0.5, 0}},
	"pcd-text-rgb-nan.pcd":          {points: 2, first: [3]float32{1, 2, 3}},
	"pcd-trailing.pcd":              {points: 3},
	"pcd-upper-case.pcd":            {points: 2, first: [3]float32{1, 2, 3}},
	"pts-two-scans.pts":             {points: 4, first: [3]float32{1, 2, 3}},
	"stl-binary-empty-plus-one.stl": {},
	"stl-color-endfacet.stl":        {faces: 1, area: 0.5},
	"stl-color-line.stl":            {faces: 1, area: 0.5},
	"stl-endsolid-glued.stl":        {faces: 1, area: 0.5},
	"xyz-decimal-comma.xyz":         {err: "a decimal comma"},
}

func TestCases(t *testing.T) {
	for base, want := range cases {
		name := filepath.Join("testdata", "cases", base)
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		opened, errOpen := shape.Open(name, shape.Limits{})
		read, errRead := shape.Read(bytes.NewBuffer(data), name, shape.Limits{})
		assert.Equal(t, opened, read, name)
		if want.err != "" {
			assert.ErrorContains(t, errOpen, want.err, name)
			assert.ErrorContains(t, errOpen, name+": ")
			assert.ErrorContains(t, errRead, want.err, name)
			continue
		}
		if err := errors.Join(errOpen, errRead); !assert.NoError(t, err, name) {
			continue
		}
		assert.Equal(t, want.points, opened.Cloud.Len(), name)
		assert.Len(t, opened.Mesh.Faces, want.faces, name)
		if want.points > 0 {
			assert.Equal(t, want.first, opened.Cloud.Points[0], name)
		}
		if want.normal != ([3]float32{}) && assert.NotEmpty(t, opened.Cloud.Normals, name) {
			assert.Equal(t, want.normal, opened.Cloud.Normals[0], name)
		}
		if want.area > 0 {
			assert.InDelta(t, want.area, opened.Mesh.Area(), 1e-6, name)
		}
	}
}

// endless returns what never ends: a text again and again, after another.
func endless(first, text string) io.Reader {
	return io.MultiReader(strings.NewReader(first), &repeated{text: strings.Repeat(text, 1+1<<16/len(text))})
}

type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(b []byte) (int, error) {
	n := copy(b, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// What never ends is an error under every name, and takes no more memory than the
// limits allow.
func TestNeverEnds(t *testing.T) {
	begins := map[string][]string{
		"":     {""},
		".stl": {"", "solid a\n", "solid a\nfacet", "solid a\nendsolid a\n"},
		".off": {"", "OFF\n", "OFF 2 0 0\n1 2 3\n", "OFF 1 0 0\n1 2 3\n"},
		".obj": {"", "v 1 2 3\n"},
		".ply": {"ply\n", "ply\nformat ascii 1.0\ncomment ", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n",
			"ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n"},
		".pcd": {"", "# .PCD\n", "VERSION 0.7\nFIELDS x y z\nWIDTH 1\nDATA ascii\n1 2 3\n", "VERSION 0.7\nFIELDS x y z\nWIDTH 1\nDATA binary\n"},
		".xyz": {"", "1 2 3\n"},
		".npy": {"\x93NUMPY\x01\x00", ""},
		".npz": {""},
	}
	texts := []string{"\x00", "\n", "# c\n", "g a ", "1 2 3\n", "solid\nendsolid\n", "color 1\n"}
	if testing.Short() {
		texts = texts[:1]
	}
	for end, first := range begins {
		for _, begin := range first {
			for _, text := range texts {
				_, err := shape.Read(endless(begin, text), "a"+end, shape.Limits{Points: 1000, Faces: 1000})
				assert.Error(t, err, "%q and %q without end, as %s", begin, text, end)
				assert.NotErrorIs(t, err, io.EOF)
			}
		}
	}
	if f, err := os.Open("/dev/zero"); err == nil {
		defer f.Close()
		for _, end := range shape.Ends() {
			_, err := shape.Read(f, "a"+end, shape.Limits{})
			assert.Error(t, err, end)
		}
	}
}

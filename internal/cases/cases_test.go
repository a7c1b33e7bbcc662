// Package cases holds small files that were once got wrong, and what is right
// for each: one table of all of them. testdata/INDEX.tsv says where such files
// come from.
package cases

import (
	"encoding/csv"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/dataset"
	"setwise/io/off"
	"setwise/io/pcd"
	"setwise/io/shape"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/set/grad"
)

// right says what is right for each file, whose path the check is given.
var right = map[string]func(*testing.T, string){
	"pcd-count0.pcd":                points(4, [3]float64{0, 0.5, 0}),
	"pcd-count0-ascii.pcd":          points(3, [3]float64{}),
	"pcd-trailing.pcd":              points(3, [3]float64{}),
	"pcd-upper-case.pcd":            points(2, [3]float64{1, 2, 3}),
	"pcd-text-rgb-nan.pcd":          colours,
	"stl-endsolid-glued.stl":        faces(1, 0.5),
	"stl-color-line.stl":            faces(1, 0.5),
	"stl-color-endfacet.stl":        faces(1, 0.5),
	"stl-binary-empty-plus-one.stl": faces(0, 0),
	"off-ncoff-color-first.off":     coloured,
	"off-vertex-colors.off":         faces(1, 0.5),
	"obj-only-zeros.obj":            refused("no statement"),
	"concave-U.obj":                 faces(6, 7),
	"normals-one-for-all.obj":       sameNormals("normals-right.stl"),
	"normals-right.stl":             sameNormals("normals-one-for-all.obj"),
	"npy-xyzrgb.npy":                points(5, [3]float64{-0.248361622, 0.420445238, 1.13604653}),
	"npz-bzip2.npz":                 refused("points: compressed by bzip2: want deflate or nothing"),
	"npz-normals-1d.npz":            refused("normals: want an array of shape [2 3], for as many points as points has, got [2]"),
	"zip-without-arrays.3mf":        refused("want arrays, which are called NAME.npy, got a 3MF model"),
	"lfs-pointer.ply":               refused("a Git LFS pointer, not the file"),
	"xyz-decimal-comma.xyz":         refused("a decimal comma"),
	"csv-nan-scalar.csv":            points(2, [3]float64{1.5, 2.5, 3.5}),
	"csv-text-column.csv":           points(2, [3]float64{1, 2, 3}),
	"gz-trailing-zeros.ply.gz":      points(2, [3]float64{1, 2, 3}),
	"pts-two-scans.pts":             points(4, [3]float64{1, 2, 3}),
	"utm.ply":                       survey,
	"utm.txt":                       survey,

	"lfs-pointer.pth":     noTensors("a Git LFS pointer, not the file"),
	"pt-single-tensor.pt": tensors("tensor"),
	"pt-numpy-scalar.pt":  tensors("model_state_dict.fc.weight"),
	"pt-size.pt":          tensors("state_dict.fc.weight"),
	"pt-lightning.pt":     linear,

	"table-first-empty.csv": regress([]string{"-set", "basket", "-target", "days"},
		`line 2: column "weight": want a number, got nothing; -missing mean fills in what is missing`),
	"table-german-one-column.csv": regress([]string{"-set", "basket", "-target", "days", "-steps", "2"}, "",
		"decimal commas", `["weight" "price"]`),
	"table-missing-cells.csv": missing,
	"table-huge-value.csv": regress([]string{"-set", "Event Nr", "-target", "invariant mass"},
		`line 101: column "p_T [GeV]": 1e+30 is`),
	"table-tiny.csv": regress([]string{"-set", "Event Nr", "-target", "invariant mass"},
		`want at least 10 sets to learn from, got 2 with different names in column "Event Nr"`),
}

func Test(t *testing.T) {
	for name, check := range right {
		t.Run(name, func(t *testing.T) { check(t, filepath.Join("testdata", name)) })
	}
}

// TestIndex sees that every file has an entry in the table and the list.
func TestIndex(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "INDEX.tsv"))
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	require.NoError(t, err)
	var listed []string
	for _, row := range rows[1:] {
		for _, word := range strings.FieldsFunc(row[0], func(c rune) bool { return c == ' ' || c == ',' }) {
			if strings.Contains(word, ".") {
				listed = append(listed, word)
			}
		}
	}
	var files, checked []string
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, e := range entries {
		if e.Name() != "INDEX.tsv" {
			files = append(files, e.Name())
		}
	}
	for name := range right {
		checked = append(checked, name)
	}
	slices.Sort(listed)
	slices.Sort(checked)
	assert.Equal(t, files, checked)
	assert.Subset(t, files, listed)
}

func open(t *testing.T, name string) shape.Shape {
	s, err := shape.Open(name, shape.Limits{})
	require.NoError(t, err)
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	read, err := shape.Read(f, name, shape.Limits{})
	require.NoError(t, err)
	assert.Equal(t, s, read, "opened and read")
	return s
}

// points checks the number of points, without normals, and the first.
func points(n int, first [3]float64) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		s := open(t, name)
		assert.Equal(t, n, s.Cloud.Len())
		assert.Nil(t, s.Cloud.Normals)
		for i, x := range s.Cloud.Place(0) {
			assert.InDelta(t, first[i], x, 1e-6)
		}
	}
}

// faces checks the number of triangles and their area.
func faces(n int, area float64) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		s := open(t, name)
		assert.Len(t, s.Mesh.Faces, n)
		assert.InDelta(t, area, s.Mesh.Area(), 1e-6)
	}
}

// refused checks for an error of every reader that names the file.
func refused(why string) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		_, err := shape.Open(name, shape.Limits{})
		require.ErrorContains(t, err, why)
		require.ErrorContains(t, err, name+": ")
		_, err = dataset.Read(name)
		require.ErrorContains(t, err, why)
	}
}

// colours checks that NaN in text is no colour, and that white is white again
// after it was written.
func colours(t *testing.T, name string) {
	points(2, [3]float64{1, 2, 3})(t, name)
	f, err := pcd.OpenAll(name, pcd.Limits{})
	require.NoError(t, err)
	c := f.Colors()
	require.Len(t, c, 2)
	assert.Zero(t, c[0], "NaN")
	for i := range c {
		c[i].R, c[i].G, c[i].B, c[i].A = 255, 255, 255, 255
	}
	f.SetColors(c)
	written := filepath.Join(t.TempDir(), "white.pcd")
	require.NoError(t, pcd.WriteFile(written, f))
	again, err := pcd.OpenAll(written, pcd.Limits{})
	require.NoError(t, err)
	assert.Equal(t, c, again.Colors())
}

// coloured checks an OFF file with colours before normals.
func coloured(t *testing.T, name string) {
	s := open(t, name)
	require.Equal(t, 3, s.Cloud.Len())
	for _, n := range s.Cloud.Normals {
		assert.InDelta(t, 1, math.Hypot(math.Hypot(float64(n[0]), float64(n[1])), float64(n[2])), 1e-6)
	}
	assert.Equal(t, [3]float32{0, 0, 1}, s.Cloud.Normals[0])
	f, err := off.OpenObject(name, off.Limits{})
	require.NoError(t, err)
	require.Len(t, f.VertexColors, 3)
	assert.Equal(t, [4]uint8{255, 200, 10, 255}, [4]uint8{f.VertexColors[0].R, f.VertexColors[0].G, f.VertexColors[0].B, f.VertexColors[0].A})
}

// sameNormals checks that a part has the same cloud and normals as in another
// file, though one of the files has a normal for each face and one has one for
// all.
func sameNormals(other string) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		require.Len(t, open(t, name).Mesh.Faces, 96)
		sample := func(name string) (points, normals [][3]float32) {
			s, err := dataset.Read(name)
			require.NoError(t, err)
			c := s.Surface.Sample(500, rand.New(rand.NewPCG(1, 2)))
			return c.Points, c.Normals
		}
		p, n := sample(name)
		q, m := sample(filepath.Join("testdata", other))
		require.Len(t, n, 500)
		for i := range p {
			for k := range 3 {
				require.InDelta(t, q[i][k], p[i][k], 1e-3)
				require.InDelta(t, m[i][k], n[i][k], 1e-2)
			}
		}
	}
}

// survey checks that points 7 cm apart in large coordinates stay so, and are
// written as they were.
func survey(t *testing.T, name string) {
	s := open(t, name)
	require.Equal(t, 3, s.Cloud.Len())
	for i := range 2 {
		a, b := s.Cloud.Place(i), s.Cloud.Place(i+1)
		assert.InDelta(t, 0.0707, math.Hypot(b[0]-a[0], b[1]-a[1]), 1e-4)
	}
	written := filepath.Join(t.TempDir(), "again.csv")
	require.NoError(t, shape.WriteFile(written, s))
	again, err := shape.Open(written, shape.Limits{})
	require.NoError(t, err)
	for i := range 3 {
		assert.Equal(t, s.Cloud.Place(i), again.Cloud.Place(i))
	}
}

// tensors checks that a file has one tensor, 0 to 5 in two rows.
func tensors(want string) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		f, err := tensor.Open(name, tensor.Limits{})
		require.NoError(t, err)
		require.Len(t, f.Tensors, 1)
		require.Contains(t, f.Tensors, want)
		assert.Equal(t, "F32 [2 3]", f.Tensors[want].String())
		values, err := f.Tensors[want].Float32s()
		require.NoError(t, err)
		assert.Equal(t, []float32{0, 1, 2, 3, 4, 5}, values)
	}
}

// noTensors checks for an error that names the file.
func noTensors(why string) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		_, err := tensor.Open(name, tensor.Limits{})
		require.ErrorContains(t, err, name+": "+why)
	}
}

// linear checks that a layer finds its weights, and that where they were is said.
func linear(t *testing.T, name string) {
	f, err := tensor.Open(name, tensor.Limits{})
	require.NoError(t, err)
	m := &layers.Linear{Weight: grad.NewParam(3, 2), Bias: grad.NewParam(1, 2)}
	found, err := checkpoint.LoadTorch(f.Tensors, m)
	require.NoError(t, err)
	assert.Equal(t, `took the weights below "state_dict.model."`, found.String())
	assert.Equal(t, []float32{0, 3, 1, 4, 2, 5}, m.Weight.Data)
	assert.Equal(t, []float32{1, 2}, m.Bias.Data)
}

// regress checks what examples/regress says of a table: words of its error, or
// of its output.
func regress(flags []string, why string, says ...string) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		out, err := run(t, append([]string{"-task", "csv", "-data", name}, flags...)...)
		if why == "" {
			require.NoError(t, err, out)
		} else {
			require.Error(t, err)
			says = []string{why}
		}
		for _, s := range says {
			assert.Contains(t, out, s)
		}
	}
}

// missing checks a table with missing cells and categories, which gets a column
// to learn from its sets.
func missing(t *testing.T, name string) {
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\r\n")
	for i, l := range lines {
		lines[i] = l + "," + strings.TrimPrefix(l[:6], "B0")
	}
	lines[0] = strings.Replace(lines[0], ",basket", ",days", 1)
	table := filepath.Join(t.TempDir(), "days.csv")
	require.NoError(t, os.WriteFile(table, []byte(strings.Join(lines, "\n")), 0o600))
	flags := []string{"-set", "basket id", "-target", "days", "-steps", "2"}
	regress(flags, `line 10: column "weight (kg)": want a number, got nothing; -missing mean fills in`)(t, table)
	regress(append(flags, "-missing", "mean"), "",
		`missing: 1 of 1467 cells of "weight (kg)": the mean of the column stands there`,
		`categories, each learned as a vector: 6 of "product"`)(t, table)
	regress([]string{"-set", "basket id", "-target", "fragile", "-missing", "mean"},
		`line 5: column "fragile": want one number for all rows of a set, 0 as set "B09001" has it from line 3 on, got 1`)(t, name)
}

// run runs examples/regress, and returns all that it says.
func run(t *testing.T, args ...string) (string, error) {
	if testing.Short() {
		t.Skip("-short: builds and runs a program")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "regress")
	built, err := exec.Command("go", "build", "-o", program, "setwise/examples/regress").CombinedOutput()
	require.NoError(t, err, string(built))
	out, err := exec.Command(program, append(args, "-out", dir)...).CombinedOutput()
	if errors.Is(err, syscall.ENOEXEC) {
		t.Skip("emulated: a program of this kind does not run by itself here")
	}
	return string(out), err
}

package dataset_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
	"setwise/io/dataset/solids"
	"setwise/io/internal/formattest"
	"setwise/io/shape"
	"setwise/io/stl"
	"setwise/pointcloud"
)

// list writes a set out as lines "class part name".
func list(s *dataset.Set) []string {
	var out []string
	for _, x := range s.Shapes {
		out = append(out, fmt.Sprintf("%s %s %s", s.Classes[x.Class], x.Part, x.Name))
	}
	return out
}

func TestOpenLayouts(t *testing.T) {
	for name, c := range map[string]struct{ files, want []string }{
		"classes": {
			[]string{"cup/b.stl", "cup/a.STL", "bowl/2.npy", "bowl/1.npy"},
			[]string{"bowl  bowl/1.npy", "bowl  bowl/2.npy", "cup  cup/a.STL", "cup  cup/b.stl"},
		},
		"parts above": {
			[]string{"train/cup/a.stl", "Test/cup/a.stl", "val/bowl/a.stl", "train/bowl/deep/er/a.stl"},
			[]string{"cup test Test/cup/a.stl", "bowl train train/bowl/deep/er/a.stl", "cup train train/cup/a.stl", "bowl val val/bowl/a.stl"},
		},
		"parts below": {
			[]string{"cup/train/a.stl", "cup/test/b.stl", "night_stand/testing/x/c.npy", "night_stand/d.npy"},
			[]string{"cup test cup/test/b.stl", "cup train cup/train/a.stl", "night_stand  night_stand/d.npy", "night_stand test night_stand/testing/x/c.npy"},
		},
		"a class called train": {
			[]string{"cup/a.stl", "train/a.stl", "train/test/b.stl"},
			[]string{"cup  cup/a.stl", "train  train/a.stl", "train test train/test/b.stl"},
		},
		"formats": {
			[]string{"cup/a.xyz", "cup/b.CSV.gz", "cup/c.npz", "cup/d.off", "cup/e.npy.gz", "cup/f.pts", "bowl/a.stl.GZ", "bowl/b.obj", "bowl/c.ply", "bowl/d.pcd.gz"},
			[]string{"bowl  bowl/a.stl.GZ", "bowl  bowl/b.obj", "bowl  bowl/c.ply", "bowl  bowl/d.pcd.gz", "cup  cup/a.xyz", "cup  cup/b.CSV.gz", "cup  cup/c.npz", "cup  cup/d.off", "cup  cup/e.npy.gz", "cup  cup/f.pts"},
		},
		"rows as text": {
			[]string{"train/cup/a.txt", "train/cup/b.txt", "test/cup/c.TXT", "table.csv", "README.txt"},
			[]string{"cup test test/cup/c.TXT", "cup train train/cup/a.txt", "cup train train/cup/b.txt"},
		},
		"other files": {
			[]string{"README.txt", "cup/a.stl", "cup/notes.txt", "cup/._a.stl", "table.csv", ".git/x.stl", "cup/notes.md", "papers/p.pdf"},
			[]string{"cup  cup/a.stl"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range c.files {
				if !slices.ContainsFunc(c.want, func(w string) bool { return strings.HasSuffix(w, " "+f) }) {
					put(t, dir, f, "not a shape")
				} else {
					require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(f)), 0o777))
					writeShape(t, filepath.Join(dir, f))
				}
			}
			s, err := dataset.Open(dir, dataset.Options{})
			require.NoError(t, err)
			assert.Equal(t, c.want, list(s))
			assert.IsIncreasing(t, append([]string{""}, s.Classes...))
			assert.Nil(t, s.Skipped)
		})
	}
}

// writeShape writes some shape to the named file, in the format of its name.
func writeShape(t testing.TB, name string) {
	s := shape.Shape{Mesh: wedge(1)}
	if shape.WriteFile(name, s) != nil {
		s = shape.Shape{Cloud: pointcloud.Cloud{Points: wedge(1).Vertices}}
		require.NoError(t, shape.WriteFile(name, s))
	}
}

func TestOpenRefusesLayouts(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"nothing":     {nil, "want files CLASS/* that end in .stl, "},
		"no class":    {[]string{"a.stl", "cup/b.stl"}, "1 of 2 files cannot be read:\n\tdataset: DIR/a.stl: want a file in the folder of a class"},
		"part alone":  {[]string{"train/a.stl", "train/cup/b.stl"}, "DIR/train/a.stl: want a file in the folder of a class"},
		"both levels": {[]string{"train/cup/a.stl", "test/cup/a.stl", "cup/a.stl"}, "want folders of classes, or train and test alone, got both"},
		"too deep":    {[]string{strings.Repeat("d/", 18) + "a.stl"}, "want at most 16 folders within each other"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range c.files {
				put(t, dir, f, wedge(1))
			}
			_, err := dataset.Open(dir, dataset.Options{})
			require.Error(t, err)
			assert.Contains(t, err.Error(), strings.ReplaceAll(c.want, "DIR", dir))
			assert.Contains(t, err.Error(), dir)
		})
	}
	_, err := dataset.Open(filepath.Join(t.TempDir(), "none"), dataset.Options{})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestOpenBadFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "cup/good.stl", wedge(1))
	flat := wedge(1)
	flat.Vertices[1], flat.Vertices[2] = flat.Vertices[0], flat.Vertices[3]
	flat.Faces = flat.Faces[:1]
	put(t, dir, "cup/flat.stl", flat)
	put(t, dir, "bowl/four.npy", count(5, 4))
	put(t, dir, "bowl/none.npy", count(0, 3))
	nan := count(5, 3)
	nan.values[7] = float32(math.NaN())
	put(t, dir, "bowl/nan.npy", nan)
	for i := range 9 {
		put(t, dir, fmt.Sprintf("vase/%d.stl", i), "rubbish")
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "cup", "folder.stl"), 0o777))
	require.NoError(t, os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "cup", "link.stl")))

	_, err := dataset.Open(dir, dataset.Options{})
	var bad *dataset.FilesError
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, 15, bad.Of)
	require.Len(t, bad.Errors, 14)
	message := strings.ReplaceAll(err.Error(), dir, "DIR")
	assert.Equal(t, 12, strings.Count(message, "\n")+1, message)
	for _, want := range []string{
		"dataset: DIR: 14 of 15 files cannot be read:\n",
		"\tdataset: shape: DIR/bowl/four.npy: want an array of shape [points, 3] or [points, 6], got [5 4]\n",
		"\tdataset: shape: DIR/bowl/nan.npy: pointcloud: point 2: want finite coordinates, got [6 NaN 8]\n",
		"\tdataset: DIR/bowl/none.npy: want a mesh with some area, or points, got nothing\n",
		"\tdataset: DIR/cup/flat.stl: pointcloud: want a mesh with some area, got none\n",
		"\tdataset: shape: stat DIR/cup/link.stl: no such file or directory\n",
		"\tdataset: stl: DIR/vase/0.stl: ",
		"\n\tand 4 more",
	} {
		assert.Contains(t, message, want)
	}
	assert.ErrorIs(t, err, os.ErrNotExist, "of the link")

	s, err := dataset.Open(dir, dataset.Options{Skip: true})
	require.NoError(t, err)
	assert.Equal(t, []string{"cup  cup/good.stl"}, list(s))
	assert.Equal(t, []string{"cup"}, s.Classes)
	assert.Equal(t, bad.Errors, s.Skipped)

	require.NoError(t, os.Remove(filepath.Join(dir, "cup", "good.stl")))
	_, err = dataset.Open(dir, dataset.Options{Skip: true})
	assert.True(t, errors.As(err, &bad), "nothing left but bad files")
}

func TestOpenMemory(t *testing.T) {
	dir := t.TempDir()
	for i := range 10 {
		put(t, dir, fmt.Sprintf("cup/%d.npy", i), count(100, 3))
	}
	put(t, dir, "bowl/a.stl", wedge(1)) // 2 x 68 bytes
	const all = 10*100*12 + 2*68
	_, err := dataset.Open(dir, dataset.Options{MostBytes: all})
	assert.NoError(t, err)
	_, err = dataset.Open(dir, dataset.Options{MostBytes: all - 1})
	assert.EqualError(t, err, fmt.Sprintf("dataset: %s: want 11 files to take at most %d bytes (Options.MostBytes), got more", dir, all-1))
	_, err = dataset.Open(dir, dataset.Options{MostBytes: 100}) // of which no file has so little
	assert.ErrorContains(t, err, "11 of 11 files cannot be read")
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.stl", wedge(5))
	put(t, dir, "b.npy", count(4, 3))
	put(t, dir, "c.NPY", array{withNormals(2, 1).values, []int{2, 6}})
	put(t, dir, "d.doc", "1 2 3")

	name := filepath.Join(dir, "a.stl")
	s, err := dataset.Read(name)
	require.NoError(t, err)
	assert.Equal(t, name, s.Name)
	assert.InDelta(t, 2, s.Surface.Area(), 1e-6)
	c := s.Points(100, seeded(1))
	assert.Equal(t, 100, c.Len())
	assert.Equal(t, [3]float32{0, 0, 1}, c.Normals[99])
	assert.NotEqual(t, c, s.Points(100, seeded(2)))

	s, err = dataset.Read(filepath.Join(dir, "b.npy"))
	require.NoError(t, err)
	assert.Nil(t, s.Surface)
	assert.Equal(t, [][3]float32{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {9, 10, 11}}, s.Cloud.Points)
	assert.ElementsMatch(t, s.Cloud.Points, s.Points(4, seeded(1)).Points)
	assert.Equal(t, 9, s.Points(9, seeded(1)).Len())
	assert.Panics(t, func() { s.Points(-1, seeded(1)) })
	assert.Panics(t, func() { dataset.Item{}.Points(1, seeded(1)) })

	s, err = dataset.Read(filepath.Join(dir, "c.NPY"))
	require.NoError(t, err)
	assert.Equal(t, [][3]float32{{0, 1, 2}, {6, 7, 8}}, s.Cloud.Points)
	assert.Equal(t, [][3]float32{{0, 0, 1}, {0, 0, 1}}, s.Cloud.Normals)

	_, err = dataset.Read(filepath.Join(dir, "d.doc"))
	assert.ErrorContains(t, err, "d.doc: begins with")
	_, err = dataset.Read(filepath.Join(dir, "none.stl"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "e.stl"), 0o777))
	_, err = dataset.Read(filepath.Join(dir, "e.stl"))
	assert.ErrorContains(t, err, "e.stl: a folder: want a regular file")
}

// Solids written and read are the same at any number of cores.
func TestOpenSolids(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, solids.Write(dir, solids.Options{Train: 3, Test: 2}, seeded(1)))
	s, err := dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Equal(t, solids.Classes(), s.Classes)
	train, test, err := s.Split(0, nil)
	require.NoError(t, err)
	assert.Len(t, train, 3*len(s.Classes))
	assert.Len(t, test, 2*len(s.Classes))
	for _, x := range append(train, test...) {
		assert.Contains(t, x.Name, x.Part+"/"+s.Classes[x.Class]+"/")
		m, err := stl.Open(filepath.Join(dir, x.Name), stl.Limits{})
		require.NoError(t, err)
		assert.Equal(t, m, x.Surface.Mesh())
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, err := dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Equal(t, s, again)
}

func TestOpenLDraw(t *testing.T) {
	dir := formattest.Folder(t, "ldraw-parts/stl")
	s, err := dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Len(t, s.Shapes, 228)
	assert.Len(t, s.Classes, 19)
	assert.Contains(t, s.Classes, "train", "the class of railway parts")
	for _, x := range s.Shapes {
		assert.Empty(t, x.Part)
		require.NoError(t, x.Points(64, seeded(1)).Validate(), x.Name)
	}
	train, test, err := s.Split(0.8, seeded(1))
	require.NoError(t, err)
	t.Logf("%d to train, %d to test", len(train), len(test))
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	require.NoError(b, solids.Write(dir, solids.Options{}, seeded(1)))
	for b.Loop() {
		if _, err := dataset.Open(dir, dataset.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

package dataset_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
	"setwise/io/npy"
	"setwise/io/pcd"
	"setwise/io/ply"
	"setwise/pointcloud"
)

var labelled = dataset.Options{Labels: true}

// three are some points.
var three = pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 2, 0}}}

// Labels are read from every format that has them, and nothing is guessed
// without a word.
func TestLabelsOfPoints(t *testing.T) {
	dir := t.TempDir()
	p, err := ply.OfCloud(three)
	require.NoError(t, err)
	p.Element("vertex").Set("Label", []int32{4, 5, 6})
	require.NoError(t, ply.WriteFile(filepath.Join(dir, "a.ply"), p))
	p.Element("vertex").Properties[3].Name = "scalar_Classification"
	require.NoError(t, ply.WriteFile(filepath.Join(dir, "b.ply"), p))
	q, err := pcd.OfCloud(three)
	require.NoError(t, err)
	q.Set("label", []uint32{7, 8, 9})
	q.Fields[1].Values.([]float32)[1] = float32(math.NaN())
	require.NoError(t, pcd.WriteFile(filepath.Join(dir, "c.pcd"), q))
	put(t, dir, "d.xyz", "0 0 0 1\n1 0 0 2\n0 2 0 -1\n")
	put(t, dir, "e.csv", "x,y,z,name,class,part\n0,0,0,leg,1,3\n1,0,0,leg,1,nan\n0,2,0,top,1,2\n")
	points := []float32{0, 0, 0, 1, 0, 0, 0, 2, 0}
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "f.npy"), points, 3, 3))
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "f_labels.npy"), []uint8{3, 2, 1}, 3, 1))
	put(t, dir, "g.off", "OFF\n3 1 0\n0 0 0\n1 0 0\n0 2 0\n3 0 1 2\n")
	_, err = dataset.Open(dir, labelled)
	require.ErrorContains(t, err, "g.off: want a cloud with a label for each point, got a file of format off")
	require.NoError(t, os.Remove(filepath.Join(dir, "g.off")))

	s, err := dataset.Open(dir, labelled)
	require.NoError(t, err)
	require.Equal(t, []string{"all"}, s.Classes)
	got := map[string][]int32{}
	for _, x := range s.Shapes {
		got[x.Name] = x.Labels
		require.Nil(t, x.Surface)
		require.Len(t, x.Labels, x.Cloud.Len())
	}
	require.Equal(t, map[string][]int32{
		"a.ply": {4, 5, 6}, "b.ply": {4, 5, 6}, "c.pcd": {7, 9}, "d.xyz": {1, 2, -1}, "e.csv": {3, -1, 2}, "f.npy": {3, 2, 1},
	}, got)
	require.Equal(t, []string{
		`1 of 6 files: labels are taken from the column "part"`,
		`1 of 6 files: labels are taken from the column "scalar_Classification"`,
		`1 of 6 files: labels are taken from the last column, which has no name and whole numbers alone`,
		`2 of 6 files: some points have labels below 0, or none: what they are is not known`,
		`1 of 6 files: the column "class" is passed over, for labels are in "part"`,
	}, []string{s.Notes[0], s.Notes[1], s.Notes[2], s.Notes[3], s.Notes[4]}[:len(s.Notes)])

	// Without being asked for there are none, and folders are wanted.
	_, err = dataset.Open(dir, dataset.Options{})
	require.ErrorContains(t, err, "want folders of classes with files in them")
}

func TestLabelsOfPointsRefuse(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"none":     {"a.xyz", "0 0 0\n", `want a column of labels, such as "label", got none`},
		"others":   {"a.csv", "x,y,z,red,green\n0,0,0,1,2\n", `want a column of labels, such as "label", got "red", "green"`},
		"half":     {"a.csv", "x,y,z,label\n0,0,0,1\n0,0,0,1.5\n", `column "label": want whole numbers up to 65535 for labels, got 1.5 for point 1`},
		"large":    {"a.csv", "x,y,z,label\n0,0,0,65536\n", "got 65536 for point 0"},
		"unnamed":  {"a.xyz", "0 0 0 0.5 0.25\n", `want a column of labels, such as "label", got "4", "5"`},
		"a list":   {"a.ply", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nproperty list uchar int label\nend_header\n0 0 0 2 1 1\n", "want a label for each of 1 points, got 0"},
		"no array": {"a.npy", "", "a.npy"},
	} {
		dir := t.TempDir()
		put(t, dir, "chair/"+c.file, c.text)
		_, err := dataset.Open(dir, labelled)
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, filepath.Join("chair", c.file), name)
		require.Equal(t, 1, strings.Count(err.Error(), c.file), "%s: %v", name, err)
	}
	dir := t.TempDir()
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "a.npy"), make([]float32, 6), 2, 3))
	_, err := dataset.Open(dir, labelled)
	require.ErrorContains(t, err, "want labels of the points in a.label.npy beside it")
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "a.label.npy"), make([]int16, 3)))
	_, err = dataset.Open(dir, labelled)
	require.ErrorContains(t, err, "a.label.npy: want a label for each of 2 points, got an array of shape [3]")
}

// ShapeNetPart gives the part of each point in its seventh column, and says what is
// to train with.
func TestShapeNetPartLabels(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "synsetoffset2category.txt", "Airplane\t02691156\nMug\t03797390\n")
	put(t, dir, "train_test_split/shuffled_train_file_list.json", `["shape_data/02691156/a1", "shape_data/03797390/m1"]`)
	put(t, dir, "train_test_split/shuffled_val_file_list.json", `[]`)
	put(t, dir, "train_test_split/shuffled_test_file_list.json", `["shape_data/03797390/m2"]`)
	for name, part := range map[string]int{"02691156/a1": 1, "03797390/m1": 36, "03797390/m2": 37} {
		put(t, dir, name+".txt", strings.Repeat(fmt.Sprintf("0.25 0.5 0.125 0 0 1 %d.000000\n", part), 4))
	}
	s, err := dataset.Open(dir, labelled)
	require.NoError(t, err)
	require.Equal(t, []string{"Airplane", "Mug"}, s.Classes)
	assert.Empty(t, s.Notes)
	for i, want := range []int32{1, 36, 37} {
		require.Equal(t, []int32{want, want, want, want}, s.Shapes[i].Labels)
		require.Len(t, s.Shapes[i].Cloud.Normals, 4)
	}
	require.Equal(t, dataset.Test, s.Shapes[2].Part)
}

// Arrays may have labels of points beside those of shapes, or instead.
func TestLabelsOfArrays(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, values []int32, shape ...int) {
		require.NoError(t, npy.WriteFile(filepath.Join(dir, name), values, shape...))
	}
	write("train.data.npy", make([]int32, 2*3*3), 2, 3, 3)
	write("train.label.npy", []int32{1, 0}, 2)
	_, err := dataset.Open(dir, labelled)
	require.ErrorContains(t, err, "train.label.npy: want a label for each of 3 points of 2 shapes, got an array of shape [2]")
	write("train.pid.npy", []int32{0, 1, 2, 3, -1, 5}, 2, 3)
	s, err := dataset.Open(dir, labelled)
	require.NoError(t, err)
	require.Equal(t, []string{"0", "1"}, s.Classes)
	require.Equal(t, [][]int32{{0, 1, 2}, {3, -1, 5}}, [][]int32{s.Shapes[0].Labels, s.Shapes[1].Labels})
	require.Equal(t, 1, s.Shapes[0].Class)

	require.NoError(t, os.Remove(filepath.Join(dir, "train.pid.npy")))
	write("train.label.npy", []int32{0, 1, 2, 3, 4, 5}, 2, 3)
	s, err = dataset.Open(dir, labelled)
	require.NoError(t, err)
	require.Equal(t, []string{"all"}, s.Classes)
	require.Equal(t, []int32{3, 4, 5}, s.Shapes[1].Labels)
	write("test.data.npy", make([]int32, 3*3), 1, 3, 3)
	write("test.label.npy", []int32{1}, 1)
	write("test.seg.npy", []int32{0, 1, 70000}, 1, 3)
	_, err = dataset.Open(dir, labelled)
	require.ErrorContains(t, err, "got 70000 for point 2")
	write("test.seg.npy", []int32{0, 1, 1}, 1, 3)
	_, err = dataset.Open(dir, labelled)
	require.ErrorContains(t, err, "want labels of points in all arrays label.npy or in none, got both")
}

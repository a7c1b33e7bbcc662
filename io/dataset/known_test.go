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
)

// tree makes a folder of files: text, meshes and arrays.
func tree(t *testing.T, files map[string]any) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		put(t, dir, name, content)
	}
	return dir
}

// rows returns lines of points with normals, with more after them if wanted.
func rows(n int, more string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d,%d,0.5,0,0.6,0.8%s\n", i, -i, more)
	}
	return b.String()
}

var infinite = float32(math.Inf(1))

const obj = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"

func TestOpenKnown(t *testing.T) {
	blank := strings.NewReplacer(",", " ")
	taxonomy := `[{"synsetId": "02691156", "name": "airplane,aeroplane,plane", "children": ["02690373"], "numInstances": 4045},
		{"synsetId": "02690373", "name": "airliner"}, {"synsetId": "03001627", "name": "chair"}, {"synsetId": "02738535", "name": "chair,armchair"}]`
	for name, c := range map[string]struct {
		files map[string]any
		want  []string
	}{
		"ModelNet40": {
			map[string]any{"night_stand/train/night_stand_0001.off": "OFF3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", "night_stand/test/night_stand_0201.off": "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n",
				"metadata_modelnet40.csv": "a,b\n", "README.txt": "hello"},
			[]string{"night_stand test night_stand/test/night_stand_0201.off", "night_stand train night_stand/train/night_stand_0001.off"},
		},
		"modelnet40_normal_resampled": {
			map[string]any{"night_stand/night_stand_0001.txt": rows(3, ""), "night_stand/night_stand_0201.txt": rows(4, ""), "bed/bed_0001.txt": rows(5, ""), "bed/bed_0007.txt": rows(5, ""),
				"modelnet40_shape_names.txt": "bed\nnight_stand\n", "modelnet40_train.txt": "night_stand_0001\r\nbed_0001\r\n", "modelnet40_test.txt": "night_stand_0201\n\n",
				"modelnet10_train.txt": "bed_0001\n", "modelnet10_test.txt": "", "filelist.txt": "bed/bed_0001.txt\n"},
			[]string{"night_stand train night_stand/night_stand_0001.txt", "bed train bed/bed_0001.txt", "night_stand test night_stand/night_stand_0201.txt"},
		},
		"modelnet10 alone": {
			map[string]any{"bed/bed_0001.txt": rows(3, ""), "modelnet10_train.txt": "bed_0001\n"},
			[]string{"bed train bed/bed_0001.txt"},
		},
		"ShapeNetPart": {
			map[string]any{"02691156/1a.txt": blank.Replace(rows(3, ",0.000000")), "03001627/2b.txt": blank.Replace(rows(4, ",12.000000")), "03001627/3c.txt": blank.Replace(rows(2, ",13")), "03001627/4d.txt": "unlisted",
				"synsetoffset2category.txt":                      "Airplane\t02691156\nBag\t02773838\nChair\t03001627\n",
				"train_test_split/shuffled_train_file_list.json": `["shape_data/03001627/2b", "shape_data/02691156/1a"]`,
				"train_test_split/shuffled_val_file_list.json":   `["shape_data/03001627/3c"]`,
				"train_test_split/shuffled_test_file_list.json":  `[]`},
			[]string{"Chair train 03001627/2b.txt", "Airplane train 02691156/1a.txt", "Chair val 03001627/3c.txt"},
		},
		"ShapeNetPart without lists": {
			map[string]any{"02691156/1a.txt": rows(3, ""), "02954340/2b.txt": rows(3, ""), "synsetoffset2category.txt": "Airplane\t02691156\n"},
			[]string{"Airplane  02691156/1a.txt", "02954340  02954340/2b.txt"},
		},
		"ShapeNetCore": {
			map[string]any{"02691156/1a/models/model_normalized.obj": obj, "02691156/1a/models/model_normalized.mtl": "", "02691156/1a/models/model_normalized.json": "{}", "02691156/1a/images/texture0.jpg": "",
				"03001627/2b/models/model_normalized.obj": obj, "02738535/3c/models/model_normalized.obj": obj, "99999999/4d/models/model_normalized.obj": obj, "taxonomy.json": taxonomy},
			[]string{"airplane  02691156/1a/models/model_normalized.obj", "02738535  02738535/3c/models/model_normalized.obj",
				"03001627  03001627/2b/models/model_normalized.obj", "99999999  99999999/4d/models/model_normalized.obj"},
		},
		"arrays": {
			map[string]any{"ply_data_train0.data.npy": count(2, 4, 3), "ply_data_train0.label.npy": array{[]float32{2, 0}, []int{2, 1}},
				"ply_data_test0.data.npy": count(1, 4, 3), "ply_data_test0.label.npy": array{[]float32{2}, []int{1}},
				"ply_data_test0.faceId.npy": count(1, 7), "shape_names.txt": "airplane\nbathtub\nbed\n", "train_files.txt": "x"},
			[]string{"bed test ply_data_test0.data.npy row 0", "bed train ply_data_train0.data.npy row 0", "airplane train ply_data_train0.data.npy row 1"},
		},
		"arrays without names": {
			map[string]any{"training_objectdataset.data.npy": count(2, 4, 3), "training_objectdataset.label.npy": array{[]float32{14, 2}, []int{2}}},
			[]string{"14 train training_objectdataset.data.npy row 0", "02 train training_objectdataset.data.npy row 1"},
		},
		"one array": {
			map[string]any{"data.npy": count(1, 4, 6), "label.npy": array{[]float32{7}, []int{1}}},
			[]string{"7  data.npy row 0"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := dataset.Open(tree(t, c.files), dataset.Options{})
			require.NoError(t, err)
			assert.Equal(t, c.want, list(s))
			assert.IsIncreasing(t, append([]string{""}, s.Classes...))
			for _, x := range s.Shapes {
				points := x.Points(5, seeded(1))
				assert.NoError(t, points.Validate())
			}
		})
	}
}

// Surfaces and rows have normals, and arrays those beside them.
func TestOpenNormals(t *testing.T) {
	dir := tree(t, map[string]any{"a/a.off": "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", "a/b.xyz": rows(3, "")})
	s, err := dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Equal(t, [3]float32{0, 0, 1}, s.Shapes[0].Points(3, seeded(1)).Normals[2])
	assert.Equal(t, [3]float32{0, 0.6, 0.8}, s.Shapes[1].Points(3, seeded(1)).Normals[2])

	dir = tree(t, map[string]any{"data.npy": count(2, 2, 3), "label.npy": array{[]float32{0, 1}, []int{2}}, "normal.npy": count(2, 2, 3)})
	s, err = dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Equal(t, [][3]float32{{6, 7, 8}, {9, 10, 11}}, s.Shapes[1].Cloud.Normals)
	assert.Equal(t, s.Shapes[1].Cloud.Points, s.Shapes[1].Cloud.Normals)
}

func TestOpenKnownRefuses(t *testing.T) {
	labels := func(values ...float32) array { return array{values, []int{len(values)}} }
	for name, c := range map[string]struct {
		files map[string]any
		want  string
	}{
		"missing file":      {map[string]any{"modelnet40_train.txt": "bed_0001\nbed_0002\n", "bed/bed_0002.txt": rows(3, "")}, "1 of 2 files cannot be read:\n\tdataset: shape: stat DIR/bed/bed_0001.txt: no such file"},
		"no number":         {map[string]any{"modelnet40_train.txt": "bed_0001\n\nbed\n"}, `DIR/modelnet40_train.txt: line 3: want a name such as chair_0001, got "bed"`},
		"out of the folder": {map[string]any{"modelnet40_test.txt": "../bed_0001\n"}, `line 1: want a name such as chair_0001, got "../bed_0001"`},
		"dots":              {map[string]any{"modelnet40_test.txt": ".._0001\n", "bed/a.txt": rows(3, "")}, `line 1: want a name such as chair_0001, got ".._0001"`},
		"no list":           {map[string]any{"synsetoffset2category.txt": "", "train_test_split/shuffled_val_file_list.json": `{}`}, "DIR/train_test_split/shuffled_val_file_list.json: json: cannot unmarshal object"},
		"list of others":    {map[string]any{"synsetoffset2category.txt": "", "train_test_split/shuffled_val_file_list.json": `["shape_data/../x"]`}, `want names such as shape_data/03001627/1a2b, got "shape_data/../x"`},
		"list of odd names": {map[string]any{"synsetoffset2category.txt": "", "train_test_split/shuffled_val_file_list.json": `["shape_data/1/a\\b"]`}, `got "shape_data/1/a\\b"`},
		"bare list":         {map[string]any{"synsetoffset2category.txt": "", "train_test_split/shuffled_val_file_list.json": `["x"]`}, `got "x"`},
		"categories":        {map[string]any{"synsetoffset2category.txt": "Air plane 02691156\n"}, `DIR/synsetoffset2category.txt: line 1: want a name and the number of its synset, got "Air plane 02691156"`},
		"taxonomy":          {map[string]any{"taxonomy.json": "[", "1/a.obj": obj}, "DIR/taxonomy.json: unexpected end of JSON input"},
		"no labels":         {map[string]any{"a.data.npy": count(2, 2, 3)}, "npy: stat DIR/a.label.npy: no such file"},
		"few labels":        {map[string]any{"data.npy": count(2, 2, 3), "label.npy": labels(1)}, "DIR/label.npy: want a label for each of 2 shapes, got an array of shape [1]"},
		"labels of points":  {map[string]any{"data.npy": count(2, 2, 3), "label.npy": count(2, 2)}, "got an array of shape [2 2]"},
		"half a label":      {map[string]any{"data.npy": count(2, 2, 3), "label.npy": labels(1, 0.5)}, "DIR/label.npy: npy: value 1 of type <f4: want a whole number"},
		"negative label":    {map[string]any{"data.npy": count(2, 2, 3), "label.npy": labels(0, -1)}, "DIR/label.npy: want labels from 0, got -1 for shape 1"},
		"nameless label":    {map[string]any{"data.npy": count(2, 2, 3), "label.npy": labels(0, 1), "shape_names.txt": "a\n"}, "DIR/shape_names.txt: want a name for the label 1 of shape 1, got 1 names"},
		"flat array":        {map[string]any{"data.npy": count(2, 3), "label.npy": labels(0, 1)}, "DIR/data.npy: want an array of shape [shapes, points, 3]"},
		"infinite":          {map[string]any{"data.npy": array{[]float32{0, 0, infinite}, []int{1, 1, 3}}, "label.npy": labels(0)}, "DIR/data.npy: row 0: pointcloud: point 0: want finite coordinates"},
		"few normals":       {map[string]any{"data.npy": count(1, 2, 3), "label.npy": labels(0), "normal.npy": count(1, 1, 3)}, "DIR/normal.npy: want normals of shape [1 2 3], got [1 1 3]"},
		"infinite normals":  {map[string]any{"data.npy": count(1, 1, 3), "label.npy": labels(0), "normal.npy": array{[]float32{0, 0, infinite}, []int{1, 1, 3}}}, "DIR/normal.npy: row 0: pointcloud: point 0"},
		"HDF5":              {map[string]any{"ply_data_test0.h5": "x"}, "got none; examples/h5tonpy makes arrays of HDF5 files, such as ply_data_test0.h5"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, c.files)
			_, err := dataset.Open(dir, dataset.Options{})
			require.Error(t, err)
			assert.Contains(t, strings.ReplaceAll(err.Error(), dir, "DIR"), c.want)
			assert.True(t, strings.HasPrefix(err.Error(), "dataset: "), "%v", err)
		})
	}
}

func TestOpenArraysMemory(t *testing.T) {
	dir := tree(t, map[string]any{"a.data.npy": count(2, 5, 3), "a.label.npy": count(2), "b.data.npy": count(2, 5, 3), "b.label.npy": count(2)})
	const all = 2 * 2 * 5 * 12
	_, err := dataset.Open(dir, dataset.Options{MostBytes: all})
	assert.NoError(t, err)
	_, err = dataset.Open(dir, dataset.Options{MostBytes: all - 1})
	assert.EqualError(t, err, "dataset: "+dir+": want arrays that take at most 239 bytes as points (Options.MostBytes), got more")
	_, err = dataset.Open(dir, dataset.Options{MostBytes: 10})
	assert.ErrorContains(t, err, filepath.Join(dir, "a.data.npy"))
}

// A list is not read for ever.
func TestOpenHugeList(t *testing.T) {
	dir := tree(t, map[string]any{"modelnet40_train.txt": "x"})
	require.NoError(t, os.Truncate(filepath.Join(dir, "modelnet40_train.txt"), 1<<40))
	_, err := dataset.Open(dir, dataset.Options{})
	assert.ErrorContains(t, err, "modelnet40_train.txt: want a list of at most ")
}

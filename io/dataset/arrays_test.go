package dataset_test

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
	"setwise/io/npy"
)

// labels is an array of labels.
func labels(values ...float32) array { return array{values, []int{len(values)}} }

// Arrays in the folders of the parts are read together, with the same classes.
func TestOpenArraysInParts(t *testing.T) {
	files := map[string]any{"Train/data.npy": count(2, 2, 3), "Train/label.npy": labels(10, 2), "test/data.npy": count(1, 2, 3), "test/label.npy": labels(2),
		"validation/a.data.npy": count(1, 1, 3), "validation/a.label.npy": labels(10)}
	with := func(more map[string]any) map[string]any {
		all := map[string]any{}
		for _, m := range []map[string]any{files, more} {
			for name, content := range m {
				all[name] = content
			}
		}
		return all
	}
	eleven := "x\nb\ncup\nd\ne\nf\ng\nh\ni\nj\nbowl\n"
	for name, c := range map[string]struct {
		files       map[string]any
		want, notes []string
	}{
		"numbers": {files, []string{"10 train Train/data.npy row 0", "02 train Train/data.npy row 1", "02 test test/data.npy row 0", "10 val validation/a.data.npy row 0"}, nil},
		"names above": {with(map[string]any{"shape_names.txt": "\ufeff" + eleven}),
			[]string{"bowl train Train/data.npy row 0", "cup train Train/data.npy row 1", "cup test test/data.npy row 0", "bowl val validation/a.data.npy row 0"}, nil},
		"names within": {with(map[string]any{"Train/shape_names.txt": eleven, "test/shape_names.txt": eleven + "\n\n"}),
			[]string{"bowl train Train/data.npy row 0", "cup train Train/data.npy row 1", "cup test test/data.npy row 0", "bowl val validation/a.data.npy row 0"}, nil},
		"other folders": {with(map[string]any{"cup/a.stl": wedge(1), ".git/x": "", "val/notes.txt": ""}),
			[]string{"10 train Train/data.npy row 0", "02 train Train/data.npy row 1", "02 test test/data.npy row 0", "10 val validation/a.data.npy row 0"},
			[]string{`DIR: arrays are read, folders beside them are not: ["cup" "val"]`}},
		"a class of the test part alone": {with(map[string]any{"test/label.npy": labels(7)}),
			[]string{"10 train Train/data.npy row 0", "02 train Train/data.npy row 1", "07 test test/data.npy row 0", "10 val validation/a.data.npy row 0"},
			[]string{`classes without a shape to train with: ["07"]`}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, c.files)
			s, err := dataset.Open(dir, dataset.Options{})
			require.NoError(t, err)
			assert.Equal(t, c.want, list(s))
			for i := range s.Notes {
				s.Notes[i] = strings.ReplaceAll(s.Notes[i], dir, "DIR")
			}
			assert.Equal(t, c.notes, s.Notes)
			train, test, err := s.Split(0, nil)
			require.NoError(t, err)
			assert.Equal(t, []int{2, 1}, []int{len(train), len(test)})
		})
	}
	for name, c := range map[string]struct {
		files map[string]any
		want  string
	}{
		"both levels":    {map[string]any{"data.npy": count(1, 2, 3), "label.npy": labels(1)}, `DIR: want arrays in the folder, or in folders of its parts, got both: ["Train" "test" "validation"]`},
		"two parts":      {map[string]any{"Train/test.data.npy": count(1, 2, 3)}, "DIR: Train/test.data.npy: want one part, got test in train"},
		"no labels":      {map[string]any{"test/b.data.npy": count(1, 2, 3)}, "DIR/test/b.label.npy: no such file"},
		"other names":    {map[string]any{"Train/shape_names.txt": eleven, "test/shape_names.txt": "y" + eleven}, "DIR/test/shape_names.txt: want the names of DIR/Train/shape_names.txt, in the same order, got others"},
		"a name twice":   {map[string]any{"shape_names.txt": "a\nb\na\n"}, `DIR/shape_names.txt: line 3: want a name for each class, got "a" of line 1 again`},
		"no name":        {map[string]any{"shape_names.txt": strings.Replace(eleven, "cup", "", 1)}, "DIR/shape_names.txt: want a name for the label 2 of shape 1, got 11 names"},
		"a long name":    {map[string]any{"shape_names.txt": strings.Replace(eleven, "cup", strings.Repeat("y", 1025), 1)}, `DIR: want names of classes of at most 1024 bytes, got 1025 that begin with "yyyy`},
		"normals in one": {map[string]any{"test/data.npy": withNormals(1, 2)}, "DIR: want normals in all arrays or in none, got Train/data.npy and test/data.npy"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, with(c.files))
			_, err := dataset.Open(dir, dataset.Options{})
			require.Error(t, err)
			assert.Contains(t, strings.ReplaceAll(err.Error(), dir, "DIR"), c.want)
		})
	}
}

// Whether rows of 6 have normals is decided for a whole array, and said.
func TestOpenColours(t *testing.T) {
	colours := withNormals(3, 4)
	copy(colours.values[3:], []float32{1, 1, 1}) // of one point of the first shape
	const note = "DIR/data.npy: columns 4 to 6 are passed over: they are no normals, whose length is 1; colours?"
	for name, c := range map[string]struct {
		data    array
		more    map[string]any
		normals bool
		notes   []string
	}{
		"normals":             {withNormals(3, 4), nil, true, nil},
		"colours":             {colours, nil, false, []string{note}},
		"zeros":               {array{make([]float32, 3*4*6), []int{3, 4, 6}}, nil, false, []string{note}},
		"colours and normals": {colours, map[string]any{"normal.npy": count(3, 4, 3)}, true, []string{"DIR/data.npy: columns 4 to 6 are passed over, for normals are in normal.npy"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]any{"data.npy": c.data, "label.npy": labels(0, 1, 0)}
			for name, content := range c.more {
				files[name] = content
			}
			dir := tree(t, files)
			s, err := dataset.Open(dir, dataset.Options{})
			require.NoError(t, err)
			table := c.more == nil
			for i := range s.Notes {
				s.Notes[i] = strings.ReplaceAll(s.Notes[i], dir, "DIR")
			}
			assert.Equal(t, c.notes, s.Notes)
			for _, x := range s.Shapes {
				assert.Equal(t, c.normals, x.Cloud.Normals != nil)
			}
			if !table {
				return
			}
			put(t, dir, "t.csv", "k\na\nb\na\n")
			s, err = dataset.OpenTable(filepath.Join(dir, "data.npy"), filepath.Join(dir, "t.csv"), dataset.TableOptions{Label: "k", Top: 1})
			require.NoError(t, err)
			assert.Len(t, s.Notes, len(c.notes)+1, "and how many are kept")
			for _, x := range s.Shapes {
				assert.Equal(t, c.normals, x.Cloud.Normals != nil)
			}
		})
	}
}

// Labels are any whole numbers from 0, and not too many classes.
func TestOpenLabels(t *testing.T) {
	nan := float32(math.NaN())
	dir := tree(t, map[string]any{"data.npy": count(2, 1, 3), "label.npy": labels(0, 1<<40)})
	s, err := dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Equal(t, []string{"0000000000000", "1099511627776"}, s.Classes)

	for want, values := range map[string][]float32{
		"label.npy: npy: value 1 of type <f4: want a whole number that int64 holds, got NaN":  {0, nan},
		"label.npy: npy: value 1 of type <f4: want a whole number that int64 holds, got +Inf": {0, float32(math.Inf(1))},
		"label.npy: npy: value 0 of type <f4: want a whole number that int64 holds, got 1.0":  {1e30, 0},
		"label.npy: want labels from 0, got -1 for shape 1":                                   {0, -1},
	} {
		put(t, dir, "label.npy", labels(values...))
		_, err := dataset.Open(dir, dataset.Options{})
		assert.ErrorContains(t, err, want)
	}
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "label.npy"), []uint64{0, 1 << 63}))
	_, err = dataset.Open(dir, dataset.Options{})
	assert.ErrorContains(t, err, "want a whole number that int64 holds, got 9223372036854775808")

	many := count(1<<16 + 1)
	dir = tree(t, map[string]any{"data.npy": count(1<<16+1, 1, 3), "label.npy": many})
	_, err = dataset.Open(dir, dataset.Options{})
	assert.ErrorContains(t, err, dir+`: want at most 65536 classes, got 65537: ["00000" "00001"`)
	assert.Less(t, len(err.Error()), 500)
}

package dataset

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"setwise/internal/parallel"
	"setwise/io/npy"
	"setwise/io/shape"
	"setwise/pointcloud"
)

// Names of files in a folder of arrays, perhaps after a word and a point.
const (
	dataEnd    = "data.npy"
	labelEnd   = "label.npy"
	normalEnd  = "normal.npy"
	shapeNames = "shape_names.txt"
)

// findArrays returns the beginnings of the names of the arrays in a folder, in
// order: "a." for a.data.npy and "" for data.npy.
func findArrays(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var stems []string
	for _, e := range entries {
		if stem, ok := strings.CutSuffix(e.Name(), dataEnd); ok && (stem == "" || strings.HasSuffix(stem, ".")) {
			stems = append(stems, stem)
		}
	}
	return stems, nil
}

// openArrays reads a folder of arrays.
func openArrays(dir string, stems []string, o Options) (*Set, error) {
	out := &Set{}
	var labels []int64
	var taken int64
	for _, stem := range stems {
		shapes, own, err := openPair(dir, stem, o)
		if err != nil {
			return nil, err
		}
		for i := range shapes {
			shapes[i].Name = fmt.Sprintf("%s%s row %d", stem, dataEnd, i)
			shapes[i].Part = partIn(stem)
			taken += shapes[i].bytes()
		}
		if taken > o.most() {
			return nil, fmt.Errorf("%s: want arrays that take at most %d bytes as points (Options.Memory), got more", dir, o.most())
		}
		out.Shapes = append(out.Shapes, shapes...)
		labels = append(labels, own...)
	}
	called, err := callLabels(labels, filepath.Join(dir, shapeNames))
	if err != nil {
		return nil, err
	}
	out.Classes = slices.Clone(called)
	out.number(called)
	return out, nil
}

// openPair reads the shapes of one array, and the labels beside it.
func openPair(dir, stem string, o Options) ([]Shape, []int64, error) {
	limits := npy.Limits{MaxBytes: max(o.Memory, 0)}
	data := filepath.Join(dir, stem+dataEnd)
	a, err := openClouds(data, limits)
	if err != nil {
		return nil, nil, err
	}
	name := filepath.Join(dir, stem+labelEnd)
	l, err := npy.Open(name, limits)
	if err != nil {
		return nil, nil, err
	}
	n := a.Shape[0]
	if !slices.Equal(l.Shape, []int{n}) && !slices.Equal(l.Shape, []int{n, 1}) {
		return nil, nil, fmt.Errorf("%s: want a label for each of %d shapes, got an array of shape %v", name, n, l.Shape)
	}
	labels, err := l.Int64s()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	shapes, rows := make([]Shape, n), make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	if err := fill(shapes, a, rows, data); err != nil {
		return nil, nil, err
	}
	name = filepath.Join(dir, stem+normalEnd)
	if _, err := os.Stat(name); err != nil {
		return shapes, labels, nil
	}
	normals, err := openClouds(name, limits)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Equal(normals.Shape, a.Shape) || a.Shape[2] != 3 {
		return nil, nil, fmt.Errorf("%s: want normals for %v, got an array of shape %v", name, a.Shape, normals.Shape)
	}
	directions := make([]Shape, n)
	if err := fill(directions, normals, rows, name); err != nil {
		return nil, nil, err
	}
	for i := range shapes {
		shapes[i].Cloud.Normals = directions[i].Cloud.WithOrigin([3]float64{}).Points
	}
	return shapes, labels, nil
}

// openClouds opens an array of clouds.
func openClouds(name string, l npy.Limits) (*npy.Array, error) {
	a, err := npy.Open(name, l)
	if err != nil {
		return nil, err
	}
	if len(a.Shape) != 3 || a.Shape[2] != 3 && a.Shape[2] != 6 || a.Shape[0] == 0 || a.Shape[1] == 0 {
		return nil, fmt.Errorf("%s: want an array of shape [shapes, points, 3] or [shapes, points, 6], got %v", name, a.Shape)
	}
	return a, nil
}

// fill gives shapes their clouds, each those of a row of an array of that name.
func fill(shapes []Shape, a *npy.Array, rows []int, name string) error {
	bad := make([]error, len(rows))
	parallel.Each(len(rows), func(i int) {
		var c pointcloud.Cloud
		if a.Wide() {
			c = shape.CloudOf(a.Rows64(rows[i], rows[i]+1), a.Shape[2])
		} else {
			c = shape.CloudOf(a.Rows(rows[i], rows[i]+1), a.Shape[2])
		}
		if err := c.Validate(); err != nil {
			bad[i] = fmt.Errorf("%s: row %d: %w", name, rows[i], err)
		}
		shapes[i].Cloud = c
	})
	return cmp.Or(bad...)
}

// callLabels returns the names of labels: those of the lines of a file, counted
// from 0, or if there is no such file the labels themselves.
func callLabels(labels []int64, file string) ([]string, error) {
	data, err := small(file)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range lineByLine(data) {
		names = append(names, name)
	}
	width := len(strconv.FormatInt(slices.Max(labels), 10))
	called := make([]string, len(labels))
	for i, label := range labels {
		switch {
		case label < 0:
			return nil, fmt.Errorf("%s: want labels from 0, got %d for shape %d", filepath.Dir(file), label, i)
		case data == nil:
			called[i] = fmt.Sprintf("%0*d", width, label)
		case label >= int64(len(names)):
			return nil, fmt.Errorf("%s: want a name for the label %d of shape %d, got %d names", file, label, i, len(names))
		default:
			called[i] = names[label]
		}
	}
	return called, nil
}

// partIn returns the part that a word of a name means, such as train in
// "ply_data_train0.", or "".
func partIn(name string) string {
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if part := partOf(word); part != "" {
			return part
		}
	}
	return ""
}

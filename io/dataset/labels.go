package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"setwise/io/npy"
)

// openLabels reads the labels of n shapes.
func openLabels(name string, n int, l npy.Limits) ([]int64, error) {
	a, err := npy.Open(name, l)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(a.Shape, []int{n}) && !slices.Equal(a.Shape, []int{n, 1}) {
		return nil, fmt.Errorf("%s: want a label for each of %d shapes, got an array of shape %v", name, n, a.Shape)
	}
	labels, err := a.Int64s()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i, label := range labels {
		if label < 0 {
			return nil, fmt.Errorf("%s: want labels from 0, got %d for shape %d", name, label, i)
		}
	}
	return labels, nil
}

// openParts gives n shapes, of as many points each, the labels of their points:
// pid.npy or seg.npy after the beginning of a name, or else label.npy, where it
// has labels of points and not of shapes.
func openParts(shapes []Item, stem string, points int, l npy.Limits) (each bool, err error) {
	for _, end := range []string{"pid.npy", "seg.npy", labelEnd} {
		name := stem + end
		if end == "pid.npy" || end == "seg.npy" {
			if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
				continue
			}
		}
		a, err := npy.Open(name, l)
		if err != nil {
			return false, err
		}
		if want := []int{len(shapes), points}; !slices.Equal(a.Shape, want) && !slices.Equal(a.Shape, append(want, 1)) {
			return false, fmt.Errorf("%s: want a label for each of %d points of %d shapes, got an array of shape %v", name, points, len(shapes), a.Shape)
		}
		for i := range shapes {
			row := columns{names: []string{labelNames[0]}, read: func(int) []float64 { return a.Rows64(i, i+1) }}
			if shapes[i].Labels, _, err = row.labels(points); err != nil {
				return false, fmt.Errorf("%s: shape %d: %w", name, i, err)
			}
		}
		return end == labelEnd, nil
	}
	return false, nil
}

// shapeNames is a file of names of classes, one in each line.
const shapeNames = "shape_names.txt"

// callLabels returns the names of labels: those of the lines of a file, counted
// from 0, or if there is no such file the labels themselves.
func callLabels(labels []int64, dir string, folders []string) ([]string, error) {
	file, names, err := findNames(dir, folders)
	if err != nil {
		return nil, err
	}
	width := len(strconv.FormatInt(slices.Max(labels), 10))
	called := make([]string, len(labels))
	for i, label := range labels {
		switch {
		case file == "":
			called[i] = fmt.Sprintf("%0*d", width, label)
		case label >= int64(len(names)) || names[label] == "":
			return nil, fmt.Errorf("%s: want a name for the label %d of shape %d, got %d names", file, label, i, len(names))
		default:
			called[i] = names[label]
		}
	}
	return called, nil
}

// findNames returns the names of classes that lie in a folder, or else in those of
// its parts, where all must be the same, and the file they are in.
func findNames(dir string, folders []string) (file string, names []string, err error) {
	for i, folder := range append([]string{""}, folders...) {
		name := filepath.Join(dir, folder, shapeNames)
		data, err := small(name)
		if err != nil {
			return "", nil, err
		}
		if data == nil {
			continue
		}
		own, err := namesIn(data)
		switch {
		case err != nil:
			return "", nil, fmt.Errorf("%s: %w", name, err)
		case i == 0:
			return name, own, nil
		case file != "" && !slices.Equal(own, names):
			return "", nil, fmt.Errorf("%s: want the names of %s, in the same order, got others", name, file)
		}
		file, names = name, own
	}
	return file, names, nil
}

// namesIn returns the names in the lines of a file. Blank lines are names of
// nothing, and are none at the end.
func namesIn(data []byte) (names []string, err error) {
	known := map[string]int{}
	for line := range bytes.Lines(data) {
		name := string(bytes.TrimSpace(line))
		if at, ok := known[name]; ok && name != "" {
			return nil, fmt.Errorf("line %d: want a name for each class, got %.40q of line %d again", len(names)+1, name, at)
		}
		names = append(names, name)
		known[name] = len(names)
	}
	for len(names) > 0 && strings.TrimSpace(names[len(names)-1]) == "" {
		names = names[:len(names)-1]
	}
	return names, nil
}

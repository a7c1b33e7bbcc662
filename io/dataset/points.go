package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"setwise/io/npy"
	"setwise/io/pcd"
	"setwise/io/ply"
	"setwise/io/shape"
	"setwise/io/xyz"
	"setwise/pointcloud"
)

// unsorted is the class of shapes in no folder of a class whose points have labels.
const unsorted = "all"

// mostLabel is the largest label of a point.
const mostLabel = 1<<16 - 1

// labelNames are names of columns of labels, the likeliest first.
var labelNames = []string{
	"label", "labels", "part", "class", "segment", "semantic", "classification", "scalar_label", "scalar_class", "scalar_classification",
}

// labelEnds are what the name of an array of labels has before .npy that the name
// of its points has not.
var labelEnds = []string{".label", ".labels", "_label", "_labels", ".seg", "_seg"}

// readLabelled reads a shape as the points of a file, with a label for each. It
// says what of it is a guess.
func readLabelled(name string, most int64) (s Item, notes []string, err error) {
	file, err := shape.Open(name, limits(most))
	if err != nil {
		return Item{}, nil, fmt.Errorf("dataset: %w", err)
	}
	s = Item{Name: name, Cloud: file.Cloud}
	c := columns{kept: file.Cloud.Len()}
	switch l := limits(most); file.Format {
	case shape.PLY:
		s.Cloud, c, err = plyLabels(name, l)
	case shape.PCD:
		s.Cloud, c, err = pcdLabels(name, l)
	case shape.XYZ:
		s.Cloud, c, err = xyzLabels(name, l)
	case shape.NPY:
		err = c.besides(name, npy.Limits{Bytes: max(most, 0)})
	case shape.NPZ:
		err = c.within(name, npy.Limits{Bytes: max(most, 0)})
	default:
		err = fmt.Errorf("want a cloud with a label for each point, got a file of format %s", file.Format)
	}
	if err == nil && s.Cloud.Len() == 0 {
		err = errors.New("want points, got none")
	}
	if err == nil {
		s.Labels, notes, err = c.labels(s.Cloud.Len())
	}
	if file.IsMesh() {
		notes = append(notes, "faces are passed over: the points are the vertices")
	}
	if taken := s.bytes(); err == nil && most > 0 && taken > most {
		err = fmt.Errorf("want a shape of at most %d bytes in memory, got %d", most, taken)
	}
	if err != nil {
		return Item{}, nil, fmt.Errorf("dataset: %s: %w", name, err)
	}
	return s, notes, nil
}

// columns are what a file has of each point besides coordinates.
type columns struct {
	kept  int // points
	names []string
	read  func(i int) []float64 // column i
	rows  []int                 // of the points that are kept; nil for all
	bare  bool                  // the file names no column: the last one may be labels
}

func plyLabels(name string, l shape.Limits) (pointcloud.Cloud, columns, error) {
	f, err := ply.OpenAll(name, l)
	if err != nil {
		return pointcloud.Cloud{}, columns{}, bare(name, err)
	}
	cloud, err := f.Cloud()
	var c columns
	if vertex := f.Element("vertex"); vertex != nil {
		for _, p := range vertex.Properties {
			c.names = append(c.names, p.Name)
		}
		c.read = func(i int) []float64 {
			if vertex.Properties[i].Offsets != nil {
				return nil // lists
			}
			return vertex.Properties[i].Float64s()
		}
	}
	return cloud, c, err
}

func pcdLabels(name string, l shape.Limits) (pointcloud.Cloud, columns, error) {
	f, err := pcd.OpenAll(name, l)
	if err != nil {
		return pointcloud.Cloud{}, columns{}, bare(name, err)
	}
	cloud, err := f.Cloud()
	var c columns
	for _, field := range f.Fields {
		c.names = append(c.names, field.Name)
	}
	c.read = func(i int) []float64 { return f.Fields[i].Float64s() }
	if n := f.Len(); err == nil && cloud.Len() < n { // those that are not finite are left out
		x, y, z := f.Field("x").Float32s(), f.Field("y").Float32s(), f.Field("z").Float32s()
		for i := range n {
			if sum := float64(x[i]) + float64(y[i]) + float64(z[i]); !math.IsNaN(sum) && !math.IsInf(sum, 0) {
				c.rows = append(c.rows, i)
			}
		}
	}
	return cloud, c, err
}

func xyzLabels(name string, l shape.Limits) (pointcloud.Cloud, columns, error) {
	t, err := xyz.OpenAll(name, l)
	if err != nil {
		return pointcloud.Cloud{}, columns{}, bare(name, err)
	}
	c := columns{bare: true}
	for i, column := range t.Columns {
		c.names = append(c.names, column.Name)
		c.bare = c.bare && strings.Trim(t.Columns[i].Name, "0123456789") == ""
	}
	c.read = func(i int) []float64 {
		out := make([]float64, len(t.Columns[i].Values))
		for k, x := range t.Columns[i].Values {
			out[k] = float64(x)
		}
		return out
	}
	return t.Cloud, c, nil
}

// bare returns an error without the name of the file at its beginning.
func bare(name string, err error) error {
	return errors.New(strings.TrimPrefix(err.Error(), name+": "))
}

// besides finds the labels of NAME.npy in an array beside it.
func (c *columns) besides(name string, l npy.Limits) error {
	stem, gz := strings.CutSuffix(name, ".gz")
	stem = strings.TrimSuffix(stem, filepath.Ext(stem))
	for _, end := range labelEnds {
		file := stem + end + ".npy"
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) && gz {
			file += ".gz"
		}
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		a, err := npy.Open(file, l)
		if err != nil {
			return err
		}
		return c.array(a, filepath.Base(file))
	}
	return fmt.Errorf("want labels of the points in %s.label.npy beside it, or with %s for .label, got none",
		filepath.Base(stem), strings.Join(labelEnds[1:], ", "))
}

// within finds the labels of an archive in an array of it.
func (c *columns) within(name string, l npy.Limits) error {
	shapes, _, err := npy.ZipShapes(name)
	if err != nil {
		return bare(name, err)
	}
	for _, label := range labelNames {
		if _, ok := shapes[label]; !ok {
			continue
		}
		arrays, err := npy.OpenZip(name, l, label)
		if err != nil {
			return bare(name, err)
		}
		return c.array(arrays[label], label)
	}
	return fmt.Errorf("want labels of the points in an array %q, got none of this name", "labels")
}

// array takes an array of labels as the only column.
func (c *columns) array(a *npy.Array, name string) error {
	if !slices.Equal(a.Shape, []int{c.kept}) && !slices.Equal(a.Shape, []int{c.kept, 1}) {
		return fmt.Errorf("%s: want a label for each of %d points, got an array of shape %v", name, c.kept, a.Shape)
	}
	c.names, c.read = []string{"label"}, func(int) []float64 { return a.Float64s() }
	return nil
}

// labels finds the column of labels, and returns those of n points.
func (c columns) labels(n int) (labels []int32, notes []string, err error) {
	at := -1
	for _, want := range labelNames {
		i := slices.IndexFunc(c.names, func(name string) bool { return strings.EqualFold(name, want) })
		if i >= 0 && at < 0 {
			at = i
			if want != labelNames[0] {
				notes = append(notes, fmt.Sprintf("labels are taken from the column %.40q", c.names[i]))
			}
		} else if i >= 0 {
			notes = append(notes, fmt.Sprintf("the column %.40q is passed over, for labels are in %.40q", c.names[i], c.names[at]))
		}
	}
	if at < 0 && c.bare && len(c.names) > 0 && !slices.ContainsFunc(c.read(len(c.names)-1), func(x float64) bool { return !whole(x) }) {
		at = len(c.names) - 1
		notes = append(notes, "labels are taken from the last column, which has no name and whole numbers alone")
	}
	if at < 0 {
		return nil, nil, fmt.Errorf("want a column of labels, such as %q, got %s", labelNames[0], cmp.Or(quoted(c.names), "none"))
	}
	values := c.read(at)
	if c.rows != nil {
		for i, row := range c.rows {
			values[i] = values[row]
		}
		values = values[:len(c.rows)]
	}
	if len(values) != n {
		return nil, nil, fmt.Errorf("column %.40q: want a label for each of %d points, got %d", c.names[at], n, len(values))
	}
	labels, unknown := make([]int32, n), 0
	for i, x := range values {
		switch {
		case math.IsNaN(x) || x < 0:
			labels[i] = -1
			unknown++
		case !whole(x) || x > mostLabel:
			return nil, nil, fmt.Errorf("column %.40q: want whole numbers up to %d for labels, got %v for point %d", c.names[at], mostLabel, x, i)
		default:
			labels[i] = int32(x)
		}
	}
	if unknown > 0 {
		notes = append(notes, "some points have labels below 0, or none: what they are is not known")
	}
	return labels, notes, nil
}

func whole(x float64) bool { return x == math.Trunc(x) }

// quoted lists the first names.
func quoted(names []string) string {
	const most = 10
	var out []string
	for _, name := range names[:min(len(names), most)] {
		out = append(out, fmt.Sprintf("%.40q", name))
	}
	if len(names) > most {
		out = append(out, "more")
	}
	return strings.Join(out, ", ")
}

// withoutLabels leaves out the names of arrays that hold the labels of others.
func withoutLabels(names []string) []string {
	all := map[string]bool{}
	for _, name := range names {
		all[strings.TrimSuffix(name, ".gz")] = true
	}
	return slices.DeleteFunc(names, func(name string) bool {
		stem, ok := strings.CutSuffix(strings.TrimSuffix(name, ".gz"), ".npy")
		return ok && slices.ContainsFunc(labelEnds, func(end string) bool {
			of, ok := strings.CutSuffix(stem, end)
			return ok && all[of+".npy"]
		})
	})
}

// tally counts equal notes of many files, and says of how many each is.
func tally(notes [][]string) []string {
	count := map[string]int{}
	for _, list := range notes {
		for _, note := range list {
			count[note]++
		}
	}
	var out []string
	for _, note := range slices.Sorted(maps.Keys(count)) {
		out = append(out, fmt.Sprintf("%d of %d files: %s", count[note], len(notes), note))
	}
	return out
}

package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"setwise/examples/internal/show"
	"setwise/io/dataset"
	"setwise/io/dataset/solids"
	"setwise/layers/classifier"
	"setwise/pointcloud"
)

// load returns the shapes that the options name, or solids without any, and
// tells notes what it passes over.
func load(o options, notes io.Writer) (s *dataset.Set, err error) {
	switch o.mode() {
	case onSolids:
		return makeSolids(o)
	case onArray:
		fmt.Fprintf(notes, "reading %s\n", show.Plain(o.data))
		s, err = dataset.OpenTable(o.data, o.table, dataset.TableOptions{Label: o.label, Split: o.split, Extra: o.extra, Top: o.top})
	default:
		s, err = openFolder(o, notes)
	}
	if err != nil {
		return nil, err
	}
	for _, note := range s.Notes {
		fmt.Fprintln(notes, show.Lines(note))
	}
	return s, nil
}

// openFolder reads a folder of files or arrays.
func openFolder(o options, notes io.Writer) (*dataset.Set, error) {
	if info, err := os.Stat(o.data); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("-data %s: want a folder, or an array whose name ends in .npy or .npy.gz, got another file; -classify tells what shape is in it", o.data)
	}
	if below, err := filepath.Rel(absolute(o.data), absolute(o.out)); err == nil && below != "." && filepath.IsLocal(below) {
		return nil, fmt.Errorf("-out %s: want a folder outside of that of -data, where the next training would take it for a class, got one in %s", o.out, o.data)
	}
	fmt.Fprintf(notes, "reading %s\n", show.Plain(o.data))
	if arrays, _ := filepath.Glob(filepath.Join(o.data, "*data.npy")); o.skip && len(arrays) > 0 {
		return nil, fmt.Errorf("-skip: want a folder of files, got one of arrays, such as %s", arrays[0])
	}
	s, err := dataset.Open(o.data, dataset.Options{Skip: o.skip})
	if failed := (*dataset.FilesError)(nil); errors.As(err, &failed) && len(failed.Errors) < failed.Of {
		return nil, fmt.Errorf("%w\n-skip passes over them", err)
	}
	if err != nil {
		return nil, err
	}
	tellSkipped(s, notes)
	return s, nil
}

// absolute returns a name as it is from the root, or as it stands if that is not
// known.
func absolute(name string) string {
	if full, err := filepath.Abs(name); err == nil {
		return full
	}
	return name
}

// makeSolids makes shapes without a file.
func makeSolids(o options) (*dataset.Set, error) {
	made, err := solids.Make(solids.Options{Train: o.solids, Test: max(o.solids/5, 1)}, rand.New(rand.NewPCG(o.seed, 1)))
	if err != nil {
		return nil, err
	}
	s := &dataset.Set{Classes: solids.Classes()}
	for _, x := range made {
		surface, err := pointcloud.NewSurface(x.Mesh)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", x.Name, err)
		}
		s.Shapes = append(s.Shapes, dataset.Item{Name: x.Name, Class: slices.Index(s.Classes, x.Class), Part: x.Part, Surface: surface})
	}
	return s, nil
}

const mostTold = 10 // files in a list

// tellSkipped tells which files cannot be read.
func tellSkipped(s *dataset.Set, notes io.Writer) {
	n := len(s.Skipped)
	if n == 0 {
		return
	}
	fmt.Fprintf(notes, "passed over: %d of %s, which cannot be read:\n", n, show.Count(n+len(s.Shapes), "file"))
	for _, err := range s.Skipped[:min(mostTold, n)] {
		fmt.Fprintf(notes, "\t%s\n", show.Lines(err.Error()))
	}
	if n > mostTold {
		fmt.Fprintf(notes, "\tand %d more\n", n-mostTold)
	}
}

// around is how many of a point's nearest points tell its normal.
const around = 16

// prepare gives normals to the clouds that have none, and tells that and which
// clouds have fewer points than the model looks at.
func prepare(shapes []dataset.Item, points int, notes io.Writer) {
	bare, few, least := 0, 0, math.MaxInt
	for _, s := range shapes {
		if s.Surface != nil {
			continue
		}
		if s.Cloud.Normals == nil {
			bare++
		}
		if n := s.Cloud.Len(); n < points {
			few, least = few+1, min(least, n)
		}
	}
	if few > 0 {
		fmt.Fprintf(notes, "%s fewer than %s, the least %d: the model looks at all of them\n", have(few, len(shapes)), show.Count(points, "point"), least)
	}
	if bare == 0 {
		return
	}
	fmt.Fprintf(notes, "%s no normals: they are estimated from the %d nearest points\n", have(bare, len(shapes)), around)
	for i, s := range shapes {
		if s.Surface == nil && s.Cloud.Normals == nil {
			shapes[i].Cloud = s.Cloud.WithNormals(around)
		}
	}
}

// have begins a sentence about some of all shapes.
func have(some, all int) string {
	verb := "have"
	if some == 1 {
		verb = "has"
	}
	return fmt.Sprintf("%d of %s %s", some, show.Count(all, "shape"), verb)
}

// A source gives points of a shape, of a cloud that has fewer all.
type source struct{ dataset.Item }

// Points implements [classifier.Source].
func (s source) Points(n int, rng *rand.Rand) pointcloud.Cloud {
	if s.Surface == nil {
		n = min(n, s.Cloud.Len())
	}
	return s.Item.Points(n, rng)
}

// example returns a shape as a classifier sees it.
func example(s dataset.Item) classifier.Example {
	return classifier.Example{Source: source{s}, Extra: s.Extra}
}

// examples returns shapes as a classifier sees them.
func examples(shapes []dataset.Item) []classifier.Example {
	out := make([]classifier.Example, len(shapes))
	for i, s := range shapes {
		out[i] = example(s)
	}
	return out
}

// labelled returns shapes as a classifier learns them.
func labelled(shapes []dataset.Item) []classifier.Labelled {
	out := make([]classifier.Labelled, len(shapes))
	for i, s := range shapes {
		out[i] = classifier.Labelled{Example: example(s), Class: s.Class}
	}
	return out
}

// newFeatures returns features for a model that learns from these shapes.
func newFeatures(o options, columns []string, known []dataset.Item) classifier.Features {
	var rows [][]float64
	var squares, n float64
	for _, s := range known {
		rows = append(rows, s.Extra)
		for i := range s.Cloud.Points {
			for _, x := range s.Cloud.Place(i) {
				squares, n = squares+float64(x*x), n+1
			}
		}
	}
	f := classifier.Features{Points: o.points, Columns: columns, Scaler: classifier.NewScaler(rows), Unit: 1, Turn: o.turn}
	if squares > 0 {
		f.Unit = math.Sqrt(squares / n)
	}
	return f
}

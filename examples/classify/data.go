package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"setwise/examples/internal/show"
	"setwise/io/dataset"
	"setwise/io/dataset/solids"
	"setwise/layers/classifier"
	"setwise/pointcloud"
)

// load returns the shapes that the options name, or solids without any, and
// tells notes what it passes over.
func load(o options, notes io.Writer) (*dataset.Set, error) {
	switch o.mode() {
	case onSolids:
		return makeSolids(o)
	case onArray:
		fmt.Fprintf(notes, "reading %s\n", show.Plain(o.data))
		return dataset.OpenTable(o.data, o.table, dataset.TableOptions{Label: o.label, Split: o.split, Extra: o.extra, Top: o.top})
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
	return s, tellIgnored(o.data, s, notes)
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
	fmt.Fprintf(notes, "passed over: %d of %d files, which cannot be read:\n", n, n+len(s.Shapes))
	for _, err := range s.Skipped[:min(mostTold, n)] {
		fmt.Fprintf(notes, "\t%s\n", show.Lines(err.Error()))
	}
	if n > mostTold {
		fmt.Fprintf(notes, "\tand %d more\n", n-mostTold)
	}
}

// tellIgnored tells how many files below a folder are no shapes of the set, by
// the ends of their names.
func tellIgnored(dir string, s *dataset.Set, notes io.Writer) error {
	if len(s.Shapes) > 0 && strings.Contains(s.Shapes[0].Name, "data.npy row ") {
		return nil // arrays, whose folder may hold anything
	}
	used := map[string]bool{}
	for _, x := range s.Shapes {
		used[x.Name] = true
	}
	ends, all, first := map[string]int{}, 0, ""
	err := filepath.WalkDir(dir+string(filepath.Separator), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		below, err := filepath.Rel(dir, name)
		if below = filepath.ToSlash(below); err != nil || used[below] || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		if all++; first == "" {
			first = below
		}
		ends[cmp.Or(path.Ext(below), "no ending")]++
		return nil
	})
	if all -= len(s.Skipped); err != nil || all <= 0 {
		return err
	}
	var kinds []string
	for _, end := range slices.SortedFunc(maps.Keys(ends), func(a, b string) int {
		return cmp.Or(cmp.Compare(ends[b], ends[a]), cmp.Compare(a, b))
	})[:min(5, len(ends))] {
		kinds = append(kinds, fmt.Sprintf("%s %d", show.Plain(end), ends[end]))
	}
	fmt.Fprintf(notes, "passed over: %d files that are no shapes by their names or places (%s), such as %s\n", all, strings.Join(kinds, ", "), show.Plain(first))
	return nil
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
		fmt.Fprintf(notes, "%d of %d shapes have fewer than %d points, the least %d: some of these count more than once\n", few, len(shapes), points, least)
	}
	if bare == 0 {
		return
	}
	fmt.Fprintf(notes, "%d of %d shapes have no normals: they are estimated from the %d nearest points\n", bare, len(shapes), around)
	for i, s := range shapes {
		if s.Surface == nil && s.Cloud.Normals == nil {
			shapes[i].Cloud = s.Cloud.WithNormals(around)
		}
	}
}

// split divides shapes into those to learn from, those held back to validate
// with and those to be tested on, and tells what does not come to be used.
func split(s *dataset.Set, o options, notes io.Writer) (known, held, unseen []dataset.Item, err error) {
	if len(s.Classes) < 2 {
		return nil, nil, nil, fmt.Errorf("want shapes of two classes or more, got only %.100q", s.Classes)
	}
	known, unseen, err = s.Split(0.8, rand.New(rand.NewPCG(o.seed, 2)))
	if err != nil {
		return nil, nil, nil, err
	}
	if n := len(s.Shapes) - len(known) - len(unseen); n > 0 {
		fmt.Fprintf(notes, "%d shapes of the part val are not used\n", n)
	}
	if o.validate > 0 {
		whole := &dataset.Set{Classes: s.Classes, Shapes: slices.Clone(known)}
		for i := range whole.Shapes {
			whole.Shapes[i].Part = ""
		}
		if known, held, err = whole.Split(1-o.validate, rand.New(rand.NewPCG(o.seed, 4))); err != nil {
			return nil, nil, nil, fmt.Errorf("-validate: %w", err)
		}
	}
	count := func(shapes []dataset.Item) []int {
		n := make([]int, len(s.Classes))
		for _, x := range shapes {
			n[x.Class]++
		}
		return n
	}
	learned, tested := count(known), count(unseen)
	for c, name := range s.Classes {
		switch {
		case learned[c] == 0:
			fmt.Fprintf(notes, "class %s has no shapes to learn from, and %d to be tested on\n", show.Plain(name), tested[c])
		case tested[c] == 0:
			fmt.Fprintf(notes, "class %s has %d shapes to learn from, and none to be tested on\n", show.Plain(name), learned[c])
		}
	}
	return known, held, unseen, nil
}

// examples returns shapes as a classifier sees them.
func examples(shapes []dataset.Item) []classifier.Example {
	out := make([]classifier.Example, len(shapes))
	for i, s := range shapes {
		out[i] = classifier.Example{Source: s, Extra: s.Extra}
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

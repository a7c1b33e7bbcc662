package dataset

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"setwise/io/npy"
)

// Table says which columns of a table mean what.
type Table struct {
	// Label names the column of the class. It is the only one needed.
	Label string

	// Split names the column of the part: train, test or val, in the words
	// that folders may have. Without it shapes belong to no part.
	Split string

	// Extra names columns of more numbers for every shape. A cell may hold
	// several, with commas, semicolons or blanks between them and in brackets
	// or not, such as "80.0,24.0,44.0"; then all cells of the column must hold
	// as many.
	Extra []string

	// Top keeps only that many classes, those with the most shapes in the
	// training part, or in all rows if there is no Split; of classes with as
	// many, those whose names come first. 0 keeps all.
	Top int

	// Memory is the largest number of bytes that the array may take. 0 means
	// the default of [npy.Limits].
	Memory int64
}

// OpenTable reads labelled shapes from an array and a table that has a row for
// each.
//
// The array, a .npy file that may be compressed, has the shape [shapes, points,
// 3], or [shapes, points, 6] with normals, of any number type; points are used
// as they stand there. The table is a .csv file, or one of .tsv and .tab, whose
// fields have tabs between them and no quotes. Its first line names the
// columns, and its row i, counted from 0, describes shape i of the array.
//
// It is an error, which names the file and the row, if the numbers of rows and
// shapes differ, a column is missing, a label is empty, a part is none of those
// known, a number is none or not finite, or a point of a kept shape is not
// finite. The table may have 256 MiB.
func OpenTable(array, table string, o Table) (*Set, error) {
	s, err := openShapes(array, table, o)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	return s, nil
}

func openShapes(array, name string, o Table) (*Set, error) {
	a, err := openClouds(array, npy.Limits{MaxBytes: max(o.Memory, 0)})
	if err != nil {
		return nil, err
	}
	sheet, closer, err := openSheet(name)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	rows, columns, err := sheet.rows(o, a.Shape[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}

	out := &Set{Classes: classes(rows, o), Columns: columns}
	var kept []int
	for i, r := range rows {
		class, found := slices.BinarySearch(out.Classes, r.label)
		if !found {
			continue
		}
		kept = append(kept, i)
		out.Shapes = append(out.Shapes, Shape{Name: fmt.Sprintf("row %d", i), Class: class, Part: r.part, Extra: r.extra})
	}
	if err := fill(out.Shapes, a, kept, array); err != nil {
		return nil, err
	}
	return out, nil
}

// A row is what a table says of a shape.
type row struct {
	label, part string
	extra       []float64
}

// rows reads all rows, of which there must be n, and names the extra numbers.
func (t *sheet) rows(o Table, n int) (rows []row, columns []string, err error) {
	label, err := t.column(o.Label)
	if err != nil {
		return nil, nil, err
	}
	split := -1
	if o.Split != "" {
		if split, err = t.column(o.Split); err != nil {
			return nil, nil, err
		}
	}
	extra := make([]int, len(o.Extra))
	for i, name := range o.Extra {
		if extra[i], err = t.column(name); err != nil {
			return nil, nil, err
		}
	}
	known := map[string]string{} // labels, so that rows do not hold on to their lines
	counts := make([]int, len(extra))
	for {
		cells, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("row %d: %w", len(rows), err)
		}
		if len(rows) == n {
			return nil, nil, fmt.Errorf("want a row for each of %d shapes, got more", n)
		}
		r, err := parse(cells, o, label, split, extra, counts)
		if err != nil {
			return nil, nil, fmt.Errorf("row %d: %w", len(rows), err)
		}
		if _, ok := known[r.label]; !ok {
			own := strings.Clone(r.label)
			known[own] = own
		}
		r.label = known[r.label]
		rows = append(rows, r)
	}
	if len(rows) < n {
		return nil, nil, fmt.Errorf("want a row for each of %d shapes, got %d", n, len(rows))
	}
	if split >= 0 && !slices.ContainsFunc(rows, func(r row) bool { return r.part == Train }) {
		return nil, nil, fmt.Errorf("%s: want rows of the training part, got none", o.Split)
	}
	for k, name := range o.Extra {
		if counts[k] == 1 {
			columns = append(columns, name)
			continue
		}
		for i := range counts[k] {
			columns = append(columns, fmt.Sprintf("%s.%d", name, i))
		}
	}
	return rows, columns, nil
}

// parse reads a row. Counts are how many numbers the extra columns have in a
// cell, or 0 where the first row is to tell.
func parse(cells []string, o Table, label, split int, extra, counts []int) (row, error) {
	r := row{label: strings.TrimSpace(cells[label])}
	if r.label == "" {
		return r, fmt.Errorf("%s: want a class, got nothing", o.Label)
	}
	if split >= 0 {
		if r.part = partOf(strings.TrimSpace(cells[split])); r.part == "" {
			return r, fmt.Errorf("%s: want train, test or val, got %q", o.Split, cells[split])
		}
	}
	for k, at := range extra {
		x, err := numbers(cells[at])
		if err != nil {
			return r, fmt.Errorf("%s: %w", o.Extra[k], err)
		}
		if counts[k] == 0 {
			counts[k] = len(x)
		}
		if len(x) != counts[k] {
			return r, fmt.Errorf("%s: want as many numbers as in row 0, which are %d, got %q", o.Extra[k], counts[k], cells[at])
		}
		r.extra = append(r.extra, x...)
	}
	return r, nil
}

// numbers reads the numbers of a cell, of which there must be one.
func numbers(cell string) ([]float64, error) {
	inside := strings.TrimSpace(cell)
	for _, pair := range []string{"()", "[]", "{}"} {
		if len(inside) >= 2 && inside[0] == pair[0] && inside[len(inside)-1] == pair[1] {
			inside = inside[1 : len(inside)-1]
			break
		}
	}
	fields := strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
	if len(fields) == 0 {
		return nil, fmt.Errorf("want a number, got %q", cell)
	}
	out := make([]float64, len(fields))
	for i, f := range fields {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("want finite numbers, got %q", cell)
		}
		out[i] = x
	}
	return out, nil
}

// classes returns the labels to keep, sorted.
func classes(rows []row, o Table) []string {
	counts := map[string]int{}
	for _, r := range rows {
		n := 0
		if o.Split == "" || r.part == Train {
			n = 1
		}
		counts[r.label] += n
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	if o.Top > 0 {
		names = names[:min(o.Top, len(names))]
	}
	slices.Sort(names)
	return names
}

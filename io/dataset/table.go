package dataset

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"setwise/io/npy"
)

// TableOptions say which columns of a table mean what.
type TableOptions struct {
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
	// many, those whose names come first. Set.Notes says how many these are. 0
	// keeps all.
	Top int

	// MostBytes is the largest number of bytes that the array may take. 0 means
	// the default of [npy.Limits].
	MostBytes int64
}

// OpenTable reads labelled shapes from an array and a table that has a row for
// each.
//
// The array, a .npy file that may be compressed, has the shape [shapes, points,
// 3] or [shapes, points, 6], of any number type; points are used as they stand
// there. Columns 4 to 6 are normals if they look like it in all of the array
// by the rule of [setwise/io/shape], and are passed over otherwise, which Set.Notes says.
//
// The table is a .csv file, with commas, semicolons or tabs between its cells,
// which may be in quotes; or one of .tsv and .tab, whose cells have tabs between
// them and no quotes; any of them in UTF-8, and with .gz behind its name compressed. Its first line names the columns, and its row i, counted from
// 0, describes shape i of the array. A table may have 256 MiB, a row 1 MiB and 16,384
// cells, and a cell 64 KiB.
//
// It is an error, which names the file, the row and the column, if the numbers of
// rows and shapes differ, a column is missing, a label is empty, a part is none of
// those known, a number is missing, none or not finite, or a point of a kept shape
// is not finite. So is "1,5", which may be a number with a decimal comma, in a
// column where no cell has several numbers for sure, as "[1,5]" and "1,5,2" have.
func OpenTable(array, table string, o TableOptions) (*Set, error) {
	s, err := openShapes(array, table, o)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	return s, nil
}

func openShapes(array, name string, o TableOptions) (*Set, error) {
	a, err := openClouds(array, npy.Limits{Bytes: max(o.MostBytes, 0)})
	if err != nil {
		return nil, err
	}
	sheet, err := openSheet(name)
	if err != nil {
		return nil, err
	}
	defer sheet.Close()
	rows, columns, err := readRows(sheet, o, a.Shape[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}

	names, of := classes(rows, o)
	out := &Set{Classes: names, Columns: columns}
	var kept []int
	for i, r := range rows {
		class, found := slices.BinarySearch(out.Classes, r.label)
		if !found {
			continue
		}
		kept = append(kept, i)
		out.Shapes = append(out.Shapes, Item{Name: fmt.Sprintf("row %d", i), Class: class, Part: r.part, Extra: r.extra})
	}
	if out.Notes, err = fill(out.Shapes, a, kept, array); err != nil {
		return nil, err
	}
	if o.Top > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("kept: the largest classes, %d of %d, with %d of %d shapes", len(names), of, len(kept), len(rows)))
	}
	if err := out.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// classes returns the labels to keep, sorted, and of how many they are.
func classes(rows []row, o TableOptions) (names []string, of int) {
	counts := map[string]int{}
	for _, r := range rows {
		n := 0
		if o.Split == "" || r.part == Train {
			n = 1
		}
		counts[r.label] += n
	}
	names = slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	if o.Top > 0 {
		names = names[:min(o.Top, len(names))]
	}
	slices.Sort(names)
	return names, len(counts)
}

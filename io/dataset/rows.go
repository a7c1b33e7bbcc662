package dataset

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"setwise/io/internal/text"
	"setwise/io/table"
)

// openSheet opens a table and reads its first line, the names of the columns.
func openSheet(name string) (*table.Reader, error) {
	var format table.Format
	switch lower := strings.TrimSuffix(strings.ToLower(name), ".gz"); {
	case strings.HasSuffix(lower, ".csv"):
	case strings.HasSuffix(lower, ".tsv"), strings.HasSuffix(lower, ".tab"):
		format = table.Format{Separator: '\t', Bare: true}
	default:
		return nil, fmt.Errorf("%s: want a table that ends in .tsv, .tab or .csv", name)
	}
	return table.Open(name, format)
}

// A row is what a table says of a shape.
type row struct {
	label, part string
	extra       []float64
}

// rows reads the rows of a table.
type rows struct {
	*table.Reader
	o            TableOptions
	label, split int   // columns, -1 for none
	extra        []int // columns
	numbers      []several
	known        map[string]string
}

// several is what the cells of an extra column have in common.
type several struct {
	count int   // of numbers in each
	doubt error // of the first cell with a comma that may be a decimal one
	clear bool  // whether some cell has more than one number for sure
}

// readRows reads all rows, of which there must be n, and names the extra numbers.
func readRows(t *table.Reader, o TableOptions, n int) (all []row, columns []string, err error) {
	r := rows{Reader: t, o: o, split: -1, extra: make([]int, len(o.Extra)), numbers: make([]several, len(o.Extra)), known: map[string]string{}}
	if r.label, err = t.Column(o.Label); err != nil {
		return nil, nil, err
	}
	if o.Split != "" {
		if r.split, err = t.Column(o.Split); err != nil {
			return nil, nil, err
		}
	}
	for i, name := range o.Extra {
		if r.extra[i], err = t.Column(name); err != nil {
			return nil, nil, err
		}
	}
	for {
		cells, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("row %d: %w", len(all), err)
		}
		if len(all) == n {
			return nil, nil, fmt.Errorf("want a row for each of %d shapes, got more", n)
		}
		x, err := r.parse(cells, len(all))
		if err != nil {
			return nil, nil, err
		}
		all = append(all, x)
	}
	if len(all) < n {
		return nil, nil, fmt.Errorf("want a row for each of %d shapes, got %d", n, len(all))
	}
	if r.split >= 0 && !slices.ContainsFunc(all, func(r row) bool { return r.part == Train }) {
		return nil, nil, fmt.Errorf("%s: want rows of the training part, got none", text.Name(o.Split))
	}
	for k, name := range o.Extra {
		n := r.numbers[k]
		if n.doubt != nil && !n.clear {
			return nil, nil, n.doubt
		}
		if n.count == 1 {
			columns = append(columns, name)
			continue
		}
		for i := range n.count {
			columns = append(columns, fmt.Sprintf("%s.%d", name, i))
		}
	}
	return all, columns, nil
}

// parse reads row i.
func (r *rows) parse(cells []string, i int) (x row, err error) {
	wrong := func(column string, err error) error {
		return fmt.Errorf("row %d: line %d: %s: %w", i, r.Line(), text.Name(column), err)
	}
	if x.label, err = r.class(cells[r.label]); err != nil {
		return x, wrong(r.o.Label, err)
	}
	if r.split >= 0 {
		if x.part = partOf(strings.TrimSpace(cells[r.split])); x.part == "" {
			return x, wrong(r.o.Split, fmt.Errorf("want train, test or val, got %.40q", cells[r.split]))
		}
	}
	for k, at := range r.extra {
		name, n := r.o.Extra[k], &r.numbers[k]
		more, doubtful, err := numbers(cells[at])
		switch {
		case err != nil:
			return x, wrong(name, err)
		case doubtful && n.doubt == nil:
			n.doubt = wrong(name, fmt.Errorf("want a decimal point, or brackets around several numbers, got %.40q: is its comma a decimal one?", cells[at]))
		case !doubtful && len(more) > 1:
			n.clear = true
		}
		if i == 0 {
			n.count = len(more)
		}
		if len(more) != n.count {
			if n.doubt != nil && !n.clear {
				return x, n.doubt
			}
			return x, wrong(name, fmt.Errorf("want as many numbers as in row 0, which are %d, got %d in %.40q", n.count, len(more), cells[at]))
		}
		x.extra = append(x.extra, more...)
	}
	return x, nil
}

// class returns the class that a cell names, in memory of its own, so that rows do
// not hold on to their lines.
func (r *rows) class(cell string) (string, error) {
	label := strings.TrimSpace(cell)
	if label == "" {
		return "", errors.New("want a class, got nothing")
	}
	own, ok := r.known[label]
	if !ok {
		own = strings.Clone(label)
		r.known[own] = own
	}
	return own, nil
}

// mostNumbers is how many numbers a cell may have.
const mostNumbers = 1024

// numbers reads the numbers of a cell, of which there must be one: with commas,
// semicolons or blanks between them, in brackets or not. It reports whether a comma
// in it may be a decimal one.
func numbers(cell string) (all []float64, doubtful bool, err error) {
	inside := strings.TrimSpace(cell)
	bare := true
	for _, pair := range []string{"()", "[]", "{}"} {
		if len(inside) >= 2 && inside[0] == pair[0] && inside[len(inside)-1] == pair[1] {
			inside, bare = inside[1:len(inside)-1], false
			break
		}
	}
	isSeparator := func(r rune) bool { return r == ';' || unicode.IsSpace(r) }
	groups := strings.FieldsFunc(inside, isSeparator)
	fields := strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || isSeparator(r) })
	if len(fields) == 0 {
		return nil, false, table.ErrMissing
	}
	if len(fields) > mostNumbers {
		return nil, false, fmt.Errorf("want at most %d numbers in a cell, got %d", mostNumbers, len(fields))
	}
	doubtful = slices.ContainsFunc(groups, func(g string) bool { return table.KindOf(g) == table.Comma })
	if len(groups) == 1 {
		doubtful = doubtful && bare && len(fields) == 2 && strings.Count(inside, ".") < 2
	}
	for _, f := range fields {
		x, err := table.Number(f)
		if err != nil {
			return nil, false, err
		}
		all = append(all, x)
	}
	return all, doubtful, nil
}

package xyz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"setwise/io/internal/number"
)

// count reads a line with a number alone, which says how many points follow, at
// the beginning or after as many as an earlier one said. It reports false if the
// line is none.
func (r *rows) count(row []byte) (done bool, err error) {
	n, ok := number.Whole(row)
	if !ok || n < 0 || row[0] == '+' {
		return false, nil
	}
	if n > r.most-r.n {
		return false, fmt.Errorf("%d points promised: want at most %d, or a higher limit", r.n+n, r.most)
	}
	r.promised += n
	return true, nil
}

// beginning reads a line before the first point: names of columns, or a count.
// It reports false if the line is the first point, for which it says how it is
// to be read.
func (r *rows) beginning(row []byte, comment []string) (done bool, err error) {
	r.separator = separator(row)
	if r.names == nil && r.promised < 0 {
		r.promised = 0
		if done, err := r.count(row); done || err != nil {
			return done, err
		}
		r.promised = -1
	}
	fields := split(row)
	if r.names == nil && len(comment) == len(fields) && !slices.ContainsFunc(places(comment, pointNames), func(i int) bool { return !isNumber(fields[i]) }) {
		r.names = comment
	}
	if r.names == nil {
		for i, f := range fields {
			if _, finite := number.Float32([]byte(f)); !finite && (i < 3 || !isNumber(f)) {
				return true, r.name(fields, f, row)
			}
		}
	}
	r.width = len(fields)
	if r.width < 3 || r.width > mostColumns {
		return false, fmt.Errorf("want 3 to %d numbers, got %d", mostColumns, r.width)
	}
	if hasCommas(row) {
		return false, errComma
	}
	if r.names != nil && len(r.names) != r.width {
		return false, fmt.Errorf("want %d numbers, as many as columns are named, got %d", len(r.names), r.width)
	}
	r.point, r.exact = []int{0, 1, 2}, make([]float64, r.width)
	r.text = make([]bool, r.width)
	if r.names == nil {
		return false, nil
	}
	r.point = places(r.names, pointNames)
	normal := r.normalNames()
	for i, f := range fields {
		r.text[i] = f != "" && !isNumber(f) && !r.isPoint(i) && !slices.Contains(normal, i)
	}
	return false, nil
}

// name takes fields as the names of columns. One of them, bad, is no number.
func (r *rows) name(fields []string, bad string, row []byte) error {
	switch r.names = names(fields); {
	case r.names != nil:
		return nil
	case hasCommas(row):
		return errComma
	case r.promised >= 0:
		return fmt.Errorf("want a number after the count of points, got %.40q; molecules are not read as clouds", bad)
	}
	return fmt.Errorf("want finite numbers, or names of columns with x, y and z among them, got %.40q", bad)
}

// isNumber reports whether a field is a number, or what is none in a column of
// numbers.
func isNumber(field string) bool {
	_, ok := number.Loose([]byte(field))
	return ok
}

// names turns fields into names of columns, in lower case, and returns nil if
// these do not tell which columns are the point.
func names(fields []string) []string {
	for i, f := range fields {
		fields[i] = strings.ToLower(f)
	}
	if places(fields, pointNames) == nil {
		return nil
	}
	return fields
}

// normalNames returns where the names of a normal are, or nil.
func (r *rows) normalNames() []int {
	for _, n := range normalNames {
		if at := places(r.names, n); at != nil {
			return at
		}
	}
	return nil
}

// numbered returns the names of columns that have none.
func numbered(width int) (names []string) {
	for i := range width {
		names = append(names, strconv.Itoa(i+1))
	}
	return names
}

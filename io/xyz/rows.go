package xyz

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"setwise/internal/origin"
	"setwise/internal/words"
)

const (
	mostColumns = 256
	slabValues  = 1 << 18 // numbers that are kept together, 1 MiB
)

// rows are the numbers of a file, as many in each row.
type rows struct {
	*words.Scanner
	most      int         // rows allowed
	promised  int         // by a count at the beginning, or -1
	names     []string    // of the columns, in lower case, or nil
	separator byte        // between the numbers of a row: ';', ',' or ' '
	width     int         // numbers of a row, 0 before the first
	n         int         // rows
	slabs     [][]float32 // whole rows, one after the other
	point     []int       // which numbers of a row are the point
	exact     []float64   // the numbers of the last row, with the digits of coordinates
	places    origin.Places
}

// read reads all lines.
func (r *rows) read() error {
	var comment []string // names of columns in the last comment, if it has some
	r.promised = -1
	for {
		line := r.Row()
		if line == nil {
			break
		}
		row := strip(line)
		switch {
		case len(row) == 0:
			if r.width == 0 {
				if n := names(split(bytes.TrimLeft(line, "#/ \t"))); n != nil {
					comment = n
				}
			}
			continue
		case r.width == 0:
			done, err := r.beginning(row, comment)
			if err != nil {
				return r.At(err)
			}
			if done {
				continue
			}
		}
		if err := r.add(row); err != nil {
			return r.At(err)
		}
	}
	switch {
	case r.Err() != nil:
		return r.Err()
	case r.n < r.promised:
		return r.At(fmt.Errorf("the file ends early: want the %d points that the first line promises, got %d", r.promised, r.n))
	case r.n > 0 || r.promised == 0 || r.names != nil:
		return nil
	case comment == nil:
		return errors.New("no points: want lines of 3 numbers or more")
	}
	r.names = comment
	return nil
}

// strip returns what a line has before a comment.
func strip(line []byte) []byte {
	if at := bytes.IndexByte(line, '#'); at >= 0 {
		line = line[:at]
	}
	if at := bytes.Index(line, []byte("//")); at >= 0 {
		line = line[:at]
	}
	return bytes.TrimRight(line, " \t")
}

// beginning reads a line before the first point: names of columns, or a count.
// It reports false if the line is the first point, for which it says how it is
// to be read.
func (r *rows) beginning(row []byte, comment []string) (done bool, err error) {
	r.separator = separator(row)
	fields := split(row)
	if r.names == nil && r.promised < 0 && len(fields) == 1 {
		if n, err := strconv.Atoi(fields[0]); err == nil && n >= 0 {
			if n > r.most {
				return false, fmt.Errorf("%d points promised: want at most %d, or a higher limit", n, r.most)
			}
			r.promised = n
			return true, nil
		}
	}
	if at := noNumber(fields); at >= 0 {
		bad := fields[at]
		if r.promised >= 0 {
			return false, fmt.Errorf("want a number after the count of points, got %.40q; molecules are not read as clouds", bad)
		}
		if r.names != nil {
			return false, fmt.Errorf("want a finite number within float32, got %.40q", bad)
		}
		if r.names = names(fields); r.names == nil {
			return false, fmt.Errorf("want finite numbers, or names of columns with x, y and z among them, got %.40q", bad)
		}
		return true, nil
	}
	r.width = len(fields)
	if r.width < 3 || r.width > mostColumns {
		return false, fmt.Errorf("want 3 to %d numbers, got %d", mostColumns, r.width)
	}
	if r.names == nil && len(comment) == r.width {
		r.names = comment
	}
	if r.names != nil && len(r.names) != r.width {
		return false, fmt.Errorf("want %d numbers, as many as columns are named, got %d", len(r.names), r.width)
	}
	r.point, r.exact = []int{0, 1, 2}, make([]float64, r.width)
	if r.names != nil {
		r.point = places(r.names, pointNames)
	}
	return false, nil
}

// separator returns what stands between the fields of a row.
func separator(row []byte) byte {
	for _, c := range []byte{';', ','} {
		if bytes.IndexByte(row, c) >= 0 {
			return c
		}
	}
	return ' '
}

// split returns the fields of a row, without quotes.
func split(row []byte) []string {
	var fields []string
	if sep := separator(row); sep == ' ' {
		fields = strings.Fields(string(row))
	} else {
		sep := string(sep)
		fields = strings.Split(strings.TrimSuffix(string(row), sep), sep)
	}
	for i, f := range fields {
		fields[i] = strings.Trim(f, "\" \t")
	}
	return fields
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

// noNumber returns where the first field is that is no number, or -1.
func noNumber(fields []string) int {
	return slices.IndexFunc(fields, func(f string) bool {
		_, ok := words.Number([]byte(f))
		return !ok
	})
}

// add reads a row and keeps its numbers.
func (r *rows) add(row []byte) error {
	if r.n == r.most {
		return fmt.Errorf("more than %d points: want no more, or a higher limit", r.most)
	}
	if r.n == r.promised {
		return fmt.Errorf("want the %d points that the first line promises, got more", r.promised)
	}
	values := r.room()
	at := 0
	for ; len(row) > 0; at++ {
		var word []byte
		word, row = r.cut(row)
		v, ok := words.Coordinate(word)
		if !ok {
			return fmt.Errorf("want a finite number within float32, got %.40q", word)
		}
		if at < len(values) {
			values[at], r.exact[at] = float32(v), v
		}
	}
	if at != r.width {
		return fmt.Errorf("want %d numbers, as in the rows before, got %d", r.width, at)
	}
	r.places.Add([3]float64{r.exact[r.point[0]], r.exact[r.point[1]], r.exact[r.point[2]]})
	r.n++
	return nil
}

// room returns the memory for one more row.
func (r *rows) room() []float32 {
	last := len(r.slabs) - 1
	if last < 0 || len(r.slabs[last]) == cap(r.slabs[last]) {
		// As much as there is already, but little at first.
		room := min(max(r.n, 64), slabValues/r.width) * r.width
		r.slabs = append(r.slabs, make([]float32, 0, room))
		last++
	}
	slab := &r.slabs[last]
	end := len(*slab) + r.width
	*slab = (*slab)[:end]
	return (*slab)[end-r.width:]
}

// cut returns the first field of a row, which does not begin with a blank, and
// what is left after it in the same way.
func (r *rows) cut(row []byte) (field, rest []byte) {
	end := 0
	if r.separator == ' ' {
		for end < len(row) && row[end] > ' ' {
			end++
		}
		field, rest = row[:end], row[end:]
	} else {
		for end < len(row) && row[end] != r.separator {
			end++
		}
		field, rest = row[:end], row[min(end+1, len(row)):]
		for len(field) > 0 && field[len(field)-1] <= ' ' {
			field = field[:len(field)-1]
		}
	}
	for len(rest) > 0 && rest[0] <= ' ' {
		rest = rest[1:]
	}
	return field, rest
}

package xyz

import (
	"bytes"
	"errors"
	"fmt"

	"setwise/io/internal/number"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

const (
	mostColumns = 256
	slabValues  = 1 << 18 // numbers that are kept together, 1 MiB
)

// rows are the numbers of a file, as many in each row.
type rows struct {
	*text.Scanner
	most      int      // rows allowed
	promised  int      // by a count at the beginning, or -1
	names     []string // of the columns, in lower case, or nil
	point     []int    // the columns of the point
	text      []bool   // which columns hold words and are passed over
	commas    commas
	separator byte        // between the numbers of a row: ';', ',' or ' '
	width     int         // numbers of a row, 0 before the first
	n         int         // rows
	slabs     [][]float32 // whole rows, one after the other
	exact     []float64   // the numbers of the last row, with the digits of coordinates
	places    pointcloud.Places
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
			r.Ignore(len(line))
			if r.width == 0 && bytes.ContainsAny(line, "xX") {
				if n := names(split(bytes.TrimLeft(line, "#/ \t"))); n != nil {
					comment = n
				}
			}
			continue
		case r.n == r.promised:
			done, err := r.count(row)
			if err != nil {
				return r.At(err)
			}
			if done {
				continue
			}
		}
		if r.width == 0 {
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
	case r.commas.decimal():
		return errComma
	case r.n > 0 || r.promised == 0 || r.names != nil:
		return nil
	case comment == nil:
		return errors.New("no points: want lines of 3 numbers or more")
	}
	r.names = comment
	return nil
}

// add reads a row and keeps its numbers. What is no number is an error in a
// column of numbers, but in one that is not of the point it may be infinite or
// NaN, which is NaN.
func (r *rows) add(row []byte) error {
	if r.n == r.most {
		return fmt.Errorf("more than %d points: want no more, or a higher limit", r.most)
	}
	if r.n == r.promised {
		return fmt.Errorf("want the %d points that the first line promises, got more", r.promised)
	}
	values := r.room()
	rest := row
	at := 0
	for ; len(rest) > 0; at++ {
		var word []byte
		word, rest = cut(rest, r.separator)
		if at >= len(values) {
			continue
		}
		if v, ok := number.Coordinate(word); ok {
			values[at], r.exact[at] = float32(v), v
			continue
		}
		v, ok := number.Loose(word)
		if !r.text[at] && (!ok || r.isPoint(at)) {
			return wanted(word, row)
		}
		values[at] = v
	}
	if at != r.width {
		return fmt.Errorf("want %d numbers, as in the rows before, got %d", r.width, at)
	}
	r.commas.look(row, r)
	r.places.Add([3]float64{r.exact[r.point[0]], r.exact[r.point[1]], r.exact[r.point[2]]})
	r.n++
	return nil
}

// isPoint reports whether a column is one of the point.
func (r *rows) isPoint(column int) bool {
	return column == r.point[0] || column == r.point[1] || column == r.point[2]
}

// wanted is the error of a word of a row that is no number.
func wanted(word, row []byte) error {
	if hasCommas(row) {
		return errComma
	}
	return fmt.Errorf("want a finite number within float32, got %.40q", word)
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

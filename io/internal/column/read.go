package column

import (
	"bytes"
	"fmt"
	"io"

	"setwise/io/internal/number"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
)

// A Reader reads the rows of tables.
type Reader struct {
	// MostItems is the largest number of items of a list.
	MostItems int

	// Take sees the rows in the lanes of a table, at least one if it has any. If
	// it does not empty the table, the next call sees them and others.
	Take func(t *Table) error
}

// enough is the number of rows after which somebody takes them.
const enough = 1024

// come gives rows of t away, if there are enough of them or no more will come.
func (r *Reader) come(t *Table) error {
	if t.Held < enough && t.row() < t.Rows {
		return nil
	}
	return r.Take(t)
}

// listTooLong is the error of a list of count items, if it is one.
func (r *Reader) listTooLong(t *Table, l *Lane, count int, ok bool) error {
	if ok && count >= 0 && count <= r.MostItems {
		return nil
	}
	got := fmt.Sprint(count)
	if !ok {
		got = "no whole number"
	}
	return fmt.Errorf("%s %d: list %s: want from 0 to %d items, got %s", t.Name, t.row(), l.Name, r.MostItems, got)
}

// Text reads the rows of t, each of which is a line.
func (r *Reader) Text(s *text.Scanner, t *Table) error {
	for t.row() < t.Rows && len(t.Lanes) > 0 {
		if err := r.line(s, t); err != nil {
			return err
		}
		if err := r.come(t); err != nil {
			return err
		}
	}
	return nil
}

// line reads a row of t.
func (r *Reader) line(s *text.Scanner, t *Table) error {
	begun := false // and so the next word is of the same line
	next := func() []byte {
		if begun {
			return s.Inline()
		}
		begun = true
		return s.Next()
	}
	for i := range t.Lanes {
		l := &t.Lanes[i]
		n := l.Per
		if l.List() {
			word := next()
			var ok bool
			if n, ok = number.Whole(word); !ok {
				return s.Wanted(fmt.Sprintf("a number of items for %s of %s %d", l.Name, t.Name, t.row()), word)
			}
			if err := r.listTooLong(t, l, n, true); err != nil {
				return s.At(err)
			}
		}
		for range n {
			word := next()
			if !l.Values.Word(word) {
				return s.Wanted(fmt.Sprintf("a %v for %s of %s %d", l.Values.Type(), l.Name, t.Name, t.row()), word)
			}
		}
		switch {
		case l.Skip:
			l.Values.Reset()
		case l.List():
			l.grow(1, n)
		}
	}
	t.Held++
	return s.EndLine()
}

// Binary reads the rows of t, of which each number has its highest byte first if
// big.
func (r *Reader) Binary(w *source.Window, t *Table, big bool) error {
	runs := runs{Reader: r, Table: t, w: w, big: big, at: make([]int, len(t.Lanes)), per: make([]int, len(t.Lanes))}
	for t.row() < t.Rows && len(t.Lanes) > 0 {
		if err := runs.first(); err != nil {
			return err
		}
		n := runs.alike(min(t.Rows-t.row(), len(w.Bytes())/runs.stride))
		runs.decode(n)
		w.Pass(n * runs.stride)
		if err := r.come(t); err != nil {
			return err
		}
	}
	return nil
}

// runs reads a table by runs of rows that are laid out alike: all rows, if they
// have no lists, or those of which the lists are equally long.
type runs struct {
	*Reader
	*Table
	w   *source.Window
	big bool

	stride  int   // bytes of a row
	at, per []int // where a row has the numbers of each lane, and how many
}

// first finds the layout of the next row, and reads all of it.
func (r *runs) first() error {
	r.stride = 0
	for i := range r.Lanes {
		l := &r.Lanes[i]
		n := l.Per
		if l.List() {
			if err := r.need(r.stride + l.Count.Size()); err != nil {
				return err
			}
			var ok bool
			n, ok = l.Count.Int(r.w.Bytes()[r.stride:], r.big)
			if err := r.listTooLong(r.Table, l, n, ok); err != nil {
				return err
			}
			r.stride += l.Count.Size()
		}
		r.at[i], r.per[i] = r.stride, n
		r.stride += n * l.Values.Type().Size()
	}
	return r.need(r.stride)
}

// need reads n bytes of a row.
func (r *runs) need(n int) error {
	switch err := r.w.Need(n); err {
	case nil:
		return nil
	case io.EOF, io.ErrUnexpectedEOF:
		return fmt.Errorf("%s %d of %d: the file ends early: want %d bytes or more, got %d",
			r.Name, r.row(), r.Rows, n, len(r.w.Bytes()))
	default:
		return fmt.Errorf("%s %d: %w", r.Name, r.row(), err)
	}
}

// alike returns how many of the next n rows, all of which were read if they are
// as long as the first, have its layout.
func (r *runs) alike(n int) int {
	b := r.w.Bytes()
	for i := range r.Lanes {
		l := &r.Lanes[i]
		if !l.List() {
			continue
		}
		lo, hi := r.at[i]-l.Count.Size(), r.at[i]
		last := b[hi-1]
		k := 1
		for at := r.stride; k < n && b[at+hi-1] == last && (hi-lo == 1 || bytes.Equal(b[lo:hi], b[at+lo:at+hi])); k++ {
			at += r.stride
		}
		n = k
	}
	return n
}

// decode puts the next n rows, all of them alike, into the lanes.
func (r *runs) decode(n int) {
	b := r.w.Bytes()
	for i := range r.Lanes {
		l := &r.Lanes[i]
		if l.Skip {
			continue
		}
		l.Values.Decode(b[r.at[i]:], Layout{Rows: n, Stride: r.stride, Per: r.per[i], Big: r.big})
		if l.List() {
			l.grow(n, r.per[i])
		}
	}
	r.Held += n
}

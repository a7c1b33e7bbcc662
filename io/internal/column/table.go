package column

import (
	"fmt"
	"slices"

	"setwise/io/internal/number"
	"setwise/io/internal/text"
)

// A Table is what a file has in rows, on its way from or to the file: all rows,
// or those of them that are in its lanes.
type Table struct {
	Name  string // of a row, in errors
	Rows  int    // in all
	Lanes []Lane

	Taken int // rows that were in the lanes and were taken out
	Held  int // rows that are in the lanes
}

// A Lane is what the rows of a table have in one place: as many numbers in each,
// or a list.
type Lane struct {
	Name   string
	Values Column

	// Per is how many numbers each row has, if they are no lists.
	Per int

	// Count is the type of the counts of lists, None if the rows have none.
	Count Type

	// Offsets says for lists which numbers a row has: those from the offset of
	// its own number among the rows in the lane up to the next.
	Offsets []int

	// Skip says that nobody wants the numbers.
	Skip bool
}

// List reports whether the rows have lists.
func (l *Lane) List() bool { return l.Count != None }

// bounds returns which numbers row i has.
func (l *Lane) bounds(i int) (lo, hi int) {
	if l.List() {
		return l.Offsets[i], l.Offsets[i+1]
	}
	return i * l.Per, (i + 1) * l.Per
}

// grow adds n lists of per numbers to the offsets.
func (l *Lane) grow(n, per int) {
	at := len(l.Offsets)
	last := l.Offsets[at-1]
	l.Offsets = slices.Grow(l.Offsets, n)[:at+n]
	for i := range l.Offsets[at:] {
		last += per
		l.Offsets[at+i] = last
	}
}

// Lane returns the named lane, nil if there is none. See [text.Named].
func (t *Table) Lane(name string) *Lane {
	return text.Named(t.Lanes, name, func(l *Lane) string { return l.Name })
}

// Has reports whether there is a lane of just that name.
func (t *Table) Has(name string) bool {
	l := t.Lane(name)
	return l != nil && l.Name == name
}

// Scalars returns the columns of three lanes of one number a row, and whether
// all of them are there.
func (t *Table) Scalars(names [3]string) (c [3]Column, ok bool) {
	for k, name := range names {
		l := t.Lane(name)
		if l == nil || l.List() || l.Per != 1 {
			return c, false
		}
		c[k] = l.Values
	}
	return c, true
}

// Keep marks three lanes of one number a row as wanted, and reports whether t has
// them.
func (t *Table) Keep(names [3]string) bool {
	_, ok := t.Scalars(names)
	if ok {
		for _, name := range names {
			t.Lane(name).Skip = false
		}
	}
	return ok
}

// KeepPlaces is [Table.Keep] for places, of which lanes of float32 keep the digits
// that a text has: see [number.Coordinate].
func (t *Table) KeepPlaces(names [3]string, text bool) bool {
	if !t.Keep(names) {
		return false
	}
	for _, name := range names {
		if l := t.Lane(name); text && l.Values.Type() == Float32 {
			l.Values = &column[float64]{kind: Float32, decode: number.Floats8, parse: coordinate}
		}
	}
	return true
}

// SkipAll marks all lanes as not wanted.
func (t *Table) SkipAll() {
	for i := range t.Lanes {
		t.Lanes[i].Skip = true
	}
}

// Reserve makes room for all rows in the lanes, as far as it is known how much
// that takes.
func (t *Table) Reserve() {
	for i := range t.Lanes {
		l := &t.Lanes[i]
		if l.List() {
			l.Offsets = slices.Grow(l.Offsets, t.Rows)
		} else {
			l.Values.Reserve(t.Rows * l.Per)
		}
	}
}

// Least returns the bytes that a row takes at least, as text or else in binary.
func (t *Table) Least(text bool) int64 {
	var n int64
	for i := range t.Lanes {
		l := &t.Lanes[i]
		words, size := int64(l.Per), int64(l.Per*l.Values.Type().Size())
		if l.List() {
			words, size = 1, int64(l.Count.Size())
		}
		if text {
			size = 2 * words // a digit and a blank
		}
		n += size
	}
	return n
}

// Promise checks the rows of t against a limit and against the bytes that are
// left for them, unless that is negative, and returns what is left after them.
func (t *Table) Promise(most int, text bool, left int64) (int64, error) {
	if t.Rows > most {
		return 0, fmt.Errorf("%s: header promises %d rows: want at most %d, or a higher limit", t.Name, t.Rows, most)
	}
	least := t.Least(text)
	if left < 0 {
		return left, nil
	}
	if int64(t.Rows)*least > left {
		return 0, fmt.Errorf("%s: header promises %d rows of %d bytes or more: want no more than the file holds, of which %d bytes are left",
			t.Name, t.Rows, least, left)
	}
	return left - int64(t.Rows)*least, nil
}

// Empty takes all rows out of the lanes.
func (t *Table) Empty() {
	t.Taken += t.Held
	t.Held = 0
	for i := range t.Lanes {
		l := &t.Lanes[i]
		l.Values.Reset()
		if l.List() {
			l.Offsets = l.Offsets[:1]
		}
	}
}

// row returns the number of the next row, from 0.
func (t *Table) row() int { return t.Taken + t.Held }

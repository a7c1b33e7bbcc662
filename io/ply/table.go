package ply

import (
	"fmt"

	"setwise/internal/column"
	"setwise/internal/stream"
	"setwise/internal/words"
	"setwise/set"
)

// A table is an element on its way from or to a file.
type table struct {
	name  string
	rows  int // that it has in all
	lanes []lane

	taken int // rows that were taken out of the lanes
	held  int // rows that are in the lanes
}

// A lane is a property of a table.
type lane struct {
	name    string
	count   column.Type // of lists, None for single numbers
	values  column.Column
	offsets set.Offsets // of lists, as in a Property
	skip    bool        // nobody wants the values
}

func (l *lane) list() bool { return l.count != column.None }

// lane returns the named lane, nil if there is none.
func (t *table) lane(name string) *lane {
	for i := range t.lanes {
		if t.lanes[i].name == name {
			return &t.lanes[i]
		}
	}
	return nil
}

// scalars returns the columns of three lanes of single numbers, and whether all
// of them are there.
func (t *table) scalars(names [3]string) (c [3]column.Column, ok bool) {
	for k, name := range names {
		l := t.lane(name)
		if l == nil || l.list() {
			return c, false
		}
		c[k] = l.values
	}
	return c, true
}

// least returns the bytes that a row takes at least.
func (t *table) least(f Format) int64 {
	var n int64
	for i := range t.lanes {
		switch l := &t.lanes[i]; {
		case f == Text:
			n += 2 // a digit and a blank
		case l.list():
			n += int64(l.count.Size())
		default:
			n += int64(l.values.Type().Size())
		}
	}
	return n
}

// empty takes all rows out of the lanes.
func (t *table) empty() {
	t.taken += t.held
	t.held = 0
	for i := range t.lanes {
		l := &t.lanes[i]
		l.values.Reset()
		if l.list() {
			l.offsets = l.offsets[:1]
		}
	}
}

// A user is who wants what is in a file.
type user interface {
	// start sees the tables before their rows come, and marks the lanes to
	// skip. Of sure tables, the file is large enough for the rows.
	start(tables []*table, sure bool) error

	// take sees the rows in the lanes of a table. If it does not empty them, the
	// next call sees them and others.
	take(t *table) error
}

// read gives what is in s to u.
func read(s *stream.Source, l Limits, u user) (*header, error) {
	t := words.NewScanner(s, 0, 0)
	h, err := readHeader(s, t)
	if err != nil {
		return nil, err
	}
	if err := h.promises(s.Size, l); err != nil {
		return nil, err
	}
	for _, t := range h.tables {
		for i := range t.lanes {
			if t.lanes[i].list() {
				t.lanes[i].offsets = set.Offsets{0}
			}
		}
	}
	if err := u.start(h.tables, s.Size >= 0); err != nil {
		return nil, err
	}
	b := body{user: u, longest: longest(l)}
	if h.format == Text {
		return h, b.text(t, h.tables)
	}
	return h, b.binary(newWindow(t.Rest(), s.Size), h)
}

// longest returns the length of the longest list that l allows.
func longest(l Limits) int {
	points, faces := l.Most()
	return max(points, faces+2)
}

// promises checks what the header promises against limits and the size of the
// file, if that is known.
func (h *header) promises(size int64, l Limits) error {
	points, faces := l.Most()
	left := size + 1 // text may end without the end of a line
	for _, t := range h.tables {
		most := points
		if t.name == "face" || t.name == "tristrips" {
			most = faces
		}
		if t.rows > most {
			return fmt.Errorf("element %s: header promises %d rows: want at most %d, or a higher limit", t.name, t.rows, most)
		}
		least := t.least(h.format)
		if left -= int64(t.rows) * least; size >= 0 && left < 0 {
			return fmt.Errorf("element %s: header promises %d rows of %d bytes or more: want no more than the file holds, which has %d bytes",
				t.name, t.rows, least, size)
		}
	}
	return nil
}

// A body reads the rows of tables.
type body struct {
	user
	longest int // list
}

// enough is the number of rows after which somebody takes them.
const enough = 1024

// come gives rows of t to the user, if there are enough of them or no more will
// come.
func (b *body) come(t *table) error {
	if t.held < enough && t.taken+t.held < t.rows {
		return nil
	}
	return b.take(t)
}

// listTooLong is the error of a list of count items, if it is one.
func (b *body) listTooLong(t *table, l *lane, count int, ok bool) error {
	if ok && count >= 0 && count <= b.longest {
		return nil
	}
	got := fmt.Sprint(count)
	if !ok {
		got = "no whole number"
	}
	return fmt.Errorf("%s %d: list %s: want from 0 to %d items, got %s", t.name, t.taken+t.held, l.name, b.longest, got)
}

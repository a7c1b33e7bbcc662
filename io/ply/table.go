package ply

import (
	"setwise/io/internal/column"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
)

// A user is who wants what is in a file.
type user interface {
	// start sees the tables before their rows come, and says what to skip. If
	// sure, the file is large enough for all rows; they come as text or not.
	start(tables []*column.Table, sure, text bool) error

	// take sees the rows in the lanes of a table. If it does not empty the table,
	// the next call sees them and others.
	take(t *column.Table) error
}

// read gives what is in s to u.
func read(s *source.Stream, l Limits, u user) (*header, error) {
	t := text.NewScanner(s, 0, 0)
	h, err := readHeader(s, t)
	if err != nil {
		return nil, err
	}
	if err := h.promise(s.Size, l); err != nil {
		return nil, err
	}
	if err := u.start(h.tables, s.Size >= 0, h.format == Text); err != nil {
		return nil, err
	}
	points, faces := l.Most()
	r := column.Reader{MostItems: max(points, faces+2), Take: u.take}
	if h.format == Text {
		return h, h.text(t, r)
	}
	return h, h.binary(source.NewWindow(t.Rest(), s.Size), r)
}

// promise checks what the header promises against limits and the size of the
// file, if that is known.
func (h *header) promise(size int64, l Limits) (err error) {
	points, faces := l.Most()
	for _, t := range h.tables {
		most := points
		if is(t, "face") || is(t, "tristrips") {
			most = faces
		}
		if size, err = t.Promise(most, h.format == Text, size); err != nil {
			return err
		}
	}
	return nil
}

func (h *header) text(s *text.Scanner, r column.Reader) error {
	for _, t := range h.tables {
		if err := r.Text(s, t); err != nil {
			return err
		}
	}
	return s.End()
}

func (h *header) binary(w *source.Window, r column.Reader) error {
	for _, t := range h.tables {
		if err := r.Binary(w, t, h.format == BigEndian); err != nil {
			return err
		}
	}
	return w.Finish(0)
}

package ply

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"

	"setwise/internal/atomicfile"
	"setwise/internal/column"
)

// Write writes a file, in f.Format. Reading it gives f back exactly, except that
// NaN as text has lost which one it was, and that comments end at their 1,024th
// byte. Counts of lists are uchar, or int if a list of the property has more
// than 255 items.
//
// Nothing is written and the error says where if a name is not one word or comes
// twice, the values of a property are of another type than [Property] lists or
// not as many as the rows want, or a comment is of more than one line. Values may
// be NaN and faces may have corners that do not exist: a File is a table of
// numbers. [OfMesh] and [OfCloud] look at what they mean.
func Write(w io.Writer, f *File) error {
	tables, err := f.check()
	if err == nil {
		err = write(w, f, tables)
	}
	return named(err)
}

// WriteFile writes a file under a name. It appears complete or not at all: it is
// written aside in the same folder, then takes the place of the old one. See
// [Write].
func WriteFile(name string, f *File) error {
	tables, err := f.check()
	if err == nil {
		err = atomicfile.Write(name, func(w io.Writer) error { return write(w, f, tables) })
	}
	if err != nil {
		return fmt.Errorf("ply: %s: %w", name, err)
	}
	return nil
}

// check reports the first thing in f that cannot be written.
func (f *File) check() ([]*table, error) {
	if f.Format < 0 || int(f.Format) >= len(formats) {
		return nil, fmt.Errorf("want one of the formats, got %v", f.Format)
	}
	for _, text := range [][]string{f.Comments, f.Info} {
		for _, line := range text {
			if strings.ContainsAny(line, "\r\n") {
				return nil, fmt.Errorf("comment %.40q: want one line", line)
			}
		}
	}
	return f.tables()
}

// blockRows is how many rows are put together before they are written.
const blockRows = 1024

func write(w io.Writer, f *File, tables []*table) error {
	out := f.header(tables)
	for _, t := range tables {
		p := press{table: t, big: f.Format == BigEndian, columns: make([][]byte, len(t.lanes)), used: make([]int, len(t.lanes))}
		for lo := 0; lo < t.rows && len(t.lanes) > 0; lo += blockRows {
			if _, err := w.Write(out); err != nil {
				return err
			}
			hi := min(lo+blockRows, t.rows)
			if f.Format == Text {
				out = p.text(out[:0], lo, hi)
			} else {
				out = p.binary(out[:0], lo, hi)
			}
		}
	}
	_, err := w.Write(out)
	return err
}

// header returns the header.
func (f *File) header(tables []*table) []byte {
	b := fmt.Appendf(nil, "ply\nformat %v 1.0\n", f.Format)
	for _, c := range f.Comments {
		b = fmt.Appendf(b, "comment %s\n", c)
	}
	for _, c := range f.Info {
		b = fmt.Appendf(b, "obj_info %s\n", c)
	}
	for _, t := range tables {
		b = fmt.Appendf(b, "element %s %d\n", t.name, t.rows)
		for i := range t.lanes {
			l := &t.lanes[i]
			kind := typeNames[l.values.Type()]
			if l.list() {
				kind = "list " + typeNames[l.count] + " " + kind
			}
			b = fmt.Appendf(b, "property %s %s\n", kind, l.name)
		}
	}
	return append(b, "end_header\n"...)
}

// A press makes rows of the lanes of a table.
type press struct {
	*table
	big     bool
	columns [][]byte // bytes of the rows at hand, lane by lane
	used    []int    // how many of them are in rows
}

// text appends rows lo up to hi to b as lines.
func (p *press) text(b []byte, lo, hi int) []byte {
	for row := lo; row < hi; row++ {
		for i := range p.lanes {
			l := &p.lanes[i]
			first, last := row, row+1
			if l.list() {
				first, last = l.offsets.Bounds(row)
				b = strconv.AppendInt(b, int64(last-first), 10)
				b = append(b, ' ')
			}
			for k := first; k < last; k++ {
				b = append(l.values.Text(b, k), ' ')
			}
		}
		b[len(b)-1] = '\n'
	}
	return b
}

// binary appends the bytes of rows lo up to hi to b.
func (p *press) binary(b []byte, lo, hi int) []byte {
	for i := range p.lanes {
		l := &p.lanes[i]
		first, last := lo, hi
		if l.list() {
			first, last = l.offsets[lo], l.offsets[hi]
		}
		p.columns[i] = l.values.Append(p.columns[i][:0], first, last, p.big)
		p.used[i] = 0
	}
	for row := lo; row < hi; row++ {
		for i := range p.lanes {
			l := &p.lanes[i]
			n := 1
			if l.list() {
				first, last := l.offsets.Bounds(row)
				n = last - first
				b = appendCount(b, n, l.count, p.big)
			}
			at := p.used[i]
			p.used[i] += n * l.values.Type().Size()
			b = append(b, p.columns[i][at:p.used[i]]...)
		}
	}
	return b
}

// appendCount appends the count of a list, which is a byte or four.
func appendCount(b []byte, n int, kind column.Type, big bool) []byte {
	switch {
	case kind == column.Uint8:
		return append(b, byte(n))
	case big:
		return binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return binary.LittleEndian.AppendUint32(b, uint32(n))
}

package ply

import (
	"fmt"
	"io"
	"strings"

	"setwise/io/internal/atomicfile"
	"setwise/io/internal/column"
	"setwise/io/internal/text"
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
func Write(w io.Writer, f *File) error { return text.Prefix("ply", write(w, f)) }

// WriteFile writes a file under a name. It appears complete or not at all: it is
// written aside in the same folder, then takes the place of the old one. See
// [Write].
func WriteFile(name string, f *File) error {
	return atomicfile.WriteFormat("ply", name, func(w io.Writer) error { return write(w, f) })
}

// check reports the first thing in f that cannot be written.
func (f *File) check() ([]*column.Table, error) {
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

func write(w io.Writer, f *File) error {
	tables, err := f.check()
	if err != nil {
		return err
	}
	if _, err := w.Write(f.header(tables)); err != nil {
		return err
	}
	for _, t := range tables {
		var err error
		if f.Format == Text {
			err = t.WriteText(w)
		} else {
			err = t.WriteBinary(w, f.Format == BigEndian)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// header returns the header.
func (f *File) header(tables []*column.Table) []byte {
	b := fmt.Appendf(nil, "ply\nformat %v 1.0\n", f.Format)
	for _, c := range f.Comments {
		b = fmt.Appendf(b, "comment %s\n", c)
	}
	for _, c := range f.Info {
		b = fmt.Appendf(b, "obj_info %s\n", c)
	}
	for _, t := range tables {
		b = fmt.Appendf(b, "element %s %d\n", t.Name, t.Rows)
		for i := range t.Lanes {
			l := &t.Lanes[i]
			kind := typeNames[l.Values.Type()]
			if l.List() {
				kind = "list " + typeNames[l.Count] + " " + kind
			}
			b = fmt.Appendf(b, "property %s %s\n", kind, l.Name)
		}
	}
	return append(b, "end_header\n"...)
}

package pcd

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"setwise/internal/elementary"
	"setwise/io/internal/atomicfile"
	"setwise/io/internal/column"
	"setwise/io/internal/number"
	"setwise/io/internal/text"
)

// Write writes a file of version 0.7, in f.Format. Reading it gives f back
// exactly, except that NaN as text has lost which one it was. Colours are not
// lost: where a float of the field rgb or rgba is such a NaN, as opaque white
// is, all of the field is written to text as whole numbers of the same bits.
//
// Nothing is written and the error says where if a name is not one word, is _ or
// comes twice, the values of a field are of another type than [Field] lists or
// not as many as the points want, or compressed points take more than 2 GiB.
// Values may be NaN: a File is a table of numbers. [OfCloud] looks at what they
// mean.
func Write(w io.Writer, f *File) error { return text.Prefix("pcd", write(w, f)) }

// WriteFile writes a file under a name. It appears complete or not at all: it is
// written aside in the same folder, then takes the place of the old one. See
// [Write].
func WriteFile(name string, f *File) error {
	return atomicfile.WriteFormat("pcd", name, func(w io.Writer) error { return write(w, f) })
}

// check reports the first thing in f that cannot be written.
func (f *File) check() (*column.Table, error) {
	if f.Format < 0 || int(f.Format) >= len(formats) {
		return nil, fmt.Errorf("want one of the formats, got %v", f.Format)
	}
	for _, x := range f.Viewpoint.numbers() {
		if !elementary.Finite(x) {
			return nil, fmt.Errorf("the viewpoint is %v: want finite numbers", f.Viewpoint)
		}
	}
	t, err := f.table()
	if err == nil && f.Format == Compressed && int64(t.Rows)*t.Least(false) > math.MaxInt32 {
		err = fmt.Errorf("%d points of %d bytes: want at most %d bytes to compress", t.Rows, t.Least(false), math.MaxInt32)
	}
	return t, err
}

func write(w io.Writer, f *File) error {
	t, err := f.check()
	if err != nil {
		return err
	}
	if f.Format == Text {
		keepColors(t)
	}
	if _, err := w.Write(f.header(t)); err != nil {
		return err
	}
	switch f.Format {
	case Text:
		return t.WriteText(w)
	case Binary:
		return t.WriteBinary(w, false)
	}
	var data []byte
	for i := range t.Lanes {
		c := t.Lanes[i].Values
		data = c.Append(data, 0, c.Len(), false)
	}
	out := compress(make([]byte, 8), data)
	binary.LittleEndian.PutUint32(out, uint32(len(out)-8))
	binary.LittleEndian.PutUint32(out[4:], uint32(len(data)))
	_, err = w.Write(out)
	return err
}

// keepColors turns packed colours that text would lose into whole numbers.
func keepColors(t *column.Table) {
	for i := range t.Lanes {
		l := &t.Lanes[i]
		floats, ok := l.Values.Values().([]float32)
		hasAlpha := strings.EqualFold(l.Name, "rgba")
		if !ok || !hasAlpha && !strings.EqualFold(l.Name, "rgb") || !slices.ContainsFunc(floats, func(x float32) bool {
			return x != x && math.Float32bits(x) != notANumber
		}) {
			continue
		}
		packed := make([]uint32, len(floats))
		for k, x := range floats {
			packed[k] = math.Float32bits(x)
			if packed[k] == notANumber && hasAlpha {
				packed[k] = 0 // no colour, as it would be one with alpha
			}
		}
		l.Values = column.Of(packed)
	}
}

// header returns the header.
func (f *File) header(t *column.Table) []byte {
	var names, sizes, types, counts []byte
	for i := range t.Lanes {
		l := &t.Lanes[i]
		kind := typeNames[l.Values.Type()]
		names = fmt.Append(append(names, ' '), l.Name)
		sizes = fmt.Append(append(sizes, ' '), kind.size)
		types = fmt.Append(append(types, ' '), kind.letter)
		counts = fmt.Append(append(counts, ' '), l.Per)
	}
	v := f.Viewpoint
	if v == (Viewpoint{}) {
		v = upright
	}
	b := fmt.Appendf(nil, "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS%s\nSIZE%s\nTYPE%s\nCOUNT%s\n", names, sizes, types, counts)
	b = fmt.Appendf(b, "WIDTH %d\nHEIGHT %d\nVIEWPOINT", f.Width, f.Height)
	for _, x := range v.numbers() {
		b = number.Append(append(b, ' '), x)
	}
	return fmt.Appendf(b, "\nPOINTS %d\nDATA %v\n", t.Rows, f.Format)
}

package column

import (
	"encoding/binary"
	"io"
	"strconv"
)

// blockRows is how many rows are put together before they are written.
const blockRows = 1024

// WriteText writes the rows of t, all of which are in its lanes, each as a line.
func (t *Table) WriteText(w io.Writer) error {
	return t.write(w, func(b []byte, lo, hi int) []byte {
		for row := lo; row < hi; row++ {
			for i := range t.Lanes {
				l := &t.Lanes[i]
				first, last := l.bounds(row)
				if l.List() {
					b = strconv.AppendInt(b, int64(last-first), 10)
					b = append(b, ' ')
				}
				for k := first; k < last; k++ {
					b = append(l.Values.Text(b, k), ' ')
				}
			}
			b[len(b)-1] = '\n'
		}
		return b
	})
}

// WriteBinary writes the rows of t, all of which are in its lanes, with the
// highest byte of each number first if big. Counts of lists are Uint8 or Int32.
func (t *Table) WriteBinary(w io.Writer, big bool) error {
	columns := make([][]byte, len(t.Lanes)) // the bytes of the rows at hand
	used := make([]int, len(t.Lanes))       // and how many of them are in rows
	return t.write(w, func(b []byte, lo, hi int) []byte {
		for i := range t.Lanes {
			l := &t.Lanes[i]
			first, _ := l.bounds(lo)
			_, last := l.bounds(hi - 1)
			columns[i] = l.Values.Append(columns[i][:0], first, last, big)
			used[i] = 0
		}
		for row := lo; row < hi; row++ {
			for i := range t.Lanes {
				l := &t.Lanes[i]
				first, last := l.bounds(row)
				if l.List() {
					b = appendCount(b, last-first, l.Count, big)
				}
				at := used[i]
				used[i] += (last - first) * l.Values.Type().Size()
				b = append(b, columns[i][at:used[i]]...)
			}
		}
		return b
	})
}

// write writes all rows, for which add appends rows lo up to hi to b.
func (t *Table) write(w io.Writer, add func(b []byte, lo, hi int) []byte) error {
	var b []byte
	for lo := 0; lo < t.Rows && len(t.Lanes) > 0; lo += blockRows {
		b = add(b[:0], lo, min(lo+blockRows, t.Rows))
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// appendCount appends the count of a list, which is a byte or four.
func appendCount(b []byte, n int, kind Type, big bool) []byte {
	switch {
	case kind == Uint8:
		return append(b, byte(n))
	case big:
		return binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return binary.LittleEndian.AppendUint32(b, uint32(n))
}

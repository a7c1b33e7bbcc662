package ply

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"setwise/internal/column"
)

// A window is the part of a stream that is looked at. It grows only as bytes
// come.
type window struct {
	r          io.Reader
	size       int64 // of the whole stream, or -1
	buf        []byte
	start, end int // what of buf was read and not passed over
}

func newWindow(r io.Reader, size int64) *window {
	return &window{r: r, size: size, buf: make([]byte, 1<<16)}
}

// bytes returns what was read and not passed over.
func (w *window) bytes() []byte { return w.buf[w.start:w.end] }

// pass passes over n bytes.
func (w *window) pass(n int) { w.start += n }

// need reads until there are n bytes. It returns io.EOF or io.ErrUnexpectedEOF if
// they do not come.
func (w *window) need(n int) error {
	if w.end-w.start >= n {
		return nil
	}
	if w.size >= 0 && int64(n) > w.size {
		return io.ErrUnexpectedEOF
	}
	w.end = copy(w.buf, w.bytes())
	w.start = 0
	for {
		k, err := io.ReadAtLeast(w.r, w.buf[w.end:], min(n, len(w.buf))-w.end)
		w.end += k
		if err != nil || w.end >= n {
			return err
		}
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
}

// finish reads the end of the stream, before which there may be blanks and
// zeros.
func (w *window) finish() error {
	for {
		if len(bytes.Trim(w.bytes(), "\x00\t\n\v\f\r ")) > 0 {
			return errors.New("more follows the last row: want the end of the file")
		}
		w.start, w.end = 0, 0
		if err := w.need(1); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("after the last row: %w", err)
		}
	}
}

// binary reads all rows and the end of the file.
func (b *body) binary(w *window, h *header) error {
	for _, t := range h.tables {
		r := runs{body: b, table: t, w: w, big: h.format == BigEndian}
		if err := r.read(); err != nil {
			return err
		}
	}
	return w.finish()
}

// runs reads a table by runs of rows that are laid out alike: all rows, if they
// have no lists, or those of which the lists are equally long.
type runs struct {
	*body
	*table
	w   *window
	big bool

	stride  int   // bytes of a row
	at, per []int // where a row has the values of each lane, and how many
}

func (r *runs) read() error {
	if len(r.lanes) == 0 {
		r.taken = r.rows
		return nil
	}
	r.at, r.per = make([]int, len(r.lanes)), make([]int, len(r.lanes))
	for r.taken+r.held < r.rows {
		if err := r.first(); err != nil {
			return err
		}
		n := r.alike(min(r.rows-r.taken-r.held, len(r.w.bytes())/r.stride))
		r.decode(n)
		r.w.pass(n * r.stride)
		if err := r.come(r.table); err != nil {
			return err
		}
	}
	return nil
}

// first finds the layout of the next row, and reads all of it.
func (r *runs) first() error {
	r.stride = 0
	for i := range r.lanes {
		l := &r.lanes[i]
		n := 1
		if l.list() {
			if err := r.need(r.stride + l.count.Size()); err != nil {
				return err
			}
			var ok bool
			n, ok = l.count.Int(r.w.bytes()[r.stride:], r.big)
			if err := r.listTooLong(r.table, l, n, ok); err != nil {
				return err
			}
			r.stride += l.count.Size()
		}
		r.at[i], r.per[i] = r.stride, n
		r.stride += n * l.values.Type().Size()
	}
	return r.need(r.stride)
}

// need reads n bytes of a row.
func (r *runs) need(n int) error {
	switch err := r.w.need(n); err {
	case nil:
		return nil
	case io.EOF, io.ErrUnexpectedEOF:
		return fmt.Errorf("%s %d of %d: the file ends early: want %d bytes or more, got %d",
			r.name, r.taken+r.held, r.rows, n, len(r.w.bytes()))
	default:
		return fmt.Errorf("%s %d: %w", r.name, r.taken+r.held, err)
	}
}

// alike returns how many of the next n rows, all of which were read if they are
// as long as the first, have its layout.
func (r *runs) alike(n int) int {
	b := r.w.bytes()
	for i := range r.lanes {
		l := &r.lanes[i]
		if !l.list() {
			continue
		}
		lo, hi := r.at[i]-l.count.Size(), r.at[i]
		last := b[hi-1] // seldom equal where the others are not
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
	b := r.w.bytes()
	for i := range r.lanes {
		l := &r.lanes[i]
		if l.skip {
			continue
		}
		l.values.Decode(b[r.at[i]:], column.Layout{Rows: n, Stride: r.stride, Per: r.per[i], Big: r.big})
		if l.list() {
			at, last := len(l.offsets), l.offsets.Len()
			l.offsets = slices.Grow(l.offsets, n)[:at+n]
			for k := range l.offsets[at:] {
				last += r.per[i]
				l.offsets[at+k] = last
			}
		}
	}
	r.held += n
}

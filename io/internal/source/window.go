package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A Window is the part of a binary stream that is looked at. It grows only as
// bytes come.
type Window struct {
	r          io.Reader
	size       int64 // of the whole stream, or -1
	buf        []byte
	start, end int // what of buf was read and not passed over
}

// NewWindow returns a window at the beginning of r, which has no more than size
// bytes, unless that is negative.
func NewWindow(r io.Reader, size int64) *Window {
	return &Window{r: r, size: size, buf: make([]byte, 1<<16)}
}

// Bytes returns what was read and not passed over. It is valid until the next
// call of Need.
func (w *Window) Bytes() []byte { return w.buf[w.start:w.end] }

// Pass passes over n of the bytes that were read.
func (w *Window) Pass(n int) { w.start += n }

// Need reads until there are n bytes. It returns io.EOF or io.ErrUnexpectedEOF if
// they do not come.
func (w *Window) Need(n int) error {
	if w.end-w.start >= n {
		return nil
	}
	if w.size >= 0 && int64(n) > w.size {
		return io.ErrUnexpectedEOF
	}
	w.end = copy(w.buf, w.Bytes())
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

// mostPadding bounds the blanks and zeros after the last row, in bytes.
const mostPadding = 32 << 20

// Finish reads the end of the stream, before which there may be blanks and zeros,
// or up to most bytes of anything.
func (w *Window) Finish(most int) error {
	padding := true
	for n := 0; ; {
		n += len(w.Bytes())
		padding = padding && len(bytes.Trim(w.Bytes(), "\x00\t\n\v\f\r ")) == 0
		switch {
		case padding && n > mostPadding:
			return fmt.Errorf("more than %d MiB of blanks and zeros follow the last row: want the end of the file", mostPadding>>20)
		case !padding && most == 0:
			return errors.New("more follows the last row: want the end of the file")
		case !padding && n > most:
			return fmt.Errorf("more than %d bytes follow the last row: want the end of the file", most)
		}
		w.start, w.end = 0, 0
		if err := w.Need(1); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("after the last row: %w", err)
		}
	}
}

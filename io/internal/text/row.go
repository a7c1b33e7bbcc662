package text

import (
	"bytes"
	"fmt"
)

// Row returns the next line that has more than blanks on it, from its first
// word to its end, or nil at the end of the stream or if it fails. It is valid
// until the following call, and a line of more than 64 KiB is an error.
// [Scanner.Lines] is its number. Comments and separators mean nothing to it.
func (t *Scanner) Row() []byte {
	for {
		for t.start < t.end && t.buf[t.start] <= ' ' {
			t.blank(t.buf[t.start])
			t.start++
		}
		if t.start < t.end {
			break
		}
		if !t.fill() {
			return nil
		}
	}
	if t.zero {
		t.fail(errBinary)
		return nil
	}
	t.cr = false
	for n := 0; ; {
		end := bytes.IndexAny(t.buf[t.start+n:t.end], "\r\n")
		if end >= 0 {
			row := t.buf[t.start : t.start+n+end]
			if bytes.IndexByte(row, 0) >= 0 {
				t.fail(errBinary)
				return nil
			}
			t.start += n + end
			t.said += int64(len(row))
			return row
		}
		n = t.end - t.start
		if n == len(t.buf) {
			t.fail(fmt.Errorf("a line of more than %d bytes, which begins with %.20q: want a shorter one", n, t.buf[:n]))
			return nil
		}
		if !t.fill() {
			if t.err != nil {
				return nil
			}
			row := bytes.TrimRight(t.buf[t.start:t.end], "\x00")
			if bytes.IndexByte(row, 0) >= 0 {
				t.fail(errBinary)
				return nil
			}
			t.start = t.end
			t.said += int64(len(row))
			return row
		}
	}
}

package stl

import (
	"bytes"
	"fmt"
	"io"
)

const (
	mostWord = 1024 // bytes; the longest exact float64 has fewer than 800
	mostName = 256

	byteOrderMark = "\ufeff"
)

// A scanner takes a stream apart into words, in constant memory. Words are
// separated by blanks and control characters.
type scanner struct {
	r          io.Reader
	buf        []byte
	start, end int  // the bytes of buf that are still to come
	lines      int  // the line that start is on, from 1
	cr         bool // the last line ended in CR, so LF ends no other
	err        error
}

func newScanner(s *source) *scanner {
	t := &scanner{r: s, buf: make([]byte, 1<<16), lines: 1}
	for more := true; more && t.end < len(byteOrderMark); {
		more = t.fill()
	}
	if bytes.HasPrefix(t.buf[:t.end], []byte(byteOrderMark)) {
		t.start = len(byteOrderMark)
	}
	return t
}

// fill reads more, moving what is still to come to the front. It reports
// whether there is more.
func (t *scanner) fill() bool {
	if t.start > 0 {
		t.end = copy(t.buf, t.buf[t.start:t.end])
		t.start = 0
	}
	for range 100 {
		n, err := t.r.Read(t.buf[t.end:])
		t.end += n
		if n > 0 {
			return true
		}
		if err == io.EOF {
			return false
		}
		if err != nil {
			t.err = t.at(err)
			return false
		}
	}
	t.err = t.at(io.ErrNoProgress)
	return false
}

// next returns the next word, valid until the following call, or nil at the
// end of the stream or if it fails.
func (t *scanner) next() []byte {
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
	t.cr = false
	n := 0
	for {
		for t.start+n < t.end && t.buf[t.start+n] > ' ' {
			n++
		}
		if n > mostWord {
			t.err = t.at(fmt.Errorf("a word of more than %d bytes, which begins with %.20q: want a keyword or a number", mostWord, t.buf[t.start:t.end]))
			return nil
		}
		if t.start+n < t.end || !t.fill() {
			break
		}
	}
	if t.err != nil {
		return nil
	}
	word := t.buf[t.start : t.start+n]
	t.start += n
	return word
}

// blank counts lines, which end in LF, CR or both.
func (t *scanner) blank(c byte) {
	switch c {
	case '\r':
		t.lines++
	case '\n':
		if !t.cr {
			t.lines++
		}
	}
	t.cr = c == '\r'
}

// line returns the rest of the line, of which it keeps the first most bytes.
func (t *scanner) line(most int) string {
	var kept []byte
	for {
		rest := t.buf[t.start:t.end]
		n := bytes.IndexAny(rest, "\r\n")
		ends := n >= 0
		if ends {
			rest = rest[:n]
		}
		kept = append(kept, rest[:min(len(rest), most-len(kept))]...)
		t.start += len(rest)
		if ends || !t.fill() {
			return string(kept)
		}
	}
}

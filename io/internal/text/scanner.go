// Package text takes text files apart: words, lines, places and directions, in
// constant memory and with the line for every error. Names and lists that come
// from files are printed for errors here, never longer than a line.
package text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const (
	mostWord = 1024 // bytes; the longest exact float64 has fewer than 800

	// What says nothing may be so many bytes, and so many times what says
	// something.
	mostSilence = 32 << 20
	silentFold  = 64

	byteOrderMark = "\ufeff"
)

// A Scanner takes a stream apart into words, in constant memory. Words are
// separated by blanks and control characters; lines end in LF, CR or both. A
// byte order mark at the beginning is passed over.
//
// No stream is read for ever without a word: blanks, comments and what else is
// passed over may take 32 MiB and 64 times the bytes of words. Zero bytes are no
// text: they may only stand at the end, as padding.
type Scanner struct {
	r          io.Reader
	comment    byte
	ends       [256]bool // characters that end a word
	buf        []byte
	start, end int   // the bytes of buf that are still to come
	lines      int   // the line that start is on, from 1
	cr         bool  // the last line ended in CR, so LF ends no other
	zero       bool  // a byte that was passed over is zero
	past       int64 // bytes before those of buf
	said       int64 // bytes of words, of which the rest of what was read has none
	err        error
}

// NewScanner returns a scanner of r. comment, unless it is 0, is a character that
// makes the rest of its line count as blank; separator, unless it is 0, separates
// words as blanks do. A line that ends in the separator "\" goes on in the next.
func NewScanner(r io.Reader, comment, separator byte) *Scanner {
	t := &Scanner{r: r, comment: comment, buf: make([]byte, 1<<16), lines: 1}
	for c := range ' ' + 1 {
		t.ends[c] = true
	}
	t.ends[comment], t.ends[separator] = true, true
	for more := true; more && t.end < len(byteOrderMark); {
		more = t.fill()
	}
	t.start = len(t.buf[:t.end]) - len(bytes.TrimPrefix(t.buf[:t.end], []byte(byteOrderMark)))
	return t
}

// Err returns what made reading fail, nil at the end of the stream.
func (t *Scanner) Err() error { return t.err }

// Lines returns the number of the line that comes next or goes on, from 1.
func (t *Scanner) Lines() int { return t.lines }

// fail makes err the end of the stream, unless it failed before.
func (t *Scanner) fail(err error) {
	if t.err == nil {
		t.err = t.At(err)
	}
	t.start, t.end = 0, 0
}

// Ignore counts n bytes of words as passed over: the reader took nothing from
// them.
func (t *Scanner) Ignore(n int) { t.said -= int64(n) }

// IgnoreLine passes over the rest of the line, and counts it as [Scanner.Ignore]
// does.
func (t *Scanner) IgnoreLine() {
	for word := t.Inline(); word != nil; word = t.Inline() {
		t.Ignore(len(word))
	}
}

// fill reads more, moving what is still to come to the front. It reports
// whether there is more.
func (t *Scanner) fill() bool {
	if silent := t.past + int64(t.start) - t.said; silent > mostSilence+silentFold*t.said {
		t.fail(fmt.Errorf("%d MiB of blanks, comments and what else says nothing, after %d bytes of words: want words, or the end", silent>>20, t.said))
	}
	if t.err != nil {
		return false
	}
	if t.start > 0 {
		t.past += int64(t.start)
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
			t.fail(err)
			return false
		}
	}
	t.fail(io.ErrNoProgress)
	return false
}

// Next returns the next word, valid until the following call, or nil at the
// end of the stream or if it fails.
func (t *Scanner) Next() []byte { return t.word(false) }

// Inline is [Scanner.Next] within the line of the word before: at the end of the
// line it returns nil, and the next call of [Scanner.Next] or [Scanner.Line]
// goes on from there.
func (t *Scanner) Inline() []byte { return t.word(true) }

// word returns the next word, of this line or of any.
func (t *Scanner) word(inline bool) []byte {
	joined := false
	for {
		for t.start < t.end {
			c := t.buf[t.start]
			if !t.ends[c] {
				break
			}
			if c == t.comment && c != 0 {
				t.Line(0)
				continue
			}
			if c == '\n' || c == '\r' {
				if inline && !joined && !(c == '\n' && t.cr) {
					return nil
				}
				joined = false
			}
			joined = joined || c == '\\'
			t.blank(c)
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
	n := 0
	for {
		for t.start+n < t.end && !t.ends[t.buf[t.start+n]] {
			n++
		}
		if n > mostWord {
			t.fail(fmt.Errorf("a word of more than %d bytes, which begins with %.20q: want a keyword or a number", mostWord, t.buf[t.start:t.end]))
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
	t.said += int64(n)
	return word
}

var errBinary = errors.New("zero bytes before more text: binary data, or two bytes for each character: want text in UTF-8")

// blank counts lines, which end in LF, CR or both, and notes zero bytes.
func (t *Scanner) blank(c byte) {
	switch c {
	case 0:
		t.zero = true
	case '\r':
		t.lines++
	case '\n':
		if !t.cr {
			t.lines++
		}
	}
	t.cr = c == '\r'
}

// Line returns the rest of the line, of which it keeps the first most bytes.
// The end of the line is still to come.
func (t *Scanner) Line(most int) string {
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
		if len(rest) > 0 {
			t.cr = false
		}
		if ends || !t.fill() {
			return string(kept)
		}
	}
}

// Rest returns a reader of all that is still to come, from the byte after the
// end of this line: what follows a header of text may be anything. The scanner
// must not be used afterwards.
func (t *Scanner) Rest() io.Reader {
	t.Line(0)
	for range 2 {
		if t.start == t.end && !t.fill() {
			break
		}
		c := t.buf[t.start]
		if c == '\r' && !t.cr {
			t.cr = true
			t.start++
			continue
		}
		if c == '\n' {
			t.start++
		}
		break
	}
	return io.MultiReader(bytes.NewReader(t.buf[t.start:t.end]), t.r)
}

// End reads the end of the stream, before which there may be blanks and zeros.
func (t *Scanner) End() error {
	if word := t.Next(); word != nil || t.err != nil {
		return t.Wanted("the end of the file", word)
	}
	return nil
}

// EndLine reads the end of the line.
func (t *Scanner) EndLine() error {
	if word := t.Inline(); word != nil {
		return t.Wanted("the end of the line", word)
	}
	return t.err
}

// Expect reads the word want, which is in lower case, in any case.
func (t *Scanner) Expect(want string) error {
	if word := t.Next(); !Is(word, want) {
		return t.Wanted(`"`+want+`"`, word)
	}
	return nil
}

// Wanted is the error of a word that should be another, or of a stream that
// failed or ended before it, or of a line that did.
func (t *Scanner) Wanted(want string, got []byte) error {
	switch {
	case t.err != nil:
		return t.err
	case got == nil && t.start < t.end:
		return t.At(fmt.Errorf("the line ends early: want %s", want))
	case got == nil:
		return t.At(fmt.Errorf("the file ends early: want %s", want))
	}
	return t.At(fmt.Errorf("want %s, got %.40q", want, got))
}

// At adds the line to an error.
func (t *Scanner) At(err error) error { return fmt.Errorf("line %d: %w", t.lines, err) }

// Is reports whether a word is want, which is in lower case, in any case.
func Is(word []byte, want string) bool {
	if len(word) != len(want) {
		return false
	}
	for i, c := range word {
		if c != want[i] && (c|0x20 != want[i] || c < 'A') {
			return false
		}
	}
	return true
}

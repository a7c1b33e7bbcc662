package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"setwise/io/internal/source"
)

// Open returns a reader of the named table, a regular file. Errors name the file.
// What it opens is to be closed.
func Open(name string, f Format) (*Reader, error) {
	file, err := source.File(name)
	if err != nil {
		return nil, err
	}
	t, err := New(file, f)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t.file = file
	return t, nil
}

// Close closes what [Open] opened, and does nothing for a reader of [New].
func (t *Reader) Close() error {
	if t.file == nil {
		return nil
	}
	return t.file.Close()
}

// New returns a reader of a table that comes as a stream, of which it reads the
// first row. Errors say which line.
func New(r io.Reader, f Format) (*Reader, error) {
	s, err := source.New(r)
	if err == nil && s.Zipped() {
		s, err = s.Unzip()
	}
	if err != nil {
		return nil, err
	}
	t := &Reader{Separator: f.Separator, bare: f.Bare, in: bufio.NewReaderSize(s, 1<<16), left: mostText, next: 1}
	head, _ := t.in.Peek(t.in.Size()) // an error comes again
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, errors.New("line 1: text in UTF-16: want UTF-8")
	case bytes.HasPrefix(head, []byte(mark)):
		_, _ = t.in.Discard(len(mark))
		head = head[len(mark):]
	}
	if t.Separator == 0 {
		t.Separator = separator(head)
	}
	names, err := t.Next()
	if err == io.EOF {
		return nil, errors.New("line 1: want the names of the columns, got nothing")
	} else if err != nil {
		return nil, err
	}
	for _, n := range names {
		t.Names = append(t.Names, strings.TrimSpace(n))
	}
	return t, nil
}

const mark = "\ufeff"

// separator is what the first line that has something has most of.
func separator(head []byte) byte {
	var count [256]int
	quoted := false
	for _, c := range bytes.TrimLeft(head, "\r\n") {
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' || c == '\r' {
			break
		}
		count[c]++
	}
	best := byte(',')
	for _, c := range []byte(";\t") {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

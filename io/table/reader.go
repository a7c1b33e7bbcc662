// Package table reads tables of text: rows of cells with commas, semicolons or
// tabs between them, under the names of the columns.
//
//	r, err := table.Open("parts.csv.gz", table.Format{}) // or New, of a stream
//	defer r.Close()
//	for {
//		cells, err := r.Next() // io.EOF at the end
//		x, err := table.Number(cells[2])
//	}
//
// The text is in UTF-8, and may be compressed by gzip, whatever its name says.
// A cell may stand in quotes, in which separators and the ends of lines mean
// nothing and a quote is written twice. Lines end in LF, CRLF or CR. All rows have
// as many cells as the first, which names the columns; lines with nothing on them
// are passed over, but in a table of one column, where they are empty cells. A
// byte order mark is passed over too. Text in another encoding, such as Latin-1 or
// UTF-16, is an error that says where.
//
// [Number] reads one cell, and says why one is no number; a [Tally] counts what
// the cells of a column are, so that the first row decides no more than any
// other.
//
// Tables are not trusted: a cell has at most 64 KiB, a row 1 MiB and 16,384
// cells, a table 256 MiB, uncompressed. Reading takes time linear in the size of
// the text, and memory of a few times the size of the longest row. What is opened
// by name is a regular file: no pipe, which would wait for a writer, and no device.
package table

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"

	"setwise/io/internal/text"
)

// What a table may have.
const (
	mostText  = 256 << 20 // bytes
	mostRow   = 1 << 20   // bytes
	mostCell  = 64 << 10  // bytes
	mostCells = 1 << 14   // in a row
)

// A Format says how rows are made of cells.
type Format struct {
	// Separator stands between cells. 0 is the one of comma, semicolon and tab
	// that the first line has most of, outside of quotes.
	Separator byte

	// Bare says that quotes are characters like others, and rows are lines.
	Bare bool
}

// A Reader reads a table row by row.
type Reader struct {
	// Names are the names of the columns, without blanks around them. Some may
	// be empty, or the same.
	Names []string

	// Separator stands between the cells.
	Separator byte

	file       io.Closer // or nil
	bare       bool
	in         *bufio.Reader
	left       int // bytes that the table may still have
	line, next int // where the last row began, and where the next will
	row        []byte
	ends       []int // of the cells, in row
	cells      []string
}

// Line returns the line that the last row began on, from 1.
func (t *Reader) Line() int { return t.line }

// Column returns the number of the named column. It is an error if there is
// none, or more than one.
func (t *Reader) Column(name string) (int, error) {
	at := -1
	for i, n := range t.Names {
		if n != name {
			continue
		}
		if at >= 0 {
			return 0, fmt.Errorf("want one column %.80q, got two", name)
		}
		at = i
	}
	if at < 0 {
		return 0, fmt.Errorf("want a column %.80q, got %s", name, text.List(t.Names))
	}
	return at, nil
}

// Next returns the cells of the next row, as they stand there, or [io.EOF] at the
// end. The slice is used again by the following call; the cells of a row share
// memory. Errors say which line, and which cell of it, from 1.
func (t *Reader) Next() ([]string, error) {
	for {
		t.line = t.next
		blank, ended, err := t.read()
		switch {
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", t.line, err)
		case blank && ended:
			return nil, io.EOF
		case blank && len(t.Names) != 1:
			continue
		case !utf8.Valid(t.row):
			return nil, t.foreign()
		case t.Names != nil && len(t.ends) != len(t.Names):
			return nil, fmt.Errorf("line %d: want %d cells, as in the first line, got %d", t.line, len(t.Names), len(t.ends))
		}
		text, at := string(t.row), 0
		t.cells = t.cells[:0]
		for _, end := range t.ends {
			t.cells = append(t.cells, text[at:end])
			at = end
		}
		return t.cells, nil
	}
}

// read reads the next row. It reports whether there is nothing on its line, and
// whether the table ended with it.
func (t *Reader) read() (blank, ended bool, err error) {
	t.row, t.ends = t.row[:0], t.ends[:0]
	began := t.left
	const (
		bare   = iota // in a cell without quotes
		start         // at the beginning of a cell
		quoted        // in a cell in quotes
		closed        // after its last quote, or before its second
	)
	state := start
	for {
		c, err := t.in.ReadByte()
		if err == io.EOF {
			if state == quoted {
				return false, false, t.wrong("the table ends within a cell in quotes: want the quote that ends it")
			}
			return t.end(state == start), true, nil
		}
		if err != nil {
			return false, false, err
		}
		if t.left--; t.left < 0 {
			return false, false, fmt.Errorf("want a table of at most %d bytes, got more", mostText)
		}
		if began-t.left > mostRow {
			return false, false, fmt.Errorf("want at most %d bytes in a row, got more", mostRow)
		}
		if c == '\r' {
			if b, _ := t.in.Peek(1); len(b) == 1 && b[0] == '\n' {
				continue // as CRLF is LF
			}
			c = '\n'
		}
		if c == '\n' {
			t.next++
		}
		switch {
		case state == quoted && c == '"':
			state = closed
			continue
		case state == quoted:
		case c == '\n':
			return t.end(state == start), false, nil
		case c == t.Separator:
			if len(t.ends) == mostCells-1 {
				return false, false, fmt.Errorf("want at most %d cells in a row, got more", mostCells)
			}
			t.ends = append(t.ends, len(t.row))
			state = start
			continue
		case c == 0:
			return false, false, t.wrong("want text, got a byte of 0")
		case t.bare:
			state = bare
		case c == '"' && state == start:
			state = quoted
			continue
		case c == '"' && state == closed:
			state = quoted
		case state == closed:
			return false, false, t.wrong("want the end of the cell after a quote, got %q; a quote within quotes is written twice", c)
		case c == '"':
			return false, false, t.wrong("want quotes around the whole cell, got one within it")
		default:
			state = bare
		}
		t.row = append(t.row, c)
		if t.size() > mostCell {
			return false, false, t.wrong("want at most %d bytes, got more that begin with %.40q", mostCell, t.row[len(t.row)-t.size():])
		}
	}
}

// end ends the last cell of a row, which is empty if it is only at its start. It
// reports whether the row has nothing.
func (t *Reader) end(empty bool) bool {
	t.ends = append(t.ends, len(t.row))
	return empty && len(t.ends) == 1
}

// size returns the bytes of the cell at hand.
func (t *Reader) size() int {
	if n := len(t.ends); n > 0 {
		return len(t.row) - t.ends[n-1]
	}
	return len(t.row)
}

// foreign is the error of a row that is not in UTF-8.
func (t *Reader) foreign() error {
	for at, line := 0, t.line; ; {
		r, n := utf8.DecodeRune(t.row[at:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("line %d: want text in UTF-8, got the byte 0x%x (Latin-1?): iconv -t utf-8 converts it", line, t.row[at])
		}
		if r == '\n' {
			line++
		}
		at += n
	}
}

// wrong is the error of the cell at hand.
func (t *Reader) wrong(format string, args ...any) error {
	name := ""
	if n := len(t.ends); n < len(t.Names) {
		name = fmt.Sprintf(" (%.80q)", t.Names[n])
	}
	return fmt.Errorf("cell %d%s: %w", len(t.ends)+1, name, fmt.Errorf(format, args...))
}

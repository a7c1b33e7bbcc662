package dataset

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

const (
	mostTable = 256 << 20 // bytes of a table
	mostLine  = 1 << 20   // bytes of a line of a TSV table
)

// errTable is met by a reader at the end of what a table may have.
var errTable = fmt.Errorf("want a table of at most %d bytes", mostTable)

// A sheet is a table that is read row by row.
type sheet struct {
	name   string
	header []string
	next   func() ([]string, error) // the cells of the next row, which it may use again; io.EOF at the end
}

// openSheet opens a table and reads its first line, the names of the columns.
func openSheet(name string) (*sheet, io.Closer, error) {
	lower := strings.ToLower(name)
	isCSV := strings.HasSuffix(lower, ".csv")
	if !isCSV && !strings.HasSuffix(lower, ".tsv") && !strings.HasSuffix(lower, ".tab") {
		return nil, nil, fmt.Errorf("%s: want a table that ends in .tsv, .tab or .csv", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	t := &sheet{name: name, next: lines(f, isCSV)}
	t.header, err = t.next()
	if err == io.EOF {
		err = errors.New("want a line with the names of the columns, got nothing")
	}
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	t.header = slices.Clone(t.header)
	return t, f, nil
}

// lines reads the rows of a table, after a byte order mark if there is one.
func lines(r io.Reader, isCSV bool) func() ([]string, error) {
	b := bufio.NewReader(&bounded{r: r, left: mostTable})
	if mark, _ := b.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		b.Discard(3)
	}
	if isCSV {
		c := csv.NewReader(b) // which wants as many fields in all lines
		c.ReuseRecord = true
		return c.Read
	}
	scanner := bufio.NewScanner(b)
	scanner.Buffer(nil, mostLine)
	line, fields := 0, 0
	return func() ([]string, error) {
		line++
		if !scanner.Scan() {
			switch err := scanner.Err(); {
			case err == nil:
				return nil, io.EOF
			case errors.Is(err, bufio.ErrTooLong):
				return nil, fmt.Errorf("line %d: want at most %d bytes", line, mostLine)
			default:
				return nil, err
			}
		}
		cells := strings.Split(scanner.Text(), "\t") // without LF or CRLF
		if line == 1 {
			fields = len(cells)
		}
		if len(cells) != fields {
			return nil, fmt.Errorf("line %d: want %d fields with tabs between them, got %d", line, fields, len(cells))
		}
		return cells, nil
	}
}

// column returns the number of the named column.
func (t *sheet) column(name string) (int, error) {
	at := -1
	for i, h := range t.header {
		if h != name {
			continue
		}
		if at >= 0 {
			return 0, fmt.Errorf("want one column %q, got two", name)
		}
		at = i
	}
	if at < 0 {
		return 0, fmt.Errorf("want a column %q, got %q", name, t.header)
	}
	return at, nil
}

// A bounded reader fails where a table is too long.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errTable
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

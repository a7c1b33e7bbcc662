package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"setwise/internal/stream"
	tables "setwise/io/table"
)

// What a table may hold: it is read into memory.
const (
	mostText     = 256 << 20 // bytes
	mostNumbers  = 64 << 20  // cells that are learned from
	mostSets     = 1 << 20
	mostFeatures = 1000
)

// Treatments of missing cells.
const (
	refuse = "refuse" // an error
	fill   = "mean"   // the mean of the column, and a mark that it was missing
)

// columns say what the columns of a table mean, by their names.
type columns struct {
	Set        string   `json:"set"`                  // which set the row is of
	Targets    []string `json:"targets"`              // the numbers to predict, the same in all rows of a set
	Features   []string `json:"features,omitempty"`   // what to predict from; none is all that can be used
	Categories []string `json:"categories,omitempty"` // features whose numbers are names of categories
	Missing    string   `json:"missing"`              // refuse or mean
}

// flags returns the flags that say the same.
func (c columns) flags() []string {
	out := []string{"-set", c.Set}
	for _, f := range []struct {
		name   string
		values []string
	}{{"-target", c.Targets}, {"-features", c.Features}, {"-category", c.Categories}} {
		for _, v := range f.values {
			out = append(out, f.name, v)
		}
	}
	if c.Missing != refuse {
		out = append(out, "-missing", c.Missing)
	}
	return out
}

// line returns the flags of c, if there is one, as a shell reads them.
func (c *columns) line() string {
	if c == nil {
		return ""
	}
	return line(c.flags())
}

// A sample is a set of a table.
type sample struct {
	id      string
	line    int       // where it comes first
	rows    int       // of the table
	numbers []float64 // features that are numbers, row after row; NaN is missing
	words   []int32   // categories, row after row, by their number in the table
	lines   []int32   // of the rows
	few     []int     // rows that stand for all, where those are too many to learn from
}

// A table is the rows of a file, gathered into sets in the order in which the
// sets come first.
type table struct {
	columns
	numbers []string         // names of the features that are numbers
	gaps    []int            // cells of each that are missing
	words   []string         // names of the features that are categories
	known   [][]string       // the categories of each, missingMark among them if cells are missing
	marks   []map[string]int // of each, how many cells have which word for nothing
	samples []*sample
	targets [][]float64 // of each sample
	rows    int

	separator byte     // between cells
	notes     []string // what was guessed, filled in and left out
}

// openTable reads a file of rows with commas, semicolons or tabs between their
// fields, compressed by gzip or not, whose first line names the columns. Given
// features, it is a table to predict for, which has those and no targets.
func openTable(name string, c columns, learned []feature) (*table, error) {
	return stream.Open("table", name, func(s *stream.Source) (*table, error) { return readTable(s, c, learned) })
}

// readTable reads all of a table twice: first to see what the columns are, so
// that no row decides more than others, and then for the sets.
func readTable(r io.Reader, c columns, learned []feature) (*table, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostText+1))
	if err != nil {
		return nil, err
	}
	if len(text) > mostText {
		return nil, fmt.Errorf("want at most %d MiB of text, got more", mostText>>20)
	}
	if err := checkText(text); err != nil {
		return nil, err
	}
	s, err := newSurvey(text)
	if err != nil {
		return nil, err
	}
	g := gatherer{table: &table{columns: c, separator: s.separator}, seen: s}
	if err := g.plan(learned); err != nil {
		return nil, err
	}
	if err := eachRow(text, g.add); err != nil {
		return nil, err
	}
	return g.table, g.finish(learned == nil)
}

// checkText reports where text is not in UTF-8. Text in UTF-16 is found later.
func checkText(text []byte) error {
	if utf8.Valid(text) || bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil
	}
	line := 1
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("line %d: want text in UTF-8, got the byte 0x%x (Latin-1?): iconv -t utf-8 converts it", line, text[0])
		}
		if r == '\n' {
			line++
		}
		text = text[n:]
	}
	return nil
}

// eachRow calls f for every row, with the line that it begins on.
func eachRow(text []byte, f func(cells []string, line int) error) error {
	t, err := tables.New(bytes.NewReader(text), tables.Format{})
	if err != nil {
		return err
	}
	for {
		cells, err := t.Next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := f(cells, t.Line()); err != nil {
			return fmt.Errorf("line %d: %w", t.Line(), err)
		}
	}
}

// readNumber reads a cell. Where the decimal sign is a comma, points are none.
func readNumber(cell string, comma bool) (float64, error) {
	if word := strings.TrimSpace(cell); comma && tables.KindOf(word) == tables.Comma && plainComma(word) {
		cell = strings.Replace(word, ",", ".", 1)
	}
	return tables.Number(cell)
}

// plainComma reports whether a word with commas has one and no point.
func plainComma(word string) bool {
	return strings.Count(word, ",") == 1 && !strings.Contains(word, ".")
}

func isMissing(err error) bool { return errors.Is(err, tables.ErrMissing) }

// counted writes a number of things, with an s for all but one.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

package csv

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"setwise/examples/regress/study"
	"setwise/io/table"
)

// What is learned from, in memory.
const (
	mostNumbers  = 64 << 20 // cells that are learned from
	mostSets     = 1 << 20
	mostFeatures = 1000
)

// A sample is a set of a table.
type sample struct {
	id      string
	line    int       // where it comes first
	rows    int       // of the table
	numbers []float64 // features that are numbers, row after row; NaN is missing
	words   []int32   // categories, row after row, by their number in the table
	lines   []int32   // of the rows
	strange bool      // is it unlike those that were learned from?
	few     []int     // rows that stand for all, where those are too many to learn from
}

// sets are the rows of a table, gathered into sets in the order in which those come
// first.
type sets struct {
	study.Columns
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

// readSets reads all of a table twice: first to see what the columns are, so that no
// row decides more than others, and then for the sets. Given features, it is a table
// to predict for, which has those and no targets.
func readSets(in input, c study.Columns, learned []feature) (*sets, error) {
	g := gatherer{sets: &sets{Columns: c}}
	err := in.read(func(t *table.Reader) (err error) {
		if g.seen, err = newSurvey(t); err != nil {
			return err
		}
		g.separator = t.Separator
		return g.plan(learned)
	})
	if err != nil {
		return nil, err
	}
	err = in.read(func(t *table.Reader) error {
		if !slices.Equal(t.Names, g.seen.names) {
			return errors.New("want a table that stays as it is while it is read")
		}
		if err := eachRow(t, g.add); err != nil {
			return err
		}
		return g.finish(learned == nil)
	})
	if err != nil {
		return nil, err
	}
	return g.sets, nil
}

// An input is a table that can be read several times.
type input struct {
	name string // for errors
	open func() (*table.Reader, error)
}

// file is a table in a file.
func file(name string) input {
	return input{name, func() (*table.Reader, error) { return table.Open(name, table.Format{}) }}
}

// memory is a table in memory.
func memory(name string, text []byte) input {
	return input{name, func() (*table.Reader, error) {
		t, err := table.New(bytes.NewReader(text), table.Format{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return t, nil
	}}
}

// stdin is the name of a table that is read from standard input.
const stdin = "-"

// named is the table of that name, which is in if it is that of standard input.
func named(name string, in io.Reader) (input, error) {
	if name != stdin {
		return file(name), nil
	}
	const most = 256 << 20 // bytes, as of any table
	all, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && len(all) > most {
		err = fmt.Errorf("want at most %d MiB, got more", most>>20)
	}
	if err != nil {
		return input{}, fmt.Errorf("table: standard input: %w", err)
	}
	return memory("standard input", all), nil
}

// read opens the table for f. Errors name it.
func (in input) read(f func(*table.Reader) error) error {
	t, err := in.open()
	if err != nil {
		return fmt.Errorf("table: %w", err)
	}
	defer t.Close()
	if err := f(t); err != nil {
		return fmt.Errorf("table: %s: %w", in.name, err)
	}
	return nil
}

// eachRow calls f for every row, with the line that it begins on.
func eachRow(t *table.Reader, f func(cells []string, line int) error) error {
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
	if word := strings.TrimSpace(cell); comma && table.KindOf(word) == table.Comma && plainComma(word) {
		cell = strings.Replace(word, ",", ".", 1)
	}
	return table.Number(cell)
}

// plainComma reports whether a word with commas has one and no point.
func plainComma(word string) bool {
	return strings.Count(word, ",") == 1 && !strings.Contains(word, ".")
}

func isMissing(err error) bool { return errors.Is(err, table.ErrMissing) }

// listed lists names in quotes, the first of them if there are many.
func listed(names []string) string {
	const most = 12
	short := make([]string, min(most, len(names)))
	for i := range short {
		short[i] = fmt.Sprintf("%.40q", names[i])
	}
	list := "[" + strings.Join(short, " ") + "]"
	if more := len(names) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

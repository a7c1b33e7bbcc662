package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"setwise/internal/stream"
)

// What a table may hold: it is read into memory.
const (
	mostText     = 256 << 20 // bytes
	mostRow      = 1 << 20   // bytes
	mostNumbers  = 64 << 20
	mostSets     = 1 << 20
	mostFeatures = 1000
)

// columns say what the columns of a table mean, by their names.
type columns struct {
	Set      string   `json:"set"`      // which set the row is of
	Features []string `json:"features"` // the numbers of an element
	Targets  []string `json:"targets"`  // the numbers to predict, the same in all rows of a set
}

// list returns a function that splits what a flag lists into names.
func list(names *[]string) func(string) error {
	return func(s string) error {
		*names = nil
		for n := range strings.SplitSeq(s, ",") {
			if n = strings.TrimSpace(n); n == "" {
				return errors.New("want names of columns with commas between them")
			}
			*names = append(*names, n)
		}
		return nil
	}
}

// String returns the flags that say the same.
func (c columns) String() string {
	return fmt.Sprintf("-set %q -target %q -features %q", c.Set, strings.Join(c.Targets, ","), strings.Join(c.Features, ","))
}

// A table is the rows of a file, gathered into sets in the order in which the
// sets come first.
type table struct {
	columns
	ids     []string
	rows    [][]float32 // of each set, its elements one after another
	targets [][]float64 // of each set
	left    []string    // columns that are not used
}

// readTable reads a file of rows with commas, semicolons or tabs between their
// fields, compressed by gzip or not. Its first line names the columns. Without
// c.Features, all columns that begin with a number are features.
func readTable(name string, c columns) (*table, error) {
	return stream.Open("table", name, func(s *stream.Source) (*table, error) {
		t := &table{columns: c}
		return t, t.read(s)
	})
}

func (t *table) read(s *stream.Source) error {
	in := &rowReader{Reader: skipMark(s, s.Head)}
	r := csv.NewReader(in)
	r.Comma, r.ReuseRecord = separator(s.Head), true
	header, err := r.Read()
	if err == io.EOF {
		return errors.New("line 1: want the names of the columns, got an empty file")
	} else if err != nil {
		return err
	}
	names := make([]string, len(header))
	for i, n := range header {
		names[i] = strings.TrimSpace(strings.Clone(n))
	}
	g := gatherer{table: t, names: names, known: map[string]int{}}
	if g.set, err = g.find("-set", t.Set); err != nil {
		return err
	}
	if g.targets, err = g.findAll("-target", t.Targets); err != nil {
		return err
	}
	if g.features, err = g.findAll("-features", t.Features); err != nil {
		return err
	}
	for {
		in.row = 0
		cells, err := r.Read()
		switch {
		case err == io.EOF:
			return g.finish()
		case errors.Is(err, csv.ErrFieldCount):
			line, _ := r.FieldPos(0)
			return fmt.Errorf("line %d: want %d fields as in the first line, got %d", line, len(names), len(cells))
		case err != nil:
			return err
		}
		line, _ := r.FieldPos(0)
		if err := g.add(cells, line); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// rowReader reads a text whose rows are not long, nor is all of it.
type rowReader struct {
	io.Reader
	row, all int // bytes read
}

func (r *rowReader) Read(b []byte) (int, error) {
	if r.row > mostRow {
		return 0, fmt.Errorf("want at most %d MiB in a row, got more", mostRow>>20)
	}
	if r.all > mostText {
		return 0, fmt.Errorf("want at most %d MiB of text, got more", mostText>>20)
	}
	n, err := r.Reader.Read(b)
	r.row, r.all = r.row+n, r.all+n
	return n, err
}

// skipMark passes over the mark that some programs put before UTF-8.
func skipMark(r io.Reader, head []byte) io.Reader {
	const mark = "\ufeff"
	if strings.HasPrefix(string(head), mark) {
		_, _ = io.ReadFull(r, make([]byte, len(mark))) // an error comes again
	}
	return r
}

// separator is what the first line has most of: commas, semicolons or tabs.
func separator(head []byte) rune {
	line, _, _ := strings.Cut(string(head), "\n")
	best := ','
	for _, c := range ";\t" {
		if strings.Count(line, string(c)) > strings.Count(line, string(best)) {
			best = c
		}
	}
	return best
}

// A gatherer puts rows into the sets of a table.
type gatherer struct {
	*table
	names             []string
	set               int
	features, targets []int
	known             map[string]int // number of the set
	begun             []int          // line where the set comes first
	numbers           int
}

// find returns the column of the given name.
func (g *gatherer) find(flag, name string) (int, error) {
	i := slices.Index(g.names, name)
	if i < 0 {
		return 0, fmt.Errorf("line 1: want a column %q (%s), got %s", name, flag, quoted(g.names))
	}
	if slices.Contains(g.names[i+1:], name) {
		return 0, fmt.Errorf("line 1: want one column %q (%s), got several", name, flag)
	}
	return i, nil
}

func (g *gatherer) findAll(flag string, names []string) ([]int, error) {
	var found []int
	for _, n := range names {
		i, err := g.find(flag, n)
		if err != nil {
			return nil, err
		}
		if i == g.set || slices.Contains(g.targets, i) || slices.Contains(found, i) {
			return nil, fmt.Errorf("want columns that mean one thing, got %q twice (%s)", n, flag)
		}
		found = append(found, i)
	}
	return found, nil
}

// quoted lists names, the first of them if there are many.
func quoted(names []string) string {
	const most = 20
	text := fmt.Sprintf("%q", names[:min(most, len(names))])
	if len(names) > most {
		text += fmt.Sprintf(" and %d more", len(names)-most)
	}
	return text
}

// choose makes features of all columns that begin with a number and mean
// nothing else.
func (g *gatherer) choose(cells []string) {
	for i, cell := range cells {
		if i == g.set || slices.Contains(g.targets, i) {
			continue
		}
		if _, err := strconv.ParseFloat(strings.TrimSpace(cell), 64); err != nil {
			g.left = append(g.left, g.names[i])
			continue
		}
		g.features = append(g.features, i)
		g.Features = append(g.Features, g.names[i])
	}
}

// add takes a row.
func (g *gatherer) add(cells []string, line int) error {
	if len(g.features) == 0 {
		g.choose(cells)
		for i, name := range g.Features {
			if slices.Contains(g.Features[:i], name) {
				return fmt.Errorf("column %q: want one of this name, got several", name)
			}
		}
		if n := len(g.features); n == 0 || n > mostFeatures {
			return fmt.Errorf("want 1 to %d columns of numbers besides those of -set and -target, got %d", mostFeatures, n)
		}
	}
	id := strings.TrimSpace(cells[g.set])
	if id == "" {
		return fmt.Errorf("column %q: want the name of a set, got nothing", g.Set)
	}
	i, ok := g.known[id]
	if !ok {
		if i = len(g.ids); i == mostSets {
			return fmt.Errorf("want at most %d sets, got more", mostSets)
		}
		id = strings.Clone(id)
		g.known[id] = i
		g.ids, g.rows, g.begun = append(g.ids, id), append(g.rows, nil), append(g.begun, line)
		g.table.targets = append(g.table.targets, nil)
	}
	for k, at := range g.targets {
		y, err := g.number(cells, at)
		if err != nil {
			return err
		}
		if !ok {
			g.table.targets[i] = append(g.table.targets[i], y)
		} else if was := g.table.targets[i][k]; was != y {
			return fmt.Errorf("column %q: want %v, as set %q has it on line %d, got %v", g.names[at], was, id, g.begun[i], y)
		}
	}
	if g.numbers += len(g.features); g.numbers > mostNumbers {
		return fmt.Errorf("want at most %d numbers, got more", mostNumbers)
	}
	for _, at := range g.features {
		x, err := g.number(cells, at)
		if err != nil {
			return err
		}
		g.rows[i] = append(g.rows[i], float32(x))
	}
	return nil
}

// number reads a cell, which has to hold a number of which a float32 can keep
// the size.
func (g *gatherer) number(cells []string, at int) (float64, error) {
	x, err := strconv.ParseFloat(strings.TrimSpace(cells[at]), 64)
	if err != nil || math.IsNaN(x) || math.Abs(x) > math.MaxFloat32 {
		return 0, fmt.Errorf("column %q: want a number, got %q", g.names[at], cells[at])
	}
	return x, nil
}

func (g *gatherer) finish() error {
	if len(g.ids) == 0 {
		return errors.New("line 2: want a row, got the end of the file")
	}
	return nil
}

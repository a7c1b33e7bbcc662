package csv

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"setwise/io/table"
)

// mostCategories is how many categories a column may have.
const mostCategories = 10_000

// A survey is what the columns of a table are, from all rows.
type survey struct {
	names   []string
	rows    int
	columns []look
	comma   bool // is the decimal sign a comma?

	separator byte
	decimal   string // a number with a decimal comma beyond doubt, "" if there is none
}

// A look is what a survey sees of a column.
type look struct {
	table.Tally
	marks
	missing int    // cells that are missing
	first   string // cell that is not
	varied  bool   // is another cell different?
	dates   int
	counts  bool            // do the cells count the rows?
	start   float64         // from here
	words   map[string]bool // different cells, more than mostCategories if there are
	strange string          // the first cell that is no number, if any is none, and its line
	line    int
}

// newSurvey reads all rows of a table.
func newSurvey(t *table.Reader) (*survey, error) {
	s := &survey{names: t.Names, columns: make([]look, len(t.Names)), separator: t.Separator}
	err := eachRow(t, func(cells []string, line int) error {
		for i, cell := range cells {
			cell = strings.TrimSpace(cell)
			s.columns[i].add(cell, line, s.rows)
			if s.decimal == "" && table.KindOf(cell) == table.Comma && plainComma(cell) && !thousands.MatchString(cell) {
				s.decimal = strings.Clone(cell)
			}
		}
		s.rows++
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s.rows == 0 {
		return nil, errors.New("want rows below the names of the columns, got none")
	}
	points := slices.ContainsFunc(s.columns, func(l look) bool { return l.count(table.Numeric) > 0 && l.points > 0 && !l.ambiguous() })
	s.comma = s.decimal != "" && !points && t.Separator != ','
	if !s.comma {
		s.decimal = ""
	}
	return s, nil
}

var (
	thousands = regexp.MustCompile(`^[+-]?[1-9]\d{0,2},\d{3}$`) // or three decimals
	date      = regexp.MustCompile(`^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})\b`)
)

func (l *look) add(cell string, line, row int) {
	l.Add(cell, line)
	l.marks.add(cell, line)
	kind := table.KindOf(cell)
	if kind == table.Missing {
		l.missing++
		l.counts = false
		return
	}
	if l.first == "" {
		l.first = strings.Clone(cell)
		l.words = map[string]bool{}
	}
	l.varied = l.varied || cell != l.first
	if len(l.words) <= mostCategories && !l.words[cell] {
		l.words[strings.Clone(cell)] = true
	}
	if date.MatchString(cell) {
		l.dates++
	}
	if kind != table.Numeric && l.strange == "" {
		l.strange, l.line = strings.Clone(cell), line
	}
	x, err := table.Number(cell)
	if row == 0 {
		l.counts, l.start = err == nil && (x == 0 || x == 1), x
	}
	l.counts = l.counts && err == nil && x == l.start+float64(row)
}

// count returns how many cells are of a kind.
func (l *look) count(k table.Kind) int {
	n, _ := l.Count(k)
	return n
}

// A verdict is what becomes of a column.
type verdict uint8

const (
	unused verdict = iota
	numeric
	categorical
)

// judge says what a column is good for, and why if it is not, or what is wrong
// with it. Those that are asked for by name are used if they can be.
func (s *survey) judge(i int, asked, category bool) (v verdict, why string, err error) {
	l, name := &s.columns[i], s.names[i]
	numbers, commas, words := l.count(table.Numeric), l.count(table.Comma), l.count(table.Words)
	if s.comma {
		numbers, commas = numbers+commas, 0
	}
	some := numbers + commas + words
	switch {
	case category:
		return s.categories(i, true)
	case !asked && (name == "" || strings.HasPrefix(name, "Unnamed: ")):
		return unused, "has no name", nil
	case some == 0:
		return unused, "is empty", nil
	case !l.varied:
		if l.missing > 0 {
			return unused, fmt.Sprintf("is %.40q wherever it is not missing", l.first), nil
		}
		return unused, fmt.Sprintf("is %.40q everywhere", l.first), nil
	case commas+words == 0 && l.counts && s.rows >= 10 && !asked:
		return unused, "counts the rows", nil
	case 2*(numbers+commas) >= some:
		if commas+words > 0 {
			_, wrong := readNumber(l.strange, false)
			return unused, "", fmt.Errorf("line %d: column %.80q: %w; %d of %d cells are numbers: correct the others, take all for names by -category, or name the columns to use by -features",
				l.line, name, wrong, numbers, s.rows)
		}
		return numeric, "", s.whole(i)
	case 2*l.dates >= some:
		if asked {
			return unused, "", fmt.Errorf("column %.80q: want numbers such as days since some day, got dates like %.40q; -category takes them for names", name, l.first)
		}
		return unused, fmt.Sprintf("has dates like %.40q, which are no numbers", l.first), nil
	}
	return s.categories(i, asked)
}

// categories is judge for names of things.
func (s *survey) categories(i int, asked bool) (verdict, string, error) {
	l := &s.columns[i]
	n, filled := len(l.words), s.rows-l.missing
	switch {
	case n > mostCategories && asked:
		return unused, "", fmt.Errorf("column %.80q: want at most %d categories, got more", s.names[i], mostCategories)
	case n > mostCategories:
		return unused, fmt.Sprintf("has more than %d different texts such as %.40q", mostCategories, l.first), nil
	case n == 0:
		return unused, "is empty", nil
	case 2*n > filled && !asked:
		return unused, fmt.Sprintf("has %d different texts in %d cells, such as %.40q: too few of each to learn", n, filled, l.first), nil
	}
	return categorical, "", nil
}

// find returns the column of the given name, which errors say who wants.
func (s *survey) find(by, name string) (int, error) {
	at := -1
	for i, n := range s.names {
		if n != name {
			continue
		}
		if at >= 0 {
			return 0, fmt.Errorf("line 1: want one column %.80q (%s), got columns %d and %d of this name", name, by, at+1, i+1)
		}
		at = i
	}
	if at < 0 {
		hint := ""
		if strings.HasPrefix(by, "-") && strings.Contains(name, ",") {
			hint = "; a flag gives one column, and several times several"
		}
		return 0, fmt.Errorf("line 1: want a column %.80q (%s), got %s%s", name, by, listed(s.names), hint)
	}
	return at, nil
}

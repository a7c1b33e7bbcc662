package table

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrMissing is the error of a cell that holds nothing, or a word for it.
var ErrMissing = errors.New("want a number, got nothing")

// A Kind is what a cell is.
type Kind uint8

// The kinds of cells.
const (
	Missing Kind = iota // nothing, or a word that programs write for nothing, such as NA, NaN and null
	Numeric             // a finite decimal number
	Comma               // a number, if its comma is a decimal one or between thousands: 1,5
	Words               // all else
)

// missing are the words for nothing, in lower case.
var missing = map[string]bool{
	"": true, "na": true, "n/a": true, "#n/a": true, "#na": true, "<na>": true, "nan": true, "-nan": true, "+nan": true,
	"null": true, "none": true, "?": true, "-": true, "1.#qnan": true, "-1.#qnan": true, "1.#ind": true, "-1.#ind": true,
}

// KindOf returns what a cell is. Blanks around it mean nothing.
func KindOf(cell string) Kind {
	cell = strings.TrimSpace(cell)
	if decimal(cell) {
		if x, err := strconv.ParseFloat(cell, 64); err == nil && !math.IsInf(x, 0) {
			return Numeric
		}
	}
	switch {
	case len(cell) <= 8 && missing[strings.ToLower(cell)]:
		return Missing
	case commas(cell):
		return Comma
	}
	return Words
}

// decimal reports whether a word can be a decimal number, and so no infinity and
// no hexadecimal one.
func decimal(word string) bool {
	return word != "" && strings.IndexFunc(word, func(r rune) bool {
		return (r < '0' || r > '9') && r != '.' && r != '-' && r != '+' && r != 'e' && r != 'E'
	}) < 0
}

// commas reports whether a word is a number but for its commas.
func commas(word string) bool {
	if !strings.Contains(word, ",") {
		return false
	}
	before, after, _ := strings.Cut(word, ",")
	before = strings.TrimLeft(before, "+-")
	plain := strings.NewReplacer(",", "", ".", "").Replace(word)
	_, err := strconv.ParseFloat(plain, 64)
	return err == nil && decimal(plain) && (before == "" || isDigit(before[0])) && after != "" && isDigit(after[0])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// Number returns the number in a cell, which is finite. Blanks around it mean
// nothing. The error of a cell that is [Missing] is [ErrMissing]; others say what
// the cell has, of which no more is quoted than a line takes.
func Number(cell string) (float64, error) {
	word := strings.TrimSpace(cell)
	switch KindOf(word) {
	case Numeric:
		return strconv.ParseFloat(word, 64)
	case Missing:
		if word == "" {
			return 0, ErrMissing
		}
		return 0, fmt.Errorf("%w but %.40q", ErrMissing, word)
	case Comma:
		return 0, fmt.Errorf("want a number, got %.40q: a decimal comma, or one between thousands? Want a point, and none between thousands", word)
	}
	if x, err := strconv.ParseFloat(word, 64); math.IsInf(x, 0) || errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("want a finite number, got %.40q", word)
	}
	return 0, fmt.Errorf("want a number, got %.40q", word)
}

// A Tally counts what the cells of a column are. The zero Tally has seen none.
type Tally struct {
	count [Words + 1]int
	first [Words + 1]int // line of the first
}

// Add counts a cell of the row that begins on a line.
func (t *Tally) Add(cell string, line int) {
	k := KindOf(cell)
	if t.count[k] == 0 {
		t.first[k] = line
	}
	t.count[k]++
}

// Count returns how many cells are of a kind, and the line of the first of them,
// 0 if there is none.
func (t *Tally) Count(k Kind) (n, line int) { return t.count[k], t.first[k] }

package xyz

import (
	"bytes"
	"errors"
)

var errComma = errors.New("a decimal comma: want decimal points, as in 1.5")

// hasCommas reports whether a row has numbers with a decimal comma: three words
// or more, all of them whole numbers or such numbers, and one at least such.
func hasCommas(row []byte) bool {
	found, n := false, 0
	for _, word := range bytes.FieldsFunc(row, func(c rune) bool { return c <= ' ' || c == ';' }) {
		word = bytes.TrimRight(word, ",")
		whole, part, comma := bytes.Cut(bytes.TrimLeft(word, "+-"), []byte(","))
		if !digits(whole) && !(comma && len(whole) == 0) || comma && !digits(part) {
			return false
		}
		found = found || comma
		n++
	}
	return found && n >= 3
}

// digits reports whether a word has digits and nothing else.
func digits(word []byte) bool {
	return len(word) > 0 && len(bytes.Trim(word, "0123456789")) == 0
}

// commas looks for decimal commas in rows of numbers between commas without
// blanks, where 1,500,2,250,3,125 may be six numbers, or three: they are three if
// in all rows every other number has as many digits as the others of these, two or
// more, and one of them begins with a zero.
type commas struct {
	rows  int
	none  bool // a row that says no
	zero  bool
	width int // digits
}

func (c *commas) decimal() bool { return c.rows > 0 && !c.none && c.zero }

// look looks at a row.
func (c *commas) look(row []byte, r *rows) {
	if c.none || r.separator != ',' || r.names != nil || r.width < 6 || r.width%2 == 1 {
		c.none = true
		return
	}
	c.rows++
	for at := 0; len(row) > 0; at++ {
		var word []byte
		word, row = cut(row, ',')
		if at%2 == 0 {
			word = bytes.TrimLeft(word, "+-")
		} else {
			if c.width == 0 {
				c.width = len(word)
			}
			c.none = c.none || len(word) != c.width || len(word) < 2
			c.zero = c.zero || word[0] == '0'
		}
		if c.none = c.none || !digits(word); c.none {
			return
		}
	}
}

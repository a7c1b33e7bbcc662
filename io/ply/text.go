package ply

import (
	"fmt"

	"setwise/internal/words"
)

// text reads all rows and the end of the file.
func (b *body) text(s *words.Scanner, tables []*table) error {
	if err := lineEnd(s); err != nil { // of the header
		return err
	}
	for _, t := range tables {
		if len(t.lanes) == 0 {
			t.taken = t.rows
			continue
		}
		for t.taken+t.held < t.rows {
			if err := b.line(s, t); err != nil {
				return err
			}
			if err := b.come(t); err != nil {
				return err
			}
		}
	}
	if word := s.Next(); word != nil {
		return s.Wanted("the end of the file", word)
	}
	return s.Err()
}

// line reads a row of t, which is a line.
func (b *body) line(s *words.Scanner, t *table) error {
	begun := false // and so the next word is of the same line
	next := func() []byte {
		if begun {
			return s.Inline()
		}
		begun = true
		return s.Next()
	}
	for i := range t.lanes {
		l := &t.lanes[i]
		n := 1
		if l.list() {
			word := next()
			var ok bool
			if n, ok = words.Whole(word); !ok {
				return s.Wanted(fmt.Sprintf("a number of items for %s of %s %d", l.name, t.name, t.taken+t.held), word)
			}
			if err := b.listTooLong(t, l, n, true); err != nil {
				return s.At(err)
			}
		}
		for range n {
			word := next()
			if !l.values.Word(word) {
				return s.Wanted(fmt.Sprintf("a %v for %s of %s %d", l.values.Type(), l.name, t.name, t.taken+t.held), word)
			}
		}
		switch {
		case l.skip:
			l.values.Reset()
		case l.list():
			l.offsets = append(l.offsets, l.offsets.Len()+n)
		}
	}
	t.held++
	return lineEnd(s)
}

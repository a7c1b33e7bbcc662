package stl

import (
	"bytes"
	"fmt"
	"math"
)

// readText reads a text file:
//
//	solid NAME
//	  facet normal X Y Z
//	    outer loop
//	      vertex X Y Z (three times)
//	    endloop
//	  endfacet
//	endsolid NAME
func readText(s *source, p *pile, end func(string) error) error {
	t := newScanner(s)
	for {
		word := t.next()
		if word == nil {
			return t.err
		}
		if !is(word, "solid") {
			return t.wanted(`"solid" or the end of the file`, word)
		}
		name := t.line(2 * mostName) // some of it may be blanks
		if err := t.facets(p); err != nil {
			return err
		}
		if err := end(cleanName(name, mostName)); err != nil {
			return t.at(err)
		}
	}
}

// facets reads the facets of a solid, and the line that ends it.
func (t *scanner) facets(p *pile) error {
	var corners [3][3]float32
	for {
		word := t.next()
		switch {
		case is(word, "facet"):
		case is(word, "endsolid"):
			t.line(0)
			return t.err
		case is(word, "end"):
			if err := t.expect("solid"); err != nil {
				return err
			}
			t.line(0)
			return t.err
		default:
			return t.wanted(`"facet" or "endsolid"`, word)
		}
		n, err := t.facet(&corners)
		if err != nil {
			return err
		}
		if err := p.add(n, &corners); err != nil {
			return t.at(err)
		}
	}
}

// facet reads what follows the word "facet".
func (t *scanner) facet(corners *[3][3]float32) (n [3]float32, err error) {
	if err := t.expect("normal"); err != nil {
		return n, err
	}
	for k := range n {
		word := t.next()
		v, ok := number(word)
		if !ok && !notFinite(word) {
			return n, t.wanted("a number", word)
		}
		if !ok {
			v = float32(math.NaN()) // to be computed from the corners
		}
		n[k] = v
	}
	if err := t.expect("outer"); err != nil {
		return n, err
	}
	if err := t.expect("loop"); err != nil {
		return n, err
	}
	for i := range corners {
		if err := t.expect("vertex"); err != nil {
			return n, err
		}
		for k := range corners[i] {
			word := t.next()
			v, ok := number(word)
			if !ok {
				return n, t.wanted("a finite number within float32", word)
			}
			corners[i][k] = v
		}
	}
	if err := t.expectEnd("loop", "endloop"); err != nil {
		return n, err
	}
	return n, t.expectEnd("facet", "endfacet")
}

// expect reads the word want.
func (t *scanner) expect(want string) error {
	if word := t.next(); !is(word, want) {
		return t.wanted(`"`+want+`"`, word)
	}
	return nil
}

// expectEnd reads "end", want, or the two as one word, joined.
func (t *scanner) expectEnd(want, joined string) error {
	word := t.next()
	if is(word, "end") {
		return t.expect(want)
	}
	if !is(word, joined) {
		return t.wanted(`"`+joined+`"`, word)
	}
	return nil
}

// wanted is the error of a word that should be another, or of a stream that
// failed or ended before it.
func (t *scanner) wanted(want string, got []byte) error {
	switch {
	case t.err != nil:
		return t.err
	case got == nil:
		return t.at(fmt.Errorf("the file ends early: want %s", want))
	}
	return t.at(fmt.Errorf("want %s, got %.40q", want, got))
}

// at adds the line to an error.
func (t *scanner) at(err error) error { return fmt.Errorf("line %d: %w", t.lines, err) }

// is reports whether a word is want, which is in lower case.
func is(word []byte, want string) bool {
	if len(word) != len(want) {
		return false
	}
	for i, c := range word {
		if c|0x20 != want[i] {
			return false
		}
	}
	return true
}

// notFinite reports whether a word is one of those that C libraries print for
// what is infinite or not a number: nan, -nan(ind), inf, 1.#QNAN, -1.#IND.
func notFinite(word []byte) bool {
	word = bytes.ToLower(word)
	for _, s := range []string{"nan", "inf", "#ind"} {
		if bytes.Contains(word, []byte(s)) {
			return true
		}
	}
	return false
}

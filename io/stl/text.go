package stl

import (
	"bytes"

	"setwise/io/internal/number"
	"setwise/io/internal/text"
)

const mostName = 256 // bytes of the name of a solid

// A scanner reads the words of a text file.
type scanner struct{ *text.Scanner }

// readText reads a text file:
//
//	solid NAME
//	  facet normal X Y Z
//	    outer loop
//	      vertex X Y Z (three times)
//	    endloop
//	  endfacet
//	endsolid NAME
func readText(s input, p *pile, end func(string) error) error {
	t := scanner{text.NewScanner(s, 0, 0)}
	for {
		word := t.keyword()
		if word == nil {
			return t.Err()
		}
		if !text.Is(word, "solid") {
			return t.Wanted(`"solid" or the end of the file`, word)
		}
		t.Ignore(len(word))          // only facets say something
		name := t.Line(2 * mostName) // some of it may be blanks
		if err := t.facets(p); err != nil {
			return err
		}
		if err := end(cleanName(name, mostName)); err != nil {
			return t.At(err)
		}
	}
}

// endsSolid reports whether a word is "endsolid", perhaps grown together with the
// name of the solid.
func endsSolid(word []byte) bool {
	const want = "endsolid"
	return len(word) >= len(want) && text.Is(word[:len(want)], want)
}

// keyword returns the next word where one of the keywords must be. Before it
// there may be comments and colours, which some programs put anywhere: they end
// with their line, colours also before a keyword.
func (t scanner) keyword() []byte {
	word := t.Next()
	for {
		switch {
		case text.Is(word, "color"), text.Is(word, "colour"):
			for len(word) > 0 && !isKeyword(word) {
				t.Ignore(len(word))
				word = t.Inline()
			}
			if word != nil {
				return word
			}
		case bytes.HasPrefix(word, []byte("#")), bytes.HasPrefix(word, []byte("//")), bytes.HasPrefix(word, []byte(";")):
			t.Ignore(len(word))
			t.Line(0)
		default:
			return word
		}
		word = t.Next()
	}
}

// isKeyword reports whether a word has a meaning in a text file.
func isKeyword(word []byte) bool {
	for _, k := range [...]string{"solid", "facet", "outer", "vertex", "endloop", "endfacet", "end"} {
		if text.Is(word, k) {
			return true
		}
	}
	return endsSolid(word)
}

// expect reads a keyword.
func (t scanner) expect(want string) error {
	if word := t.keyword(); !text.Is(word, want) {
		return t.Wanted(`"`+want+`"`, word)
	}
	return nil
}

// facets reads the facets of a solid, and the line that ends it.
func (t scanner) facets(p *pile) error {
	var corners [3][3]float64
	for {
		word := t.keyword()
		switch {
		case text.Is(word, "facet"):
		case endsSolid(word):
			t.Ignore(len(word))
			t.Line(0)
			return t.Err()
		case text.Is(word, "end"):
			if err := t.Expect("solid"); err != nil {
				return err
			}
			t.Ignore(len("endsolid"))
			t.Line(0)
			return t.Err()
		default:
			return t.Wanted(`"facet" or "endsolid"`, word)
		}
		n, err := t.facet(&corners)
		if err != nil {
			return err
		}
		if err := p.add(n, &corners); err != nil {
			return t.At(err)
		}
	}
}

// facet reads what follows the word "facet".
func (t scanner) facet(corners *[3][3]float64) (n [3]float32, err error) {
	if err := t.Expect("normal"); err != nil {
		return n, err
	}
	for k := range n {
		word := t.Next()
		v, ok := number.Loose(word) // what is NaN is computed from the corners
		if !ok {
			return n, t.Wanted("a number", word)
		}
		n[k] = v
	}
	if err := t.expect("outer"); err != nil {
		return n, err
	}
	if err := t.Expect("loop"); err != nil {
		return n, err
	}
	for i := range corners {
		if err := t.expect("vertex"); err != nil {
			return n, err
		}
		for k := range corners[i] {
			word := t.Next()
			v, ok := number.Coordinate(word)
			if !ok {
				return n, t.Wanted("a finite number within float32", word)
			}
			corners[i][k] = v
		}
	}
	if err := t.expectEnd("loop", "endloop"); err != nil {
		return n, err
	}
	return n, t.expectEnd("facet", "endfacet")
}

// expectEnd reads "end", want, or the two as one word, joined.
func (t scanner) expectEnd(want, joined string) error {
	word := t.keyword()
	if text.Is(word, "end") {
		return t.Expect(want)
	}
	if !text.Is(word, joined) {
		return t.Wanted(`"`+joined+`"`, word)
	}
	return nil
}

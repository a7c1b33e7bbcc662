package npy

import (
	"bytes"
	"fmt"
	"strconv"
)

// A parser reads the text of a header: a Python dictionary with the keys
// 'descr', 'fortran_order' and 'shape', in any order, with white space
// anywhere between its words. It understands this much of Python and no more.
type parser struct {
	text []byte
	at   int
	base int // where text stands in the file
}

// parseHeader reads text, which begins at byte base of the file.
func parseHeader(text []byte, base int) (*header, error) {
	p := &parser{text: text, base: base}
	h := new(header)
	if err := p.expect('{', "'{'"); err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	for p.peek() != '}' {
		p.space()
		at := p.at
		key, err := p.quoted("a key or '}'")
		if err != nil {
			return nil, err
		}
		if seen[key] {
			p.at = at
			return nil, p.fail("each key once")
		}
		seen[key] = true
		if err := p.expect(':', "':'"); err != nil {
			return nil, err
		}
		switch key {
		case "descr":
			err = p.descr(h)
		case "fortran_order":
			err = p.order(h)
		case "shape":
			err = p.shape(h)
		default:
			p.at = at
			err = p.fail("'descr', 'fortran_order' or 'shape'")
		}
		if err != nil {
			return nil, err
		}
		if p.peek() != '}' {
			if err := p.expect(',', "',' or '}'"); err != nil {
				return nil, err
			}
		}
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return nil, p.fail("the key '" + key + "' before '}'")
		}
	}
	p.at++
	if p.space(); p.at < len(p.text) {
		return nil, p.fail("nothing after '}'")
	}
	return h, nil
}

// fail says what was wanted at the present place, and what is there.
func (p *parser) fail(want string) error {
	got := "the end of the header"
	if rest := p.text[p.at:]; len(rest) > 0 {
		got = strconv.Quote(string(rest[:min(len(rest), 24)]))
	}
	return fmt.Errorf("byte %d: want %s, got %s", p.base+p.at, want, got)
}

// space skips white space.
func (p *parser) space() {
	for p.at < len(p.text) && bytes.IndexByte([]byte(" \t\r\n"), p.text[p.at]) >= 0 {
		p.at++
	}
}

// peek returns the next character that is not white space, 0 at the end.
func (p *parser) peek() byte {
	if p.space(); p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// expect passes over c.
func (p *parser) expect(c byte, want string) error {
	if p.peek() != c {
		return p.fail(want)
	}
	p.at++
	return nil
}

// quoted reads a string without escapes, in quotes of either kind.
func (p *parser) quoted(want string) (string, error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", p.fail(want)
	}
	body := p.text[p.at+1:]
	end := bytes.IndexByte(body, quote)
	if end < 0 || bytes.IndexByte(body[:end], '\\') >= 0 || bytes.IndexByte(body[:end], '\n') >= 0 {
		return "", p.fail("a string that ends on its line and has no escapes")
	}
	p.at += end + 2
	return string(body[:end]), nil
}

// descr reads the type of the values. Of a record, the rest of the line shows
// in the error.
func (p *parser) descr(h *header) error {
	var err error
	if c := p.peek(); c == '[' || c == '(' || c == '{' {
		h.descr = string(p.text[p.at:])
	} else if h.descr, err = p.quoted("a string or a list that describes the values"); err != nil {
		return err
	}
	h.dtype, err = parseType(h.descr)
	return err
}

// order reads True or False.
func (p *parser) order(h *header) error {
	p.space()
	rest := p.text[p.at:]
	for word, is := range map[string]bool{"True": true, "False": false} {
		if bytes.HasPrefix(rest, []byte(word)) {
			p.at += len(word)
			h.fortran = is
			return nil
		}
	}
	return p.fail("True or False")
}

// shape reads a tuple of dimensions: (), (3,), (2, 3) or (2L, 3L,).
func (p *parser) shape(h *header) error {
	if err := p.expect('(', "'('"); err != nil {
		return err
	}
	h.shape = []int{}
	comma := true
	for p.peek() != ')' {
		if !comma {
			return p.fail("',' or ')'")
		}
		start := p.at
		if p.peek() == '-' {
			return p.fail("a dimension of at least 0")
		}
		for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
			p.at++
		}
		digits := string(p.text[start:p.at])
		d, err := strconv.Atoi(digits)
		if err != nil {
			p.at = start
			if digits != "" {
				return p.fail(fmt.Sprintf("a dimension that fits %d bits", strconv.IntSize-1))
			}
			return p.fail("a dimension or ')'")
		}
		if p.at < len(p.text) && p.text[p.at] == 'L' {
			p.at++
		}
		if len(h.shape) == mostDims {
			return p.fail(fmt.Sprintf("at most %d dimensions", mostDims))
		}
		h.shape = append(h.shape, d)
		if comma = p.peek() == ','; comma {
			p.at++
		}
	}
	if len(h.shape) == 1 && !comma {
		return p.fail("',' after a single dimension")
	}
	p.at++
	return nil
}

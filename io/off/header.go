package off

import (
	"bytes"
	"errors"
	"fmt"

	"setwise/io/internal/number"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
)

// A header is what comes before the first vertex.
type header struct {
	normals, colors, texture bool // what follows the coordinates of a vertex
	vertices, faces          int
}

// readHeader reads the first word, if it is there, and the numbers of vertices,
// faces and edges.
func readHeader(t *text.Scanner, s *source.Stream, l Limits) (h header, err error) {
	word := t.Next()
	if word == nil && t.Err() == nil {
		return h, errors.New(`nothing but blanks and comments: want "OFF" and text`)
	}
	if letters, rest, ok := cutOFF(word); ok {
		if err := h.announce(letters); err != nil {
			return h, t.At(err)
		}
		if word = rest; len(rest) == 0 {
			word = t.Next()
		}
		if text.Is(word, "binary") {
			return h, t.At(errors.New("a binary OFF file: want text"))
		}
	} else if _, ok := number.Whole(word); !ok && t.Err() == nil {
		return h, fmt.Errorf(`begins with %.32q: want "OFF", or the number of vertices`, s.Head)
	}
	points, faces := l.Most()
	if h.vertices, err = promise(t, word, "vertices", points); err != nil {
		return h, err
	}
	if h.faces, err = promise(t, t.Inline(), "faces", faces); err != nil {
		return h, err
	}
	if word := t.Inline(); word != nil {
		if _, ok := number.Whole(word); !ok {
			return h, t.Wanted("the number of edges, or the end of the line", word)
		}
	}
	return h, endOfLine(t)
}

// cutOFF takes the first word apart into the letters before OFF and what comes
// after.
func cutOFF(word []byte) (letters, rest []byte, ok bool) {
	i := bytes.Index(bytes.ToUpper(word), []byte("OFF"))
	if i < 0 || len(bytes.Trim(word[:i], "CcNnSsTt4")) > 0 {
		return nil, nil, false
	}
	return word[:i], word[i+3:], true
}

// announce notes what the letters before OFF announce.
func (h *header) announce(letters []byte) error {
	for all := letters; len(letters) > 0; {
		switch c := letters[0]; {
		case c == 'C' || c == 'c':
			h.colors = true
		case c == 'N':
			h.normals = true
		case len(letters) > 1 && text.Is(letters[:2], "st"):
			h.texture = true
			letters = letters[1:]
		case c == 'n':
			return fmt.Errorf("%sOFF has points of any number of dimensions: want 3 of them, or NOFF where normals are meant", all)
		case c == '4':
			return fmt.Errorf("%sOFF has points of 4 dimensions: want 3", all)
		default:
			return fmt.Errorf("want OFF after letters from C, N and ST, got %sOFF", all)
		}
		letters = letters[1:]
	}
	return nil
}

// promise reads a number of things, which must not be more than most.
func promise(t *text.Scanner, word []byte, things string, most int) (int, error) {
	n, ok := number.Whole(word)
	if !ok || n < 0 {
		return 0, t.Wanted("the number of "+things, word)
	}
	if n > most {
		return 0, t.At(fmt.Errorf("%d %s: want at most %d, or a higher limit", n, things, most))
	}
	return n, nil
}

// endOfLine is an error if anything follows on the line.
func endOfLine(t *text.Scanner) error {
	if word := t.Inline(); word != nil {
		return t.Wanted("the end of the line", word)
	}
	return t.Err()
}

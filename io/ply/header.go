package ply

import (
	"fmt"
	"math"
	"strconv"

	"setwise/io/internal/column"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
)

const (
	mostLines   = 1 << 16 // of a header
	mostNames   = 1024    // elements, and properties of one
	mostComment = 1024    // bytes kept of a line
)

// typeNames are the types of numbers by their old names, which are written.
var typeNames = [...]string{
	column.Int8: "char", column.Uint8: "uchar", column.Int16: "short", column.Uint16: "ushort",
	column.Int32: "int", column.Uint32: "uint", column.Int64: "", column.Uint64: "",
	column.Float32: "float", column.Float64: "double",
}

// A header is what stands before the rows.
type header struct {
	format         Format
	comments, info []string
	tables         []*column.Table
}

// headerLines reads a header:
//
//	ply
//	format ascii 1.0
//	comment anything
//	element vertex 8
//	property float x
//	element face 6
//	property list uchar int vertex_indices
//	end_header
type headerLines struct {
	*text.Scanner
	header
	formats int
}

// readHeader reads the header at the beginning of s, up to the end of its last
// line.
func readHeader(s *source.Stream, t *text.Scanner) (*header, error) {
	h := headerLines{Scanner: t}
	if word := t.Next(); !text.Is(word, "ply") {
		switch {
		case t.Err() != nil:
			return nil, t.Err()
		case len(s.Head) == 0:
			return nil, fmt.Errorf(`empty: want a line "ply"`)
		}
		return nil, fmt.Errorf(`begins with %.32q: want a line "ply"`, s.Head)
	}
	if err := h.end(); err != nil {
		return nil, err
	}
	for {
		keyword := t.Next()
		if t.Lines() > mostLines {
			return nil, h.At(fmt.Errorf(`a header of more than %d lines: want "end_header"`, mostLines))
		}
		if text.Is(keyword, "end_header") {
			if h.formats != 1 {
				return nil, h.At(fmt.Errorf(`the header ends: want one line "format" in it, got %d`, h.formats))
			}
			return &h.header, h.end()
		}
		if err := h.line(keyword); err != nil {
			return nil, err
		}
	}
}

// line reads the rest of a line.
func (h *headerLines) line(keyword []byte) error {
	switch {
	case text.Is(keyword, "comment"):
		h.comments = append(h.comments, h.text())
		return nil
	case text.Is(keyword, "obj_info"):
		h.info = append(h.info, h.text())
		return nil
	case text.Is(keyword, "format"):
		return h.readFormat()
	case text.Is(keyword, "element"):
		return h.readElement()
	case text.Is(keyword, "property"):
		return h.readProperty()
	}
	return h.Wanted(`"format", "comment", "obj_info", "element", "property" or "end_header"`, keyword)
}

// text returns the rest of a line, without the blank that it begins with.
func (h *headerLines) text() string {
	text := h.Line(mostComment)
	if len(text) > 0 && text[0] == ' ' {
		text = text[1:]
	}
	return text
}

// word returns the next word of a line, which is what.
func (h *headerLines) word(what string) (string, error) {
	word := h.Inline()
	if word == nil {
		return "", h.Wanted(what, nil)
	}
	return string(word), nil
}

// end reads the end of a line.
func (h *headerLines) end() error { return h.EndLine() }

func (h *headerLines) readFormat() error {
	word := h.Inline()
	h.formats++
	found := false
	for f, name := range formats {
		if text.Is(word, name) {
			h.format, found = Format(f), true
		}
	}
	if !found {
		return h.Wanted("ascii, binary_little_endian or binary_big_endian", word)
	}
	if version := h.Inline(); !text.Is(version, "1.0") {
		return h.Wanted("version 1.0", version)
	}
	return h.end()
}

func (h *headerLines) readElement() error {
	name, err := h.word("the name of an element")
	if err != nil {
		return err
	}
	word, err := h.word("a number of rows")
	if err != nil {
		return err
	}
	rows, err := strconv.ParseInt(word, 10, 64)
	if err != nil || rows < 0 || rows > math.MaxInt32 {
		return h.Wanted(fmt.Sprintf("a number of rows from 0 to %d", math.MaxInt32), []byte(word))
	}
	for _, t := range h.tables {
		if is(t, name) {
			return h.At(fmt.Errorf("a second element %q: want one of each name", name))
		}
	}
	if len(h.tables) == mostNames {
		return h.At(fmt.Errorf("more than %d elements: want no more", mostNames))
	}
	h.tables = append(h.tables, &column.Table{Name: name, Rows: int(rows)})
	return h.end()
}

func (h *headerLines) readProperty() error {
	if len(h.tables) == 0 {
		return h.At(fmt.Errorf(`a property of no element: want "element" first`))
	}
	t := h.tables[len(h.tables)-1]
	word, err := h.word("a type")
	if err != nil {
		return err
	}
	l := column.Lane{Per: 1}
	if text.Is([]byte(word), "list") {
		if word, err = h.word("a type of counts"); err != nil {
			return err
		}
		if l.Count = typeOf(word); !l.List() {
			return h.Wanted("a type of counts such as uchar", []byte(word))
		}
		l.Offsets = []int{0}
		if word, err = h.word("a type of items"); err != nil {
			return err
		}
	}
	kind := typeOf(word)
	if kind == column.None {
		return h.Wanted("a type such as float or uint8", []byte(word))
	}
	l.Values = column.New(kind)
	if l.Name, err = h.word("the name of a property"); err != nil {
		return err
	}
	if t.Has(l.Name) {
		return h.At(fmt.Errorf("a second property %q of %s: want one of each name", l.Name, t.Name))
	}
	if len(t.Lanes) == mostNames {
		return h.At(fmt.Errorf("more than %d properties of %s: want no more", mostNames, t.Name))
	}
	t.Lanes = append(t.Lanes, l)
	return h.end()
}

// typeOf returns the type of an old or a new name, in any case.
func typeOf(name string) column.Type {
	for kind, old := range typeNames {
		if old != "" && (text.Is([]byte(name), old) || text.Is([]byte(name), column.Type(kind).String())) {
			return column.Type(kind)
		}
	}
	return column.None
}

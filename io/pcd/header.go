package pcd

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"setwise/io/internal/column"
	"setwise/io/internal/number"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
)

const (
	mostFields  = 1024
	mostNumbers = 1 << 16 // of a point
)

// typeNames are the types of numbers as TYPE and SIZE say them.
var typeNames = [...]struct {
	letter string
	size   int
}{
	column.Int8: {"I", 1}, column.Uint8: {"U", 1}, column.Int16: {"I", 2}, column.Uint16: {"U", 2},
	column.Int32: {"I", 4}, column.Uint32: {"U", 4}, column.Int64: {"I", 8}, column.Uint64: {"U", 8},
	column.Float32: {"F", 4}, column.Float64: {"F", 8},
}

// keywords begin the lines of a header.
var keywords = []string{"VERSION", "FIELDS", "SIZE", "TYPE", "COUNT", "WIDTH", "HEIGHT", "VIEWPOINT", "POINTS", "DATA"}

// A header is what stands before the points.
type header struct {
	format        Format
	width, height int
	viewpoint     Viewpoint
	points        *column.Table // with a lane for each field
}

// headerLines are the lines of a header:
//
//	# .PCD v0.7 - Point Cloud Data file format
//	VERSION 0.7
//	FIELDS x y z rgb fpfh
//	SIZE 4 4 4 4 4
//	TYPE F F F U F
//	COUNT 1 1 1 1 33
//	WIDTH 640
//	HEIGHT 480
//	VIEWPOINT 0 0 0 1 0 0 0
//	POINTS 307200
//	DATA binary
type headerLines struct {
	lines map[string][]string // the words after the keyword
	at    map[string]int      // the number of the line
}

// readHeader reads the header at the beginning of s, up to the end of its last
// line.
func readHeader(s *source.Stream, t *text.Scanner) (*header, error) {
	h := headerLines{lines: map[string][]string{}, at: map[string]int{}}
	for h.lines["DATA"] == nil {
		word := t.Next()
		if len(word) > 0 && word[0] == '#' {
			t.Ignore(len(word))
			t.Line(0)
			continue
		}
		keyword := strings.ToUpper(string(word))
		if keyword == "COLUMNS" {
			keyword = "FIELDS"
		}
		if !slices.Contains(keywords, keyword) {
			switch {
			case t.Err() != nil || word == nil && len(h.lines) > 0:
				return nil, t.Wanted("DATA and what else a header has", nil)
			case len(h.lines) == 0 && len(s.Head) == 0:
				return nil, fmt.Errorf("empty: want a header that begins with VERSION or FIELDS")
			case len(h.lines) == 0:
				return nil, fmt.Errorf("begins with %.32q: want a header that begins with VERSION or FIELDS", s.Head)
			}
			return nil, t.Wanted(strings.Join(keywords, ", "), word)
		}
		if h.at[keyword] > 0 {
			return nil, t.At(fmt.Errorf("a second line %s: want one", keyword))
		}
		if err := h.read(t, keyword); err != nil {
			return nil, err
		}
	}
	return h.header()
}

// read reads the words of a line.
func (h *headerLines) read(t *text.Scanner, keyword string) error {
	line := []string{}
	for word := t.Inline(); word != nil; word = t.Inline() {
		if len(line) == mostFields {
			return t.At(fmt.Errorf("%s with more than %d words: want no more", keyword, mostFields))
		}
		line = append(line, string(word))
	}
	h.lines[keyword], h.at[keyword] = line, t.Lines()
	return t.Err()
}

// wanted is the error of a line that should be another.
func (h *headerLines) wanted(keyword, want string) error {
	line := strings.Join(append([]string{keyword}, h.lines[keyword]...), " ")
	if h.lines[keyword] == nil {
		return fmt.Errorf("the header has no line %s: want one with %s", keyword, want)
	}
	return fmt.Errorf("line %d: want %s, got %.60q", h.at[keyword], want, line)
}

// header returns what the lines say.
func (h *headerLines) header() (*header, error) {
	if v := h.lines["VERSION"]; v != nil && (len(v) != 1 || !slices.Contains([]string{"0.7", ".7", "0.6", ".6", "0.5", ".5"}, v[0])) {
		return nil, h.wanted("VERSION", "version 0.5, 0.6 or 0.7")
	}
	out := &header{viewpoint: upright}
	fields := h.lines["FIELDS"]
	if len(fields) == 0 {
		return nil, h.wanted("FIELDS", "the name of a field or more")
	}
	lanes, err := h.lanes(fields)
	if err != nil {
		return nil, err
	}
	if out.width, out.height, err = h.shape(); err != nil {
		return nil, err
	}
	if line := h.lines["VIEWPOINT"]; line != nil {
		if out.viewpoint, err = h.viewpoint(line); err != nil {
			return nil, err
		}
	}
	out.format = Format(slices.Index(formats[:], strings.ToLower(strings.Join(h.lines["DATA"], " "))))
	if out.format < 0 {
		return nil, h.wanted("DATA", strings.Join(formats[:], ", "))
	}
	if out.format == Compressed { // has no padding
		lanes = slices.DeleteFunc(lanes, isPadding)
	}
	out.points = &column.Table{Name: "point", Rows: out.width * out.height, Lanes: lanes}
	return out, nil
}

// isPadding reports whether a field only fills the space between others.
func isPadding(l column.Lane) bool { return l.Name == "_" }

// lanes returns the fields as lanes.
func (h *headerLines) lanes(fields []string) ([]column.Lane, error) {
	sizes, err := h.numbers("SIZE", len(fields), 4, 1, 8)
	if err != nil {
		return nil, err
	}
	counts, err := h.numbers("COUNT", len(fields), 1, 0, mostNumbers)
	if err != nil {
		return nil, err
	}
	letters := h.lines["TYPE"]
	if letters != nil && len(letters) != len(fields) {
		return nil, h.wanted("TYPE", fmt.Sprintf("%d letters", len(fields)))
	}
	var lanes []column.Lane
	numbers := 0
	for i, name := range fields {
		if counts[i] == 0 { // drivers write padding of no bytes so
			continue
		}
		letter := "F"
		if letters != nil {
			letter = strings.ToUpper(letters[i])
		}
		kind := column.None
		for k, t := range typeNames {
			if t.size == sizes[i] && t.letter == letter {
				kind = column.Type(k)
			}
		}
		if kind == column.None {
			return nil, h.wanted("TYPE", fmt.Sprintf("F of SIZE 4 or 8, or I or U of SIZE 1, 2, 4 or 8, for %.40s of SIZE %d", name, sizes[i]))
		}
		if name != "_" && slices.ContainsFunc(lanes, func(l column.Lane) bool { return l.Name == name }) {
			return nil, h.wanted("FIELDS", fmt.Sprintf("one field %.40s", name))
		}
		if numbers += counts[i]; numbers > mostNumbers {
			return nil, h.wanted("COUNT", fmt.Sprintf("at most %d numbers a point", mostNumbers))
		}
		lanes = append(lanes, column.Lane{Name: name, Values: column.New(kind), Per: counts[i]})
	}
	if len(lanes) == 0 {
		return nil, h.wanted("COUNT", "a field of one number or more")
	}
	return lanes, nil
}

// numbers returns the n numbers of a line, each from least to most, or usual for
// each if there is no such line.
func (h *headerLines) numbers(keyword string, n, usual, least, most int) ([]int, error) {
	line := h.lines[keyword]
	if line == nil {
		return slices.Repeat([]int{usual}, n), nil
	}
	numbers := make([]int, len(line))
	good := len(line) == n
	for i, word := range line {
		var ok bool
		numbers[i], ok = number.Whole([]byte(word))
		good = good && ok && numbers[i] >= least && numbers[i] <= most
	}
	if !good {
		return nil, h.wanted(keyword, fmt.Sprintf("%d numbers from %d to %d", n, least, most))
	}
	return numbers, nil
}

// count returns the number of a line, and -1 if there is no such line.
func (h *headerLines) count(keyword string) (int, error) {
	line := h.lines[keyword]
	if line == nil {
		return -1, nil
	}
	if len(line) == 1 {
		if n, ok := number.Whole([]byte(line[0])); ok && n >= 0 && n <= math.MaxInt32 {
			return n, nil
		}
	}
	return 0, h.wanted(keyword, fmt.Sprintf("a number from 0 to %d", math.MaxInt32))
}

// shape returns WIDTH and HEIGHT, of which older files have neither, and newer
// ones perhaps no HEIGHT.
func (h *headerLines) shape() (width, height int, err error) {
	if width, err = h.count("WIDTH"); err != nil {
		return 0, 0, err
	}
	if height, err = h.count("HEIGHT"); err != nil {
		return 0, 0, err
	}
	points, err := h.count("POINTS")
	if err != nil {
		return 0, 0, err
	}
	if width <= 0 && height <= 0 && points >= 0 {
		return points, 1, nil
	}
	if width < 0 {
		return 0, 0, h.wanted("WIDTH", "the number of points in a row")
	}
	if height < 0 {
		height = 1
	}
	if points >= 0 && points != width*height || width*height > math.MaxInt32 {
		return 0, 0, h.wanted("POINTS", fmt.Sprintf("WIDTH times HEIGHT, %d times %d, and at most %d", width, height, math.MaxInt32))
	}
	return width, height, nil
}

func (h *headerLines) viewpoint(line []string) (v Viewpoint, err error) {
	parts := make([]float32, len(line))
	good := len(line) == 7
	for i, word := range line {
		var ok bool
		parts[i], ok = number.Float32([]byte(word))
		good = good && ok
	}
	if !good {
		return v, h.wanted("VIEWPOINT", "seven numbers")
	}
	return Viewpoint{Position: [3]float32(parts[:3]), Rotation: [4]float32(parts[3:])}, nil
}

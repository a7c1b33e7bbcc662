package csv

import (
	"fmt"
	"regexp"
	"strings"
)

// A number like 2.630 may be 2630, with a point between thousands, as is usual
// where the decimal sign is a comma.
var (
	grouped = regexp.MustCompile(`^[+-]?[1-9]\d{0,2}(\.\d{3})+$`)
	hundred = regexp.MustCompile(`^[+-]?[1-9]\d{2}$`)
	long    = regexp.MustCompile(`^[+-]?\d{4,}$`)
)

// marks counts cells by how thousands and decimals are marked in them.
type marks struct {
	points  int    // cells with a point
	grouped int    // cells in which points may stand between thousands
	first   string // of these, and its line
	line    int
	hundred bool // is there a whole number from 100 to 999?
	long    bool // is there one of four digits or more, without a mark?
}

func (m *marks) add(cell string, line int) {
	if strings.Contains(cell, ".") {
		m.points++
	}
	if grouped.MatchString(cell) {
		if m.grouped++; m.grouped == 1 {
			m.first, m.line = strings.Clone(cell), line
		}
	}
	m.hundred = m.hundred || hundred.MatchString(cell)
	m.long = m.long || long.MatchString(cell)
}

// ambiguous reports whether all points may stand between thousands.
func (m *marks) ambiguous() bool { return m.grouped > 0 && m.grouped == m.points }

// whole is an error if the points in a column of numbers may, or must, stand
// between thousands: in a table with decimal commas, or where whole numbers from
// 100 to 999 are beside them and none of four digits without a point.
func (s *survey) whole(i int) error {
	m := &s.columns[i].marks
	why := ""
	switch {
	case !m.ambiguous():
		return nil
	case s.decimal != "":
		why = fmt.Sprintf("other numbers of the table, such as %.40q, have decimal commas", s.decimal)
	case s.separator != ',' && m.hundred && !m.long:
		why = "whole numbers of three digits stand beside it, and none of four without a point"
	default:
		return nil
	}
	return fmt.Errorf("line %d: column %.80q: want a number without marks between thousands, got %.40q, which may be %s: %s; if the point is a decimal one, write one more decimal, %s0",
		m.line, s.names[i], m.first, strings.ReplaceAll(m.first, ".", ""), why, m.first)
}

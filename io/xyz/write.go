package xyz

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"setwise/io/internal/atomicfile"
	"setwise/io/internal/number"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// Options say how a cloud is written. The zero value has blanks between
// numbers, and a comment with the names of the columns unless there are points
// and nothing else.
type Options struct {
	// CSV asks for commas between numbers, and a first line with the names of
	// the columns.
	CSV bool

	// Columns are written after points and normals. Names have no blanks,
	// quotes, commas, semicolons, # or /, are none of those of points and
	// normals, and are read back in lower case.
	Columns []Column
}

// Write writes a line for each point, where it truly is. All numbers are read back
// exactly. Those of a cloud with an origin are in the digits of the file from which
// it was read, as far as they are known.
// Nothing is written and the error says where if a number is not finite, except
// that values of columns may be NaN, a name
// is none, or the numbers of normals or of the values of a column are not those
// of the points.
func Write(w io.Writer, c pointcloud.Cloud, o Options) error {
	return text.Prefix("xyz", write(w, c, o))
}

// WriteFile writes a cloud to the named file, which appears complete or not at
// all. See [Write].
func WriteFile(name string, c pointcloud.Cloud, o Options) error {
	return atomicfile.WriteFormat("xyz", name, func(w io.Writer) error { return write(w, c, o) })
}

// mostNames bounds the names of columns, which stand on one line.
const mostNames = 32 << 10

// check reports the first thing that cannot be written.
func check(c pointcloud.Cloud, columns []Column) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if n := 6 + len(columns); n > mostColumns {
		return fmt.Errorf("%d columns beside points and normals: want at most %d", len(columns), mostColumns-6)
	}
	length := 0
	reserved := slices.Concat(pointNames, normalNames[0], normalNames[1])
	for _, column := range columns {
		if length += len(column.Name); length > mostNames {
			return fmt.Errorf("names of columns of more than %d bytes together: want shorter ones", mostNames)
		}
		name := strings.ToLower(column.Name)
		if name == "" || slices.Contains(reserved, name) || strings.ContainsFunc(name, func(r rune) bool {
			return r <= ' ' || unicode.IsSpace(r) || strings.ContainsRune(`",;#/`, r)
		}) {
			return fmt.Errorf("column %q: want a name without blanks, quotes, commas, semicolons, # and /, and none of %q", column.Name, reserved)
		}
		if len(column.Values) != c.Len() {
			return fmt.Errorf("column %q: want a value for each of %d points, got %d", column.Name, c.Len(), len(column.Values))
		}
		for i, v := range column.Values {
			if v == v && v-v != 0 {
				return fmt.Errorf("column %q: value %d is %v: want a finite one, or NaN", column.Name, i, v)
			}
		}
	}
	return nil
}

func write(w io.Writer, c pointcloud.Cloud, o Options) error {
	if err := check(c, o.Columns); err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 1<<16)
	names := pointNames
	if c.Normals != nil {
		names = slices.Concat(names, normalNames[0])
	}
	for _, column := range o.Columns {
		names = append(slices.Clip(names), column.Name)
	}
	separator := " "
	switch {
	case o.CSV:
		separator = ","
		b.WriteString(strings.Join(names, ",") + "\n")
	case len(names) > len(pointNames) || c.Len() == 0:
		b.WriteString("# " + strings.Join(names, " ") + "\n")
	}
	var line []byte
	other := func(v float32) {
		line = append(line, separator...)
		line = strconv.AppendFloat(line, float64(v), 'g', -1, 32)
	}
	for i, p := range c.Points {
		line = line[:0]
		for k, v := range p {
			if k > 0 {
				line = append(line, separator...)
			}
			line = number.AppendCoordinate(line, v, c.Origin[k])
		}
		if c.Normals != nil {
			for _, v := range c.Normals[i] {
				other(v)
			}
		}
		for _, column := range o.Columns {
			other(column.Values[i])
		}
		if _, err := b.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return b.Flush()
}

package xyz

import (
	"bytes"
	"strings"
)

// strip returns what a line has before a comment, which does not begin within
// quotes.
func strip(line []byte) []byte {
	if bytes.IndexByte(line, '#') < 0 && !bytes.Contains(line, []byte("//")) {
		return bytes.TrimRight(line, " \t")
	}
	quoted := false
	for i, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '#' || c == '/' && i+1 < len(line) && line[i+1] == '/'):
			return bytes.TrimRight(line[:i], " \t")
		}
	}
	return bytes.TrimRight(line, " \t")
}

// separator returns what stands between the fields of a row.
func separator(row []byte) byte {
	for _, c := range []byte{';', ','} {
		quoted := false
		for _, x := range row {
			if x == '"' {
				quoted = !quoted
			}
			if x == c && !quoted {
				return c
			}
		}
	}
	return ' '
}

// split returns the fields of a row, without quotes.
func split(row []byte) []string {
	if !bytes.ContainsAny(row, "\",;") {
		return strings.Fields(string(row))
	}
	var fields []string
	row = bytes.TrimLeft(row, " \t")
	for sep := separator(row); len(row) > 0; {
		var field []byte
		field, row = cut(row, sep)
		fields = append(fields, string(field))
	}
	return fields
}

// cut returns the first field of a row, which does not begin with a blank, and
// what is left after it in the same way. A field in quotes may have anything in
// it, and is returned without them.
func cut(row []byte, separator byte) (field, rest []byte) {
	end := 0
	if row[0] == '"' {
		if n := bytes.IndexByte(row[1:], '"'); n >= 0 {
			end = n + 2
		}
	}
	if separator == ' ' {
		for end < len(row) && row[end] > ' ' {
			end++
		}
		field, rest = row[:end], row[end:]
	} else {
		for end < len(row) && row[end] != separator {
			end++
		}
		field, rest = row[:end], row[min(end+1, len(row)):]
		for len(field) > 0 && field[len(field)-1] <= ' ' {
			field = field[:len(field)-1]
		}
	}
	if n := len(field); n >= 2 && field[0] == '"' && field[n-1] == '"' {
		field = bytes.Trim(field[1:n-1], " \t")
	}
	for len(rest) > 0 && rest[0] <= ' ' {
		rest = rest[1:]
	}
	return field, rest
}

package stl

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanName returns a name that fits on one line of at most most bytes: valid
// UTF-8, control and other invisible characters and runs of blanks turned into
// one blank, none at the ends.
func cleanName(name string, most int) string {
	name = strings.ToValidUTF8(name, "")
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r)
	}), " ")
	if len(name) > most {
		name = name[:most]
		for len(name) > 0 && !utf8.ValidString(name) {
			name = name[:len(name)-1]
		}
	}
	return strings.TrimSpace(name)
}

// headerName returns the name in the header of a binary file, which ends before
// the colour of the part.
func headerName(header []byte) string {
	if _, at := partColor(header); at >= 0 {
		header = header[:at]
	}
	text, _, _ := bytes.Cut(header, []byte{0})
	return cleanName(string(text), mostName)
}

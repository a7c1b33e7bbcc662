package stl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What some programs write into text beside facets is passed over, anywhere.
func TestAsides(t *testing.T) {
	plain := strings.Fields("facet normal 0 0 1|outer loop|vertex 0 0 0|vertex 1 0 0|vertex 0 1 0|endloop|endfacet")
	lines := strings.Split(strings.Join(plain, " "), "|")
	want, err := Read(strings.NewReader("solid a\n"+strings.Join(lines, "\n")+"\nendsolid a\n"), Limits{})
	require.NoError(t, err)
	for _, aside := range []string{"color 0.5 0.5 0.5", "COLOR 31775", "colour red", "color", "# facet normal", "// end", "; x"} {
		for at := range len(lines) + 1 {
			for _, before := range []string{"\n", " "} { // on a line of its own, or at the end of another
				if at == 0 && before == " " {
					continue // it would be of the name
				}
				text := "solid a\n" + strings.Join(lines[:at], "\n") + before + aside + "\n" + strings.Join(lines[at:], "\n") + "\nendsolidName\n" + aside + "\n"
				got, err := Read(strings.NewReader(text), Limits{})
				require.NoError(t, err, text)
				require.Equal(t, want, got, text)
			}
		}
	}
	got, err := Read(strings.NewReader("solid a\ncolor 1 1 1 "+strings.Join(lines, " ")+" color 1 endsolid\n"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, want, got, "all on one line")
	_, err = Read(strings.NewReader("solid a\ncolour\nfacett normal\n"), Limits{})
	assert.ErrorContains(t, err, `line 3: want "facet" or "endsolid", got "facett"`)
}

// A header that promises no triangles, and what follows it.
func TestNoTriangles(t *testing.T) {
	header := binaryFile("by a program", 0)
	for more, want := range map[string]string{
		"\x00": "", "x": "", strings.Repeat("x", 49): "", strings.Repeat("\x00", 4096): "",
		strings.Repeat("\x00", 4097):        "more than 4096 bytes follow the 0 triangles",
		strings.Repeat("\x01", 149):         "header promises no triangles, but 2 and 49 bytes more follow",
		"\x01" + strings.Repeat("\x00", 99): "", // two triangles
	} {
		m, err := Read(strings.NewReader(string(header)+more), Limits{})
		if want != "" {
			assert.ErrorContains(t, err, want)
			continue
		}
		require.NoError(t, err, "%d bytes", len(more))
		assert.Equal(t, len(more) == 100, len(m.Faces) == 2)
	}
}

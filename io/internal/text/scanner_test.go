package text_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"

	"setwise/io/internal/text"
)

// lines reads all of s, a list of words for each line.
func lines(r io.Reader, comment, separator byte) (out [][]string, last int) {
	t := text.NewScanner(r, comment, separator)
	for {
		first := t.Next()
		if first == nil {
			return out, t.Lines()
		}
		line := []string{string(first)}
		for w := t.Inline(); w != nil; w = t.Inline() {
			line = append(line, string(w))
		}
		out = append(out, line)
	}
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		name, text         string
		comment, separator byte
		want               [][]string
		last               int
	}{
		{"plain", "a b\nc\n", 0, 0, [][]string{{"a", "b"}, {"c"}}, 3},
		{"ends in CR", "a b\rc\rd", 0, 0, [][]string{{"a", "b"}, {"c"}, {"d"}}, 3},
		{"ends in CRLF", "a b\r\nc\r\n\r\nd", 0, 0, [][]string{{"a", "b"}, {"c"}, {"d"}}, 4},
		{"mark", "\ufeffa", 0, 0, [][]string{{"a"}}, 1},
		{"comments", "# x y\na # b\nc#d\n#", '#', 0, [][]string{{"a"}, {"c"}}, 4},
		{"comment after CR", "a\r# b\r\nc", '#', 0, [][]string{{"a"}, {"c"}}, 3},
		{"commas", "a,b, c ,,d\ne", 0, ',', [][]string{{"a", "b", "c", "d"}, {"e"}}, 2},
		{"joined", "a \\\n b\\\r\n\\ \t\rc\n\n\\d\\e\\\n\nf\\", 0, '\\', [][]string{{"a", "b", "c"}, {"d", "e"}, {"f"}}, 8},
		{"not joined", "a \\\nb", 0, 0, [][]string{{"a", `\`}, {"b"}}, 2},
		{"nothing", "", 0, 0, nil, 1},
		{"blank", " \n\t\r\n", 0, 0, nil, 3},
	} {
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(c.text), "bytes": iotest.OneByteReader(strings.NewReader(c.text))} {
			got, last := lines(r, c.comment, c.separator)
			assert.Equal(t, c.want, got, c.name+", "+how)
			assert.Equal(t, c.last, last, c.name+", "+how)
		}
	}
}

func TestRest(t *testing.T) {
	for content, want := range map[string]string{
		"end_header\nxyz":       "xyz",
		"end_header\r\nxyz":     "xyz",
		"end_header\rxyz":       "xyz",
		"end_header \n\n":       "\n",
		"end_header\r\n\r\nxyz": "\r\nxyz",
		"end_header":            "",
	} {
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(content), "bytes": iotest.OneByteReader(strings.NewReader(content))} {
			s := text.NewScanner(r, 0, 0)
			assert.NoError(t, s.Expect("end_header"))
			rest, err := io.ReadAll(s.Rest())
			assert.NoError(t, err)
			assert.Equal(t, want, string(rest), "%q, %s", content, how)
		}
	}
}

// repeated is what never ends.
type repeated string

func (r repeated) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		n += copy(b[n:], r)
	}
	return n, nil
}

// No stream that says nothing is read for ever, whatever it says nothing with.
func TestSilenceEnds(t *testing.T) {
	next := func(s *text.Scanner) { s.Next() }
	for name, c := range map[string]struct {
		text string
		read func(*text.Scanner)
	}{
		"zeros":         {"\x00", next},
		"blanks":        {" ", next},
		"lines":         {"\n", next},
		"comments":      {"# x y\n", next},
		"one comment":   {"#", next},
		"joined lines":  {"\\\n", func(s *text.Scanner) { s.Inline() }},
		"a line":        {"x", func(s *text.Scanner) { s.Line(10) }},
		"ignored line":  {"x ", func(s *text.Scanner) { s.IgnoreLine() }},
		"ignored words": {"x ", func(s *text.Scanner) { s.Ignore(len(s.Next())) }},
		"zeros, rows":   {"\x00", func(s *text.Scanner) { s.Row() }},
		"lines, rows":   {"\r\n", func(s *text.Scanner) { s.Row() }},
		"ignored rows":  {"abc\n", func(s *text.Scanner) { s.Ignore(len(s.Row())) }},
		"few words":     {"a" + strings.Repeat(" ", 1000), next},
		"end":           {"\x00\n", func(s *text.Scanner) { s.End() }},
	} {
		s := text.NewScanner(repeated(c.text), '#', '\\')
		for s.Err() == nil {
			c.read(s)
		}
		assert.ErrorContains(t, s.Err(), "MiB of blanks, comments and what else says nothing", name)
		assert.Nil(t, s.Next(), name)
		assert.Nil(t, s.Row(), name)
		assert.Equal(t, s.Err(), s.Wanted("a word", nil), name)
	}
	// What says something may be as long as it likes, with a long comment too.
	s := text.NewScanner(io.LimitReader(repeated("v 1 # comment\n"), 80<<20), '#', 0)
	for s.Next() != nil {
	}
	assert.NoError(t, s.Err())
	s = text.NewScanner(io.MultiReader(io.LimitReader(repeated("# comment\n"), 30<<20), strings.NewReader("\nv")), '#', 0)
	assert.Equal(t, "v", string(s.Next()))
}

func TestZeros(t *testing.T) {
	for content, want := range map[string]string{
		"a\x00\x00":           "a",
		"a\n\x00\n \x00":      "a",
		"\x00":                "",
		"\x00a":               "line 1: zero bytes before more text: binary data",
		"a\n\x00b":            "line 2: zero bytes before more text: binary data",
		"a\n\x00\nb":          "line 3: zero bytes before more text: binary data",
		"\xff\xfea\x00\n\x00": "line 1: zero bytes before more text: binary data",
	} {
		for how, read := range map[string]func(*text.Scanner) []byte{"words": (*text.Scanner).Next, "rows": (*text.Scanner).Row} {
			s := text.NewScanner(strings.NewReader(content), 0, 0)
			var got []string
			for w := read(s); w != nil; w = read(s) {
				got = append(got, string(w))
			}
			if strings.HasPrefix(want, "line") {
				if !strings.HasPrefix(content, "\xff") || how == "rows" {
					assert.ErrorContains(t, s.Err(), want, "%q, %s", content, how)
				}
				continue
			}
			assert.NoError(t, s.Err(), "%q, %s", content, how)
			assert.Equal(t, want, strings.Join(got, " "), "%q, %s", content, how)
		}
	}
}

func TestErrors(t *testing.T) {
	s := text.NewScanner(strings.NewReader("a\n b"), 0, 0)
	assert.NoError(t, s.Expect("a"))
	assert.EqualError(t, s.Expect("c"), `line 2: want "c", got "b"`)
	assert.EqualError(t, s.Expect("d"), `line 2: the file ends early: want "d"`)

	s = text.NewScanner(strings.NewReader(strings.Repeat("x", 5000)), 0, 0)
	assert.Nil(t, s.Next())
	assert.ErrorContains(t, s.Err(), "a word of more than 1024 bytes")

	broken := errors.New("broken")
	s = text.NewScanner(iotest.ErrReader(broken), 0, 0)
	assert.Nil(t, s.Next())
	assert.ErrorIs(t, s.Err(), broken)
	assert.Equal(t, "kept", text.NewScanner(strings.NewReader("kept and not"), 0, 0).Line(4))
	assert.True(t, text.Is([]byte("SoLid"), "solid"))
	assert.True(t, text.Is([]byte("end_header"), "end_header"))
	assert.False(t, text.Is([]byte("sol"), "solid"))
}

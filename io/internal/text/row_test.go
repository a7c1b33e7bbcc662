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

func TestRow(t *testing.T) {
	long := strings.Repeat("x", 1<<16-1)
	for content, want := range map[string][]string{
		"":                         nil,
		" \n\t\r\n":                nil,
		"a b\nc":                   {"1:a b", "2:c"},
		"\ufeffa\r\n\r\n  b \rc\r": {"1:a", "3:b ", "4:c"},
		"# a,b\n\n;\n":             {"1:# a,b", "3:;"},
		"a\n" + long + "\nb":       {"1:a", "2:" + long, "3:b"},
	} {
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(content), "bytes": iotest.OneByteReader(strings.NewReader(content))} {
			s := text.NewScanner(r, 0, 0)
			var got []string
			for row := s.Row(); row != nil; row = s.Row() {
				got = append(got, string(rune('0'+s.Lines()))+":"+string(row))
			}
			assert.NoError(t, s.Err())
			assert.Equal(t, want, got, "%.20q, %s", content, how)
		}
	}
}

func TestRowErrors(t *testing.T) {
	s := text.NewScanner(strings.NewReader("a\n"+strings.Repeat("x", 1<<16)+"\n"), 0, 0)
	assert.Equal(t, "a", string(s.Row()))
	assert.Nil(t, s.Row())
	assert.EqualError(t, s.Err(), `line 2: a line of more than 65536 bytes, which begins with "xxxxxxxxxxxxxxxxxxxx": want a shorter one`)

	broken := errors.New("broken")
	s = text.NewScanner(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), 0, 0)
	assert.Equal(t, "a", string(s.Row()))
	assert.Nil(t, s.Row(), "it may go on")
	assert.ErrorIs(t, s.Err(), broken)
}

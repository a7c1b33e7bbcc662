package show

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Help is for who asks; a mistake takes one line.
func TestParse(t *testing.T) {
	parse := func(args ...string) (int, string, error) {
		f := flag.NewFlagSet("example", flag.ContinueOnError)
		n := f.Int("n", 1, "a `number`")
		var notes strings.Builder
		err := Parse(f, args, &notes, func(w io.Writer) { fmt.Fprint(w, "what it does\n") })
		return *n, notes.String(), err
	}
	n, notes, err := parse("-n", "3")
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Empty(t, notes)
	_, notes, err = parse("-h")
	require.ErrorIs(t, err, flag.ErrHelp)
	require.Equal(t, "what it does\n  -n number\n    \ta number (default 1)\n", notes)
	for wrong, want := range map[string]string{
		"-colour":                         "flag provided but not defined: -colour; -help tells of all flags",
		"-n":                              "flag needs an argument: -n; -help",
		"-n=ten":                          `invalid value "ten" for flag -n: parse error; -help`,
		"-" + strings.Repeat("x", 10_000): "xxx; -help tells of all flags",
	} {
		_, notes, err := parse(wrong)
		require.ErrorContains(t, err, want)
		require.Less(t, len(err.Error()), 400)
		require.Empty(t, notes)
	}
}

func TestCount(t *testing.T) {
	require.Equal(t, "0 files, 1 file, 2 files", Count(0, "file")+", "+Count(1, "file")+", "+Count(2, "file"))
}

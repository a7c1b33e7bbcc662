package csv

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

// A point that may stand between thousands is an error, of the column that has it.
func TestPointsBetweenThousands(t *testing.T) {
	rows := func(x, y func(i int) string, target string) string {
		text := "s;x;y;t\n"
		for i := range 40 {
			text += fmt.Sprintf("a%d;%s;%s;%s\n", i/2, x(i), y(i), fmt.Sprintf(target, i/2))
		}
		return text
	}
	thousands := func(i int) string {
		if i%2 == 0 {
			return fmt.Sprintf("%d.%03d", 1+i%9, 300+i)
		}
		return fmt.Sprint(500 + i)
	}
	plain := func(i int) string { return fmt.Sprint(i%7 + 10) }
	comma := func(i int) string { return fmt.Sprintf("%d,%d", 80+i%7, i%10) }
	decimals := func(i int) string { return fmt.Sprintf("%.3f", 1.5+float64(i)/10) }
	ragged := func(i int) string { return fmt.Sprint(1.125 * float64(i)) }
	four := func(i int) string { return fmt.Sprint(2000 + i) }
	c := study.Columns{Set: "s", Targets: []string{"t"}, Missing: study.Refuse}
	for name, e := range map[string]struct{ text, err string }{
		"beside hundreds":     {rows(thousands, plain, "%d"), `line 2: column "x": want a number without marks between thousands, got "1.300", which may be 1300: whole numbers of three digits stand beside it`},
		"with decimal commas": {rows(thousands, comma, "%d"), `line 2: column "x": want a number without marks between thousands, got "1.300", which may be 1300: other numbers of the table, such as "80,0", have decimal commas`},
		"in the target":       {rows(plain, comma, "2.%03d"), `line 2: column "t": want a number without marks between thousands, got "2.000", which may be 2000: other numbers`},
		"three decimals":      {rows(decimals, plain, "%d"), ""},
		"decimals":            {rows(ragged, plain, "%d"), ""},
		"four digits":         {rows(four, decimals, "%d"), ""},
		"commas":              {rows(plain, comma, "%d"), ""},
	} {
		_, err := readSets(file(regresstest.File(t, "a.csv", e.text)), c, nil)
		if e.err == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, e.err, name)
	}
	_, err := readSets(file(regresstest.File(t, "a.csv", strings.ReplaceAll(rows(thousands, plain, "%d"), ";", ","))), c, nil)
	require.NoError(t, err, "where commas separate cells, points are decimal")
}

// Intervals that would promise nothing are left empty.
func TestEmptyIntervals(t *testing.T) {
	model, _ := trained(t, wordTable(60, "a", "b"))
	table := "set,x,kind\np,0.5,a\np,0.6,b\nfar,50,a\nfar,0.5,a\nlarge,0.5,a\nlarge,0.5,a\nlarge,0.5,a\nlarge,0.5,a\nlarge,0.5,a\nq,0.5,new\nq,0.5,a\n"
	out, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "new.csv", table), "-model", model)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 5)
	require.NotRegexp(t, ",,$", lines[1])
	for _, l := range lines[2:] {
		require.Regexp(t, `^\w+,[^,]+,,$`, l)
	}
}

// What a flag asks for is an error of the flag.
func TestFlagsAreBlamed(t *testing.T) {
	known := regresstest.File(t, "known.csv", wordTable(60, "a", "b"))
	run := func(more ...string) error {
		_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, append([]string{"-task", "csv", "-data", known, "-out", t.TempDir()}, more...)...)
		return err
	}
	require.ErrorContains(t, run("-sets", "3"), "-sets: want at least 10 sets of the table to learn from, got 3")
	require.ErrorContains(t, run("-fall", "bogus"), "plateau")
}

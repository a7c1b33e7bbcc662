package csv

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

// wordTable returns a table of n sets of 2 to 4 rows that have a number and the next
// word of some.
func wordTable(n int, words ...string) string {
	rng := regresstest.Rand(5)
	text, row := "set,x,kind,target\n", 0
	for i := range n {
		for range 2 + rng.IntN(3) {
			text += fmt.Sprintf("s%d,%v,%s,%d\n", i, rng.Float64(), words[row%len(words)], i%7)
			row++
		}
	}
	return text
}

// trained returns the model that one step on a table makes, and what is said
// before.
func trained(t *testing.T, text string, more ...string) (model, notes string) {
	t.Helper()
	dir := t.TempDir()
	_, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, append([]string{"-task", "csv", "-data", regresstest.File(t, "known.csv", text), "-model", "rff+mean", "-steps", "1", "-out", dir}, more...)...)
	require.NoError(t, err)
	return predictorIn(t, dir), notes
}

// Sets that are smaller or larger than all that were learned from are named before
// anything is predicted of them.
func TestOtherSizes(t *testing.T) {
	model, _ := trained(t, wordTable(60, "a", "b"))
	rows := func(id string, n int) string { return strings.Repeat(id+",0.5,a\n", n) }
	predict := func(sets string) (string, string) {
		out, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "new.csv", "set,x,kind\n"+sets), "-model", model)
		require.NoError(t, err)
		return out, notes
	}
	out, notes := predict(rows("p", 2) + rows("q", 4))
	require.Empty(t, notes)
	require.Contains(t, out, "target low")
	_, notes = predict(rows("p", 2) + rows("large", 5) + rows("q", 3) + rows("small", 1))
	require.Equal(t, `2 sets of fewer or more than the 2 to 4 rows of those that were learned from, ["large" "small"], the first of 5 rows: predictions and intervals of such sets promise nothing`+"\n", notes)
	many := ""
	for i := range 500 {
		many += rows(fmt.Sprint("set", i), 5)
	}
	_, notes = predict(many)
	require.Contains(t, notes, "500 sets of fewer or more than the 2 to 4 rows")
	require.Less(t, len(notes), 500)

	few, _ := trained(t, wordTable(20, "a", "b"))
	out, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "new.csv", "set,x,kind\n"+rows("p", 9)), "-model", few)
	require.NoError(t, err)
	require.NotContains(t, out, "low")
	require.Contains(t, notes, "no intervals: too few sets were held back from the model")
	require.Contains(t, notes, `1 set of fewer or more than the 2 to 4 rows`)
}

// A cell that is missing is missing in a column of text too.
func TestMissingWords(t *testing.T) {
	for _, word := range []string{"", "NA", "NaN", "nan", "null", "None", "-", "?", "N/A", " n/a "} {
		quoted := "nothing; "
		if w := strings.TrimSpace(word); w != "" {
			quoted = fmt.Sprintf("nothing but %q; ", w)
		}
		text := wordTable(40, "a", "b", word, "a", "b")
		_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", regresstest.File(t, "known.csv", text), "-out", t.TempDir())
		require.ErrorContains(t, err, `known.csv: line 4: column "kind": want a category, got `+quoted+`-missing mean fills in what is missing`, word)
		if word == "-" {
			require.ErrorContains(t, err, "where such a word names a category, write another in the table")
		}
		_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", regresstest.File(t, "known.csv", strings.ReplaceAll(text, "s7,", word+",")), "-missing", "mean", "-out", t.TempDir())
		require.ErrorContains(t, err, `column "set": want the name of a set, got `+strings.TrimSuffix(quoted, "; "), word)
		require.ErrorContains(t, err, "which no treatment of missing cells fills in")
	}

	mixed := wordTable(60, "a", "b", "NA", "a", "-", "b", "", "only once")
	model, notes := trained(t, strings.Replace(mixed, "only once", "rare", 1), "-missing", "mean")
	require.Contains(t, notes, `: 4 of "kind", ["a" "b" "rare" "only once"]`)
	require.Contains(t, notes, `1 of them in one set only, which count as one category: ["rare"]`)
	require.Regexp(t, `missing: \d+ of \d+ cells of "kind", \["" "-" "NA"\]: a mark that it is missing stands there, learned like a category; where such a word names a category, write another in the table`, notes)
	out, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "new.csv", "set,x,kind\np,0.5,?\np,0.1,b\nq,0.5,\nq,0.1,b\n"), "-model", model)
	require.NoError(t, err)
	require.Contains(t, notes, `missing: 2 cells of "kind", as some were in what was learned from`)
	lines := strings.Split(out, "\n")
	require.Equal(t, strings.TrimPrefix(lines[1], "p,"), strings.TrimPrefix(lines[2], "q,"), "all words for nothing are one")

	whole, _ := trained(t, wordTable(60, "a", "b"), "-missing", "mean")
	_, notes, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "new.csv", "set,x,kind\np,0.5,?\np,,b\n"), "-model", whole)
	require.NoError(t, err)
	require.Contains(t, notes, `missing: 1 cell of "kind", of which none was missing in what was learned from: taken as a category that says nothing; predictions and intervals of such sets promise nothing`)
	require.Contains(t, notes, `missing: 1 cell of "x", of which none was missing in what was learned from: taken as its mean; predictions`)
	require.NotContains(t, notes, "not learned")
}

// What a model cannot take it says with the way out, and none that is none.
func TestPredictGaps(t *testing.T) {
	model, _ := trained(t, wordTable(20, "a", "b"))
	for text, want := range map[string]string{
		"p,,a\np,1,b\n":     `line 2: column "x": want a number, got nothing; the model was trained without missing cells, and one that is trained with -missing mean takes them`,
		"p,1,a\np,0,null\n": `line 3: column "kind": want a category, got nothing but "null"; the model was trained without missing cells, and one that is trained with -missing mean takes them`,
	} {
		_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "new.csv", "set,x,kind\n"+text), "-model", model)
		require.ErrorContains(t, err, want)
		require.True(t, strings.HasSuffix(err.Error(), want), "and nothing else: %v", err)
	}
}

// Nothing is said, and no folder made, before an error of the data; and standard
// input has one name.
func TestErrorsFirst(t *testing.T) {
	good := regresstest.File(t, "good.csv", wordTable(20, "a", "b"))
	for _, args := range [][]string{
		{"-task", "csv", "-data", "none.csv"},
		{"-task", "csv", "-data", regresstest.File(t, "bad.csv", "set,x,target\na,1,2\nb,,3\n")},
		{"-task", "csv", "-data", good, "-features", "color"},
	} {
		dir := filepath.Join(t.TempDir(), "out")
		out, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, append(args, "-out", dir)...)
		require.Error(t, err)
		require.Empty(t, out+notes, "%q", args)
		require.NoDirExists(t, dir)
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "csv-rff+mean-1.part"), []byte("no training"), 0o600))
	out, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", good, "-model", "rff+mean", "-resume", "-out", dir)
	require.ErrorContains(t, err, "-resume")
	require.Empty(t, out+notes)

	model, _ := trained(t, wordTable(20, "a", "b"))
	for _, text := range []string{"", "set,x,kind\np,,a\n", "set,x,kind\np,1e30,a\n", "set,x\np,1\n"} {
		var out bytes.Buffer
		err := predict(model, "-", strings.NewReader(text), &out, io.Discard)
		require.ErrorContains(t, err, "-predict: table: standard input: line ")
		require.NotContains(t, err.Error(), ": -:")
	}
}

// What a table has wrong is said of what is wrong with it.
func TestOneSet(t *testing.T) {
	for text, want := range map[string]string{
		"set,x,target\na,1,2\n":               `want at least 10 sets to learn from, got 1 with different names in column "set"`,
		"set,x,target\na,1,2\na,3,2\n":        `want at least 10 sets to learn from, got 1 with different names in column "set"`,
		"set,k,x,target\na,7,1,2\nb,NA,2,3\n": `column 2, "k", is "7" wherever it is not missing`,
		"set,x,x,target\na,1,2,3\nb,2,3,4\n":  `want one column "x" (-features), got columns 2 and 3 of this name`,
		"set,x,target\na,1,2\nb,2,\n":         `line 3: column "target": want a number, got nothing; -missing mean takes it from the other rows of the set`,
		"set,x,target\na,1,2\nb,2,3\na,3,4\n": `line 4: column "target": want one number for all rows of a set, 2 as set "a" has it from line 2 on, got 4`,
	} {
		args := []string{"-task", "csv", "-data", regresstest.File(t, "a.csv", text), "-out", t.TempDir()}
		if strings.Contains(text, "NA") {
			args = append(args, "-features", "k", "-missing", "mean")
		}
		_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, args...)
		require.ErrorContains(t, err, want)
	}
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", regresstest.File(t, "a.csv", wordTable(20, "a")), "-features", "x", "-features", "x", "-out", t.TempDir())
	require.ErrorContains(t, err, `want columns that differ, got "x" twice for -features`)
}

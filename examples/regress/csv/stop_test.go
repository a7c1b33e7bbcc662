package csv

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

// What is held back from a pupil is neither learned from nor tested on.
func TestHold(t *testing.T) {
	c, err := newTabular(csvOptions(regresstest.File(t, "a.csv", drawTable(60, regresstest.Rand(1), sumOf)), "rff+mean"))
	require.NoError(t, err)
	for part := range parts {
		seen := map[int]int{}
		for _, group := range [][]int{c.learned[part], c.back[part], c.Held(part)} {
			for _, e := range group {
				seen[e]++
			}
		}
		require.Len(t, c.learned[part], 40)
		require.Len(t, c.back[part], 8)
		require.Len(t, seen, 60)
		for _, n := range seen {
			require.Equal(t, 1, n)
		}
	}
}

// csvOptions are those of a model that learns a table.
func csvOptions(name, model string) study.Options {
	return study.Options{
		Task: Task(), Model: model, Steps: 20_000, Sets: study.Most, Seed: 1, Data: name,
		Table: study.Columns{Set: "set", Targets: []string{"target"}, Missing: study.Refuse},
	}
}

// aimless is a table that nothing can be learned from.
func aimless(n int) string {
	rng := regresstest.Rand(4)
	text := "set,x,target\n"
	for i := range n {
		text += fmt.Sprintf("s%d,%v,%v\n", i, rng.NormFloat64(), rng.NormFloat64())
	}
	return text
}

// A training that brings nothing ends long before the steps that it may take,
// says which step was best, and ends the same way after it was stopped between.
func TestStops(t *testing.T) {
	if testing.Short() {
		t.Skip("two trainings of thousands of steps")
	}
	name := regresstest.File(t, "noise.csv", aimless(20))
	args := func(dir string, more ...string) []string {
		return append([]string{"-task", "csv", "-data", name, "-model", "rff+mean", "-out", dir}, more...)
	}
	whole, broken := t.TempDir(), t.TempDir()
	out, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, args(whole)...)
	require.NoError(t, err)
	require.Regexp(t, `\nstep (\d+) of 2\d\d\d was the best on the sets held back\n`, out)
	require.Contains(t, notes, "the rate halved after 500 steps that bring nothing better, and the training ends after 2000 such steps, or 20000 in all")
	_, _, err = regresstest.Run(&regresstest.Stopping{Context: t.Context(), Left: 1900}, t, []study.Task{Task()}, args(broken)...)
	require.NoError(t, err)
	again, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, args(broken, "-resume")...)
	require.NoError(t, err)
	require.Equal(t, strings.Split(out, "\n")[1:5], strings.Split(again, "\n")[1:5])
	require.Equal(t, regresstest.LastLine(out), regresstest.LastLine(again))
	again, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, args(broken, "-resume")...)
	require.NoError(t, err)
	require.Equal(t, regresstest.LastLine(out), regresstest.LastLine(again), "what was finished is not trained again")
	out, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, args(t.TempDir(), "-steps", "7")...)
	require.NoError(t, err)
	require.Regexp(t, `\nstep (1 of 7 was|7, the last, was) the best`, out)
}

package main

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

func TestLastLines(t *testing.T) {
	dir, steps, few := t.TempDir(), "60", "4"
	if testing.Short() {
		steps, few = "6", "1"
	}
	for _, c := range []struct {
		args []string
		want string
		most float64 // of the number in it
	}{
		{[]string{"-steps", steps, "-sets", "100"}, `^MAE \d+\.\d{4} \+- \d+\.\d{4} over 100 sets, ` + steps + ` steps$`, 60},
		{[]string{"-task", "clustering", "-model", "rff+pma", "-steps", few, "-sets", "7"}, `^gap \d+\.\d{4} \+- \d+\.\d{4} nats to the oracle -1\.\d{4} over 7 sets, ` + few + ` steps?$`, 50},
	} {
		out, _, err := regresstest.Run(t.Context(), t, tasks(), append(c.args, "-out", dir)...)
		require.NoError(t, err)
		require.Regexp(t, c.want, regresstest.LastLine(out))
		require.Contains(t, out, "paper")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Len(t, files, 6, "model, numbers and picture of each, and nothing else: %s", files)
	for _, name := range files {
		switch filepath.Ext(name) {
		case ".png":
			f, err := os.Open(name)
			require.NoError(t, err)
			_, err = png.Decode(f)
			require.NoError(t, err, name)
			f.Close()
		case ".json":
			r, err := study.ReadResult(name)
			require.NoError(t, err)
			for key, n := range r.Numbers {
				require.Positive(t, n.Error, key)
			}
			require.Positive(t, r.Seconds)
		}
	}
}

func TestSeeds(t *testing.T) {
	dir := t.TempDir()
	out, _, err := regresstest.Run(t.Context(), t, tasks(), "-steps", "5", "-sets", "50", "-seeds", "3", "-seed", "4", "-out", dir)
	require.NoError(t, err)
	require.Regexp(t, `^MAE \d+\.\d{4} \+- \d+\.\d{4} over 3 seeds$`, regresstest.LastLine(out))
	require.FileExists(t, filepath.Join(dir, "max-rff+max-6.json"))
	page, _, err := regresstest.Run(t.Context(), t, tasks(), "-report", dir)
	require.NoError(t, err)
	require.Regexp(t, `\| rff\+max \| 5 \| 0.001, cosine \| 3 \| \d+\.\d{4} ± \d+\.\d{4} \| 0.1355 ± 0.0074 \|`, page)
}

func TestMistakes(t *testing.T) {
	broken, foreign := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(broken, "a.json"), []byte(`{"steps": "many"}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(foreign, "b.json"), []byte(`{"task": "chess", "model": "tree"}`), 0o600))
	name := filepath.Join(broken, "a.json")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"task":            {[]string{"-task", "chess"}, "max"},
		"model":           {[]string{"-model", "tree"}, "sab+pma"},
		"model of others": {[]string{"-task", "clustering", "-model", "rff+sum"}, "isab32+pma"},
		"steps":           {[]string{"-steps", "-1"}, "-steps"},
		"rate":            {[]string{"-rate", "NaN"}, "-rate"},
		"fall":            {[]string{"-fall", "down"}, "cosine"},
		"sets":            {[]string{"-sets", "1"}, "-sets"},
		"seeds":           {[]string{"-seeds", "0"}, "-seeds"},
		"seed":            {[]string{"-seed", "x"}, "seed"},
		"loose":           {[]string{"max"}, "want flags"},
		"out":             {[]string{"-out", name}, "a.json"},
		"no results":      {[]string{"-report", filepath.Join(broken, "nowhere")}, "nowhere"},
		"broken result":   {[]string{"-report", broken}, "a.json"},
		"foreign result":  {[]string{"-report", foreign}, "b.json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := regresstest.Run(t.Context(), t, tasks(), c.args...)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A mistake in a flag gives one line that says how to get the help.
func TestFlagMistakes(t *testing.T) {
	for want, args := range map[string][]string{
		"flag provided but not defined: -foo; -help tells of all flags": {"-foo"},
		`invalid value "x" for flag -steps`:                             {"-steps", "x"},
		"flag needs an argument: -data; -help tells of all flags":       {"-data"},
		`want flags, got "max"; -help tells of them`:                    {"max"},
		`-task: want one of max, clustering`:                            {"-task", "chess"},
	} {
		out, notes, err := regresstest.Run(t.Context(), t, tasks(), args...)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "\n")
		require.Empty(t, out+notes)
	}
	_, notes, err := regresstest.Run(t.Context(), t, tasks(), "-help")
	require.ErrorIs(t, err, flag.ErrHelp)
	for _, word := range []string{"Where such a word is the name of something", "task max: ", "task csv: ", "-steps"} {
		require.Contains(t, notes, word)
	}
}

// Where data are not, tasks say so before anything else, and how to name them; no
// folder is left behind.
func TestNoData(t *testing.T) {
	for _, data := range []string{"", t.TempDir()} {
		t.Setenv("SETWISE_DATA", data)
		for _, task := range []string{"digits", "unique", "concepts", "molecules"} {
			dir := filepath.Join(t.TempDir(), "out")
			out, notes, err := regresstest.Run(t.Context(), t, tasks(), "-task", task, "-out", dir)
			require.ErrorContains(t, err, "want a folder with")
			require.ErrorContains(t, err, "-data can name it, or SETWISE_DATA the folder that has")
			require.NotContains(t, err.Error(), "shared")
			require.Empty(t, out+notes, task)
			require.NoDirExists(t, dir)
		}
	}
}

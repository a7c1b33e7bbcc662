package main

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
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
	name := filepath.Join(broken, "a.json")
	require.NoError(t, os.WriteFile(name, []byte(`{"steps": "many"}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(foreign, "b.json"), []byte(`{"task": "chess", "model": "tree"}`), 0o600))
	for line, want := range map[string]string{
		"-task chess":                     "-task: want one of max, clustering",
		"-model tree":                     "sab+pma",
		"-task clustering -model rff+sum": "isab32+pma",
		"-steps -1":                       "-steps: want 1 to",
		"-rate NaN":                       "-rate",
		"-fall down":                      "cosine",
		"-sets 1":                         "-sets",
		"-seeds 0":                        "-seeds",
		"-seed x":                         `invalid value "x" for flag -seed`,
		"-foo":                            "flag provided but not defined: -foo; -help tells of all flags",
		"-steps x":                        `invalid value "x" for flag -steps`,
		"-data":                           "flag needs an argument: -data; -help tells of all flags",
		"max":                             `want flags, got "max"; -help tells of them`,
		"-out " + name:                    "a.json",
		"-report " + broken + "/nowhere":  "nowhere",
		"-report " + broken:               "a.json",
		"-report " + foreign:              "b.json",
	} {
		out, notes, err := regresstest.Run(t.Context(), t, tasks(), strings.Fields(line)...)
		require.ErrorContains(t, err, want, line)
		require.NotContains(t, err.Error(), "\n")
		require.Empty(t, out+notes, line)
	}
}

func TestHelp(t *testing.T) {
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

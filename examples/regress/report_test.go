package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

// The page of results is made of the results beside it.
func TestPage(t *testing.T) {
	want, err := os.ReadFile("RESULTS.md")
	require.NoError(t, err)
	page, _, err := regresstest.Run(t.Context(), t, tasks(), "-report", "results")
	require.NoError(t, err)
	require.Equal(t, string(want), page, "go run ./examples/regress -report examples/regress/results > examples/regress/RESULTS.md")
}

// shellWords splits a line as a shell does.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	out, err := exec.Command("sh", "-c", `printf '%s\0' `+line).Output()
	if err != nil {
		t.Skipf("no shell: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// The commands that a page has repeat the numbers that it has.
func TestCommandsRepeat(t *testing.T) {
	text, rng := `"my set",it's x,"y, $1","price, net"`+"\n", regresstest.Rand(1)
	for i := range 30 {
		text += fmt.Sprintf("s%d,%v,%v,%d\n", i%12, rng.Float64(), rng.Float64(), i%12)
	}
	name := regresstest.File(t, "it's a table.csv", text)
	dir := t.TempDir()
	base := []string{"-task", "csv", "-data", name, "-set", "my set", "-target", "price, net", "-steps", "3", "-out", dir}
	for _, more := range [][]string{
		{"-model", "rff+mean", "-seed", "4", "-seeds", "2"},
		{"-model", "rff+mean", "-seed", "7", "-missing", "mean", "-rate", "0.01"},
		{"-model", "rff+max", "-features", "y, $1", "-sets", "11", "-fall", "constant"},
		{"-model", "rff+sum", "-category", "it's x"},
	} {
		_, _, err := regresstest.Run(t.Context(), t, tasks(), append(append([]string{}, base...), more...)...)
		require.NoError(t, err)
	}
	page, _, err := regresstest.Run(t.Context(), t, tasks(), "-report", dir)
	require.NoError(t, err)
	_, block, _ := strings.Cut(page, "```\n")
	block, _, _ = strings.Cut(block, "\n```")
	commands := strings.Split(block, "\n")
	require.Len(t, commands, 4)
	again := t.TempDir()
	for _, c := range commands {
		args := shellWords(t, strings.TrimPrefix(c, "go run ./examples/regress "))
		_, _, err := regresstest.Run(t.Context(), t, tasks(), append(args, "-out", again)...)
		require.NoError(t, err, c)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	for _, f := range files {
		want, err := study.ReadResult(f)
		require.NoError(t, err)
		got, err := study.ReadResult(filepath.Join(again, filepath.Base(f)))
		require.NoError(t, err)
		want.Seconds, got.Seconds = 0, 0
		require.Equal(t, want, got)
	}
	_, err = os.Stat(name)
	require.NoError(t, err)
}

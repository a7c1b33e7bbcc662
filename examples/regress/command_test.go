package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shellWords splits a line as a shell does.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	out, err := exec.Command("sh", "-c", `printf '%s\0' `+line).Output()
	if err != nil {
		t.Skipf("no shell: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func TestWord(t *testing.T) {
	all := []string{"a", "", "price, net", "it's", `say "x"`, "$HOME", "a\\b", "*", "~", "größe", "a;b", "'", "new\nline", "-x", "#", "p_T [GeV]", "!x", "{a,b}"}
	require.Equal(t, all, shellWords(t, line(all)))
	require.Equal(t, "a ./b+c-1.csv größe", line([]string{"a", "./b+c-1.csv", "größe"}))
}

// The commands that a page has repeat the numbers that it has.
func TestCommandsRepeat(t *testing.T) {
	text := strings.Replace(drawTable(12, newRand(1), sumOf), "set,x,y,target", `"my set",it's x,"y, $1","price, net"`, 1)
	name := file(t, "it's a table.csv", text)
	dir := t.TempDir()
	base := []string{"-task", "csv", "-data", name, "-set", "my set", "-target", "price, net", "-steps", "3", "-out", dir}
	for _, more := range [][]string{
		{"-model", "rff+mean", "-seed", "4", "-seeds", "2"},
		{"-model", "rff+mean", "-seed", "7", "-missing", "mean", "-rate", "0.01"},
		{"-model", "rff+max", "-features", "y, $1", "-sets", "11", "-fall", "constant"},
		{"-model", "rff+sum", "-category", "it's x"},
	} {
		_, _, err := call(t.Context(), t, append(append([]string{}, base...), more...)...)
		require.NoError(t, err)
	}
	page, _, err := call(t.Context(), t, "-report", dir)
	require.NoError(t, err)
	_, block, _ := strings.Cut(page, "```\n")
	block, _, _ = strings.Cut(block, "\n```")
	commands := strings.Split(block, "\n")
	require.Len(t, commands, 4)
	again := t.TempDir()
	for _, c := range commands {
		args := shellWords(t, strings.TrimPrefix(c, "go run ./examples/regress "))
		_, _, err := call(t.Context(), t, append(args, "-out", again)...)
		require.NoError(t, err, c)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	for _, f := range files {
		want, err := readResult(f)
		require.NoError(t, err)
		got, err := readResult(filepath.Join(again, filepath.Base(f)))
		require.NoError(t, err)
		want.Seconds, got.Seconds = 0, 0
		require.Equal(t, want, got)
	}
	_, err = os.Stat(name)
	require.NoError(t, err)
}

// Seeds that do not follow each other have a command each.
func TestCommandsOfSeeds(t *testing.T) {
	var runs []result
	for _, seed := range []uint64{1, 2, 5} {
		runs = append(runs, result{Task: "max", Model: "rff+max", Seed: seed, Steps: 20_000, Rate: 1e-3, Fall: "cosine", Sets: 10_000})
	}
	require.Equal(t, []string{
		"go run ./examples/regress -task max -model rff+max -seeds 2",
		"go run ./examples/regress -task max -model rff+max -seed 5",
	}, maximum().commands(runs))
}

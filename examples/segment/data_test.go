package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is passed over, guessed or not counted is said before the work.
func TestData(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(data, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	}
	cloud := func(labels ...int) string {
		var b strings.Builder
		b.WriteString("x,y,z,class\n")
		for i := range 40 {
			fmt.Fprintf(&b, "%d,%d,%d,%d\n", i%7, i%5, i%3, labels[i%len(labels)])
		}
		return b.String()
	}
	write("train/mug/a.csv", cloud(3, 4, -1))
	write("train/mug/b.csv", cloud(3, 4))
	write("train/hat/a.csv", cloud(9))
	write("test/mug/a.csv", cloud(3, 4, 9))
	write("test/hat/a.csv", cloud(9))
	args := []string{"-data", data, "-points", "64", "-dim", "4", "-epochs", "1", "-out", dir}
	out, notes, err := call(t.Context(), t, args...)
	require.NoError(t, err)
	for _, want := range []string{
		`5 of 5 files: labels are taken from the column "class"`,
		"1 of 5 files: some points have labels below 0",
		"5 of 5 shapes have fewer than 64 points: all of them are taken",
		"5 of 5 shapes have no normals",
		"13 of 80 points to be tested on have labels that no shape of their class to learn from has: they are not counted",
	} {
		require.Contains(t, notes, want)
	}
	require.Contains(t, out, "3 shapes of 2 classes and 3 parts to learn from, 2 unseen")
	require.Regexp(t, `(?m)^hat +1  .*  9 \d\.\d+$`, out)
	require.Regexp(t, `(?m)^mug +1  .*  3 \d\.\d+  4 \d\.\d+$`, out)

	write("train/hat/b.csv", "x,y,z\n1,2,3\n")
	_, _, err = call(t.Context(), t, args...)
	require.ErrorContains(t, err, "b.csv: want a column of labels")
	require.ErrorContains(t, err, "-skip passes over them")
	_, notes, err = call(t.Context(), t, append(args, "-skip")...)
	require.NoError(t, err)
	require.Contains(t, notes, "passed over: 1 of 6 files, which cannot be read:\n\t")

	write("train/cap/a.csv", cloud(-1))
	_, _, err = call(t.Context(), t, append(args, "-skip")...)
	require.ErrorContains(t, err, `class "cap": want a part or more, got none`)
}

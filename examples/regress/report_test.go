package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The page of results is made of the results beside it.
func TestPage(t *testing.T) {
	docs := filepath.Join("..", "..", "docs")
	want, err := os.ReadFile(filepath.Join(docs, "results.md"))
	require.NoError(t, err)
	page, _, err := call(t.Context(), t, "-report", filepath.Join(docs, "results"))
	require.NoError(t, err)
	require.Equal(t, string(want), page, "go run ./examples/regress -report docs/results > docs/results.md")
}

// Runs of one table and number of sets are one row, with a dash for what not all
// have measured and no error where there is none.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	for i, r := range []result{
		{Data: "a.csv", Seed: 1, Numbers: map[string]number{"mae": {1, 0.5}, "rmse": {2, 0}}},
		{Data: "a.csv", Seed: 2, Numbers: map[string]number{"mae": {3, 0.5}}},
		{Data: "b.csv", Seed: 1, Numbers: map[string]number{"mae": {5, 0.5}, "rmse": {2, 0}}},
	} {
		r.Task, r.Model, r.Steps, r.Rate, r.Fall, r.Sets = "csv", "rff+max", 7, 1e-3, "plateau", most
		require.NoError(t, r.write(filepath.Join(dir, fmt.Sprint(i, ".json"))))
	}
	page, _, err := call(t.Context(), t, "-report", dir)
	require.NoError(t, err)
	require.Contains(t, page, "| rff+max | 7 | 0.001, plateau | 2 | – | 2.0000 ± 1.0000 |")
	require.Contains(t, page, "| rff+max | 7 | 0.001, plateau | 1 | 2.0000 | 5.0000 ± 0.5000 |")
	require.Contains(t, page, "\ngo run ./examples/regress -task csv -model rff+max -data a.csv -steps 7 -seeds 2\n")
}

package study

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Runs of one table and number of sets are one row, with a dash for what not all
// have measured and no error where there is none.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	for i, r := range []Result{
		{Data: "a.csv", Seed: 1, Numbers: map[string]Number{"mae": {1, 0.5}, "rmse": {2, 0}}},
		{Data: "a.csv", Seed: 2, Numbers: map[string]Number{"mae": {3, 0.5}}},
		{Data: "b.csv", Seed: 1, Numbers: map[string]Number{"mae": {5, 0.5}, "rmse": {2, 0}}},
	} {
		r.Task, r.Model, r.Steps, r.Rate, r.Fall, r.Sets = "csv", "rff+max", 7, 1e-3, "plateau", Most
		require.NoError(t, r.write(filepath.Join(dir, fmt.Sprint(i, ".json"))))
	}
	var page strings.Builder
	require.NoError(t, Run(t.Context(), some(), []string{"-report", dir}, nil, &page, io.Discard))
	require.Contains(t, page.String(), "| rff+max | 7 | 0.001, plateau | 2 | – | 2.0000 ± 1.0000 |")
	require.Contains(t, page.String(), "| rff+max | 7 | 0.001, plateau | 1 | 2.0000 | 5.0000 ± 0.5000 |")
	require.Contains(t, page.String(), "\ngo run ./examples/regress -task csv -model rff+max -data a.csv -steps 7 -seeds 2\n")
}

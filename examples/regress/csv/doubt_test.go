package csv

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

// unevenTable is a table whose targets are the sum of x with a noise that is as large
// as the column s says, which is also returned for each set.
func unevenTable(n int, seed uint64) (text string, noise, truth []float64) {
	rng := regresstest.Rand(seed)
	var b strings.Builder
	b.WriteString("set,x,s,target\n")
	for i := range n {
		s := 0.2 + 2*rng.Float64()
		xs := make([]float64, 1+rng.IntN(3))
		y := s * rng.NormFloat64()
		for k := range xs {
			xs[k] = rng.NormFloat64()
			y += xs[k]
		}
		for _, x := range xs {
			fmt.Fprintf(&b, "s%d,%v,%v,%v\n", i, x, s, y)
		}
		noise, truth = append(noise, s), append(truth, y)
	}
	return b.String(), noise, truth
}

// Intervals are wide where the truth is uncertain, and hold it as often as they
// promise for sets that were never seen.
func TestIntervals(t *testing.T) {
	if testing.Short() {
		t.Skip("a training of many steps")
	}
	dir := t.TempDir()
	known, _, _ := unevenTable(600, 1)
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", regresstest.File(t, "known.csv", known), "-model", "rff+mean", "-steps", "400", "-rate", "0.003", "-out", dir)
	require.NoError(t, err)
	unseen, noise, truth := unevenTable(1500, 2)
	said, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "unseen.csv", unseen), "-model", predictorIn(t, dir))
	require.NoError(t, err)
	require.Contains(t, notes, `not used, for the model does not predict from them: ["target"]`)
	held := 0.0
	var widths []float64
	for i, l := range strings.Split(strings.TrimSpace(said), "\n")[1:] {
		var y, low, high float64
		_, numbers, _ := strings.Cut(l, ",")
		_, err := fmt.Sscanf(strings.ReplaceAll(numbers, ",", " "), "%g %g %g", &y, &low, &high)
		require.NoError(t, err)
		widths = append(widths, high-low)
		if low <= truth[i] && truth[i] <= high {
			held++
		}
	}
	t.Logf("%v of 1500 intervals hold, and their widths go with the noise by %.2f", held, stat.Correlation(widths, noise, nil))
	assert.InDelta(t, 0.9, held/1500, 0.04)
	assert.Greater(t, stat.Correlation(widths, noise, nil), 0.8)
}

// Categories are learned, and those that were not are said when they come.
func TestCategories(t *testing.T) {
	if testing.Short() {
		t.Skip("trainings of many steps")
	}
	rng := regresstest.Rand(1)
	worth := map[string]float64{"gold": 9, "silver": 4, "lead, heavy": 1}
	kinds := []string{"gold", "silver", "lead, heavy"}
	text := "set,kind,y\n"
	for i := range 100 {
		kind := kinds[rng.IntN(3)]
		text += fmt.Sprintf("%d,%q,%v\n", i, kind, worth[kind]+0.1*rng.NormFloat64())
	}
	dir := t.TempDir()
	out, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", regresstest.File(t, "known.csv", text), "-target", "y", "-model", "rff+mean", "-steps", "800", "-rate", "0.01", "-out", dir)
	require.NoError(t, err)
	require.Contains(t, notes, `categories, each learned as a vector: 3 of "kind", [`)
	require.Regexp(t, `R² 0\.9[5-9]\d; over 100 sets`, regresstest.LastLine(out))
	said, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "new.csv", "set,kind\na,gold\nb,tin\nc,lead\n"), "-model", predictorIn(t, dir))
	require.NoError(t, err)
	require.Contains(t, notes, `not learned, and taken for one category that says nothing: ["tin" "lead"] of "kind" in 2 sets`)
	lines := strings.Split(said, "\n")
	var gold float64
	_, err = fmt.Sscanf(lines[1], "a,%f,", &gold)
	require.NoError(t, err)
	require.InDelta(t, 9, gold, 1)
	require.Equal(t, strings.TrimPrefix(lines[2], "b,"), strings.TrimPrefix(lines[3], "c,"))
}

// Missing cells are filled in with the mean and marked, in what is predicted for
// too, and said.
func TestMissing(t *testing.T) {
	rng := regresstest.Rand(1)
	text := "set,x,z,y\n"
	for i := range 100 { // what is missing means something
		x := rng.NormFloat64()
		if i%4 == 0 {
			text += fmt.Sprintf("%d,,%v,%v\n", i, rng.NormFloat64(), 5)
		} else {
			text += fmt.Sprintf("%d,%v,%v,%v\n", i, x, rng.NormFloat64(), x)
		}
	}
	dir := t.TempDir()
	args := []string{"-task", "csv", "-data", regresstest.File(t, "known.csv", text), "-target", "y", "-model", "rff+mean", "-steps", "300", "-rate", "0.01", "-out", dir}
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, args...)
	require.ErrorContains(t, err, `line 2: column "x": want a number, got nothing; -missing mean fills in what is missing`)
	out, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, append(args, "-missing", "mean")...)
	require.NoError(t, err)
	require.Contains(t, notes, `missing: 25 of 100 cells of "x"`)
	require.Regexp(t, `R² 0\.9\d\d; over 100 sets`, regresstest.LastLine(out))
	said, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "new.csv", "set,x,z\na,NA,1\nb,0,\n"), "-model", predictorIn(t, dir))
	require.NoError(t, err)
	require.Contains(t, notes, `missing: 1 cell of "x", as some were in what was learned from`)
	require.Contains(t, notes, `missing: 1 cell of "z", of which none was missing in what was learned from: taken as its mean`)
	var y float64
	_, err = fmt.Sscanf(strings.Split(said, "\n")[1], "a,%f,", &y)
	require.NoError(t, err)
	require.Less(t, math.Abs(y-5), 1.5)
}

// Large sets are said beforehand, and bounded.
func TestLargeSets(t *testing.T) {
	var b strings.Builder
	b.WriteString("set,x,target\n")
	for i := range 12 {
		n := 2
		if i == 0 {
			n = 3000
		}
		for k := range n {
			fmt.Fprintf(&b, "s%d,%d,%d\n", i, k, i)
		}
	}
	_, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", regresstest.File(t, "large.csv", b.String()), "-steps", "2", "-out", t.TempDir())
	require.NoError(t, err)
	require.Contains(t, notes, "1 set of more than 1024 rows, the largest of 3000: a step learns from 1024 of them")
}

// predictorIn returns the model to predict with that a run left in a folder.
func predictorIn(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.predictor.safetensors"))
	require.NoError(t, err)
	require.Len(t, names, 1)
	return names[0]
}

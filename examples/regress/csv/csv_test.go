package csv

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/folds"
	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

// drawTable returns a table of n sets whose target is what of their rows.
func drawTable(n int, rng *rand.Rand, what func(rows [][2]float64) float64) string {
	var b strings.Builder
	b.WriteString("set,x,y,target\n")
	for i := range n {
		rows := make([][2]float64, 1+rng.IntN(5))
		for k := range rows {
			rows[k] = [2]float64{rng.NormFloat64(), 1000 * rng.Float64()}
		}
		for _, r := range rows {
			fmt.Fprintf(&b, "s%d,%v,%v,%v\n", i, r[0], r[1], what(rows))
		}
	}
	return b.String()
}

func sumOf(rows [][2]float64) float64 {
	sum := 100.0
	for _, r := range rows {
		sum += r[0] + r[1]/500
	}
	return sum
}

// What is learned from a table can be used on another, in any order of rows,
// and says there what it said of sets that it had not seen.
func TestTask(t *testing.T) {
	dir := t.TempDir()
	text := drawTable(120, regresstest.Rand(1), sumOf)
	name := regresstest.File(t, "known.csv", text)
	out, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", name, "-model", "rff+pma", "-steps", "30", "-out", dir)
	require.NoError(t, err)
	require.Regexp(t, `^target: RMSE \d+\.\d{4} \+- \d+\.\d{4}, MAE .*, R² -?\d\.\d{3}; over 120 sets, (1|30) steps$`, regresstest.LastLine(out))
	require.Regexp(t, `promised to hold 90 %, hold \d+\.\d \+- \d+\.\d %`, out)
	require.FileExists(t, filepath.Join(dir, "csv-rff+pma-1.png"))
	r, err := study.ReadResult(filepath.Join(dir, "csv-rff+pma-1.json"))
	require.NoError(t, err)
	require.Greater(t, r.Numbers["r2"].Value, 0.1)

	c, err := newTabular(csvOptions(name, "rff+pma"))
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines[1:] { // without targets, in another order
		lines[1+i] = lines[1+i][:strings.LastIndex(lines[1+i], ",")]
	}
	lines[0] = "set,x,y"
	regresstest.Rand(2).Shuffle(len(lines)-1, func(i, j int) { lines[1+i], lines[1+j] = lines[1+j], lines[1+i] })
	other := strings.Join(lines, "\n")
	model := filepath.Join(dir, "csv-rff+pma-1.predictor.safetensors")
	said, notes, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", regresstest.File(t, "other.csv", other), "-model", model)
	require.NoError(t, err)
	require.Empty(t, notes)
	var piped bytes.Buffer
	require.NoError(t, predict(model, "-", strings.NewReader(other), &piped, io.Discard))
	require.Equal(t, said, piped.String())
	answers := strings.Split(strings.TrimSpace(said), "\n")
	require.Equal(t, "set,target,target low,target high", answers[0])
	require.Len(t, answers, 121)
	f, err := study.OpenModel(filepath.Join(dir, "csv-rff+pma-1.safetensors"))
	require.NoError(t, err)
	require.NoError(t, f.Load(c.Network()))
	first := map[string]int{}
	for i, s := range c.Examples {
		first[s.id] = i
	}
	want, held := folds.Predict(c.Pupils[0], c.Scales[0], c.Examples), 0
	for _, a := range answers[1:] {
		id, numbers, _ := strings.Cut(a, ",")
		var y, low, high float64
		_, err := fmt.Sscanf(strings.ReplaceAll(numbers, ",", " "), "%g %g %g", &y, &low, &high)
		require.NoError(t, err)
		e := first[id]
		require.InDelta(t, want[e][0], y, 1e-3)
		require.InDelta(t, y-low, high-y, 1e-3)
		if truth := c.Truth[e][0]; low <= truth && truth <= high {
			held++
		}
	}
	assert.Greater(t, held, 90)
}

func TestTaskRefuses(t *testing.T) {
	good := drawTable(10, regresstest.Rand(1), sumOf)
	known := regresstest.File(t, "known.csv", good)
	dir := t.TempDir()
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "csv", "-data", known, "-model", "rff+mean", "-steps", "1", "-out", dir)
	require.NoError(t, err)
	model := filepath.Join(dir, "csv-rff+mean-1.predictor.safetensors")
	said, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-predict", known, "-model", model)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(said, "set,target\n"), "two sets held back give no interval")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no data":       {[]string{"-task", "csv"}, "task csv wants -data: a table"},
		"few of many":   {[]string{"-task", "csv", "-data", known, "-sets", "9"}, "want at least 10 sets"},
		"few sets":      {[]string{"-task", "csv", "-data", regresstest.File(t, "few.csv", drawTable(9, regresstest.Rand(1), sumOf))}, "want at least 10 sets"},
		"two sets":      {[]string{"-task", "csv", "-data", regresstest.File(t, "two.csv", drawTable(2, regresstest.Rand(1), sumOf))}, "want at least 10 sets to learn from, got 2"},
		"flag":          {[]string{"-task", "csv", "-data", known, "-target", " "}, "-target"},
		"missing":       {[]string{"-task", "csv", "-data", known, "-missing", "zero"}, `-missing: want refuse or mean, got "zero"`},
		"column":        {[]string{"-task", "csv", "-data", known, "-set", "id"}, `"id"`},
		"no model":      {[]string{"-predict", known}, "want -model"},
		"not a model":   {[]string{"-predict", known, "-model", known}, "known.csv"},
		"other model":   {[]string{"-predict", known, "-model", filepath.Join(dir, "csv-rff+mean-1.safetensors")}, "want what task csv writes"},
		"other columns": {[]string{"-predict", regresstest.File(t, "bad.csv", "set,x\na,1\n"), "-model", model}, `line 1: want a column "y" (from which the model predicts), got ["set" "x"]`},
		"far":           {[]string{"-predict", regresstest.File(t, "far.csv", "set,x,y\na,1,5\na,1e30,6\n"), "-model", model}, `line 3: column "x": want a number like those that were learned from`},
		"gap":           {[]string{"-predict", regresstest.File(t, "gap.csv", "set,x,y\na,,5\n"), "-model", model}, `line 2: column "x": want a number, got nothing; the model was trained without missing cells, and one that is trained with -missing mean takes them`},
		"no set":        {[]string{"-predict", regresstest.File(t, "bad.csv", "id,x,y\na,1,2\n"), "-model", model}, `line 1: want a column "set" (by which the model tells sets apart), got ["id" "x" "y"]`},
		"twice":         {[]string{"-predict", regresstest.File(t, "bad.csv", "set,x,x,y\na,1,2,3\n"), "-model", model}, `want one column "x" (from which the model predicts), got columns 2 and 3`},
		"resume":        {[]string{"-task", "csv", "-data", regresstest.File(t, "b.csv", good), "-model", "rff+mean", "-steps", "1", "-out", dir, "-resume"}, "b.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, c.args...)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A model is not tested on sets that it has learned from as part of other folds.
func TestResumeOtherFolds(t *testing.T) {
	name := regresstest.File(t, "known.csv", drawTable(20, regresstest.Rand(1), sumOf))
	args := []string{"-task", "csv", "-data", name, "-model", "rff+mean", "-steps", "1", "-out", t.TempDir()}
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, args...)
	require.NoError(t, err)
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, append(args, "-resume")...)
	require.NoError(t, err)
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, append(args, "-resume", "-sets", "15")...)
	require.ErrorContains(t, err, "want what the training was begun with")
	require.NoError(t, os.WriteFile(name, []byte(drawTable(21, regresstest.Rand(1), sumOf)), 0o600))
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, append(args, "-resume")...)
	require.ErrorContains(t, err, "want what the training was begun with")
}

// A file may say anything of the model in it.
func TestPredictorCheck(t *testing.T) {
	good := func() predictor {
		one := folds.Scaling{Mean: []float64{1}, Deviation: []float64{2}}
		return predictor{
			study.Columns{Set: "set", Targets: []string{"y"}, Missing: study.Refuse}, "rff+mean",
			[]feature{{Name: "x", Mean: 1, Deviation: 2, High: 1}, {Name: "k", Categories: []string{"a"}}}, one, [2]int{1, 5}, one, []float64{1},
		}
	}
	p := good()
	require.NoError(t, p.check())
	p.Radius = nil
	require.NoError(t, p.check())
	for name, spoil := range map[string]func(*predictor){
		"model":        func(p *predictor) { p.Model = "isab99999999+pma" },
		"features":     func(p *predictor) { p.Features = nil },
		"many":         func(p *predictor) { p.Features = make([]feature, mostFeatures+1) },
		"targets":      func(p *predictor) { p.Columns.Targets = nil },
		"missing":      func(p *predictor) { p.Columns.Missing = "" },
		"size":         func(p *predictor) { p.Size.Mean = nil },
		"rows":         func(p *predictor) { p.Rows = [2]int{} },
		"less rows":    func(p *predictor) { p.Rows = [2]int{3, 2} },
		"zero":         func(p *predictor) { p.Features[0].Deviation = 0 },
		"NaN":          func(p *predictor) { p.Features[0].Low = math.NaN() },
		"categories":   func(p *predictor) { p.Features[1].Categories = make([]string, mostKnown+1) },
		"truth":        func(p *predictor) { p.Truth = folds.Scaling{} },
		"two radiuses": func(p *predictor) { p.Radius = []float64{1, 2} },
		"radius":       func(p *predictor) { p.Radius = []float64{-1} },
	} {
		p := good()
		spoil(&p)
		require.Error(t, p.check(), name)
	}
}

package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/filetest"
	"setwise/io/checkpoint"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// file writes a file and returns its name.
func file(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

const baskets = `basket,weight,color,price,days
a,0.5,red,3.20,4
b, 2.0 ,blue,1.10,9
a,0.1,red,.75,4.0
b,4e-1,red,2.00,9
`

func TestReadTable(t *testing.T) {
	want := &table{
		columns: columns{"basket", []string{"weight", "price"}, []string{"days"}},
		ids:     []string{"a", "b"},
		rows:    [][]float32{{0.5, 3.2, 0.1, 0.75}, {2, 1.1, 0.4, 2}},
		targets: [][]float64{{4}, {9}},
		left:    []string{"color"},
	}
	c := columns{Set: "basket", Targets: []string{"days"}}
	for name, text := range map[string]string{
		"commas.csv":     baskets,
		"tabs.tsv":       strings.ReplaceAll(baskets, ",", "\t"),
		"semicolons.csv": strings.ReplaceAll(baskets, ",", ";"),
		"zipped.csv.gz":  string(filetest.Zipped(t, []byte(baskets))),
		"marked.csv":     "\ufeff" + baskets,
		"windows.csv":    strings.ReplaceAll(baskets, "\n", "\r\n"),
		"quoted.csv":     strings.ReplaceAll(baskets, "basket", `"basket"`),
	} {
		got, err := readTable(file(t, name, text), c)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
	got, err := readTable(file(t, "chosen.csv", baskets), columns{"color", []string{"price"}, nil})
	require.NoError(t, err)
	require.Equal(t, [][]float32{{3.2, 0.75, 2}, {1.1}}, got.rows)
	require.Equal(t, [][]float64{nil, nil}, got.targets)
}

func TestReadTableRefuses(t *testing.T) {
	c := columns{Set: "basket", Targets: []string{"days"}}
	for name, e := range map[string]struct{ text, want string }{
		"empty":          {"", "line 1: want the names of the columns"},
		"no rows":        {"basket,weight,days\n", "line 2: want a row"},
		"no set":         {"id,weight,days\n1,2,3\n", `line 1: want a column "basket" (-set), got ["id" "weight" "days"]`},
		"no target":      {"basket,weight\n1,2\n", `line 1: want a column "days" (-target)`},
		"two sets":       {"basket,basket,weight,days\n1,2,3,4\n", "got several"},
		"no features":    {"basket,color,days\n1,red,3\n", "line 2: want 1 to 1000 columns of numbers"},
		"a word":         {baskets + "c,1,red,heavy,2\n", `line 6: column "price": want a number, got "heavy"`},
		"nothing":        {baskets + "c,1,red,,2\n", `line 6: column "price": want a number, got ""`},
		"NaN":            {baskets + "c,NaN,red,1,2\n", `line 6: column "weight": want a number, got "NaN"`},
		"infinite":       {baskets + "c,-Inf,red,1,2\n", `got "-Inf"`},
		"huge":           {baskets + "c,1e39,red,1,2\n", `got "1e39"`},
		"target a word":  {baskets + "c,1,red,1,soon\n", `line 6: column "days": want a number, got "soon"`},
		"target NaN":     {baskets + "c,1,red,1,nan\n", `column "days"`},
		"target differs": {baskets + "b,1,red,1,8\n", `line 6: column "days": want 9, as set "b" has it on line 3, got 8`},
		"no name":        {baskets + " ,1,red,1,8\n", `line 6: column "basket": want the name of a set`},
		"short row":      {baskets + "c,1,red\n", "line 6: want 5 fields as in the first line, got 3"},
		"long row":       {baskets + "c,1,red,1,8,9\n", "line 6: want 5 fields as in the first line, got 6"},
		"quote":          {baskets + "c,1,\"red,1,8\n", "line 6"},
		"long":           {baskets + "c,\"" + strings.Repeat("1", 2<<20), "want at most 1 MiB in a row"},
		"late":           {"basket,weight,days\na,\"1\n2\",3\n", "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readTable(file(t, "bad.csv", e.text), c)
			require.ErrorContains(t, err, e.want)
			require.ErrorContains(t, err, "bad.csv")
		})
	}
	_, err := readTable(filepath.Join(t.TempDir(), "none.csv"), c)
	require.ErrorContains(t, err, "none.csv")
	_, err = readTable(file(t, "a.csv", baskets), columns{"basket", []string{"price", "days"}, []string{"days"}})
	require.ErrorContains(t, err, `got "days" twice`)
}

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
	text := drawTable(120, newRand(1), sumOf)
	name := file(t, "known.csv", text)
	out, _, err := call(t.Context(), t, "-task", "csv", "-data", name, "-model", "rff+pma", "-steps", "30", "-out", dir)
	require.NoError(t, err)
	require.Regexp(t, `^target: RMSE \d+\.\d{4} \+- \d+\.\d{4}, MAE .*, R² -?\d\.\d{3}; over 120 sets, 30 steps$`, lastLine(out))
	require.Regexp(t, `promised to hold 90 %, hold \d+\.\d \+- \d+\.\d %`, out)
	require.FileExists(t, filepath.Join(dir, "csv-rff+pma-1.png"))
	r, err := readResult(filepath.Join(dir, "csv-rff+pma-1.json"))
	require.NoError(t, err)
	require.Greater(t, r.Numbers["r2"].Value, 0.1)

	o, err := parse([]string{"-task", "csv", "-data", name, "-model", "rff+pma"}, nil)
	require.NoError(t, err)
	c, err := newTabular(o)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines[1:] { // without targets, in another order
		lines[1+i] = lines[1+i][:strings.LastIndex(lines[1+i], ",")]
	}
	lines[0] = "set,x,y"
	newRand(2).Shuffle(len(lines)-1, func(i, j int) { lines[1+i], lines[1+j] = lines[1+j], lines[1+i] })
	other := file(t, "other.csv", strings.Join(lines, "\n"))
	model := filepath.Join(dir, "csv-rff+pma-1.predictor.safetensors")
	said, _, err := call(t.Context(), t, "-predict", other, "-model", model)
	require.NoError(t, err)
	answers := strings.Split(strings.TrimSpace(said), "\n")
	require.Equal(t, "set,target,target low,target high", answers[0])
	require.Len(t, answers, 121)
	f, err := checkpoint.Open(filepath.Join(dir, "csv-rff+pma-1.safetensors"), bound)
	require.NoError(t, err)
	require.NoError(t, f.Load(c.network()))
	first := map[string]int{}
	for i, id := range c.table.ids {
		first[id] = i
	}
	want, held := c.predicted(0, c.examples), 0
	for _, a := range answers[1:] {
		id, numbers, _ := strings.Cut(a, ",")
		var y, low, high float64
		_, err := fmt.Sscanf(strings.ReplaceAll(numbers, ",", " "), "%g %g %g", &y, &low, &high)
		require.NoError(t, err)
		e := first[id]
		require.InDelta(t, want[e][0], y, 1e-3)
		require.InDelta(t, y-low, high-y, 1e-3)
		if truth := c.truth[e][0]; low <= truth && truth <= high {
			held++
		}
	}
	assert.Greater(t, held, 90)
}

// Models are given scaled elements, with the size of the set beside each.
func TestReader(t *testing.T) {
	sets := []set.Batch{set.Of(2, []float32{3, 10}), set.Of(2, []float32{1, 10, 2, 30})}
	same := layers.Func(func(_ *grad.Tape, x grad.Value) grad.Value { return x })
	x := (&reader{same, scaleElements(sets, []int{0, 1})}).predict(nil, sets)
	a, b := float32(math.Sqrt(1.5)), float32(math.Sqrt(0.5))
	require.InDeltaSlice(t, []float32{a, -b, -2 * b, -a, -b, b, 0, 2 * b, b}, x.Values, 1e-6)
	require.Equal(t, set.Sizes(1, 2), x.Offsets)
	require.Equal(t, []float64{1.5, 20, math.Log(2)}, summaries(sets)[1])
}

func TestTaskRefuses(t *testing.T) {
	good := drawTable(10, newRand(1), sumOf)
	one := drawTable(10, newRand(1), func([][2]float64) float64 { return 3 })
	few := drawTable(9, newRand(1), sumOf)
	known := file(t, "known.csv", good)
	dir := t.TempDir()
	_, _, err := call(t.Context(), t, "-task", "csv", "-data", known, "-model", "rff+mean", "-steps", "1", "-out", dir)
	require.NoError(t, err)
	model := filepath.Join(dir, "csv-rff+mean-1.predictor.safetensors")
	said, _, err := call(t.Context(), t, "-predict", known, "-model", model)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(said, "set,target\n"), "two sets held back give no interval")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no data":       {[]string{"-task", "csv"}, "task csv wants -data: a table"},
		"few of many":   {[]string{"-task", "csv", "-data", known, "-sets", "9"}, "want at least 10 sets"},
		"few sets":      {[]string{"-task", "csv", "-data", file(t, "few.csv", few)}, "want at least 10 sets"},
		"equal targets": {[]string{"-task", "csv", "-data", file(t, "one.csv", one)}, `column "target": want numbers that differ`},
		"flag":          {[]string{"-task", "csv", "-data", known, "-target", "a,,b"}, "-target"},
		"column":        {[]string{"-task", "csv", "-data", known, "-set", "id"}, `"id"`},
		"no model":      {[]string{"-predict", known}, "want -model"},
		"not a model":   {[]string{"-predict", known, "-model", known}, "known.csv"},
		"other model":   {[]string{"-predict", known, "-model", filepath.Join(dir, "csv-rff+mean-1.safetensors")}, "want what task csv writes"},
		"other columns": {[]string{"-predict", file(t, "bad.csv", "set,x\na,1\n"), "-model", model}, `want a column "y" (-features)`},
		"same column":   {[]string{"-task", "csv", "-data", file(t, "twice.csv", "set,x,x,target\na,1,2,3\n")}, `line 2: column "x": want one of this name`},
		"resume":        {[]string{"-task", "csv", "-data", file(t, "b.csv", good), "-model", "rff+mean", "-steps", "1", "-out", dir, "-resume"}, "b.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := call(t.Context(), t, c.args...)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A model is not tested on sets that it has learned from as part of other folds.
func TestResumeOtherFolds(t *testing.T) {
	name := file(t, "known.csv", drawTable(20, newRand(1), sumOf))
	args := []string{"-task", "csv", "-data", name, "-model", "rff+mean", "-steps", "1", "-out", t.TempDir()}
	_, _, err := call(t.Context(), t, args...)
	require.NoError(t, err)
	_, _, err = call(t.Context(), t, append(args, "-resume")...)
	require.NoError(t, err)
	_, _, err = call(t.Context(), t, append(args, "-resume", "-sets", "15")...)
	require.ErrorContains(t, err, "want a training of")
	require.NoError(t, os.WriteFile(name, []byte(drawTable(21, newRand(1), sumOf)), 0o600))
	_, _, err = call(t.Context(), t, append(args, "-resume")...)
	require.ErrorContains(t, err, "want a training of")
}

// A file may say anything of the model in it.
func TestPredictorCheck(t *testing.T) {
	good := func() predictor {
		one := scaling{[]float64{1}, []float64{2}}
		return predictor{columns{"set", []string{"x"}, []string{"y"}}, "rff+mean", scaling{[]float64{0, 1}, []float64{1, 2}}, one, []float64{1}}
	}
	p := good()
	require.NoError(t, p.check())
	p.Radius = nil
	require.NoError(t, p.check())
	for name, spoil := range map[string]func(*predictor){
		"model":        func(p *predictor) { p.Model = "isab99999999+pma" },
		"features":     func(p *predictor) { p.Columns.Features = nil },
		"many":         func(p *predictor) { p.Columns.Features = make([]string, mostFeatures+1) },
		"targets":      func(p *predictor) { p.Columns.Targets = nil },
		"elements":     func(p *predictor) { p.Elements.Mean = []float64{1} },
		"deviations":   func(p *predictor) { p.Elements.Deviation = nil },
		"zero":         func(p *predictor) { p.Elements.Deviation[1] = 0 },
		"truth":        func(p *predictor) { p.Truth = scaling{} },
		"two radiuses": func(p *predictor) { p.Radius = []float64{1, 2} },
	} {
		p := good()
		spoil(&p)
		require.Error(t, p.check(), name)
	}
}

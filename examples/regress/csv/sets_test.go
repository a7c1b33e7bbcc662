package csv

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/folds"
	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

const baskets = `basket,weight,color,price,days
a,0.5,red,3.20,4
b, 2.0 ,blue,1.10,9
a,0.1,red,.75,4.0
b,4e-1,red,2.00,9
`

var ofBaskets = study.Columns{Set: "basket", Targets: []string{"days"}, Missing: study.Refuse}

func TestReadTable(t *testing.T) {
	want := &sets{
		Columns: ofBaskets,
		numbers: []string{"weight", "price"},
		gaps:    []int{0, 0},
		words:   []string{"color"},
		known:   [][]string{{"red", "blue"}},
		marks:   []map[string]int{nil},
		samples: []*sample{
			{id: "a", line: 2, rows: 2, numbers: []float64{0.5, 3.2, 0.1, 0.75}, words: []int32{0, 0}, lines: []int32{2, 4}},
			{id: "b", line: 3, rows: 2, numbers: []float64{2, 1.1, 0.4, 2}, words: []int32{1, 0}, lines: []int32{3, 5}},
		},
		targets: [][]float64{{4}, {9}},
		rows:    4,
		notes:   []string{`categories, each learned as a vector: 2 of "color", ["red" "blue"]`, `1 of them in one set only, which count as one category: ["blue"]`},
	}
	comma := strings.NewReplacer(".", ",", ",", ";").Replace(baskets)
	for name, text := range map[string]string{
		"commas.csv":     baskets,
		"tabs.tsv":       strings.ReplaceAll(baskets, ",", "\t"),
		"semicolons.csv": strings.ReplaceAll(baskets, ",", ";"),
		"zipped.csv.gz":  string(regresstest.Zipped(t, []byte(baskets))),
		"marked.csv":     "\ufeff" + baskets,
		"windows.csv":    strings.ReplaceAll(baskets, "\n", "\r\n"),
		"mac.csv":        strings.ReplaceAll(baskets, "\n", "\r"),
		"quoted.csv":     strings.ReplaceAll(baskets, "basket", `"basket"`),
		"german.csv":     comma,
	} {
		got, err := readSets(file(regresstest.File(t, name, text)), ofBaskets, nil)
		require.NoError(t, err, name)
		if text == comma {
			require.Contains(t, got.notes[0], "decimal commas")
			got.notes = got.notes[1:]
		}
		got.separator = 0
		require.Equal(t, want, got, name)
	}
	got, err := readSets(file(regresstest.File(t, "chosen.csv", baskets)), study.Columns{Set: "color", Targets: []string{"weight"}, Features: []string{"price"}, Missing: study.Refuse}, nil)
	require.ErrorContains(t, err, "one number for all rows of a set")
	require.Nil(t, got)
}

// Tables that were got wrong, or whose fault came to light late.
func TestCases(t *testing.T) {
	read := func(name string, c study.Columns) (*sets, error) {
		return readSets(file(filepath.Join("testdata", "table-"+name+".csv")), c, nil)
	}
	events := study.Columns{Set: "Event Nr", Targets: []string{"invariant mass"}, Missing: study.Refuse}

	_, err := read("first-empty", ofBaskets)
	require.ErrorContains(t, err, `line 2: column "weight": want a number, got nothing; -missing mean fills in what is missing`)
	filled := ofBaskets
	filled.Missing = study.Fill
	got, err := read("first-empty", filled)
	require.NoError(t, err)
	require.Equal(t, []string{"weight", "price"}, got.numbers)
	require.Contains(t, got.notes[0], `missing: 1 of 57 cells of "weight"`)

	got, err = read("german-one-column", ofBaskets)
	require.NoError(t, err)
	require.Equal(t, []string{"weight", "price"}, got.numbers)
	require.Equal(t, []float64{1.1840525329804985, 433}, got.samples[0].numbers[:2])

	_, err = read("huge-value", events)
	require.ErrorContains(t, err, `line 101: column "p_T [GeV]": 1e+30 is`)
	_, err = newTabular(study.Options{Task: Task(), Data: "testdata/table-tiny.csv", Table: events, Sets: study.Most})
	require.ErrorContains(t, err, `want at least 10 sets to learn from, got 2 with different names in column "Event Nr"`)

	things := study.Columns{Set: "basket id", Targets: []string{"fragile"}, Missing: study.Fill}
	_, err = read("missing-cells", things)
	require.ErrorContains(t, err, `line 5: column "fragile": want one number for all rows of a set, 0 as set "B09001" has it from line 3 on, got 1`)
	things.Targets = []string{"days"} // which the file lacks
	text, err := os.ReadFile(filepath.Join("testdata", "table-missing-cells.csv"))
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\r\n")
	for i, l := range lines {
		lines[i] = l + "," + strings.TrimPrefix(l[:6], "B0")
	}
	lines[0] = strings.Replace(lines[0], ",basket", ",days", 1)
	name := regresstest.File(t, "days.csv", strings.Join(lines, "\n"))
	got, err = readSets(file(name), things, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"weight (kg)", "unit price", "quantity", "fragile"}, got.numbers)
	require.Equal(t, []string{"product"}, got.words)
	require.Regexp(t, `missing: 1 of 1467 cells of "weight \(kg\)": the mean of the column stands there`, strings.Join(got.notes, "\n"))
	require.Contains(t, strings.Join(got.notes, "\n"), `categories, each learned as a vector: 6 of "product", ["TV \"Ultra\" 42" "rice 1kg"`)
	things.Missing = study.Refuse
	_, err = readSets(file(name), things, nil)
	require.ErrorContains(t, err, `line 10: column "weight (kg)": want a number, got nothing; -missing mean`)
}

// What becomes of columns is said before anything is learned from them.
func TestNotes(t *testing.T) {
	rows := func(header string, row func(i int) string) string {
		text := header + "\n"
		for i := range 40 {
			text += row(i) + "\n"
		}
		return text
	}
	c := study.Columns{Set: "s", Targets: []string{"y"}, Missing: study.Refuse}
	fills := c
	fills.Missing = study.Fill
	for name, e := range map[string]struct {
		study.Columns
		text, note     string
		numbers, words []string
	}{
		"index":     {c, rows(",s,x,y", func(i int) string { return fmt.Sprintf("%d,%d,%d,%d", i, i, i*i, i) }), `column 1, "", has no name`, []string{"x"}, nil},
		"pandas":    {c, rows("Unnamed: 0,s,x,y", func(i int) string { return fmt.Sprintf("%d,%d,%d,%d", i, i, i*i, i) }), `"Unnamed: 0", has no name`, []string{"x"}, nil},
		"counter":   {c, rows("id,s,x,y", func(i int) string { return fmt.Sprintf("%d,%d,%d,%d", i+1, i, i*i, i) }), `"id", counts the rows`, []string{"x"}, nil},
		"constant":  {c, rows("k,s,x,y", func(i int) string { return fmt.Sprintf("7,%d,%d,%d", i, i*i, i) }), `"k", is "7" everywhere`, []string{"x"}, nil},
		"empty":     {c, rows("k,s,x,y", func(i int) string { return fmt.Sprintf(",%d,%d,%d", i, i*i, i) }), `"k", is empty`, []string{"x"}, nil},
		"text":      {c, rows("k,s,x,y", func(i int) string { return fmt.Sprintf("note %d,%d,%d,%d", i, i, i*i, i) }), `"k", has 40 different texts in 40 cells`, []string{"x"}, nil},
		"dates":     {c, rows("k,s,x,y", func(i int) string { return fmt.Sprintf("2024-01-%02d,%d,%d,%d", i%3+1, i, i*i, i) }), `"k", has dates like "2024-01-01"`, []string{"x"}, nil},
		"booleans":  {c, rows("k,s,x,y", func(i int) string { return fmt.Sprintf("%v,%d,%d,%d", i%3 == 0, i, i*i, i) }), `2 of "k", ["true" "false"]`, []string{"x"}, []string{"k"}},
		"category":  {study.Columns{Set: "s", Targets: []string{"y"}, Categories: []string{"k"}, Missing: study.Refuse}, rows("k,s,x,y", func(i int) string { return fmt.Sprintf("%d,%d,%d,%d", i%3, i, i*i, i) }), `3 of "k", ["0" "1" "2"]`, []string{"x"}, []string{"k"}},
		"tail":      {c, rows("k,s,x,y", func(i int) string { return fmt.Sprintf("%v,%d,%d,%d", math.Exp(float64(i)/2), i, i*i, i) }), `as far from the median`, []string{"k", "x"}, nil},
		"missing":   {fills, rows("k,s,x,y", func(i int) string { return fmt.Sprintf("%s,%d,%d,%d", []string{"", "NA", "5", "6"}[i%4], i, i*i, i) }), `missing: 20 of 40 cells of "k"`, []string{"k", "x"}, nil},
		"no target": {fills, rows("s,x,y", func(i int) string { return fmt.Sprintf("%d,%d,%s", i/2, i*i, []string{"3", "", "4", "4", "", ""}[i%6]) }), `not used: 6 sets without what is to be predicted, ["2" "5"`, []string{"x"}, nil},
		"no word":   {fills, rows("k,s,x,y", func(i int) string { return fmt.Sprintf("%s,%d,%d,%d", []string{"", "a", "b"}[i%3], i, i*i, i) }), `missing: 14 of 40 cells of "k", [""]: a mark that it is missing stands there, learned like a category`, []string{"x"}, []string{"k"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readSets(memory("table.csv", []byte(e.text)), e.Columns, nil)
			require.NoError(t, err)
			require.Contains(t, strings.Join(got.notes, "\n"), e.note)
			require.Equal(t, e.numbers, got.numbers)
			require.Equal(t, e.words, got.words)
		})
	}
}

func TestReadTableRefuses(t *testing.T) {
	wide := "basket,days" + strings.Repeat(",x", 1200)
	for i := range 1200 {
		wide = strings.Replace(wide, ",x", fmt.Sprint(",c", i), 1)
	}
	for name, e := range map[string]struct{ text, want string }{
		"empty":           {"", "line 1: want the names of the columns"},
		"no rows":         {"basket,weight,days\n", "want rows below the names of the columns, got none"},
		"no set":          {"id,weight,days\n1,2,3\n", `line 1: want a column "basket" (-set), got ["id" "weight" "days"]`},
		"no target":       {"basket,weight\n1,2\n", `line 1: want a column "days" (-target)`},
		"two sets":        {"basket,basket,weight,days\n1,2,3,4\n", `want one column "basket" (-set), got columns 1 and 2`},
		"two features":    {"basket,x,x,days\n1,2,3,4\n2,3,4,5\n", `want one column "x" (-features), got columns 2 and 3`},
		"no features":     {"basket,color,days\n1,red,3\n2,red,4\n", `want 1 to 1000 columns to predict from, besides those of -set and -target, got 0`},
		"wide":            {wide + "\na,1" + strings.Repeat(",1", 1200) + "\nb,2" + strings.Repeat(",2", 1200), "want 1 to 1000 columns to predict from, besides those of -set and -target, got 1200; -features names them"},
		"a word":          {baskets + "c,1,red,heavy,2\n", `line 6: column "price": want a number, got "heavy"; 4 of 5 cells are numbers`},
		"a word first":    {strings.Replace(baskets, "0.5", "heavy", 1), `line 2: column "weight": want a number, got "heavy"`},
		"nothing":         {baskets + "c,1,red,,2\n", `line 6: column "price": want a number, got nothing; -missing mean`},
		"nothing first":   {strings.Replace(baskets, "0.5", "", 1), `line 2: column "weight": want a number, got nothing; -missing mean`},
		"no color":        {baskets + "c,1,,1,2\n", `line 6: column "color": want a category, got nothing; -missing mean fills in what is missing`},
		"NaN":             {baskets + "c,NaN,red,1,2\n", `line 6: column "weight": want a number, got nothing but "NaN"`},
		"infinite":        {baskets + "c,-Inf,red,1,2\n", `line 6: column "weight": want a finite number, got "-Inf"`},
		"more than all":   {baskets + "c,1e999,red,1,2\n", `line 6: column "weight": want a finite number, got "1e999"`},
		"huge":            {baskets + "c,1e39,red,1,2\n", `line 6: column "weight": 1e+39 is `},
		"huger":           {baskets + "c,-1e300,red,1,2\n", `line 6: column "weight": want numbers that differ by 1e-100 to 1e+100, got -1e+300`},
		"huge target":     {baskets + "c,1,red,1,1e30\n", `line 6: column "days": 1e+30 is `},
		"tiny targets":    {"basket,x,days\na,1,1e-310\nb,2,3e-310\nc,3,5e-324\n", `column "days": want numbers that differ by 1e-100 to 1e+100`},
		"target a word":   {baskets + "c,1,red,1,soon\n", `line 6: column "days": want a number, got "soon"`},
		"target true":     {"basket,x,days\na,1,true\nb,2,false\n", `line 2: column "days": want a number, got "true"`},
		"target NaN":      {baskets + "c,1,red,1,nan\n", `line 6: column "days": want a number, got nothing but "nan"`},
		"target infinite": {baskets + "c,1,red,1,inf\n", `line 6: column "days": want a finite number`},
		"target differs":  {baskets + "b,1,red,1,8\n", `line 6: column "days": want one number for all rows of a set, 9 as set "b" has it from line 3 on, got 8`},
		"target the same": {strings.ReplaceAll(baskets, ",9", ",4"), `column "days": want numbers that differ from set to set, got 4 everywhere`},
		"no name":         {baskets + " ,1,red,1,8\n", `line 6: column "basket": want the name of a set`},
		"short row":       {baskets + "c,1,red\n", "line 6: want 5 cells, as in the first line, got 3"},
		"long row":        {baskets + "c,1,red,1,8,9\n", "line 6: want 5 cells, as in the first line, got 6"},
		"quote":           {baskets + "c,1,\"red,1,8\n", "line 6"},
		"thousands":       {"basket;x;days\na;1,234;1\nb;2,345;2\n", `line 2: column "x": want a number, got "1,234": a decimal comma, or one between thousands?`},
		"both signs":      {"basket;x;days\na;1,23;1.5\nb;2,34;2\n", `line 2: column "x": want a number, got "1,23": a decimal comma`},
		"thousands too":   {"basket;x;days\na;1,23;1\nb;1.002,34;2\n", `line 3: column "x": want a number, got "1.002,34"`},
		"Latin-1":         {"basket,x,days\na,1,2\nM\xfcller,1,2\n", "line 3: want text in UTF-8, got the byte 0xfc"},
		"UTF-16":          {"\xff\xfeb\x00", "UTF-16"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readSets(file(regresstest.File(t, "bad.csv", e.text)), ofBaskets, nil)
			require.ErrorContains(t, err, e.want)
			require.ErrorContains(t, err, "bad.csv")
			require.Less(t, len(err.Error()), 1000)
		})
	}
	_, err := readSets(file(filepath.Join(t.TempDir(), "none.csv")), ofBaskets, nil)
	require.ErrorContains(t, err, "none.csv")
	for want, c := range map[string]study.Columns{
		`got "days" for -target and -features`:                 {Set: "basket", Targets: []string{"days"}, Features: []string{"price", "days"}, Missing: study.Refuse},
		`got "days" twice for -target`:                         {Set: "basket", Targets: []string{"days", "days"}, Missing: study.Refuse},
		`a column "price,days" (-target)`:                      {Set: "basket", Targets: []string{"price,days"}, Missing: study.Refuse},
		"; a flag gives one column, and several times several": {Set: "basket", Targets: []string{"price,days"}, Missing: study.Refuse},
	} {
		_, err = readSets(file(regresstest.File(t, "a.csv", baskets)), c, nil)
		require.ErrorContains(t, err, want)
	}
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(baskets))
	f.Add([]byte("basket;a;b;days\nx;1,5;red;2\ny;;blue;3,25\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, missing := range []string{study.Refuse, study.Fill} {
			table, err := readSets(memory("table.csv", text), study.Columns{Set: "basket", Targets: []string{"days"}, Missing: missing}, nil)
			if err != nil {
				require.Less(t, len(err.Error()), 2000)
				continue
			}
			for i, s := range table.samples {
				require.NotZero(t, s.rows)
				require.Len(t, s.numbers, s.rows*len(table.numbers))
				require.Len(t, s.words, s.rows*len(table.words))
				require.Len(t, table.targets[i], 1)
				require.Less(t, math.Abs(table.targets[i][0]), 1e308)
				require.True(t, missing == study.Fill || !slices.ContainsFunc(s.numbers, math.IsNaN))
			}
			all := make([]int, len(table.samples))
			for i := range all {
				all[i] = i
			}
			for _, feature := range table.learnedFrom(all) {
				p := folds.Scaling{Mean: []float64{feature.Mean}, Deviation: []float64{feature.Deviation}}
				require.True(t, feature.Categories != nil || p.Fits(1), "%+v", feature)
			}
		}
	})
}

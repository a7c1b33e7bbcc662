package dataset_test

import (
	"compress/gzip"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
	"setwise/io/internal/formattest"
)

const tsv = "row\tkind\tpart\tsize\tbox\tquote\n" +
	"0\tcup\ttrain\t1\t1,2,3\tsays \"hm\"\n" +
	"1\tbowl\ttest\t20\t[4, 5, 6]\t\"\n" +
	"2\tcup\ttrain\t300\t(7;8;9)\t\n" +
	"3\tvase\tval\t4e3\t1e1 2e1 3e1\t\n" +
	"4\tbowl\tTraining\t5\t{0,0,0}\t\n"

func TestOpenTable(t *testing.T) {
	csv := strings.NewReplacer("\t\"\n", ",\"\"\"\"\n", "\t", ",", "1,2,3", `"1,2,3"`, "[4, 5, 6]", `"[4, 5, 6]"`, `says "hm"`, `"says ""hm"""`,
		"{0,0,0}", `"{0,0,0}"`).Replace(tsv)
	for name, table := range map[string]string{
		"a.tsv": tsv, "b.tab": "\xef\xbb\xbf" + tsv, "c.TSV": strings.ReplaceAll(tsv, "\n", "\r\n"),
		"d.tsv": strings.TrimSuffix(tsv, "\n"), "e.csv": csv, "f.csv": "\xef\xbb\xbf" + csv,
		"g.csv.gz": string(formattest.Zipped(t, []byte(csv))), "h.tsv.GZ": string(formattest.Zipped(t, []byte(tsv))),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "points.npy", count(5, 2, 3))
			put(t, dir, name, table)
			s, err := dataset.OpenTable(filepath.Join(dir, "points.npy"), filepath.Join(dir, name),
				dataset.TableOptions{Label: "kind", Split: "part", Extra: []string{"size", "box"}})
			require.NoError(t, err)
			assert.Equal(t, []string{"bowl", "cup", "vase"}, s.Classes)
			assert.Equal(t, []string{"size", "box.0", "box.1", "box.2"}, s.Columns)
			assert.Equal(t, []string{"cup train row 0", "bowl test row 1", "cup train row 2", "vase val row 3", "bowl train row 4"}, list(s))
			assert.Equal(t, [][3]float32{{12, 13, 14}, {15, 16, 17}}, s.Shapes[2].Cloud.Points)
			assert.Equal(t, []float64{20, 4, 5, 6}, s.Shapes[1].Extra)
			assert.Equal(t, []float64{4000, 10, 20, 30}, s.Shapes[3].Extra)
		})
	}
}

func TestOpenTableTop(t *testing.T) {
	dir := t.TempDir()
	points, table := filepath.Join(dir, "points.npy"), filepath.Join(dir, "table.tsv")
	put(t, dir, "points.npy", withNormals(9, 1))
	put(t, dir, "table.tsv", "k\tp\nd\ttrain\nd\ttrain\na\ttrain\nc\ttrain\nb\ttrain\nb\ttest\nb\ttest\nc\ttrain\ne\ttest\n")
	open := func(o dataset.TableOptions) *dataset.Set {
		s, err := dataset.OpenTable(points, table, o)
		require.NoError(t, err)
		return s
	}
	assert.Equal(t, []string{"a", "b", "c", "d", "e"}, open(dataset.TableOptions{Label: "k"}).Classes)
	assert.Equal(t, []string{"b", "c"}, open(dataset.TableOptions{Label: "k", Top: 2}).Classes, "by all rows, 3 2 2 1 1")
	assert.Equal(t, []string{"c", "d"}, open(dataset.TableOptions{Label: "k", Split: "p", Top: 2}).Classes, "by the training part, 2 2 1 1 0")
	assert.Equal(t, []string{"a", "c", "d"}, open(dataset.TableOptions{Label: "k", Split: "p", Top: 3}).Classes, "a before b")
	all := open(dataset.TableOptions{Label: "k", Top: 99})
	assert.Len(t, all.Classes, 5)
	assert.Equal(t, []string{"kept: the largest classes, 5 of 5, with 9 of 9 shapes"}, all.Notes)
	assert.Nil(t, open(dataset.TableOptions{Label: "k"}).Notes)

	s := open(dataset.TableOptions{Label: "k", Split: "p", Top: 2})
	assert.Equal(t, []string{"d train row 0", "d train row 1", "c train row 3", "c train row 7"}, list(s))
	assert.Equal(t, [][3]float32{{42, 43, 44}}, s.Shapes[3].Cloud.Points)
	assert.Equal(t, [][3]float32{{0, 0, 1}}, s.Shapes[3].Cloud.Normals)
	assert.Equal(t, []string{"kept: the largest classes, 2 of 5, with 4 of 9 shapes"}, s.Notes)
}

func TestOpenTableRefuses(t *testing.T) {
	five := count(5, 2, 3)
	nan, kept := count(5, 2, 3), dataset.TableOptions{Label: "kind", Split: "part", Top: 1}
	nan.values[4*6+2] = float32(math.Inf(1))
	change := func(old, new string) string { return strings.Replace(tsv, old, new, 1) }
	type table = dataset.TableOptions
	for name, c := range map[string]struct {
		points array
		table  string
		o      table
		want   string
	}{
		"few rows":      {five, change("4\tbowl\tTraining\t5\t{0,0,0}\t\n", ""), table{Label: "kind"}, "t.tsv: want a row for each of 5 shapes, got 4"},
		"more rows":     {five, tsv + "5\tcup\ttrain\t1\t1\t1\n", table{Label: "kind"}, "t.tsv: want a row for each of 5 shapes, got more"},
		"empty":         {five, "", table{Label: "kind"}, "t.tsv: line 1: want the names of the columns, got nothing"},
		"no label":      {five, tsv, table{}, `t.tsv: want a column "", got ["row" "kind" "part" "size" "box" "quote"]`},
		"no column":     {five, tsv, table{Label: "king"}, `t.tsv: want a column "king", got ["row" "kind" `},
		"no split":      {five, tsv, table{Label: "kind", Split: "x"}, `want a column "x"`},
		"no extra":      {five, tsv, table{Label: "kind", Extra: []string{"size", "y"}}, `want a column "y"`},
		"two columns":   {five, change("quote", "kind"), table{Label: "kind"}, `t.tsv: want one column "kind", got two`},
		"fields":        {five, change("\t20\t", "\t"), table{Label: "kind"}, "t.tsv: row 1: line 3: want 6 cells, as in the first line, got 5"},
		"no class":      {five, change("\tvase\t", "\t \t"), table{Label: "kind"}, "t.tsv: row 3: line 5: kind: want a class, got nothing"},
		"part":          {five, change("val", "other"), table{Label: "kind", Split: "part"}, `t.tsv: row 3: line 5: part: want train, test or val, got "other"`},
		"number":        {five, change("300", "3oo"), table{Label: "kind", Extra: []string{"size"}}, `t.tsv: row 2: line 4: size: want a number, got "3oo"`},
		"NaN":           {five, change("300", "NaN"), table{Label: "kind", Extra: []string{"size"}}, `t.tsv: row 2: line 4: size: want a number, got nothing but "NaN"`},
		"huge number":   {five, change("300", "1e999"), table{Label: "kind", Extra: []string{"size"}}, `row 2: line 4: size: want a finite number, got "1e999"`},
		"no number":     {five, change("[4, 5, 6]", "[]"), table{Label: "kind", Extra: []string{"box"}}, `row 1: line 3: box: want a number, got nothing`},
		"few numbers":   {five, change("[4, 5, 6]", "[4, 5]"), table{Label: "kind", Extra: []string{"box"}}, `row 1: line 3: box: want as many numbers as in row 0, which are 3, got 2 in "[4, 5]"`},
		"no training":   {five, strings.NewReplacer("Training", "test", "train", "test").Replace(tsv), table{Label: "kind", Split: "part"}, "t.tsv: part: want rows of the training part, got none"},
		"flat array":    {count(5, 3), tsv, table{Label: "kind"}, "p.npy: want an array of shape [shapes, points, 3] or [shapes, points, 6], got [5 3]"},
		"width":         {count(5, 2, 4), tsv, table{Label: "kind"}, "got [5 2 4]"},
		"no points":     {count(5, 0, 3), tsv, table{Label: "kind"}, "got [5 0 3]"},
		"infinite":      {nan, tsv, table{Label: "kind"}, "p.npy: row 4: pointcloud: point 0: want finite coordinates, got [24 25 +Inf]"},
		"small memory":  {five, tsv, table{Label: "kind", MostBytes: 5*6*4 - 1}, "p.npy"},
		"wrong array":   {array{}, tsv, table{Label: "kind"}, "p.npy"},
		"kept is clean": {nan, tsv, kept, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if c.points.shape == nil {
				put(t, dir, "p.npy", "rubbish")
			} else {
				put(t, dir, "p.npy", c.points)
			}
			put(t, dir, "t.tsv", c.table)
			_, err := dataset.OpenTable(filepath.Join(dir, "p.npy"), filepath.Join(dir, "t.tsv"), c.o)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
			assert.True(t, strings.HasPrefix(err.Error(), "dataset: "), "%v", err)
		})
	}
}

func TestOpenTableRefusesFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "p.npy", count(2, 1, 3))
	open := func(name, content string) error {
		put(t, dir, name, content)
		_, err := dataset.OpenTable(filepath.Join(dir, "p.npy"), filepath.Join(dir, name), dataset.TableOptions{Label: "k"})
		return err
	}
	assert.ErrorContains(t, open("t.xlsx", "k\na\nb\n"), "t.xlsx: want a table that ends in .tsv, .tab or .csv")
	assert.ErrorContains(t, open("t.csv", "k,l\na,1\nb\n"), "t.csv: row 1: line 3: want 2 cells, as in the first line, got 1")
	assert.ErrorContains(t, open("t.csv", "k\na\nM\xfcll\n"), "t.csv: row 1: line 3: want text in UTF-8, got the byte 0xfc (Latin-1?)")
	assert.ErrorContains(t, open("t.csv", "k\na\n\"b\n"), `t.csv: row 1: line 3: cell 1 ("k"): the table ends within a cell in quotes`)
	assert.ErrorContains(t, open("t.tsv", "k\na\n"+strings.Repeat("b", 1<<20+1)+"\n"), "t.tsv: row 1: line 3: cell 1 (\"k\"): want at most 65536 bytes")
	assert.NoError(t, open("t.csv", "k\na\nb\n"))
	_, err := dataset.OpenTable(filepath.Join(dir, "p.npy"), filepath.Join(dir, "none.csv"), dataset.TableOptions{Label: "k"})
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = dataset.OpenTable(filepath.Join(dir, "none.npy"), filepath.Join(dir, "t.csv"), dataset.TableOptions{Label: "k"})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestOpenTableLDraw(t *testing.T) {
	dir := formattest.Folder(t, "ldraw-parts")
	s, err := dataset.OpenTable(filepath.Join(dir, "points_int16.npy.gz"), filepath.Join(dir, "parts.tsv"),
		dataset.TableOptions{Label: "category", Split: "split", Extra: []string{"half_extent"}, Top: 20})
	require.NoError(t, err)
	assert.Len(t, s.Classes, 20)
	assert.Equal(t, "Animal", s.Classes[0])
	train, test, err := s.Split(0, nil)
	require.NoError(t, err)
	assert.Len(t, test, 629)
	technic := 0
	for _, x := range test {
		if s.Classes[x.Class] == "Technic" {
			technic++
		}
	}
	assert.InDelta(t, 0.224, float64(technic)/629, 0.001)
	assert.NotEmpty(t, train)
	for _, x := range s.Shapes {
		require.Equal(t, 1024, x.Cloud.Len())
	}
}

func FuzzTable(f *testing.F) {
	dir := f.TempDir()
	put(f, dir, "p.npy", count(5, 1, 3))
	f.Add(tsv, false)
	f.Add(strings.ReplaceAll(strings.ReplaceAll(tsv, ",", ";"), "\t", ","), true)
	f.Add("kind\tpart\tsize\tbox\na\ttrain\t1\t2\n", false)
	f.Fuzz(func(t *testing.T, table string, isCSV bool) {
		name := filepath.Join(dir, map[bool]string{false: "t.tsv", true: "t.csv"}[isCSV])
		require.NoError(t, os.WriteFile(name, []byte(table), 0o666))
		s, err := dataset.OpenTable(filepath.Join(dir, "p.npy"), name,
			dataset.TableOptions{Label: "kind", Split: "part", Extra: []string{"size", "box"}})
		if err != nil {
			require.Contains(t, err.Error(), name)
			return
		}
		require.Len(t, s.Shapes, 5)
		for _, x := range s.Shapes {
			require.Len(t, x.Extra, len(s.Columns))
			require.Less(t, x.Class, len(s.Classes))
			for _, v := range x.Extra {
				require.False(t, math.IsNaN(v) || math.IsInf(v, 0))
			}
		}
	})
}

func BenchmarkOpenTable(b *testing.B) {
	dir := formattest.Folder(b, "ldraw-parts")
	in, err := os.Open(filepath.Join(dir, "points_int16.npy.gz"))
	require.NoError(b, err)
	defer in.Close()
	z, err := gzip.NewReader(in)
	require.NoError(b, err)
	data, err := io.ReadAll(z)
	require.NoError(b, err)
	plain := filepath.Join(b.TempDir(), "points.npy")
	require.NoError(b, os.WriteFile(plain, data, 0o666))
	for b.Loop() {
		if _, err := dataset.OpenTable(plain, filepath.Join(dir, "parts.tsv"), dataset.TableOptions{Label: "category"}); err != nil {
			b.Fatal(err)
		}
	}
}

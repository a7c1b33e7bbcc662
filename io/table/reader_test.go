package table_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/io/table"
)

// read returns all rows of a table, the names first, and the lines they begin on.
func read(text string, f table.Format) (rows [][]string, lines []int, err error) {
	t, err := table.New(strings.NewReader(text), f)
	if err != nil {
		return nil, nil, err
	}
	rows, lines = append(rows, t.Names), append(lines, t.Line())
	for {
		cells, err := t.Next()
		if err == io.EOF {
			return rows, lines, nil
		}
		if err != nil {
			return rows, lines, err
		}
		rows, lines = append(rows, append([]string{}, cells...)), append(lines, t.Line())
	}
}

func TestRows(t *testing.T) {
	two := [][]string{{"a", "b"}, {"1", "2"}}
	for text, want := range map[string][][]string{
		"a,b\n1,2\n":                    two,
		"a,b\n1,2":                      two,
		"a;b\r\n1;2\r\n":                two,
		"a\tb\r1\t2\r":                  two,
		"\ufeffa,b\n1,2\n":              two,
		"\n\na,b\n\n1,2\n\n\n":          two,
		" a , b \n1,2\n":                two,
		"\"a\",\"b\"\n\"1\",\"2\"\n":    two,
		"\"a;;\",b\n1,2\n":              {{"a;;", "b"}, {"1", "2"}},
		"a,b\n\"x, \"\"y\"\"\r\nz\",\n": {{"a", "b"}, {"x, \"y\"\nz", ""}},
		"a;b\n1,5;\"2,5\"\n":            {{"a", "b"}, {"1,5", "2,5"}},
		",b\n0,2\n":                     {{"", "b"}, {"0", "2"}},
		"a\n1\n\n3\n\"\"":               {{"a"}, {"1"}, {""}, {"3"}, {""}},
		"a\n":                           {{"a"}},
		"a,b\n,\n":                      {{"a", "b"}, {"", ""}},
		"größe,η\nä,\ufffd\n":           {{"größe", "η"}, {"ä", "\ufffd"}},
		"a,b\n\"" + strings.Repeat("\n", 99) + "\",2": {{"a", "b"}, {strings.Repeat("\n", 99), "2"}},
	} {
		got, _, err := read(text, table.Format{})
		if assert.NoError(t, err, "%q", text) {
			assert.Equal(t, want, got, "%q", text)
		}
	}
	got, _, err := read("a\tb\n\"1\t2,\"\"\n", table.Format{Separator: '\t', Bare: true})
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"a", "b"}, {"\"1", "2,\"\""}}, got)

	got, _, err = read("a\n1\n\n\"\n", table.Format{Separator: '\t', Bare: true})
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"a"}, {"1"}, {""}, {"\""}}, got)

	_, lines, err := read("\na,b\r\n\"1\n\r\n\",2\r\r3,4\n", table.Format{})
	require.NoError(t, err)
	assert.Equal(t, []int{2, 3, 7}, lines)
}

func TestRowsRefused(t *testing.T) {
	long := strings.Repeat("x", 64<<10)
	for text, want := range map[string]string{
		"":                            "line 1: want the names of the columns, got nothing",
		"\n\n":                        "line 1: want the names of the columns, got nothing",
		"\xff\xfea\x00":               "line 1: text in UTF-16: want UTF-8",
		"a\xfc,b\n":                   "line 1: want text in UTF-8, got the byte 0xfc (Latin-1?)",
		"a,b\nä,2\n\"1\n\n\xe4\",3\n": "line 5: want text in UTF-8, got the byte 0xe4 (Latin-1?)",
		"version https://git-lfs.github.com/spec/v1\noid sha256:0\n": "a Git LFS pointer, not the file",
		"\x1f\x8bxx":                         "gzip: ",
		"a,b\n1\n":                           "line 2: want 2 cells, as in the first line, got 1",
		"a,b\n1,2\n1,2,3":                    "line 3: want 2 cells, as in the first line, got 3",
		"a,b\n1,\"2\n3,4\n":                  `line 2: cell 2 ("b"): the table ends within a cell in quotes: want the quote that ends it`,
		"a,b\n1,\"2\"3\n":                    `line 2: cell 2 ("b"): want the end of the cell after a quote, got '3'; a quote within quotes is written twice`,
		"a,b\n1,2\"3\n":                      `line 2: cell 2 ("b"): want quotes around the whole cell, got one within it`,
		"a,b\n1,\x00\n":                      `line 2: cell 2 ("b"): want text, got a byte of 0`,
		"a\n" + long + "x":                   `line 2: cell 1 ("a"): want at most 65536 bytes, got more that begin with "xxxx`,
		"a,b\n\n\"" + long + "\n":            `line 3: cell 1 ("a"): want at most 65536 bytes, got more`,
		strings.Repeat(",", 1<<14):           "line 1: want at most 16384 cells in a row, got more",
		"a\n" + strings.Repeat(long+",", 17): "line 2: want at most 1048576 bytes in a row, got more",
	} {
		_, _, err := read(text, table.Format{})
		if assert.Error(t, err, "%.40q", text) {
			assert.Contains(t, err.Error(), want, "%.40q", text)
			assert.Less(t, len(err.Error()), 300)
		}
	}
	_, _, err := read(strings.Repeat(",", 1<<14-1), table.Format{})
	assert.NoError(t, err)
	_, _, err = read("a\n"+long+"\n", table.Format{})
	assert.NoError(t, err)
	good := "a,b\n1,\"2\n\"\n"
	for n := range len(good) + 1 {
		formattest.Breaks(t, []byte(good[:n]), all)
	}
}

// all reads a table to its end.
func all(r io.Reader) error {
	table, err := table.New(r, table.Format{})
	for err == nil {
		_, err = table.Next()
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// A line without an end takes no more memory than the longest row may.
func TestRowsTakeLittle(t *testing.T) {
	for _, unit := range []string{",", "\"", "\"\"", "a,", "\t", "x", "\"\n", "\n", "\"\",", "\r"} {
		text := strings.Repeat(unit, 8<<20/len(unit))
		for _, names := range []string{"", "a\n", "a,b\n"} {
			took := formattest.Allocated(func() { _ = all(io.MultiReader(strings.NewReader(names), strings.NewReader(text))) })
			assert.Less(t, took, uint64(len(text)), "%q below %q", unit, names)
		}
	}
	if testing.Short() {
		return
	}
	table, err := table.New(io.MultiReader(strings.NewReader("a,b\n"), forever{}), table.Format{})
	require.NoError(t, err)
	for err == nil {
		_, err = table.Next()
	}
	assert.ErrorContains(t, err, "want a table of at most 268435456 bytes, got more")
}

// forever is a stream of empty lines.
type forever struct{}

func (forever) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '\n'
	}
	return len(b), nil
}

func TestColumn(t *testing.T) {
	table, err := table.New(strings.NewReader("a,b,a,"+strings.Repeat("long", 1000)+strings.Repeat(",x", 1000)), table.Format{})
	require.NoError(t, err)
	at, err := table.Column("b")
	require.NoError(t, err)
	assert.Equal(t, 1, at)
	_, err = table.Column("a")
	assert.EqualError(t, err, `want one column "a", got two`)
	_, err = table.Column("c")
	assert.ErrorContains(t, err, `want a column "c", got ["a" "b" "a" "longlong`)
	assert.ErrorContains(t, err, `"x"] and 992 more`)
	assert.Less(t, len(err.Error()), 300)
}

func TestNumber(t *testing.T) {
	for cell, want := range map[string]float64{"1": 1, " -2.5e3 ": -2500, "+.5": .5, "5e-324": 5e-324, "1e-999": 0, "1e308": 1e308, "007": 7} {
		x, err := table.Number(cell)
		assert.NoError(t, err, cell)
		assert.Equal(t, want, x, cell)
		assert.Equal(t, table.Numeric, table.KindOf(cell), cell)
	}
	for _, cell := range []string{"", "  ", "NA", "n/a", "#N/A", "NaN", "nan", "null", "None", "?", "-", "<NA>", "-1.#IND"} {
		_, err := table.Number(cell)
		assert.ErrorIs(t, err, table.ErrMissing, cell)
		assert.Equal(t, table.Missing, table.KindOf(cell), cell)
	}
	for _, cell := range []string{"1,5", "-0,5", "+1,5e3", ",5", "1.234,5", "1,234.5", "1,234,567"} {
		_, err := table.Number(cell)
		assert.ErrorContains(t, err, "a decimal comma", cell)
		assert.Equal(t, table.Comma, table.KindOf(cell), cell)
	}
	for cell, want := range map[string]string{
		"abc": `want a number, got "abc"`, "inf": `want a finite number, got "inf"`, "-Infinity": "finite", "1e999": "finite", "0x10": "want a number", "1_000": "want a number",
		"a,b": "want a number", "1,": "want a number", ",": "want a number", "2024-01-01": "want a number", "1,2-3": "want a number",
		"1 000": "want a number", "--1": "want a number", strings.Repeat("y", 9999): "want a number", "12%": "want a number",
	} {
		_, err := table.Number(cell)
		if assert.ErrorContains(t, err, want, cell) {
			assert.NotErrorIs(t, err, table.ErrMissing)
			assert.Less(t, len(err.Error()), 200)
		}
		assert.Equal(t, table.Words, table.KindOf(cell), cell)
	}
}

func TestTally(t *testing.T) {
	var c table.Tally
	for i, cell := range []string{"", "1", "2", "x", "1,5", "NA"} {
		c.Add(cell, 10+i)
	}
	for kind, want := range map[table.Kind][2]int{table.Missing: {2, 10}, table.Numeric: {2, 11}, table.Words: {1, 13}, table.Comma: {1, 14}} {
		n, line := c.Count(kind)
		assert.Equal(t, want, [2]int{n, line})
	}
}

// FuzzSheet holds that tables are read alike however they arrive, and that rows
// in quotes give the same cells.
func FuzzSheet(f *testing.F) {
	f.Add("a,b\n1,\"2\"\n")
	f.Add("a;b\r\n\"1\n\"\"\";2\r")
	f.Add("\ufeffa\tb\n\n1\t2")
	f.Fuzz(func(t *testing.T, text string) {
		rows, _, err := read(text, table.Format{})
		if err != nil {
			require.NotErrorIs(t, err, io.EOF)
			require.Less(t, len(err.Error()), 2000)
		}
		again, err2 := table.New(iotest.OneByteReader(strings.NewReader(text)), table.Format{})
		if err2 != nil {
			require.Nil(t, rows)
			return
		}
		for i := 1; ; i++ {
			cells, err2 := again.Next()
			if err2 != nil {
				require.Len(t, rows, i)
				require.Equal(t, err, map[bool]error{false: err2, true: nil}[errors.Is(err2, io.EOF)])
				break
			}
			require.Equal(t, rows[i], cells)
			for _, c := range cells {
				_, err := table.Number(c)
				require.Equal(t, err == nil, table.KindOf(c) == table.Numeric)
			}
		}
		if err != nil || len(rows[0]) < 2 {
			return
		}
		var b strings.Builder
		for _, cells := range rows {
			for i, c := range cells {
				cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(strings.Join(cells, ",") + "\n")
		}
		quoted, _, err := read(b.String(), table.Format{Separator: ','})
		require.NoError(t, err)
		rows, _, _ = read(text, table.Format{})
		require.Equal(t, len(rows), len(quoted))
		for i := range rows {
			for k, c := range rows[i] {
				require.Equal(t, strings.ReplaceAll(c, "\r", ""), strings.ReplaceAll(quoted[i][k], "\r", ""))
			}
		}
	})
}

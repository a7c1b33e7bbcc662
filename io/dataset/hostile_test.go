package dataset_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
	"setwise/io/internal/formattest"
)

// Numbers with decimal commas are two numbers only where that is sure.
func TestOpenTableDecimalCommas(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "p.npy", count(3, 1, 3))
	for name, c := range map[string]struct {
		cells [3]string
		want  []float64 // of the last row
		err   string
	}{
		"points":           {[3]string{"1.5", "2", "-3e1"}, []float64{-30}, ""},
		"decimal":          {[3]string{"1,5", "2,5", "3,5"}, nil, `row 0: line 2: x: want a decimal point, or brackets around several numbers, got "1,5": is its comma a decimal one?`},
		"decimal later":    {[3]string{"1", "2,5", "3"}, nil, `row 1: line 3: x: want a decimal point`},
		"decimal first":    {[3]string{"1,5", "2", "3"}, nil, `row 0: line 2: x: want a decimal point`},
		"decimal lists":    {[3]string{"1,5;2,5", "2,5;1,5", "3,5;0,5"}, nil, `row 0: line 2: x: want a decimal point`},
		"thousands":        {[3]string{"1,234.5", "1,000", "2,000"}, nil, `row 0: line 2: x: want a decimal point`},
		"brackets":         {[3]string{"[1,5]", "(2,5)", "{3,5}"}, []float64{3, 5}, ""},
		"some in brackets": {[3]string{"1,5", "2,5", "[3,5]"}, []float64{3, 5}, ""},
		"points in lists":  {[3]string{"1,5", "2.0,5.0", "3,5"}, []float64{3, 5}, ""},
		"three":            {[3]string{"1,5,2", "2,5,2", "3,5,2"}, []float64{3, 5, 2}, ""},
		"blanks":           {[3]string{"1, 5", "2, 5", "3, 5"}, []float64{3, 5}, ""},
		"empty first":      {[3]string{"", "2", "3"}, nil, `row 0: line 2: x: want a number, got nothing`},
		"empty later":      {[3]string{"1", "2", " "}, nil, `row 2: line 4: x: want a number, got nothing`},
		"missing":          {[3]string{"1", "NA", "3"}, nil, `row 1: line 3: x: want a number, got nothing but "NA"`},
		"text first":       {[3]string{"red", "2", "3"}, nil, `row 0: line 2: x: want a number, got "red"`},
		"infinite":         {[3]string{"1", "inf", "3"}, nil, `row 1: line 3: x: want a finite number, got "inf"`},
		"hexadecimal":      {[3]string{"1", "0x10", "3"}, nil, `row 1: line 3: x: want a number, got "0x10"`},
		"too many":         {[3]string{"1", strings.Repeat("1;", 2000), "3"}, nil, `row 1: line 3: x: want at most 1024 numbers in a cell, got 2000`},
	} {
		for file, text := range map[string]string{
			"t.tsv":  "k\tx\na\t" + strings.Join(c.cells[:], "\nb\t") + "\n",
			"t.csv":  "\ufeffk,x\r\na,\"" + strings.Join(c.cells[:], "\"\r\nb,\"") + "\"\r\n",
			"t2.csv": "k;x\na;\"" + strings.Join(c.cells[:], "\"\nb;\"") + "\"\n",
		} {
			put(t, dir, file, text)
			s, err := dataset.OpenTable(filepath.Join(dir, "p.npy"), filepath.Join(dir, file), dataset.TableOptions{Label: "k", Extra: []string{"x"}})
			if c.err != "" {
				assert.ErrorContains(t, err, filepath.Join(dir, file)+": "+c.err, "%s in %s", name, file)
				continue
			}
			if assert.NoError(t, err, "%s in %s", name, file) {
				assert.Equal(t, c.want, s.Shapes[2].Extra, "%s in %s", name, file)
			}
		}
	}
}

// Tables that are made to take memory take less than their size.
func TestOpenTableTakesLittle(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "p.npy", count(2, 1, 3))
	const size = 8 << 20
	for _, head := range []string{"", "k,l\n"} {
		for _, unit := range []string{",", "\t", ";", "a,", "\"", "\"\n", "x", "\n", "a\n", "1;"} {
			for _, name := range []string{"t.csv", "t.tsv"} {
				put(t, dir, name, head+strings.Repeat(unit, size/len(unit)))
				var err error
				took := formattest.Allocated(func() {
					_, err = dataset.OpenTable(filepath.Join(dir, "p.npy"), filepath.Join(dir, name), dataset.TableOptions{Label: "k"})
				})
				assert.Error(t, err, "%q after %q in %s", unit, head, name)
				assert.Less(t, took, uint64(size), "%q after %q in %s", unit, head, name)
				assert.Less(t, len(err.Error()), 1000, "%q after %q in %s", unit, head, name)
			}
		}
	}
}

// Tables, arrays and lists that are cut at any byte are read or refused, by a short
// error.
func TestCutAnywhere(t *testing.T) {
	dir := tree(t, map[string]any{"data.npy": withNormals(5, 1), "label.npy": labels(0, 1, 0, 1, 1), "shape_names.txt": "cup\nbowl\n", "t.tsv": tsv,
		"t.csv": "kind,part\n\"a\",train\nb,test\n\"c\nd\",val\ne,train\nf,test\n"})
	for _, name := range []string{"data.npy", "label.npy", "shape_names.txt", "t.tsv", "t.csv"} {
		full := filepath.Join(dir, name)
		whole, err := os.ReadFile(full)
		require.NoError(t, err)
		for n := range len(whole) + 1 {
			require.NoError(t, os.WriteFile(full, whole[:n], 0o600))
			var err error
			if strings.HasPrefix(name, "t.") {
				_, err = dataset.OpenTable(filepath.Join(dir, "data.npy"), full, dataset.TableOptions{Label: "kind", Split: "part"})
			} else {
				_, err = dataset.Open(dir, dataset.Options{})
			}
			if err != nil {
				require.Less(t, len(err.Error()), 1000)
			}
			if strings.HasSuffix(name, ".npy") {
				require.Equal(t, n == len(whole), err == nil, "%d of %d bytes of %s", n, len(whole), name)
			}
		}
		require.NoError(t, os.WriteFile(full, whole, 0o600))
	}
}

// FuzzFolder holds that no lists, names and labels make Open panic, and that what
// it accepts is sound.
func FuzzFolder(f *testing.F) {
	files := []string{"modelnet40_train.txt", "synsetoffset2category.txt", "taxonomy.json", "train_test_split/shuffled_train_file_list.json", "shape_names.txt", "label.npy", "data.npy"}
	for i, text := range []string{"bed_0001\n", "Bed bed\n", `[{"synsetId": "bed", "name": "a,b"}]`, `["shape_data/bed/bed_0001"]`, "a\nb\n", "\x93NUMPY", "\x93NUMPY"} {
		f.Add(text, uint8(i))
	}
	dir := f.TempDir()
	put(f, dir, "files/bed/bed_0001.txt", rows(3, ""))
	put(f, dir, "files/synsetoffset2category.txt", "")
	put(f, dir, "arrays/data.npy", count(2, 1, 3))
	put(f, dir, "arrays/label.npy", labels(0, 1))
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		name := files[int(which)%len(files)]
		below := filepath.Join(dir, "files")
		if strings.HasSuffix(name, ".npy") || name == "shape_names.txt" {
			below = filepath.Join(dir, "arrays")
		}
		full := filepath.Join(below, filepath.FromSlash(name))
		before, err := os.ReadFile(full)
		there := err == nil
		put(t, below, name, text)
		defer func() {
			if there {
				require.NoError(t, os.WriteFile(full, before, 0o600))
			} else {
				require.NoError(t, os.Remove(full))
			}
		}()
		s, err := dataset.Open(below, dataset.Options{})
		if err != nil {
			require.Contains(t, err.Error(), below)
			require.Less(t, len(err.Error()), 4000)
			return
		}
		require.NotEmpty(t, s.Shapes)
		for _, x := range s.Shapes {
			require.Less(t, x.Class, len(s.Classes))
			require.NoError(t, x.Cloud.Validate())
		}
	})
}

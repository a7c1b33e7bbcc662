package npy

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// openAny reads a file of any kind within the bound on memory.
func openAny(t *testing.T, name string) (arrays map[string]*Array, err error) {
	t.Helper()
	info, err := os.Stat(name)
	require.NoError(t, err)
	bound(t, name, info.Size(), func() error {
		if strings.HasSuffix(name, ".npz") {
			arrays, err = OpenZip(name, Limits{})
			return err
		}
		var a *Array
		a, err = Open(name, Limits{})
		arrays = map[string]*Array{"": a}
		return err
	})
	if err != nil {
		assert.Contains(t, err.Error(), "npy: "+name+": ")
	}
	return arrays, err
}

func TestHostileMinimal(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(formattest.Folder(t, "hostile-minimal"), "*.npy"))
	require.NoError(t, err)
	want := map[string]string{ // empty: the file is good
		"alloc_1GiB.npy":          "data at byte 75: want 536870912 bytes for shape [67108864] of <f8, got 0",
		"double_comma_short.npy":  "byte 63: want a dimension",
		"empty_descr_panic.npy":   `got ""`,
		"neg_dim_panic.npy":       `byte 61: want a dimension of at least 0, got "-6`,
		"negneg_ok.npy":           `want a dimension of at least 0, got "-2`,
		"newline_shape_panic.npy": "",
		"oom_fatal_2e40.npy":      "want at most 1073741824 bytes of values, got 8796093022208",
		"parens_panic.npy":        `want 'descr', 'fortran_order' or 'shape', got "'k'`,
		"py2long_panic.npy":       "",
		"v2_hdrlen_512MiB.npy":    "want a length of at most 65536, got 536870912",
		"wrap_to_2_ok.npy":        "of <f8: want at most 1073741824 bytes of values",
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			a, err := openAny(t, name)
			text, known := want[filepath.Base(name)]
			switch {
			case !known: // read or refused, as openAny checks
			case text != "":
				assert.ErrorContains(t, err, text)
			default:
				require.NoError(t, err)
				assert.Equal(t, make([]float32, 6), a[""].Float32s())
			}
		})
	}
}

// The files of npyio hold 0, 1, 2 ... in C order, or 42 alone; those that
// NumPy stored in Fortran order hold them in that order.
func TestRealFiles(t *testing.T) {
	dir := formattest.Folder(t, "npy-files")
	read, refused := 0, 0 // SOURCE.txt counts 84 and 6 of .npy, and there are 2 and 2 of .npz
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(name); err != nil || ext != ".npy" && ext != ".npz" {
			return err
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			arrays, err := openAny(t, name)
			if err != nil {
				refused++
				assert.ErrorContains(t, err, "Python objects")
				base := filepath.Base(name)
				assert.True(t, strings.Contains(base, "objarr") || strings.Contains(base, "ragged") || strings.HasSuffix(base, "_valid.npy"), base)
				return
			}
			read++
			if strings.HasPrefix(filepath.Base(name), "data_") {
				assert.NotEmpty(t, arrays)
				for _, a := range arrays {
					counts(t, a, strings.Contains(name, "forder"))
				}
			}
		})
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, []int{86, 8}, []int{read, refused})

	open := func(name string) []float64 {
		a, err := Open(filepath.Join(dir, name), Limits{})
		require.NoError(t, err)
		return a.Float64s()
	}
	assert.Equal(t, []float64{1, 1}, open("numpy/python3.npy"))
	assert.Equal(t, []float64{1, 1}, open("numpy/win64python2.npy"))
}

// counts wants the values 0, 1, 2 ... in the order of the file.
func counts(t *testing.T, a *Array, fortran bool) {
	t.Helper()
	want := make([]float64, a.Len())
	for i := range want {
		want[i] = float64(i)
	}
	if a.Len() == 1 {
		want[0] = 42
	} else if fortran && len(a.Shape) == 2 {
		rows, cols := a.Shape[0], a.Shape[1]
		for i := range want {
			want[i] = float64(i%cols*rows + i/cols)
		}
	}
	assert.Equal(t, want, a.Float64s())
}

func TestParts(t *testing.T) {
	a, err := Open(filepath.Join(formattest.Folder(t, "ldraw-parts"), "points_int16.npy.gz"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, []int{4816, 1024, 3}, a.Shape)
	assert.Equal(t, "<i2", a.Type)
	for i := 0; i < 4816; i += 301 {
		var most float32
		for _, v := range a.Rows(i, i+1) {
			most = max(most, v, -v)
		}
		assert.InDelta(t, 32000, most, 8000, "part %d fills its range", i)
	}
}

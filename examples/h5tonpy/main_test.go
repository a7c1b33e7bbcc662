package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/npy"
)

// testdata/clouds.h5 was written by h5py 3.16 with its defaults.
func TestConvert(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	var out, notes bytes.Buffer
	require.NoError(t, run([]string{"-o", dir, "testdata/clouds.h5"}, &out, &notes))
	assert.Equal(t, "testdata/clouds.h5: /text passed over: want numbers, got Dataset: string (size=2 bytes), 1D array [2], contiguous (address=0x1397, size=4)\n",
		notes.String())
	for name, want := range map[string]struct {
		kind  string
		shape []int
		last  float64
	}{
		"data":                     {"<f4", []int{4, 8, 3}, float64(float32(95) / 7)},
		"label":                    {"|u1", []int{4, 1}, 200},
		"mask":                     {"<i4", []int{4, 8}, 15},
		"more.__.deep.big_numbers": {"<i8", []int{2}, -1 << 52},
		"more.__.deep.small":       {"<i2", []int{2}, 5},
		"none":                     {"<f4", []int{0, 3}, 0},
		"one":                      {"<f8", []int{1}, 2.5},
		"wide":                     {"<f8", []int{2}, 1e300},
	} {
		a, err := npy.Open(filepath.Join(dir, "clouds."+name+".npy"), npy.Limits{})
		if !assert.NoError(t, err, name) {
			continue
		}
		assert.Equal(t, want.kind, a.Type, name)
		assert.Equal(t, want.shape, a.Shape, name)
		if v := a.Float64s(); len(v) > 0 {
			assert.Equal(t, want.last, v[len(v)-1], name)
		}
	}
	data, err := npy.Open(filepath.Join(dir, "clouds.data.npy"), npy.Limits{})
	require.NoError(t, err)
	for i, v := range data.Float32s() {
		require.Equal(t, float32(i)/7, v)
	}
	assert.Equal(t, 8, strings.Count(out.String(), "\n"))
	assert.Contains(t, out.String(), filepath.Join(dir, "clouds.data.npy")+" [4 8 3]\n")
}

func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	whole, err := os.ReadFile("testdata/clouds.h5")
	require.NoError(t, err)
	for name, data := range map[string][]byte{"text.h5": []byte("no HDF5"), "half.h5": whole[:len(whole)/2], "empty.h5": nil} {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, data, 0o600))
		var out, notes bytes.Buffer
		assert.ErrorContains(t, run([]string{file}, &out, &notes), file+": ", name)
	}
	var out, notes bytes.Buffer
	assert.ErrorContains(t, run(nil, &out, &notes), "want names of HDF5 files")
	assert.ErrorContains(t, run([]string{filepath.Join(dir, "none.h5")}, &out, &notes), "none.h5: ")
	assert.Error(t, run([]string{"-help"}, &out, &notes))
	assert.Contains(t, notes.String(), "h5tonpy [-o DIR] FILE.h5...")
}

func TestClean(t *testing.T) {
	for path, want := range map[string]string{"/data": "data", "/a b/../c": "a_b.__.c", "/ü/x_y-1": "ü.x_y-1", "/": "", `/\..\x`: "____x"} {
		assert.Equal(t, want, clean(path))
	}
}

package dataset_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
	"setwise/io/npy"
)

// TestOpenSurveys reads shapes in the coordinates of maps, from arrays and from
// files: 7 cm stay 7 cm, and each shape has an origin of its own.
func TestOpenSurveys(t *testing.T) {
	dir := t.TempDir()
	values := []float64{
		694386.21, 5155487.51, 381.5, 694386.28, 5155487.51, 381.5,
		448262.07, 5411932.15, 12.25, 448262.14, 5411932.15, 12.25,
		0.5, 1.5, 2.5, 0.57, 1.5, 2.5,
	}
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "data.npy"), values, 3, 2, 3))
	put(t, dir, "label.npy", array{[]float32{0, 1, 1}, []int{3}})
	table := filepath.Join(t.TempDir(), "rows.tsv")
	require.NoError(t, os.WriteFile(table, []byte("class\na\nb\nb\n"), 0o600))
	files := t.TempDir()
	put(t, files, "a/one.xyz", "694386.21 5155487.51 381.5\n694386.28 5155487.51 381.5\n")
	put(t, files, "b/two.csv", "448262.07,5411932.15,12.25\n448262.14,5411932.15,12.25\n")
	put(t, files, "b/three.pts", "0.5 1.5 2.5\n0.57 1.5 2.5\n")

	arrays, err := dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	rows, err := dataset.OpenTable(filepath.Join(dir, "data.npy"), table, dataset.TableOptions{Label: "class"})
	require.NoError(t, err)
	folder, err := dataset.Open(files, dataset.Options{})
	require.NoError(t, err)
	for _, s := range []*dataset.Set{arrays, rows, folder} {
		origins := map[[3]float64]int{}
		require.Len(t, s.Shapes, 3)
		for _, x := range s.Shapes {
			a, b := x.Cloud.Place(0), x.Cloud.Place(1)
			assert.InDelta(t, 0.07, math.Hypot(b[0]-a[0], b[1]-a[1]), 1e-6, x.Name)
			origins[x.Cloud.Origin]++
			assert.Equal(t, x.Cloud.Origin, x.Points(5, seeded(1)).Origin)
		}
		assert.Equal(t, map[[3]float64]int{{694386, 5155488, 0}: 1, {448262, 5411932, 0}: 1, {}: 1}, origins)
	}
}

//go:build unix

package dataset_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
)

// Nothing waits for a pipe, wherever it lies.
func TestPipes(t *testing.T) {
	for _, name := range []string{"cup/a.stl", "cup/a.npy", "data.npy", "label.npy", "normal.npy", "train/data.npy", "shape_names.txt",
		"modelnet40_train.txt", "synsetoffset2category.txt", "taxonomy.json", "t.csv", "p.npy"} {
		dir := t.TempDir()
		put(t, dir, "data.npy", count(1, 2, 3))
		put(t, dir, "label.npy", count(1))
		put(t, dir, "cup/b.stl", wedge(1))
		put(t, dir, "p.npy", count(1, 2, 3))
		put(t, dir, "t.csv", "k\na\n")
		put(t, dir, "train/x.txt", "")
		switch name {
		case "cup/a.stl", "cup/a.npy", "train/data.npy", "modelnet40_train.txt", "synsetoffset2category.txt", "taxonomy.json":
			remove(t, dir, "data.npy")
		}
		remove(t, dir, name)
		full := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, syscall.Mkfifo(full, 0o600))
		var err error
		if name == "t.csv" || name == "p.npy" {
			_, err = dataset.OpenTable(filepath.Join(dir, "p.npy"), filepath.Join(dir, "t.csv"), dataset.TableOptions{Label: "k"})
		} else {
			_, err = dataset.Open(dir, dataset.Options{})
		}
		assert.ErrorContains(t, err, full+": a pipe: want a regular file", name)
	}
	_, err := dataset.Open("/dev/null", dataset.Options{})
	assert.Error(t, err)
}

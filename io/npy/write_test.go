package npy

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
)

func TestWriteErrors(t *testing.T) {
	var shape *set.ShapeError
	for _, s := range [][]int{{3}, {2, 2}, {-1, -2}, {0}, {1 << 40, 1 << 40}, make([]int, 65)} {
		var b bytes.Buffer
		assert.ErrorAs(t, Write(&b, []float32{1, 2}, s...), &shape, "%v", s)
		assert.Zero(t, b.Len())
	}
	full := errors.New("disk full")
	for n := range 3 {
		assert.ErrorIs(t, Write(&failing{left: n, err: full}, make([]float32, 100_000)), full)
	}
}

// failing is a writer that takes a number of calls.
type failing struct {
	left int
	err  error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, f.err
	}
	return len(p), nil
}

func TestWriteFileIsAtomic(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "a.npy")
	require.NoError(t, WriteFile(name, []float32{1}))
	require.NoError(t, WriteFile(name, []int16{2, 3}))
	assert.Error(t, WriteFile(name, []int16{2, 3}, 7))
	a, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, []float32{2, 3}, a.Float32s())

	// A folder cannot be replaced by a file: what was written aside goes.
	require.NoError(t, os.Mkdir(filepath.Join(folder, "taken"), 0o777))
	assert.ErrorContains(t, WriteFile(filepath.Join(folder, "taken"), []float32{1}), "taken")
	assert.Error(t, WriteFile(filepath.Join(folder, "none", "a.npy"), []float32{1}))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 2)
}

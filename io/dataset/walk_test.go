package dataset_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
)

func TestOpenLinks(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	put(t, other, "a.stl", wedge(1))
	require.NoError(t, os.Symlink(other, filepath.Join(dir, "cup")))
	s, err := dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Equal(t, []string{"cup  cup/a.stl"}, list(s))
	assert.Nil(t, s.Notes)

	// Folders that are there come before links to them, whatever their names.
	put(t, dir, "vase/b.stl", wedge(1))
	require.NoError(t, os.Symlink(filepath.Join(dir, "vase"), filepath.Join(dir, "bowl")))
	require.NoError(t, os.Symlink(dir, filepath.Join(dir, "loop")))
	require.NoError(t, os.Symlink("loop2", filepath.Join(dir, "loop2")))
	s, err = dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Equal(t, []string{"cup  cup/a.stl", "vase  vase/b.stl"}, list(s))
	assert.Equal(t, []string{
		dir + `: links that lead to folders that are read already are passed over: ["bowl" "loop"]`,
		"passed over: 1 file that is no shape by its name or place (no ending 1), such as loop2",
	}, s.Notes)
}

// Links that fan out are followed once: 14 folders with 8 links each to the next.
func TestOpenFanOfLinks(t *testing.T) {
	dir := t.TempDir()
	for i := range 14 {
		put(t, dir, fmt.Sprintf(".fan/%d/a.stl", i), wedge(1))
		for k := range 8 {
			require.NoError(t, os.Symlink(filepath.Join(dir, ".fan", fmt.Sprint((i+1)%14)), filepath.Join(dir, ".fan", fmt.Sprint(i), fmt.Sprint("l", k))))
		}
	}
	require.NoError(t, os.Symlink(filepath.Join(dir, ".fan", "0"), filepath.Join(dir, "cup")))
	s, err := dataset.Open(dir, dataset.Options{})
	require.NoError(t, err)
	assert.Len(t, s.Shapes, 14)
	assert.Equal(t, []string{"cup"}, s.Classes)
	require.Len(t, s.Notes, 2)
	assert.Contains(t, s.Notes[0], "links that lead to folders that are read already are passed over: [")
	assert.Less(t, len(s.Notes[0]), 1000)
	assert.Contains(t, s.Notes[1], `folders within those of the classes mean nothing: ["cup/l0" "cup/l0/l0" `)
	assert.Less(t, len(s.Notes[1]), 1000)
}

package tensor

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// only holds dir to contain one file.
func only(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	assert.Equal(t, name, entries[0].Name())
}

func TestWriteFileReplacesWholly(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "w.safetensors")
	require.NoError(t, WriteFile(name, &File{Metadata: map[string]string{"old": "yes"}}))
	old, err := os.ReadFile(name)
	require.NoError(t, err)

	bad := sample()
	bad.Tensors["broken"] = &Tensor{Type: F32}
	assert.ErrorContains(t, WriteFile(name, bad), name+`: tensor "broken"`)
	now, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, old, now, "a failed write should leave the old file")
	only(t, dir, "w.safetensors")

	require.NoError(t, WriteFile(name, sample()))
	only(t, dir, "w.safetensors")
	f, err := Open(name, Limits{})
	require.NoError(t, err)
	equal(t, sample(), f)
}

func TestWriteFileWhereItCannot(t *testing.T) {
	dir := t.TempDir()
	assert.ErrorIs(t, WriteFile(filepath.Join(dir, "none", "w"), sample()), os.ErrNotExist)
	taken := filepath.Join(dir, "taken")
	require.NoError(t, os.MkdirAll(filepath.Join(taken, "full"), 0o777))
	assert.Error(t, WriteFile(taken, sample()))
	only(t, dir, "taken")
}

func TestOpenWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(filepath.Join(dir, "none"), Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = Open(dir, Limits{})
	assert.ErrorContains(t, err, "want a regular file")
	name := filepath.Join(dir, "big")
	require.NoError(t, os.WriteFile(name, make([]byte, 100), 0o666))
	_, err = Open(name, Limits{Bytes: 99})
	assert.EqualError(t, err, "safetensors: "+name+": 100 bytes: want at most 99")
	require.NoError(t, os.WriteFile(name, []byte("weight,bias\n1,2\n"), 0o666))
	_, err = Open(name, Limits{})
	assert.EqualError(t, err, "tensor: "+name+`: want a safetensors file, or one that torch.save wrote, got a file that begins with "weight,bias\n1,"`)
}

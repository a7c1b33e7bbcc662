package pcd

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

// Points that compress well take the 24 bytes each that the manual says, and not
// what grows and is copied besides.
func TestCompressedTakesLittleMemory(t *testing.T) {
	const n = 1_000_000
	f, err := OfCloud(pointcloud.Cloud{Points: make([][3]float32, n)})
	require.NoError(t, err)
	f.Format = Compressed
	data := encoded(t, f)
	assert.Less(t, len(data), n/5)
	name := filepath.Join(t.TempDir(), "zeros.pcd")
	require.NoError(t, os.WriteFile(name, data, 0o600))
	for how, read := range map[string]func() (int, error){
		"file": func() (int, error) { c, err := Open(name, Limits{}); return c.Len(), err },
		"all":  func() (int, error) { f, err := OpenAll(name, Limits{}); return f.Len(), err },
		"data": func() (int, error) { c, err := Read(bytes.NewReader(data), Limits{}); return c.Len(), err },
	} {
		var got int
		took := formattest.Allocated(func() { got, err = read() })
		require.NoError(t, err, how)
		assert.Equal(t, n, got, how)
		assert.LessOrEqual(t, took, uint64(24*n+len(data)+1<<20), how)
	}
}

package source_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/source"
)

// The directory of an archive is bounded, and what is in its members is not.
func TestZip(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range 100 {
		m, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprint(i), Method: zip.Store})
		require.NoError(t, err)
		_, err = m.Write(make([]byte, 10_000))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	r, size := bytes.NewReader(b.Bytes()), int64(b.Len())

	_, err := source.Zip(r, size, 2000)
	assert.EqualError(t, err, "zip directory: want at most 2000 bytes, got more")
	_, err = source.Zip(r, size-1, 1<<20)
	assert.ErrorContains(t, err, "zip directory: zip: ")
	got, err := source.Zip(r, size, 20_000)
	require.NoError(t, err)
	for _, f := range got.File {
		m, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(m)
		require.NoError(t, err)
		require.Len(t, content, 10_000)
	}
}

package files

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write([]byte("1234567"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	for name, data := range map[string][]byte{"plain": []byte("1234567"), "zipped": zipped.Bytes()} {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, data, 0o600))
		got, err := Read(name, 7, io.ReadAll)
		require.NoError(t, err)
		require.Equal(t, "1234567", string(got))
		_, err = Read(name, 6, io.ReadAll)
		require.EqualError(t, err, name+": want at most 6 bytes, got more")
		wrong := errors.New("wrong")
		none, err := Read(name, 7, func(io.Reader) (int, error) { return 5, wrong })
		require.ErrorIs(t, err, wrong)
		require.ErrorContains(t, err, name)
		require.Zero(t, none)
	}
	for name, data := range map[string][]byte{"empty": nil, "short": {0x1f, 0x8b}, "torn": zipped.Bytes()[:20]} {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, data, 0o600))
		got, err := Read(name, 7, io.ReadAll)
		if data == nil {
			require.NoError(t, err)
			require.Empty(t, got)
			continue
		}
		require.ErrorContains(t, err, name)
	}
	_, err = Read(filepath.Join(dir, "none"), 7, io.ReadAll)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Read(dir, 7, io.ReadAll)
	require.EqualError(t, err, dir+": want a regular file")
}

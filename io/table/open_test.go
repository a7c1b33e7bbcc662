package table_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/io/table"
)

// Files are read by name, compressed or not, as they are as streams.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	text := "a;b\n1;2\n"
	for name, data := range map[string][]byte{"plain.csv": []byte(text), "zipped.csv.gz": formattest.Zipped(t, []byte(text)), "zipped.csv": formattest.Zipped(t, []byte(text))} {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, data, 0o600))
		r, err := table.Open(name, table.Format{})
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b"}, r.Names)
		cells, err := r.Next()
		require.NoError(t, err)
		require.Equal(t, []string{"1", "2"}, cells)
		require.NoError(t, r.Close())
		again, err := table.New(bytes.NewReader(data), table.Format{})
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b"}, again.Names)
		require.NoError(t, again.Close())
	}
	empty := filepath.Join(dir, "empty.csv")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	_, err := table.Open(empty, table.Format{})
	require.EqualError(t, err, empty+": line 1: want the names of the columns, got nothing")
	_, err = table.Open(filepath.Join(dir, "none.csv"), table.Format{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "none.csv")
	_, err = table.Open(dir, table.Format{})
	require.ErrorContains(t, err, dir+": a folder: want a regular file")
}

// What a small file unzips to is bounded.
func TestBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("unzips 50 MiB")
	}
	r, err := table.New(bytes.NewReader(formattest.Zipped(t, append([]byte("a,b\n"), make([]byte, 60<<20)...))), table.Format{})
	require.NoError(t, err)
	_, err = r.Next()
	require.ErrorContains(t, err, "want text, got a byte of 0")
	r, err = table.New(bytes.NewReader(formattest.Zipped(t, []byte("a,b\n"+strings.Repeat("\n", 60<<20)))), table.Format{})
	require.NoError(t, err)
	_, err = r.Next()
	require.ErrorContains(t, err, "gzip: expands more than 100-fold")
}

//go:build unix

package source_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/source"
)

func TestFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "regular")
	require.NoError(t, os.WriteFile(name, []byte("abc"), 0o600))
	f, err := source.File(name)
	require.NoError(t, err)
	defer f.Close()
	b, err := io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, "abc", string(b))

	_, err = source.File(name + "no")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestFileRefuses(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink(pipe, link))
	t.Chdir(dir) // names of sockets are short
	socket, err := net.Listen("unix", "socket")
	require.NoError(t, err)
	defer socket.Close()
	for name, want := range map[string]string{
		dir:         "a folder",
		pipe:        "a pipe",
		link:        "a pipe",
		"socket":    "a socket",
		"/dev/zero": "a device",
		"/dev/null": "a device",
	} {
		_, err := source.File(name)
		assert.EqualError(t, err, "open "+name+": "+want+": want a regular file")
	}
}

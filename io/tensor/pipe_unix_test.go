//go:build unix

package tensor

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A pipe is refused before it is opened, which would wait for a writer.
func TestOpenDoesNotWaitForAPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(name, 0o600))
	_, err := Open(name, Limits{})
	assert.ErrorContains(t, err, "a pipe: want a regular file")
	_, err = Open("/dev/zero", Limits{})
	assert.ErrorContains(t, err, "a device: want a regular file")
}

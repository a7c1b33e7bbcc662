//go:build unix

package checkpoint_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
)

// A pipe is refused, not waited for.
func TestOpenDoesNotWaitForAPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(name, 0o600))
	_, err := checkpoint.Open(name, tensor.Limits{})
	assert.ErrorContains(t, err, name+": a pipe: want a regular file")
}

package formattest

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Child starts the test that calls it once more, as a program of its own that
// can be killed, with a variable of the environment, NAME=value, by which it knows
// what it is. Where a program for this machine does not run by itself, as it is
// emulated, the test is skipped.
func Child(t *testing.T, variable string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), variable)
	err := c.Start()
	if errors.Is(err, syscall.ENOEXEC) {
		t.Skip("emulated: a program of this kind does not run by itself here")
	}
	require.NoError(t, err)
	return c
}

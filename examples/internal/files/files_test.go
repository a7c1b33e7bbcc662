package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	say := func(s string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, _ = io.WriteString(w, s)
			return err
		}
	}
	require.NoError(t, Write(name, say("old", nil)))
	full := errors.New("disk full")
	require.ErrorIs(t, Write(name, say("half", full)), full)
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "old", string(got))
	require.NoError(t, Write(name, say("new", nil)))
	got, err = os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "new", string(got))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing else stays")
	require.Error(t, Write(filepath.Join(dir, "none", "file"), say("x", nil)))
}

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	err = Write(filepath.Join(dir, "log.csv"), func(w io.Writer) error {
		_, err := io.WriteString(w, "epoch,loss\n")
		return err
	})
	fmt.Println(err)
	// Output: <nil>
}

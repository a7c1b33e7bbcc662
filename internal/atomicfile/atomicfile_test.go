package atomicfile_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/internal/atomicfile"
)

func ExampleWrite() {
	dir, _ := os.MkdirTemp("", "")
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "greeting")
	err := atomicfile.Write(name, func(w io.Writer) error {
		_, err := io.WriteString(w, "hello")
		return err
	})
	text, _ := os.ReadFile(name)
	fmt.Println(string(text), err)
	// Output: hello <nil>
}

// A failure leaves the old contents and no other file.
func TestFailure(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte("old"), 0o600))
	broken := errors.New("broken")
	err := atomicfile.Write(name, func(w io.Writer) error {
		_, _ = io.WriteString(w, "new")
		return broken
	})
	require.ErrorIs(t, err, broken)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "old", string(text))
	files, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	require.Len(t, files, 1)
}

func TestNoFolder(t *testing.T) {
	err := atomicfile.Write(filepath.Join(t.TempDir(), "none", "file"), func(io.Writer) error { return nil })
	require.ErrorIs(t, err, os.ErrNotExist)
}

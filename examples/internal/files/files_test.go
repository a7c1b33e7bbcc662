package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

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

// What a killed process left is removed, but not what another still writes.
func TestLeftBehind(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	dead, alive := name+".unfinished-0", name+".unfinished-1"
	for _, part := range []string{dead, alive} {
		require.NoError(t, os.WriteFile(part, []byte("half"), 0o600))
	}
	old := time.Now().Add(-2 * time.Hour)
	require.NoError(t, os.Chtimes(dead, old, old))
	require.NoError(t, Write(name, func(io.Writer) error { return nil }))
	require.FileExists(t, name)
	require.NoFileExists(t, dead)
	require.FileExists(t, alive)
}

// Several may write one file at once: it is whole at any time.
func TestAtOnce(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			text := strings.Repeat(string(rune('a'+i)), 1<<16)
			err := Write(name, func(w io.Writer) error {
				_, err := io.WriteString(w, text)
				return err
			})
			assert.NoError(t, err)
			got, err := os.ReadFile(name)
			assert.NoError(t, err)
			assert.Equal(t, strings.Repeat(string(got[:1]), 1<<16), string(got))
		})
	}
	all.Wait()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}

// A panic while writing leaves nothing.
func TestPanic(t *testing.T) {
	dir := t.TempDir()
	require.Panics(t, func() { _ = Write(filepath.Join(dir, "file"), func(io.Writer) error { panic("broken") }) })
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
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

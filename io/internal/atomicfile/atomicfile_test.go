package atomicfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/atomicfile"
	"setwise/io/internal/formattest"
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
	require.Equal(t, []string{"file"}, beside(t, name))
}

// A panic leaves no file behind either.
func TestPanic(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	require.Panics(t, func() { _ = atomicfile.Write(name, func(io.Writer) error { panic("broken") }) })
	require.Empty(t, beside(t, name))
}

// beside returns the names of the files in the folder of the named one.
func beside(t *testing.T, name string) (names []string) {
	t.Helper()
	files, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

func put(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// What was left unfinished is removed by the next who writes the same file;
// what is being written, or has another name, stays.
func TestLeftBehind(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	long := time.Now().Add(-48 * time.Hour) // for systems without locks
	left := func(name string) {
		t.Helper()
		require.NoError(t, os.WriteFile(name, []byte("half"), 0o600))
		require.NoError(t, os.Chtimes(name, long, long))
	}
	for i := range 8 {
		left(fmt.Sprintf("%s.unfinished-%d", name, i))
	}
	left(name + "2.unfinished-0")
	left(name + ".unfinished")
	require.NoError(t, os.Mkdir(name+".unfinished-3x", 0o700))
	require.NoError(t, atomicfile.Write(name, func(w io.Writer) error {
		if err := atomicfile.Write(name, put("inner")); err != nil {
			return err
		}
		require.Equal(t, []string{"file", "file.unfinished", "file.unfinished-0", "file.unfinished-3x", "file2.unfinished-0"}, beside(t, name))
		return put("outer")(w)
	}))
	require.Equal(t, []string{"file", "file.unfinished", "file.unfinished-3x", "file2.unfinished-0"}, beside(t, name))
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "outer", string(text))

	require.NoError(t, os.Mkdir(name+".unfinished-0", 0o700)) // not ours
	require.NoError(t, atomicfile.Write(name, put("again")))
	require.Equal(t, []string{"file", "file.unfinished", "file.unfinished-0", "file.unfinished-3x", "file2.unfinished-0"}, beside(t, name))
}

// Any number may write one file at a time; the last to end wins, and it is whole.
func TestManyWriters(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 5 {
				assert.NoError(t, atomicfile.Write(name, put(strings.Repeat(string(rune('a'+i)), 100_000))))
			}
		})
	}
	all.Wait()
	whole(t, name, 100_000)
	require.Equal(t, []string{"file"}, beside(t, name))
}

// whole requires the named file to be n times the same byte.
func whole(t *testing.T, name string, n int) {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Len(t, text, n)
	require.Equal(t, n, bytes.Count(text, text[:1]))
}

// A writer that is killed leaves the file as it was or as it was to be, and the
// next writer removes what it left.
func TestKilled(t *testing.T) {
	if name := os.Getenv("ATOMICFILE_KILLED"); name != "" {
		for i := 0; ; i++ {
			if err := atomicfile.Write(name, put(strings.Repeat(string(rune('a'+i%26)), 1<<20))); err != nil {
				t.Fatal(err)
			}
		}
	}
	rounds := 40
	if testing.Short() {
		rounds = 6
	}
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, atomicfile.Write(name, put(strings.Repeat("-", 1<<20))))
	left := 0
	for range rounds {
		c := formattest.Child(t, "ATOMICFILE_KILLED="+name)
		time.Sleep(time.Duration(20+rand.IntN(80)) * time.Millisecond)
		require.NoError(t, c.Process.Kill())
		_ = c.Wait()
		whole(t, name, 1<<20)
		left += len(beside(t, name)) - 1
	}
	t.Logf("%d of %d were killed while they wrote", left, rounds)
	if runtime.GOOS != "windows" {
		require.NoError(t, atomicfile.Write(name, put("end")))
		require.Equal(t, []string{"file"}, beside(t, name))
	}
}

func TestNoFolder(t *testing.T) {
	err := atomicfile.Write(filepath.Join(t.TempDir(), "none", "file"), func(io.Writer) error { return nil })
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Package formattest holds what tests of readers and writers of files share: what
// all formats promise, shapes of any size, and real data.
package formattest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Folder returns a folder of real data, by its names below the one that the
// environment variable SETWISE_DATA names, or skips the test if it is not there or
// the variable is unset.
func Folder(tb testing.TB, names ...string) string {
	tb.Helper()
	root := os.Getenv("SETWISE_DATA")
	if root == "" {
		tb.Skip("no real data: SETWISE_DATA names no folder")
	}
	dir := filepath.Join(append([]string{root}, names...)...)
	if _, err := os.Stat(dir); err != nil {
		tb.Skipf("no real data: %v; SETWISE_DATA names the folder of all", err)
	}
	return dir
}

// RealFiles reads every file of the hostile folders of real data, of this
// format or not. Those of want, by their names within the folder, give what it
// says, all others an error that begins with the format, or any if that is "",
// and has their name; none takes much time, or allocates more than 3 MiB beyond
// the size of the file, which is room for those that are compressed.
func RealFiles[T any](t *testing.T, format string, want map[string]T, read func(name string) (T, error)) {
	t.Helper()
	dir := Folder(t)
	found := 0
	visit := func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		var got T
		var refused error
		start := time.Now()
		took := Allocated(func() { got, refused = read(name) })
		if most := time.Second + time.Duration(info.Size())*time.Microsecond; time.Since(start) > most {
			t.Errorf("%s: took %v: want at most %v", rel, time.Since(start), most)
		}
		if most := uint64(info.Size()) + 3<<20; took > most {
			t.Errorf("%s: allocated %d bytes: want at most %d", rel, took, most)
		}
		w, good := want[filepath.ToSlash(rel)]
		switch {
		case good && refused != nil:
			t.Errorf("%s: want %v, got %v", rel, w, refused)
		case good && !reflect.DeepEqual(got, w):
			t.Errorf("%s: want %v, got %v", rel, w, got)
		case !good && refused == nil:
			t.Errorf("%s: want an error, got %v", rel, got)
		case !good && (!strings.HasPrefix(refused.Error(), format) || !strings.Contains(refused.Error(), ": "+name+": ")):
			t.Errorf("%s: want an error with the file's name, got %v", rel, refused)
		}
		if good {
			found++
		} else {
			t.Logf("%s: %v", rel, refused)
		}
		return nil
	}
	for _, folder := range []string{"hostile-mesh-files", "hostile-minimal"} {
		if err := filepath.WalkDir(filepath.Join(dir, folder), visit); err != nil {
			t.Fatal(err)
		}
	}
	if found != len(want) {
		t.Errorf("found %d of the %d good files", found, len(want))
	}
}

// Allocated returns the bytes that f takes from the heap, garbage included.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Zipped returns what gzip makes of data.
func Zipped(tb testing.TB, data []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	if err := errors.Join(err, z.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// Bytes returns what write writes.
func Bytes(tb testing.TB, write func(io.Writer) error) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

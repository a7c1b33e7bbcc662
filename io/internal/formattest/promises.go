package formattest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// BreaksAnywhere holds that the error of a reader that breaks at any place
// in a good text is not lost. Comments begin with "#".
func BreaksAnywhere(t *testing.T, text string, read func(io.Reader) error) {
	t.Helper()
	if err := read(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	for n := range len(text) + 1 {
		// It breaks in what is looked at first, and beyond.
		for _, before := range []string{"", strings.Repeat("#\n", 300)} {
			Breaks(t, []byte(before+text[:n]), read)
		}
	}
}

// Breaks holds that the error of a reader that breaks after data is not lost.
func Breaks(t *testing.T, data []byte, read func(io.Reader) error) {
	t.Helper()
	broken := errors.New("broken cable")
	if err := read(io.MultiReader(bytes.NewReader(data), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("after %d bytes: want %v, got %v", len(data), broken, err)
	}
}

// Refuses holds that a text gives an error that contains want, and nothing
// besides, however it arrives.
func Refuses(t *testing.T, text, want string, reads ...func(io.Reader) (any, error)) {
	t.Helper()
	for _, read := range reads {
		for _, r := range []io.Reader{strings.NewReader(text), iotest.HalfReader(strings.NewReader(text))} {
			got, err := read(r)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("want an error with %q, got %v", want, err)
			}
			if !reflect.ValueOf(got).IsZero() {
				t.Errorf("want nothing, got %v", got)
			}
		}
	}
}

// Streams reads data at once and byte by byte, which must give the same, and
// returns it.
func Streams[T any](t *testing.T, data []byte, read func(io.Reader) (T, error)) (T, error) {
	t.Helper()
	got, err := read(bytes.NewReader(data))
	streamed, errStreamed := read(iotest.OneByteReader(bytes.NewReader(data)))
	if !reflect.DeepEqual(got, streamed) || !reflect.DeepEqual(err, errStreamed) {
		t.Fatalf("want %v, %v as at once, got %v, %v", got, err, streamed, errStreamed)
	}
	return got, err
}

// FillsDisk holds that a writer's error is not lost, wherever the disk is full.
func FillsDisk(t *testing.T, write func(io.Writer) error) {
	t.Helper()
	size := len(Bytes(t, write))
	for _, room := range []int{0, size / 5, size / 2, size - 1} {
		w := full(room)
		if err := write(&w); !errors.Is(err, errFull) {
			t.Errorf("room for %d of %d bytes: want %v, got %v", room, size, errFull, err)
		}
	}
}

var errFull = errors.New("disk full")

// full is a writer that takes so many bytes and fails.
type full int

// Write takes all of b, or none of it if it does not fit.
func (f *full) Write(b []byte) (int, error) {
	if len(b) > int(*f) {
		return 0, errFull
	}
	*f -= full(len(b))
	return len(b), nil
}

// WritesWhole holds that a file is written over an older one, that what cannot
// be written leaves the old one, and that nothing stays beside it. It returns
// the file's name.
func WritesWhole(t *testing.T, base string, first, good, bad func(name string) error) string {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, base)
	if err := errors.Join(first(name), good(name)); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := bad(name); err == nil || !strings.Contains(err.Error(), name+": ") {
		t.Errorf("want an error with the file's name, got %v", err)
	}
	if err := good(filepath.Join(dir, "none", base)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("want %v, got %v", os.ErrNotExist, err)
	}
	if now, err := os.ReadFile(name); err != nil || !bytes.Equal(now, old) {
		t.Errorf("want the old file, got %d bytes, %v", len(now), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("want one file, got %v, %v", entries, err)
	}
	return name
}

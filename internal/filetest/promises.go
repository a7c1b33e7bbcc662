package filetest

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// Wavy returns the vertices and faces of a sheet of 2*n*n triangles with
// coordinates of many digits.
func Wavy(n int) (vertices [][3]float32, faces [][3]int32) {
	for i := range n + 1 {
		for j := range n + 1 {
			x, y := float64(i)/float64(n), float64(j)/float64(n)
			vertices = append(vertices, [3]float32{float32(x), float32(y), float32(math.Sin(7*x) * math.Cos(5*y))})
		}
	}
	for i := range n {
		for j := range n {
			a := int32(i*(n+1) + j)
			b := a + int32(n) + 1
			faces = append(faces, [3]int32{a, b, b + 1}, [3]int32{a, b + 1, a + 1})
		}
	}
	return vertices, faces
}

// BreaksAnywhere holds that the error of a reader that breaks at any place
// in a good text is not lost. Comments begin with "#".
func BreaksAnywhere(t *testing.T, text string, read func(io.Reader) error) {
	t.Helper()
	if err := read(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken cable")
	for n := range len(text) + 1 {
		// It breaks in what is looked at first, and beyond.
		for _, before := range []string{"", strings.Repeat("#\n", 300)} {
			err := read(io.MultiReader(strings.NewReader(before+text[:n]), iotest.ErrReader(broken)))
			if !errors.Is(err, broken) {
				t.Errorf("%q: want %v, got %v", text[:n], broken, err)
			}
		}
	}
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

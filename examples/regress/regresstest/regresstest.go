// Package regresstest is what the tests of the packages of regress share.
package regresstest

import (
	"bytes"
	"compress/gzip"
	"context"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/study"
)

// Rand returns chance that is the same in every run.
func Rand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 9)) }

// File writes a file into a folder of its own and returns its name.
func File(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// Zipped returns what gzip makes of data.
func Zipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

// Data returns a folder of real data in the one that SETWISE_DATA names, or skips
// the test.
func Data(t *testing.T, folder string) string {
	t.Helper()
	dir := filepath.Join(os.Getenv("SETWISE_DATA"), folder)
	if _, err := os.Stat(dir); err != nil || os.Getenv("SETWISE_DATA") == "" {
		t.Skipf("no %s in a folder that SETWISE_DATA names", folder)
	}
	return dir
}

// Run runs the program of some tasks, with nothing on standard input, and returns
// what it prints, results and notes.
func Run(ctx context.Context, t *testing.T, tasks []study.Task, args ...string) (out, notes string, err error) {
	t.Helper()
	var results, others bytes.Buffer
	err = study.Run(ctx, tasks, args, strings.NewReader(""), &results, &others)
	return results.String(), others.String(), err
}

// LastLine returns the last line of a text.
func LastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// Stopping is a context that is cancelled after so many questions: a training asks
// once a step.
type Stopping struct {
	context.Context
	Left int
}

// Err implements [context.Context].
func (s *Stopping) Err() error {
	if s.Left--; s.Left < 0 {
		return context.Canceled
	}
	return nil
}

// Inked returns the size of the picture in a file, and the rectangle with all of its
// pixels for which is holds.
func Inked(t *testing.T, name string, is func(x int, c color.RGBA) bool) (size, ink image.Rectangle) {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	img, err := png.Decode(f)
	require.NoError(t, err)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if is(x, color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)) {
				ink = ink.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return img.Bounds(), ink
}

// Room requires the picture in a file to have white edges.
func Room(t *testing.T, name string) {
	t.Helper()
	size, ink := Inked(t, name, func(_ int, c color.RGBA) bool { return c != color.RGBA{255, 255, 255, 255} })
	require.True(t, ink.In(size.Inset(3)), "%v in %v", ink, size)
}

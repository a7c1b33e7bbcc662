package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A folder that is not the one of the classes is refused by what was found in it.
func TestOtherFolder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"one/bowl/a.stl", "one/bowl/bb.stl",
		"high/parts/bowl/a.stl", "high/parts/chair/a.stl",
		"higher/my/parts/train/bowl/a.stl", "higher/my/parts/test/bowl/a.stl",
		"deep/deeper/a.stl", "deep/deeper/b.stl",
		"single/bowl/a.stl", "single/chair/a.stl",
		"tests/test/bowl/a.stl", "tests/test/chair/a.stl",
	} {
		solid(t, "bowl", filepath.Join(dir, name))
	}
	for data, want := range map[string]string{
		"one":         `want shapes of two classes or more, got only ["bowl"]`,
		"high":        `want shapes of two classes or more, got only ["parts"]; -data TMP/high/parts goes by the folders in it: ["bowl" "chair"]`,
		"higher":      `want shapes of two classes or more, got only ["my"]; -data TMP/higher/my/parts goes by the folders in it: ["test" "train"]`,
		"deep":        `want shapes of two classes or more, got only ["deeper"]`,
		"deep/deeper": `dataset: TMP/deep/deeper: want folders of classes with files in them, got no such folders but files of shapes, 2, such as a.stl; if they are of one class, the folder above is the one to open`,
		"single":      `want two shapes of a class, one to learn from and one to be tested on, got one shape of each of 2 classes`,
		"tests":       `dataset: want shapes to train and to test with, got 0 and 2`,
	} {
		_, _, err := call(t.Context(), t, little(t.TempDir(), "-data", filepath.Join(dir, data))...)
		require.EqualError(t, err, replaced(want, dir))
	}
}

// What the parts are is said where the data do not say it.
func TestParts(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"x/train/bowl/a.stl", "x/train/chair/b.stl", "x/train/chair/cc.stl", "x/val/bowl/a.stl", "y/train/bowl/a.stl", "y/train/chair/b.stl", "y/val/chair/b.stl", "y/test/bowl/a.stl"} {
		solid(t, filepath.Base(filepath.Dir(name)), filepath.Join(dir, name))
	}
	for data, want := range map[string]string{
		"x":       "there is no part test: what is marked val is tested on\n",
		"y":       "not used: 1 shape of the part val\n",
		"x/train": "TMP/x/train: this part alone is read, and not what lies beside it: [\"val\"]; the folder above has all parts\n",
	} {
		_, notes, err := call(t.Context(), t, little(t.TempDir(), "-data", filepath.Join(dir, data))...)
		require.NoError(t, err)
		require.Contains(t, notes, replaced(want, dir))
	}
	_, notes, err := call(t.Context(), t, little(t.TempDir(), "-data", filepath.Join(dir, "y"))...)
	require.NoError(t, err)
	require.Contains(t, notes, `classes without a shape to be tested on, 1 of 2: ["chair"]`)
	_, _, err = call(t.Context(), t, little(t.TempDir(), "-data", filepath.Join(dir, "y"), "-validate", "0.5")...)
	require.EqualError(t, err, "-validate: want two shapes or more of a class to learn from, so that one can be held back, got 2 shapes of 2 classes")
}

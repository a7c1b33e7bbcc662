package dataset_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
)

// What is passed over in a folder, or may not be the folder that was meant, is
// said.
func TestNotes(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		open  string // below the folder of the files
		want  []string
	}{
		"nothing": {[]string{"cup/a.stl", "bowl/a.stl", ".git/config", "cup/.x"}, "", nil},
		"other files": {[]string{"cup/a.stl", "a.step", "cup/b.step", "cup/notes.txt", "b\x1b.\x1b", "LICENSE"}, "",
			[]string{`passed over: 5 files that are no shapes by their names or places (.step 2, ".\x1b" 1, .txt 1, no ending 1), such as LICENSE`}},
		"one other file":    {[]string{"cup/a.stl", "cup/x.md"}, "", []string{"passed over: 1 file that is no shape by its name or place (.md 1), such as cup/x.md"}},
		"ends without end":  {[]string{"cup/a.stl", "1.a", "1.b", "1.c", "1.d", "1.e", "1.f", "1.g"}, "", []string{"passed over: 7 files that are no shapes by their names or places (.a 1, .b 1, .c 1, .d 1, .e 1, 2 more), such as 1.a"}},
		"one part":          {[]string{"x/train/cup/a.stl", "x/test/cup/b.stl"}, "x/train", []string{`DIR/x/train: this part alone is read, and not what lies beside it: ["test"]; the folder above has all parts`}},
		"the other part":    {[]string{"x/train/cup/a.stl", "x/test/cup/b.stl", "x/val/cup/b.stl"}, "x/test", []string{`DIR/x/test: this part alone is read, and not what lies beside it: ["train" "val"]; the folder above has all parts`}},
		"one part, no more": {[]string{"x/train/cup/a.stl"}, "x/train", nil},
		"both parts":        {[]string{"x/train/cup/a.stl", "x/test/cup/b.stl"}, "x", nil},
		"parts below":       {[]string{"cup/train/a.stl", "cup/test/b.stl", "bowl/train/a.stl"}, "", nil},
		"too high":          {[]string{"old/cup/a.stl", "new/cup/b.stl", "new/cup/c.stl", "new/bowl/b.stl"}, "", []string{`folders within those of the classes mean nothing: ["new/bowl" "new/cup" "old/cup"]`}},
		"listed":            {[]string{"bed/bed_0001.txt", "bed/bed_0002.txt", "modelnet40_train.txt"}, "", []string{"passed over: 1 file that is no shape by its name or place (.txt 1), such as bed/bed_0002.txt"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range c.files {
				switch filepath.Ext(f) {
				case ".stl":
					put(t, dir, f, wedge(1))
				case ".txt":
					put(t, dir, f, map[bool]string{true: "bed_0001\n", false: "0 0 0\n"}[strings.HasPrefix(f, "modelnet")])
				default:
					put(t, dir, f, "")
				}
			}
			s, err := dataset.Open(filepath.Join(dir, c.open), dataset.Options{})
			require.NoError(t, err)
			for i := range s.Notes {
				s.Notes[i] = strings.ReplaceAll(s.Notes[i], dir, "DIR")
			}
			assert.Equal(t, c.want, s.Notes)
		})
	}
}

// A folder of files that are in no folder of a class is refused by one sentence.
func TestOpenTooDeep(t *testing.T) {
	dir := t.TempDir()
	for _, f := range []string{"cup/a.stl", "cup/b.stl", "x/train/a.stl"} {
		put(t, dir, f, wedge(1))
	}
	for _, skip := range []bool{false, true} {
		_, err := dataset.Open(filepath.Join(dir, "cup"), dataset.Options{Skip: skip})
		require.EqualError(t, err, "dataset: "+filepath.Join(dir, "cup")+
			": want folders of classes with files in them, got no such folders but files of shapes, 2, such as a.stl; if they are of one class, the folder above is the one to open")
		_, err = dataset.Open(filepath.Join(dir, "x"), dataset.Options{Skip: skip})
		require.EqualError(t, err, "dataset: "+filepath.Join(dir, "x")+
			": want folders of classes with files in them, got no such folders but files of shapes, 1, such as train/a.stl")
	}
}

// A folder without shapes is refused by what is in it.
func TestOpenOthers(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "cup/a.step", "")
	put(t, dir, "cup/b.step", "")
	_, err := dataset.Open(dir, dataset.Options{})
	require.ErrorContains(t, err, "or one of these and .gz, got none; passed over: 2 files that are no shapes by their names or places (.step 2), such as cup/a.step")
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for _, f := range []string{"b.stl", "a/c.ply", "a/b.xyz.gz", "a/d.md", ".x/e.stl"} {
		put(t, dir, f, "")
	}
	names, notes, err := dataset.Files(dir)
	require.NoError(t, err)
	assert.Equal(t, []string{"a/b.xyz.gz", "a/c.ply", "b.stl"}, names)
	assert.Equal(t, []string{"passed over: 1 file that is no shape by its name or place (.md 1), such as a/d.md"}, notes)
	_, _, err = dataset.Files(filepath.Join(dir, "none"))
	require.ErrorContains(t, err, "dataset: ")
}

package dataset

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"setwise/io/internal/text"
	"setwise/io/shape"
)

const (
	deepest   = 16      // folders within each other
	mostNames = 1 << 20 // in all folders
)

// A walker goes through a folder and all below it, and enters every real folder
// once: those that are there before those that links lead to.
type walker struct {
	dir    string
	names  []string        // of shapes, with slashes and relative to dir
	seen   map[string]bool // real folders
	links  []string        // to folders, which are still to be followed
	again  []string        // links to folders that were seen
	looked int             // names
}

// walk returns the names of the shapes in a folder and all below it, with slashes
// and relative to dir, and what was passed over.
func walk(dir string) (names, notes []string, err error) {
	w := walker{dir: dir, seen: map[string]bool{}}
	if err := w.enter(""); err != nil {
		return nil, nil, err
	}
	for len(w.links) > 0 {
		link := w.links[0]
		w.links = w.links[1:]
		if err := w.enter(link); err != nil {
			return nil, nil, err
		}
	}
	if len(w.again) > 0 {
		notes = []string{fmt.Sprintf("%s: links that lead to folders that are read already are passed over: %s", dir, text.List(w.again))}
	}
	return w.names, notes, nil
}

// enter goes through a folder, by its name relative to dir.
func (w *walker) enter(below string) error {
	folder := filepath.Join(w.dir, filepath.FromSlash(below))
	if strings.Count(below, "/") >= deepest {
		return fmt.Errorf("%s: want at most %d folders within each other", folder, deepest)
	}
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return err
	}
	if w.seen[real] {
		w.again = append(w.again, below)
		return nil
	}
	w.seen[real] = true
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	if w.looked += len(entries); w.looked > mostNames {
		return fmt.Errorf("%s: want at most %d names in all folders, got more: is it the folder that was meant?", w.dir, mostNames)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		name := path.Join(below, e.Name())
		switch {
		case e.IsDir():
			if err := w.enter(name); err != nil {
				return err
			}
		case e.Type()&os.ModeSymlink != 0 && isFolder(filepath.Join(folder, e.Name())):
			w.links = append(w.links, name)
		case endsIn(name, shape.Ends()):
			w.names = append(w.names, name)
		}
	}
	return nil
}

// isFolder reports whether a name leads to a folder.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

package dataset

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
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
	others []string        // of other files
	seen   map[string]bool // real folders
	links  []string        // to folders, which are still to be followed
	again  []string        // links to folders that were seen
	looked int             // names
}

// Files returns the names of the files in a folder and all below it that end as
// those of shapes do, in order, with slashes and relative to the folder, and
// sentences about what was passed over. It goes through folders as [Open] does.
func Files(dir string) (names, notes []string, err error) {
	w, err := walk(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("dataset: %w", err)
	}
	slices.Sort(w.names)
	return w.names, append(w.notes(), passedOver(w.others)...), nil
}

// walk goes through a folder and all below it.
func walk(dir string) (*walker, error) {
	w := &walker{dir: dir, seen: map[string]bool{}}
	if err := w.enter(""); err != nil {
		return nil, err
	}
	for len(w.links) > 0 {
		link := w.links[0]
		w.links = w.links[1:]
		if err := w.enter(link); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// notes says which folders were passed over.
func (w *walker) notes() []string {
	if len(w.again) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: links that lead to folders that are read already are passed over: %s", w.dir, text.List(w.again))}
}

const mostEnds = 5 // in a note

// passedOver says how many files are no shapes, by the ends of their names, if
// there are any.
func passedOver(names []string) []string {
	n := len(names)
	if n == 0 {
		return nil
	}
	ends := map[string]int{}
	for _, name := range names {
		ends[cmp.Or(path.Ext(name), "no ending")]++
	}
	var kinds []string
	for _, end := range slices.SortedFunc(maps.Keys(ends), func(a, b string) int {
		return cmp.Or(cmp.Compare(ends[b], ends[a]), cmp.Compare(a, b))
	}) {
		kinds = append(kinds, fmt.Sprintf("%s %d", text.Name(end), ends[end]))
	}
	if more := len(kinds) - mostEnds; more > 0 {
		kinds = append(kinds[:mostEnds], fmt.Sprintf("%d more", more))
	}
	are := "files that are no shapes by their names or places"
	if n == 1 {
		are = "file that is no shape by its name or place"
	}
	return []string{fmt.Sprintf("passed over: %d %s (%s), such as %s", n, are, strings.Join(kinds, ", "), text.Name(slices.Min(names)))}
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
		default:
			w.others = append(w.others, name)
		}
	}
	return nil
}

// isFolder reports whether a name leads to a folder.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

package dataset

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"setwise/internal/parallel"
	"setwise/io/internal/text"
	"setwise/io/shape"
)

// Options say how a folder is read. The zero value suits most.
type Options struct {
	// Skip passes over files that cannot be read, and tells of them in
	// Set.Skipped. Otherwise one such file is an error, which lists them all.
	Skip bool

	// MostBytes is the largest number of bytes that all shapes together may take.
	// 0 means 4 GiB: some 60 million triangles of STL files.
	MostBytes int64
}

// most returns the bytes that all shapes may take.
func (o Options) most() int64 {
	if o.MostBytes <= 0 {
		return defaultBytes
	}
	return o.MostBytes
}

const (
	defaultBytes = 4 << 30
	mostListed   = 10 // files in an error
)

// A FilesError tells which files of a folder cannot be read.
type FilesError struct {
	Dir    string
	Of     int     // how many files there are
	Errors []error // of those that cannot be read, in the order of their names
}

// Error lists the first ten files.
func (e *FilesError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d of %d files cannot be read:", e.Dir, len(e.Errors), e.Of)
	for i, err := range e.Errors {
		if i == mostListed {
			fmt.Fprintf(&b, "\n\tand %d more", len(e.Errors)-mostListed)
			break
		}
		fmt.Fprintf(&b, "\n\t%v", err)
	}
	return b.String()
}

// Unwrap returns the errors of all files.
func (e *FilesError) Unwrap() []error { return e.Errors }

// Open reads a folder of labelled shapes, laid out as CLASS/..., PART/CLASS/...
// or CLASS/PART/..., where PART is train, test or val, in upper or lower case
// (also training, testing, valid and validation). It is PART/CLASS if all folders
// at the top are called so; beside folders of other names, one called train is
// a class. Files may lie deeper within their class, in folders that mean
// nothing.
//
// Every file whose name ends as a shape's does, with .gz or not, is read (see
// [shape.Ends]), and must lie in the folder of a class. But what ends in .txt
// may be a note: such files are shapes only if there are no others. Beside the
// folders of the classes, .txt and .csv are notes and tables. Other files are
// passed over, and so are names that begin with a dot. Links are followed, but a
// folder is read once, under its own name if it has one: what else leads to it is
// passed over, and Set.Notes says so. There are at most 16 folders within each
// other, and a million names in all.
// Meshes are kept, so that other points can be drawn from them each time. Files
// are read on all cores; the result does not depend on how many there are.
//
// Some folders are known by files that lie in them, and are read as these say:
// see the manual of the package.
//
// Set.Notes says which files are passed over, that folders within those of the
// classes mean nothing, and that a folder called train is read alone although
// test lies beside it.
//
// It is an error if a file cannot be read, a [*FilesError], if there are no
// shapes at all, and if they take more memory than the options allow.
func Open(dir string, o Options) (*Set, error) {
	s, err := open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	return s, nil
}

func open(dir string, o Options) (*Set, error) {
	arrays, err := findArrays(dir)
	if err != nil {
		return nil, err
	}
	var out *Set
	if len(arrays.stems) > 0 {
		out, err = openArrays(dir, arrays, o)
	} else {
		out, err = openFiles(dir, o)
	}
	if err != nil {
		return nil, err
	}
	if err := out.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return out, nil
}

// openFiles reads a folder of files, each a shape.
func openFiles(dir string, o Options) (*Set, error) {
	w, err := walk(dir)
	if err != nil {
		return nil, err
	}
	notes := w.notes()
	entries, err := listed(dir)
	if err == nil && entries == nil {
		var more []string
		entries, more, err = found(dir, slices.Clone(w.names))
		notes = append(notes, more...)
	}
	if err != nil {
		return nil, err
	}
	passed := passedOver(w.without(entries))
	if len(entries) == 0 {
		return nil, fmt.Errorf("%s: want files CLASS/* that end in %s, or one of these and .gz, got none%s",
			dir, strings.Join(shape.Ends(), ", "), strings.Join(append([]string{hint(dir)}, passed...), "; "))
	}
	out, err := load(dir, entries, o)
	if err != nil {
		return nil, err
	}
	out.Notes = append(notes, passed...)
	return out, nil
}

// without returns the names of all files that are not among entries.
func (w *walker) without(entries []entry) []string {
	read := make(map[string]bool, len(entries))
	for _, e := range entries {
		read[e.name] = true
	}
	return slices.DeleteFunc(append(w.names, w.others...), func(name string) bool { return read[name] })
}

// An entry is a file of a folder that is to be read.
type entry struct {
	name  string // with slashes, relative to the folder
	class string // or "" if the file lies in no folder of a class
	part  string
}

// found returns the files of these names below a folder, which their places label,
// and what may not be what was meant.
func found(dir string, names []string) (entries []entry, notes []string, err error) {
	names = withoutNotes(names)
	slices.Sort(names)
	parted, err := isParted(names)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", dir, err)
	}
	called, err := classNames(dir)
	if err != nil {
		return nil, nil, err
	}
	entries = make([]entry, len(names))
	folders := map[string]bool{}
	var unheeded []string
	for i, name := range names {
		class, part, within := place(name, parted)
		entries[i] = entry{name: name, class: class, part: part}
		folders[class] = true
		if len(within) > 0 {
			unheeded = append(unheeded, path.Dir(name))
		}
	}
	users := map[string]int{} // of a name, which must be one to have it
	for folder := range folders {
		users[cmp.Or(called[folder], folder)]++
	}
	for i, e := range entries {
		if name := called[e.class]; name != "" && users[name] == 1 {
			entries[i].class = name
		}
	}
	if len(names) > 0 && len(folders) == 1 && folders[""] {
		return nil, nil, tooDeep(dir, names, parted)
	}
	notes = alone(dir, parted)
	slices.Sort(unheeded)
	if unheeded = slices.Compact(unheeded); len(called) == 0 && len(unheeded) > 0 {
		notes = append(notes, "folders within those of the classes mean nothing: "+text.List(unheeded))
	}
	return entries, notes, nil
}

// withoutNotes leaves out the names of files that are notes.
func withoutNotes(names []string) []string {
	names = slices.DeleteFunc(names, func(name string) bool {
		return !strings.Contains(name, "/") && endsIn(name, []string{".txt", ".csv"})
	})
	isText := func(name string) bool { return endsIn(name, []string{".txt"}) }
	if slices.ContainsFunc(names, func(name string) bool { return !isText(name) }) {
		names = slices.DeleteFunc(names, isText)
	}
	return names
}

// load reads the files of a folder.
func load(dir string, entries []entry, o Options) (*Set, error) {
	most := o.most()
	var taken atomic.Int64
	shapes, errs := make([]Item, len(entries)), make([]error, len(entries))
	parallel.Each(len(entries), func(i int) {
		e := entries[i]
		full := filepath.Join(dir, filepath.FromSlash(e.name))
		if e.class == "" {
			errs[i] = fmt.Errorf("dataset: %s: want a file in the folder of a class", full)
			return
		}
		if taken.Load() > most {
			return // which is reported below
		}
		if shapes[i], errs[i] = read(full, max(o.MostBytes, 0)); errs[i] == nil {
			taken.Add(shapes[i].bytes())
			shapes[i].Name, shapes[i].Part = e.name, e.part
		}
	})
	if taken.Load() > most {
		return nil, fmt.Errorf("%s: want %d files to take at most %d bytes (Options.MostBytes), got more", dir, len(entries), most)
	}

	out := &Set{}
	var labels []string
	for i, s := range shapes {
		if errs[i] != nil {
			out.Skipped = append(out.Skipped, errs[i])
			continue
		}
		out.Shapes = append(out.Shapes, s)
		labels = append(labels, entries[i].class)
	}
	if len(out.Skipped) > 0 && (!o.Skip || len(out.Shapes) == 0) {
		return nil, &FilesError{Dir: dir, Of: len(entries), Errors: out.Skipped}
	}
	out.number(labels)
	return out, nil
}

// hint says what to do with what may be in a folder without shapes.
func hint(dir string) string {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".h5") {
			return "; examples/h5tonpy makes arrays of HDF5 files, such as " + e.Name()
		}
	}
	return ""
}

// number numbers the classes: labels holds the class of each shape.
func (s *Set) number(labels []string) {
	s.Classes = slices.Clone(labels)
	slices.Sort(s.Classes)
	s.Classes = slices.Compact(s.Classes)
	for i, class := range labels {
		s.Shapes[i].Class, _ = slices.BinarySearch(s.Classes, class)
	}
}

package npy

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
)

// maxDirectory bounds the directory of an archive in bytes, for some 50,000
// arrays, because package zip takes several times its size in memory.
const maxDirectory = 4 << 20

// OpenZip reads arrays from the named .npz archive, by the names they were
// saved under: "points" for what the archive holds as points.npy. With no
// names given it reads every array; members of the archive that do not end in
// .npy are passed over. Limits count for all arrays that are read together.
func OpenZip(name string, o Limits, arrays ...string) (map[string]*Array, error) {
	var out map[string]*Array
	err := openZip(name, func(f *os.File, size int64) (err error) {
		out, err = readZip(f, size, o, arrays)
		return err
	})
	return out, err
}

// ZipShapes returns the shapes of the arrays in the named .npz archive, by the
// names they were saved under. Arrays of types that cannot be read are left
// out, and so is all else. No values are read.
func ZipShapes(name string) (map[string][]int, error) {
	var shapes map[string][]int
	err := openZip(name, func(f *os.File, size int64) (err error) {
		shapes, err = zipShapes(f, size)
		return err
	})
	return shapes, err
}

// ReadZipShapes returns the shapes of the arrays in an .npz archive of the given
// size, as [ZipShapes] does.
func ReadZipShapes(r io.ReaderAt, size int64) (map[string][]int, error) {
	shapes, err := zipShapes(r, size)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return shapes, nil
}

func zipShapes(r io.ReaderAt, size int64) (map[string][]int, error) {
	members, names, err := directory(r, size)
	if err != nil {
		return nil, err
	}
	shapes := make(map[string][]int)
	for _, name := range names {
		r, err := members[name].Open()
		if err != nil {
			continue
		}
		if h, err := readHeader(r); err == nil {
			shapes[name] = h.shape
		}
		r.Close()
	}
	return shapes, nil
}

// openZip calls read with the named file and its size, and adds the name to its
// error.
func openZip(name string, read func(*os.File, int64) error) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	if err := read(f, info.Size()); err != nil {
		return fmt.Errorf("npy: %s: %w", name, err)
	}
	return nil
}

// ReadZip reads arrays from an .npz archive of the given size, as [OpenZip]
// does.
func ReadZip(r io.ReaderAt, size int64, o Limits, arrays ...string) (map[string]*Array, error) {
	out, err := readZip(r, size, o, arrays)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return out, nil
}

func readZip(r io.ReaderAt, size int64, o Limits, arrays []string) (map[string]*Array, error) {
	members, names, err := directory(r, size)
	if err != nil {
		return nil, err
	}
	if len(arrays) == 0 {
		arrays = names
	}
	out := make(map[string]*Array, len(arrays))
	budget := compressed(nil, size, o)
	for _, name := range arrays {
		f := members[name]
		if f == nil {
			slices.Sort(names)
			return nil, fmt.Errorf("zip directory: want an array %q, got %.500q", name, names)
		}
		if out[name], err = budget.member(f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return out, nil
}

// directory returns the arrays of an archive by their names, and these in the
// order of the archive.
func directory(r io.ReaderAt, size int64) (map[string]*zip.File, []string, error) {
	ration := &ration{r: r, left: maxDirectory}
	archive, err := zip.NewReader(ration, size)
	if err != nil {
		return nil, nil, fmt.Errorf("zip directory: %w", err)
	}
	ration.left = math.MaxInt64
	members := make(map[string]*zip.File)
	var names []string
	for _, f := range archive.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		if members[name] != nil {
			return nil, nil, fmt.Errorf("zip directory: want each name once, got %q twice", f.Name)
		}
		members[name] = f
		names = append(names, name)
	}
	return members, names, nil
}

// member reads one file of an archive and takes it from what s allows.
func (s *source) member(f *zip.File) (*Array, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s.r = r
	return s.array(true)
}

// A ration is a reader that gives up after a number of bytes.
type ration struct {
	r    io.ReaderAt
	left int64
}

// ReadAt implements [io.ReaderAt].
func (r *ration) ReadAt(p []byte, at int64) (int, error) {
	if r.left -= int64(len(p)); r.left < 0 {
		return 0, fmt.Errorf("want at most %d bytes, got more", maxDirectory)
	}
	return r.r.ReadAt(p, at)
}

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
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	out, err := readZip(f, info.Size(), o, arrays)
	if err != nil {
		return nil, fmt.Errorf("npy: %s: %w", name, err)
	}
	return out, nil
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
	directory := &ration{r: r, left: maxDirectory}
	archive, err := zip.NewReader(directory, size)
	if err != nil {
		return nil, fmt.Errorf("zip directory: %w", err)
	}
	directory.left = math.MaxInt64
	members := make(map[string]*zip.File)
	var names []string
	for _, f := range archive.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		if members[name] != nil {
			return nil, fmt.Errorf("zip directory: want each name once, got %q twice", f.Name)
		}
		members[name] = f
		names = append(names, name)
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

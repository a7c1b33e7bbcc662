package npy

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"slices"

	"setwise/io/internal/source"
	"setwise/io/internal/text"
)

// OpenZip reads arrays from the named .npz archive, by the names they were
// saved under: "points" for what the archive holds as points.npy. With no
// names given it reads every array; members of the archive that do not end in
// .npy are passed over, but an archive of nothing else is an error, which says
// what it is if that is known. Limits count for all arrays that are read together.
func OpenZip(name string, l Limits, arrays ...string) (map[string]*Array, error) {
	var out map[string]*Array
	err := openZip(name, func(f *os.File, size int64) (err error) {
		out, err = readZip(f, size, l, arrays)
		return err
	})
	return out, err
}

// ZipShapes returns the shapes of the arrays in the named .npz archive, by the
// names they were saved under, and for those that cannot be read, because of their
// type or of how they are stored, why not. No values are read.
func ZipShapes(name string) (shapes map[string][]int, unread map[string]error, err error) {
	err = openZip(name, func(f *os.File, size int64) (err error) {
		shapes, unread, err = zipShapes(f, size)
		return err
	})
	return shapes, unread, err
}

// ReadZipShapes returns the shapes of the arrays in an .npz archive of the given
// size, as [ZipShapes] does.
func ReadZipShapes(r io.ReaderAt, size int64) (shapes map[string][]int, unread map[string]error, err error) {
	if shapes, unread, err = zipShapes(r, size); err != nil {
		err = fmt.Errorf("npy: %w", err)
	}
	return shapes, unread, err
}

func zipShapes(r io.ReaderAt, size int64) (map[string][]int, map[string]error, error) {
	members, names, err := directory(r, size)
	if err != nil {
		return nil, nil, err
	}
	shapes, unread := make(map[string][]int), make(map[string]error)
	left := size + mostDirectory
	for _, name := range names {
		h, err := headerOf(members[name])
		if err != nil {
			unread[name] = err
			continue
		}
		if left -= h.end; left < 0 {
			return nil, nil, fmt.Errorf("want headers of %d arrays that take at most %d bytes, got more", len(names), size+mostDirectory)
		}
		shapes[name] = h.shape
	}
	return shapes, unread, nil
}

// headerOf reads the header of an array in an archive.
func headerOf(f *zip.File) (*header, error) {
	r, err := unpack(f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readHeader(r)
}

// openZip calls read with the named file and its size, and adds the name to its
// error.
func openZip(name string, read func(*os.File, int64) error) error {
	f, err := source.File(name)
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
func ReadZip(r io.ReaderAt, size int64, l Limits, arrays ...string) (map[string]*Array, error) {
	out, err := readZip(r, size, l, arrays)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return out, nil
}

func readZip(r io.ReaderAt, size int64, l Limits, arrays []string) (map[string]*Array, error) {
	members, names, err := directory(r, size)
	if err != nil {
		return nil, err
	}
	if len(arrays) == 0 {
		arrays = names
	}
	out := make(map[string]*Array, len(arrays))
	budget := compressed(nil, size, l)
	for _, name := range arrays {
		f := members[name]
		if f == nil {
			slices.Sort(names)
			return nil, fmt.Errorf("zip directory: want an array %.80q, got %s", name, text.List(names))
		}
		if out[name], err = budget.member(f); err != nil {
			return nil, fmt.Errorf("%s: %w", text.Name(f.Name), err)
		}
	}
	return out, nil
}

// member reads one file of an archive and takes it from what s allows.
func (s *input) member(f *zip.File) (*Array, error) {
	r, err := unpack(f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s.r = r
	return s.array(true)
}

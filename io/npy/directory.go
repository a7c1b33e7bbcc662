package npy

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"setwise/io/internal/source"
	"setwise/io/internal/text"
)

// mostDirectory bounds the directory of an archive in bytes, for some 50,000
// arrays, because package zip takes several times its size in memory.
const mostDirectory = 4 << 20

// directory returns the arrays of an archive by their names, and these in the
// order of the archive. No two members have bytes in common, so that all of them
// together take no more work than the archive is long. Names mean nothing but
// themselves: none is ever a file's.
func directory(r io.ReaderAt, size int64) (map[string]*zip.File, []string, error) {
	archive, err := source.Zip(r, size, mostDirectory)
	if err != nil {
		return nil, nil, err
	}
	members := make(map[string]*zip.File)
	var names []string
	for _, f := range archive.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		if members[name] != nil {
			return nil, nil, fmt.Errorf("zip directory: want each name once, got %.80q twice", f.Name)
		}
		members[name] = f
		names = append(names, name)
	}
	if len(names) == 0 && len(archive.File) > 0 {
		return nil, nil, fmt.Errorf("zip directory: want arrays, which are called NAME.npy, got %s", contents(archive.File))
	}
	if err := apart(archive.File, size); err != nil {
		return nil, nil, fmt.Errorf("zip directory: %w", err)
	}
	return members, names, nil
}

// apart checks that members do not overlap, and end before the archive does.
func apart(files []*zip.File, size int64) error {
	type span struct {
		*zip.File
		lo, hi int64
	}
	spans := make([]span, 0, len(files))
	for _, f := range files {
		lo, err := f.DataOffset()
		if err != nil {
			continue // which is reported when it is read
		}
		if f.CompressedSize64 > uint64(max(size-lo, 0)) {
			return fmt.Errorf("%s: want %d bytes from byte %d on, got an archive of %d", text.Name(f.Name), f.CompressedSize64, lo, size)
		}
		spans = append(spans, span{f, lo, lo + int64(f.CompressedSize64)})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi)) })
	for i := 1; i < len(spans); i++ {
		// Nor does the one before end within the header of the next, which has
		// its name at least.
		a, b := spans[i-1], spans[i]
		if begin := b.lo - 30 - int64(len(b.Name)); a.hi > begin {
			return fmt.Errorf("%s and %s overlap at byte %d: want bytes of their own for each", text.Name(a.Name), text.Name(b.Name), max(begin, a.lo))
		}
	}
	return nil
}

// methods are the names of what zip archives may be compressed by, besides the
// two that can be read.
var methods = map[uint16]string{
	1: "shrink", 2: "reduce", 3: "reduce", 4: "reduce", 5: "reduce", 6: "implode", 9: "deflate64", 10: "implode", 12: "bzip2", 14: "LZMA",
	16: "CMPSC", 18: "TERSE", 19: "LZ77", 20: "Zstandard", 93: "Zstandard", 94: "MP3", 95: "XZ", 96: "JPEG", 97: "WavPack", 98: "PPMd", 99: "AES",
}

// unpack opens a member of an archive.
func unpack(f *zip.File) (io.ReadCloser, error) {
	const encrypted, wide = 1 << 0, 1 << 6
	if f.Flags&(encrypted|wide) != 0 || f.Method == 99 {
		return nil, errors.New("encrypted: want an array that can be read without a password")
	}
	r, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		name, ok := methods[f.Method]
		if !ok {
			name = fmt.Sprintf("method %d", f.Method)
		}
		return nil, fmt.Errorf("compressed by %s: want deflate or nothing, as numpy.savez_compressed and numpy.savez write", name)
	}
	return r, err
}

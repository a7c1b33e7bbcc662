// Package source opens what readers of files are given: streams of which the
// beginning can be looked at, compressed by gzip or not, and not to be trusted.
//
// Every format is read through a [Stream]. Its Size is known for regular files
// and readers with a Len method, so that a header that promises more than can
// come is refused at once; what is unzipped has no known size, and may expand
// 100-fold at most once it is past 48 MiB. Pointers of Git LFS and git-annex are
// refused, and so is what is no regular file, by [File].
package source

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// HeadSize is how much of the beginning of a stream is looked at.
const HeadSize = 512

// A Stream is a stream of which the beginning has been looked at.
type Stream struct {
	io.Reader        // everything, the beginning included
	Name      string // what errors call it, or ""
	Head      []byte // the first 512 bytes, or all there is
	Size      int64  // of everything, as far as stated, or -1

	whole *io.SectionReader // everything, if any place of it can be read, or nil
}

// Open returns what read makes of the named file, unzipped if need be, or
// nothing and an error that begins with the name of the format and the file's
// name.
func Open[T any](format, name string, read func(*Stream) (T, error)) (none T, err error) {
	f, err := File(name)
	if err != nil {
		return none, fmt.Errorf("%s: %w", format, err)
	}
	defer f.Close()
	return Read(format+": "+name, f, read)
}

// Read returns what read makes of r, unzipped if need be, or nothing and an
// error that begins with what r is. A [Stream] is taken as it is, and its name is
// part of the error.
func Read[T any](what string, r io.Reader, read func(*Stream) (T, error)) (none T, err error) {
	s, given := r.(*Stream)
	if given {
		if s.Name != "" {
			what += ": " + s.Name
		}
	} else if s, err = New(r); err == nil && s.Zipped() {
		s, err = s.Unzip()
	}
	if err != nil {
		return none, fmt.Errorf("%s: %w", what, err)
	}
	out, err := read(s)
	if err != nil {
		return none, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

// New looks at the beginning of r. A pointer, which stands for a file that is
// elsewhere, is an error.
func New(r io.Reader) (*Stream, error) {
	size := stated(r)
	var whole *io.SectionReader
	if any, ok := r.(interface {
		io.ReaderAt
		io.Seeker
	}); ok && size >= 0 {
		at, err := any.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		whole = io.NewSectionReader(any, at, size)
	}
	s, err := peek(r, size)
	if err != nil {
		return nil, err
	}
	s.whole = whole
	return s, nil
}

// Whole returns all that is in s and its size, to be read in any order. What
// can only be read once is put in memory, unless it is more than most bytes,
// which is an error. s must not be read before or afterwards.
func (s *Stream) Whole(most int64) (io.ReaderAt, int64, error) {
	if s.whole != nil {
		return s.whole, s.Size, nil
	}
	b, err := io.ReadAll(io.LimitReader(s, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("more than %d bytes: want no more from a stream, or a file", most)
	}
	return bytes.NewReader(b), int64(len(b)), err
}

// Measure reads up to most bytes ahead. If that is everything, its size becomes
// known.
func (s *Stream) Measure(most int64) error {
	b, err := io.ReadAll(io.LimitReader(s.Reader, most+1))
	if err != nil {
		return err
	}
	if int64(len(b)) <= most {
		s.Size = int64(len(b))
	}
	s.Reader = io.MultiReader(bytes.NewReader(b), s.Reader)
	return nil
}

// stated returns the number of bytes that r says are left in it, or -1.
func stated(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len())
	case *os.File:
		info, err := r.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return -1
		}
		at, err := r.Seek(0, io.SeekCurrent)
		if err != nil {
			return -1
		}
		return info.Size() - at
	}
	return -1
}

// peek reads the beginning of r, however little comes at a time.
func peek(r io.Reader, size int64) (*Stream, error) {
	head := make([]byte, HeadSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	if err := Pointer(head); err != nil {
		return nil, err
	}
	return &Stream{Reader: io.MultiReader(bytes.NewReader(head), r), Head: head, Size: size}, nil
}

// Package npy reads and writes NumPy arrays: .npy files, plain or compressed
// with gzip, and the arrays in .npz archives.
//
//	a, err := npy.Open("points.npy.gz", npy.Limits{})
//	...
//	a.Shape          // [4816 1024 3]
//	a.Rows(10, 11)   // one cloud: 3072 float32 values
//	err = npy.WriteFile("scores.npy", scores, len(scores)/10, 10)
//
// # What is read
//
// Booleans, integers of 8 to 64 bits with and without sign, and floats of 16,
// 32 and 64 bits, in either byte order, in C or Fortran order, of any shape:
// descr |b1, |i1, |u1 and i2, i4, i8, u2, u4, u8, f2, f4, f8 after <, > or =.
// Formats 1.0, 2.0 and 3.0 are read, and headers that Python 2 wrote, with
// dimensions such as 6L. Everything else (complex numbers, strings, dates,
// records, Python objects) is refused with an error that names the descr.
// Nothing is ever unpickled.
//
// An [Array] keeps its values in the type of the file, so bytes on disk are
// bytes in memory, and turns them into the type that is asked for:
//
//   - values are in C order (the last dimension varies fastest); an array
//     stored in Fortran order is reordered while it is read;
//   - a bool is 0 or 1; a 16-bit float is exact in float32 and float64;
//   - to a float, every value goes to the nearest: integers beyond 2^24 as
//     float32 or 2^53 as float64 may lose their low digits, and a float64 too
//     large for float32 becomes an infinity;
//   - to an int64, only whole numbers that fit go; others are an error;
//   - NaN and infinities are values like any others;
//   - a scalar, shape (), has one value.
//
// # Files that lie
//
// A file is not trusted. The header is at most 64 KiB, dimensions and their
// product are checked for sign and overflow, and the values they promise are
// compared with [Limits] and with the length of the file, before memory is
// taken. Where the length is not known (a pipe, a compressed file) no more
// than 48 MiB beyond the size of the file is taken before the values have
// come. Compressed files may by default grow to no more than that, which stops
// bombs; set Limits.Bytes to read data that honestly shrink so far.
// Checksums of gzip and zip are verified, and bytes that follow the array in a
// file are an error; [Read] leaves them for the next call.
//
// Only regular files are opened: what is a pipe, a device or a folder is an error
// and never waited for. The members of an archive must not overlap, have their
// names once, and are stored or deflated; one that is encrypted or compressed by
// something else is refused by the name of it, and so is an archive without arrays
// if it is known what it is, such as a 3MF model or an Excel workbook. The names of
// members are never those of files.
//
// # gonpy
//
// Values of foreign byte order are decoded by github.com/kshedden/gonpy, piece
// by piece. It never sees the file: its header parser panics on odd headers,
// takes memory before it looks at what is there, misreads short reads and
// leaves Fortran order as it is, so it gets headers that this package wrote
// and readers that always fill its buffer. It leaves two bytes of garbage for
// each byte of values, which an array of foreign order can add to the bound
// above until they are collected. Values of little-endian order, which nearly
// all files have, are decoded here, at some seven times the speed and a third
// of the memory; tests hold gonpy to the same values for every type it knows.
// Writing is done here because gonpy leaves out the line end that the
// format wants after its header, and does not check shapes.
package npy

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"setwise/io/internal/source"
)

// An Array is an array of numbers or booleans that came from a file. It is
// safe for concurrent reads. The zero Array holds no values.
type Array struct {
	// Shape holds the dimensions. It is empty for a scalar.
	Shape []int

	// Type is the type of the values as the file names it: NumPy's descr,
	// such as "<f4" or "|u1".
	Type string

	data any // a slice of one of the element types, in C order
}

// Limits bound what a file may ask for. The zero value is the defaults, meant for
// files of unknown origin.
type Limits struct {
	// Bytes is the largest number of bytes that the values may take, in
	// memory, in the type of the file; for an archive, those of all arrays
	// that are read together. Zero means 1 GiB, and for compressed files and
	// archives at most 48 MiB more than the size of the file.
	Bytes int64
}

const (
	defaultBytes = 1 << 30
	slack        = 48 << 20 // bytes taken on trust, before they have come
	pieceBytes   = 256 << 10
)

// Open reads the array in the named .npy file, which may be compressed with
// gzip; its content tells, not its name. The file must end where the array
// does. For archives see [OpenZip].
func Open(name string, l Limits) (*Array, error) {
	f, err := source.File(name)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	a, err := open(f, l)
	if err != nil {
		return nil, fmt.Errorf("npy: %s: %w", name, err)
	}
	return a, nil
}

func open(f *os.File, l Limits) (*Array, error) {
	left, buffered := remaining(f), bufio.NewReaderSize(f, 64<<10)
	magic, err := buffered.Peek(len(gzipMagic))
	if err != nil || string(magic) != gzipMagic {
		// What Peek met, the reader meets again and reports.
		return plain(buffered, left, l).array(true)
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return compressed(z, max(left, 0), l).array(true)
}

// Read reads one array in .npy format, uncompressed, and nothing beyond it:
// several arrays may follow each other in r. At the end of r it returns an
// error that is [io.EOF].
//
// Where r is an [io.Seeker], arrays that are longer than what remains are
// refused at once. Otherwise an array of more than 48 MiB takes twice its size
// while it is read.
func Read(r io.Reader, l Limits) (*Array, error) {
	left := int64(-1)
	switch s := r.(type) {
	case *source.Stream:
		left = s.Size
	case io.Seeker:
		left = remaining(s)
	}
	a, err := plain(r, left, l).array(false)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return a, nil
}

// remaining returns the bytes between the position of s and its end, or -1 if
// they cannot be told, as for pipes and devices.
func remaining(s io.Seeker) int64 {
	at, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return -1
	}
	end, err := s.Seek(0, io.SeekEnd)
	if _, back := s.Seek(at, io.SeekStart); err != nil || back != nil || end == 0 {
		return -1
	}
	return max(end-at, 0)
}

// An input is a stream with an array in it, and what may be believed of it.
type input struct {
	r     io.Reader
	left  int64 // bytes that remain in r, or -1 if unknown
	most  int64 // bytes that the values may take
	trust int64 // of these, bytes that may be taken before they have come
}

// plain returns an input that is not compressed, with left bytes or, if
// negative, as many as come.
func plain(r io.Reader, left int64, l Limits) *input {
	s := &input{r: r, left: left, most: l.Bytes, trust: slack}
	if s.most == 0 {
		s.most = defaultBytes
	}
	if left >= 0 {
		s.trust = math.MaxInt64
	}
	return s
}

// compressed returns an input that r expands from size bytes.
func compressed(r io.Reader, size int64, l Limits) *input {
	s := &input{r: r, left: -1, most: l.Bytes, trust: size + slack}
	if s.most == 0 {
		s.most = min(defaultBytes, s.trust)
	}
	return s
}

// array reads one array. If last, the source must end with it.
func (s *input) array(last bool) (*Array, error) {
	h, err := readHeader(s.r)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("shape %v of %s", h.shape, h.descr)
	need, ok := h.bytes()
	if !ok || need > s.most {
		promised := "more than can be counted"
		if ok {
			promised = fmt.Sprint(need)
		}
		return nil, fmt.Errorf("header: %s: want at most %d bytes of values, got %s (Limits.Bytes sets what is accepted)",
			what, s.most, promised)
	}
	if h.count() == 0 {
		need = 0
	}
	switch rest := s.left - h.end; {
	case s.left < 0:
	case rest < need:
		return nil, fmt.Errorf("data at byte %d: want %d bytes for %s, got %d: %w", h.end, need, what, rest, io.ErrUnexpectedEOF)
	case last && rest > need:
		return nil, fmt.Errorf("data at byte %d: want %d bytes for %s, got %d", h.end, need, what, rest)
	}
	r := s.r
	if need > s.trust {
		pieces := &spool{}
		if err := pieces.fill(r, need); err != nil {
			return nil, short(err, h.end, need, what)
		}
		r = pieces
	}
	data, err := decode(r, h)
	if err != nil {
		return nil, short(err, h.end, need, what)
	}
	if last {
		switch _, err := io.ReadFull(s.r, make([]byte, 1)); {
		case err == nil:
			return nil, fmt.Errorf("data at byte %d: want %d bytes for %s, got more", h.end, need, what)
		case !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("after the data at byte %d: %w", h.end+need, err)
		}
	}
	s.most -= need
	s.trust = max(s.trust-need, 0)
	return &Array{Shape: h.shape, Type: h.descr, data: data}, nil
}

// short describes an error met while reading values.
func short(err error, at, need int64, what string) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("data at byte %d: want %d bytes for %s: %w", at, need, what, err)
}

// A spool holds bytes that came from a stream of unknown length, in pieces
// that are let go as they are read.
type spool struct {
	pieces [][]byte
	head   []byte
}

// fill reads n bytes, taking memory only as they come.
func (s *spool) fill(r io.Reader, n int64) error {
	const piece = 1 << 20
	for n > 0 {
		b := make([]byte, min(n, piece))
		if _, err := io.ReadFull(r, b); err != nil {
			return err
		}
		s.pieces = append(s.pieces, b)
		n -= int64(len(b))
	}
	return nil
}

// Read implements [io.Reader].
func (s *spool) Read(p []byte) (int, error) {
	if len(s.head) == 0 {
		if len(s.pieces) == 0 {
			return 0, io.EOF
		}
		s.head, s.pieces[0] = s.pieces[0], nil
		s.pieces = s.pieces[1:]
	}
	n := copy(p, s.head)
	s.head = s.head[n:]
	return n, nil
}

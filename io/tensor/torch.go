package tensor

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"setwise/io/internal/source"
)

const (
	mostDirectory = 2 << 20 // bytes; the zip reader takes eight times as much
	mostPickle    = 8 << 20 // bytes
)

// ReadPT reads a file of the given size as torch.save writes it. Errors name
// the record or tensor in it and what was expected there.
func ReadPT(r io.ReaderAt, size int64, l Limits) (*File, error) {
	f, err := readTorch(r, size, l)
	if err != nil {
		return nil, fmt.Errorf("pt: %w", err)
	}
	return f, nil
}

func readTorch(r io.ReaderAt, size int64, l Limits) (*File, error) {
	if err := l.check(size); err != nil {
		return nil, err
	}
	head := make([]byte, len(legacyMagic))
	if n, _ := r.ReadAt(head, 0); string(head[:n]) == string(legacyMagic) {
		return nil, errors.New("written in the form from before PyTorch 1.6: want a zip archive; load it in PyTorch and save it again")
	}
	a, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	program, err := a.read("data.pkl", mostPickle)
	if err != nil {
		return nil, err
	}
	value, err := unpickle(program, a)
	if err != nil {
		return nil, fmt.Errorf("data.pkl: %w", err)
	}
	f, err := flatten(value)
	if err != nil {
		return nil, fmt.Errorf("data.pkl: %w", err)
	}
	return f, nil
}

// An archive is the zip file that torch.save writes: one folder with the
// pickle, data.pkl, and the bytes of each storage in data/KEY.
type archive struct {
	size     int64 // of the file
	left     int64 // bytes that may still be read: records must not overlap
	records  map[string]*zip.File
	storages map[string]*storage
	swap     bool // numbers are big-endian
	copied   int  // sizes and strides so far
}

// A storage is memory that tensors are views of.
type storage struct {
	dtype DType
	raw   []byte
}

func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	z, err := source.Zip(r, size, mostDirectory)
	if err != nil {
		return nil, shorten(err)
	}
	a := &archive{size: size, left: size, records: make(map[string]*zip.File, len(z.File)), storages: map[string]*storage{}}
	folder := ""
	for _, f := range z.File {
		if name, ok := strings.CutSuffix(f.Name, "data.pkl"); ok && (name == "" || strings.HasSuffix(name, "/")) {
			if a.records["data.pkl"] != nil {
				return nil, fmt.Errorf("want one data.pkl, got %.100q too", f.Name)
			}
			folder, a.records["data.pkl"] = name, f
		}
	}
	if a.records["data.pkl"] == nil {
		return nil, errors.New("want a data.pkl, as torch.save writes, got a zip archive without")
	}
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, folder)
		if !ok || name == "data.pkl" {
			continue
		}
		if a.records[name] != nil {
			return nil, fmt.Errorf("record %.100q: want it once", name)
		}
		a.records[name] = f
	}
	if a.records["constants.pkl"] != nil {
		return nil, errors.New("want what torch.save writes, got TorchScript")
	}
	if a.records["byteorder"] != nil {
		order, err := a.read("byteorder", 16)
		if err != nil {
			return nil, err
		}
		if a.swap = string(order) == "big"; !a.swap && string(order) != "little" {
			return nil, fmt.Errorf("record \"byteorder\": want little or big, got %q", order)
		}
	}
	return a, nil
}

// read returns the bytes of a record of at most most bytes, whose checksum it
// verifies.
func (a *archive) read(name string, most int64) ([]byte, error) {
	f := a.records[name]
	if f == nil {
		return nil, fmt.Errorf("record %.100q: want it in the archive, got none", name)
	}
	size := f.UncompressedSize64
	switch {
	case f.Method != zip.Store || size != f.CompressedSize64 || f.Flags&1 != 0:
		return nil, fmt.Errorf("record %.100q: want it neither compressed nor encrypted, as torch.save writes it", name)
	case size > uint64(most):
		return nil, fmt.Errorf("record %.100q: want at most %d bytes, got %d", name, most, size)
	case size > uint64(a.left):
		return nil, fmt.Errorf("record %.100q: want records that do not overlap, got %d bytes where %d are left in the file", name, size, a.left)
	}
	a.left -= int64(size)
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("record %.100q: %w", name, err)
	}
	defer r.Close()
	raw := make([]byte, size)
	n, err := io.ReadFull(r, raw)
	if err != nil {
		return nil, fmt.Errorf("record %.100q: %w", name, ended(err, "want %d bytes, got %d", size, n))
	}
	switch _, err := r.Read(make([]byte, 1)); err { // verifies the checksum
	case io.EOF:
		return raw, nil
	case nil:
		return nil, fmt.Errorf("record %.100q: want its end after %d bytes", name, size)
	default:
		return nil, fmt.Errorf("record %.100q: %w", name, err)
	}
}

// storage returns the storage with the given key, which holds n elements.
func (a *archive) storage(key string, d DType, n int64) (*storage, error) {
	s := a.storages[key]
	if s == nil {
		raw, err := a.read("data/"+key, a.size)
		if err != nil {
			return nil, err
		}
		if a.swap {
			swap(raw, d.Size())
		}
		s = &storage{dtype: d, raw: raw}
		a.storages[key] = s
	}
	if have := len(s.raw) / d.Size(); s.dtype != d || int64(have) != n || len(s.raw) != have*d.Size() {
		return nil, fmt.Errorf("storage %.100q: want %d bytes of %s, got %d elements of %s", key, len(s.raw), s.dtype, n, d)
	}
	return s, nil
}

// swap reverses the bytes of every number of the given width.
func swap(raw []byte, width int) {
	switch width {
	case 2:
		for ; len(raw) >= 2; raw = raw[2:] {
			binary.LittleEndian.PutUint16(raw, binary.BigEndian.Uint16(raw))
		}
	case 4:
		for ; len(raw) >= 4; raw = raw[4:] {
			binary.LittleEndian.PutUint32(raw, binary.BigEndian.Uint32(raw))
		}
	case 8:
		for ; len(raw) >= 8; raw = raw[8:] {
			binary.LittleEndian.PutUint64(raw, binary.BigEndian.Uint64(raw))
		}
	}
}

// view returns the tensor that is a view of s.
func (a *archive) view(s *storage, offset int, size, strides []int) (*Tensor, error) {
	n, err := elements(size)
	if err != nil {
		return nil, err
	}
	width := s.dtype.Size()
	if err := within(len(s.raw)/width, offset, size, strides); err != nil {
		return nil, err
	}
	if int64(n) > a.size/int64(width) {
		return nil, fmt.Errorf("shape %s: want no more elements than the file could hold", brief(size))
	}
	t := &Tensor{Shape: size, Type: s.dtype, data: s.raw[offset*width:]}
	if plain(size, strides) {
		t.data = t.data[: n*width : n*width]
	} else {
		t.size, t.strides = append([]int(nil), size...), strides
	}
	return t, nil
}

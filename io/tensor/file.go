package tensor

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"setwise/io/internal/atomicfile"
	"setwise/io/internal/source"
)

var (
	zipMagic    = []byte("PK\x03\x04")
	legacyMagic = []byte("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") // a pickled integer
)

// Open reads the named file: as a torch file if it is a zip archive, and as
// safetensors otherwise. Errors name the file, the tensor or place in it, and
// what was expected there. What is no regular file, such as a pipe, is an error,
// and so is a pointer of Git LFS.
func Open(name string, l Limits) (*File, error) {
	r, err := source.File(name)
	if err != nil {
		return nil, fmt.Errorf("tensor: %w", err)
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return nil, fmt.Errorf("tensor: %w", err)
	}
	head := make([]byte, len(legacyMagic))
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("tensor: %w", err)
	}
	head = head[:n]
	if bytes.HasPrefix(head, zipMagic) || bytes.HasPrefix(head, legacyMagic) {
		f, err := readTorch(r, info.Size(), l)
		if err != nil {
			return nil, fmt.Errorf("pt: %s: %w", name, err)
		}
		return f, nil
	}
	if err := l.check(info.Size()); err == nil && len(head) > 8 && head[8] != '{' && binary.LittleEndian.Uint64(head) > mostHeader {
		return nil, fmt.Errorf("tensor: %s: want a safetensors file, or one that torch.save wrote, got a file that begins with %.40q", name, head)
	}
	f, err := readSafetensors(r, info.Size(), l)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %s: %w", name, err)
	}
	return f, nil
}

// WriteFile writes f to the named file as safetensors. There is the old file or
// the new one at any time, whatever happens.
func WriteFile(name string, f *File) error {
	return atomicfile.WriteFormat("safetensors", name, func(w io.Writer) error { return write(w, f) })
}

package tensor

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

var (
	zipMagic    = []byte("PK\x03\x04")
	legacyMagic = []byte("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") // a pickled integer
)

// Open reads the named file: as a torch file if it is a zip archive, and as
// safetensors otherwise. Errors name the file, the tensor or place in it, and
// what was expected there.
func Open(name string, l Limits) (*File, error) {
	r, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("tensor: %w", err)
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return nil, fmt.Errorf("tensor: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("tensor: %s: want a regular file", name)
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
	f, err := readSafetensors(r, info.Size(), l)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %s: %w", name, err)
	}
	return f, nil
}

// WriteFile writes f to the named file as safetensors. The file is written
// aside in the same directory and put in its place once it is safe on disk, so
// that there is the old file or the new one at any time, whatever happens.
func WriteFile(name string, f *File) error {
	aside, err := createAside(name)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	buf := bufio.NewWriterSize(aside, 1<<18)
	err = write(buf, f)
	if err == nil {
		err = buf.Flush()
	}
	if err == nil {
		err = aside.Sync()
	}
	err = errors.Join(err, aside.Close())
	if err == nil {
		err = os.Rename(aside.Name(), name)
	}
	if err == nil {
		err = syncDir(filepath.Dir(name))
	}
	if err != nil {
		os.Remove(aside.Name()) // gone already if it was renamed
		return fmt.Errorf("safetensors: %s: %w", name, err)
	}
	return nil
}

// createAside creates a file beside the named one with the permissions that a
// new file has.
func createAside(name string) (*os.File, error) {
	for i := 0; ; i++ {
		f, err := os.OpenFile(fmt.Sprintf("%s.%d-%d.tmp", name, os.Getpid(), i), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) || i == 10_000 {
			return f, err
		}
	}
}

// syncDir makes a renaming in a directory safe on disk, where the system has a
// way to do so.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Package files writes the files that the examples leave behind.
package files

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Write gives the named file the contents that write writes, at once and
// whole: on failure the old file stays, if there is one. What write writes is
// buffered.
func Write(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".unfinished-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	buf := bufio.NewWriter(f)
	err = errors.Join(write(buf), buf.Flush(), f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

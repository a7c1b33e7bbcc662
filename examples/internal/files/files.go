// Package files reads the data of the examples, and writes the files that they leave
// behind.
package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Write gives the named file the contents that write writes, at once and whole:
// on failure the old file stays, if there is one. They are held in memory before.
//
// While they go to disk they are in a file NAME.unfinished-0, or of another number
// if several write NAME at once. What a process leaves there that is killed is
// removed when NAME is written again, an hour later or more.
func Write(name string, write func(io.Writer) error) error {
	var contents bytes.Buffer
	if err := write(&contents); err != nil {
		return err
	}
	f, err := beside(name)
	if err != nil {
		return err
	}
	_, err = contents.WriteTo(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

const (
	writers = 1000 // at most, of one name at a time
	left    = time.Hour
)

// beside creates a new file in the folder of the named one.
func beside(name string) (*os.File, error) {
	for i := range writers {
		part := fmt.Sprintf("%s.unfinished-%d", name, i)
		if info, err := os.Stat(part); err == nil && time.Since(info.ModTime()) > left {
			_ = os.Remove(part) // or it is passed over below
		}
		f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("%s: want at most %d unfinished files beside it", name, writers)
}

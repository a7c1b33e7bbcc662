// Package files writes the files that the examples leave behind.
package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Write gives the named file the contents that write writes, at once and whole:
// on failure the old file stays, if there is one. What write writes is buffered.
//
// Until then it is in a file NAME.unfinished-0, or of another number while
// several write NAME at once. What a process leaves there that is killed is
// removed when NAME is written again, an hour later or more.
func Write(name string, write func(io.Writer) error) (err error) {
	f, err := beside(name)
	if err != nil {
		return err
	}
	whole := false
	defer func() {
		if !whole {
			_ = f.Close() // again, unless write panics
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	buf := bufio.NewWriter(f)
	if err := errors.Join(write(buf), buf.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	whole = true
	return nil
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

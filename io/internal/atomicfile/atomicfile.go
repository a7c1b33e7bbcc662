// Package atomicfile writes files whole or not at all.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Write gives the named file the contents that write writes. They go to a new
// file beside it, which takes the name once it is safe on disk: at any time
// there is the old file or the new one, whatever happens. On failure the old
// file stays, and nothing new. A new file has the permissions that os.Create
// gives. What write writes is buffered.
//
// The new file is called NAME.unfinished-0, or by another number if several
// write NAME at once, and is locked. A process that is killed leaves it behind;
// it is removed when NAME is next written, for a lock ends with its process.
// Where there are no locks, it is removed once it is a day old.
func Write(name string, write func(io.Writer) error) (err error) {
	f, err := beside(name)
	if err != nil {
		return err
	}
	finished := false
	defer func() {
		if !finished {
			_ = f.Close()
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	buf := bufio.NewWriterSize(f, 1<<18)
	if err := write(buf); err != nil {
		return err
	}
	if err := buf.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := take(f, name); err != nil {
		return err
	}
	finished = true
	return syncFolder(filepath.Dir(name))
}

// WriteFormat is [Write] of a file of a format, with errors that begin with the
// format and the file's name.
func WriteFormat(format, name string, write func(io.Writer) error) error {
	if err := Write(name, write); err != nil {
		return fmt.Errorf("%s: %s: %w", format, name, err)
	}
	return nil
}

const (
	writers = 1000 // at most, of one name at a time
	swept   = 8    // numbers that are looked at in any case
	old     = 24 * time.Hour
)

func part(name string, i int) string { return fmt.Sprintf("%s.unfinished-%d", name, i) }

// beside creates a new file in the folder of the named one, and removes what
// others left there unfinished.
func beside(name string) (f *os.File, err error) {
	for i := range writers {
		if f == nil {
			if f, err = create(part(name, i)); err != nil && !errors.Is(err, os.ErrExist) {
				return nil, err
			}
		} else if i < swept {
			discard(part(name, i))
		} else {
			break
		}
	}
	return f, err
}

// create creates and locks a new file, after one that was left by that name.
func create(name string) (*os.File, error) {
	for range 10 {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, os.ErrExist) && discard(name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		locked := lock(f)
		mine, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if now, err := os.Lstat(name); locked != busy && err == nil && os.SameFile(mine, now) {
			return f, nil
		}
		f.Close() // another writer has removed it before it was locked
	}
	return nil, os.ErrExist
}

// discard removes the named file, if there is one that nobody writes any more,
// and reports whether it did.
func discard(name string) bool {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	switch lock(f) {
	case busy:
		return false
	case unknown:
		if time.Since(info.ModTime()) < old {
			return false
		}
		f.Close() // some systems remove closed files only
		return os.Remove(name) == nil
	}
	now, err := os.Lstat(name)
	if mine, err2 := f.Stat(); err != nil || err2 != nil || !os.SameFile(mine, now) {
		return false // finished, or removed by another, in between
	}
	return os.Remove(name) == nil
}

// held says whether a file is locked.
type held int

const (
	ours    held = iota // by this process, now
	busy                // by another
	unknown             // there are no locks
)

// syncFolder makes the renaming safe on disk, where the system has a way to.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

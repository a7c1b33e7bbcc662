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
)

// Write gives the named file the contents that write writes. They go to a new
// file beside it, which takes the name once it is safe on disk: at any time
// there is the old file or the new one, whatever happens. On failure the old
// file stays, and nothing new. A new file has the permissions that os.Create
// gives. What write writes is buffered.
func Write(name string, write func(io.Writer) error) error {
	f, err := beside(name)
	if err != nil {
		return err
	}
	buf := bufio.NewWriterSize(f, 1<<18)
	err = write(buf)
	if err == nil {
		err = buf.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(filepath.Dir(name))
}

// beside creates a new file in the folder of the named one.
func beside(name string) (*os.File, error) {
	for i := 0; ; i++ {
		f, err := os.OpenFile(fmt.Sprintf("%s.%d-%d.part", name, os.Getpid(), i), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) || i == 9999 {
			return f, err
		}
	}
}

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

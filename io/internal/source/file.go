package source

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// File opens the named file, which must be a regular one, for reading. It never
// waits: what is something else is an error that says what it is, such as a
// named pipe, which would wait for someone to write to it, a device, which may
// never end, or a folder. A [Pointer] to the file that was meant is an error too.
// Like those of the package os, errors name the file.
func File(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err == nil {
		err = regular(name, info)
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	head := make([]byte, mostPointer)
	n, err := f.ReadAt(head, 0)
	if err == nil || err == io.EOF {
		err = Pointer(head[:n])
	}
	if err != nil {
		f.Close()
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f, nil
}

// regular returns an error that says what the named file is, unless it is a regular one.
func regular(name string, info fs.FileInfo) error {
	what := "no regular file"
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		what = "a folder"
	case mode&fs.ModeNamedPipe != 0:
		what = "a pipe"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	case mode&fs.ModeDevice != 0:
		what = "a device"
	}
	return &fs.PathError{Op: "open", Path: name, Err: errors.New(what + ": want a regular file")}
}

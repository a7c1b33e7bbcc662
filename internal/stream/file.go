package stream

import (
	"errors"
	"io/fs"
	"os"
)

// File opens the named file, which must be a regular one, for reading. It never
// waits: what is something else is an error that says what it is, such as a
// named pipe, which would wait for someone to write to it, a device, which may
// never end, or a folder. Like those of the package os, errors name the file.
func File(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err == nil {
		err = regular(name, info)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(name)
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

package files

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
)

// Read returns what read makes of the named file, which is unzipped if it begins
// as gzip does. It must be a regular file, not a pipe that would have to be waited
// for, and have no more than most bytes, unzipped. Errors name the file.
func Read[T any](name string, most int64, read func(io.Reader) (T, error)) (none T, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return none, err
	}
	if !info.Mode().IsRegular() {
		return none, fmt.Errorf("%s: want a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return none, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	text := &limited{in, most, most}
	if head, _ := in.Peek(2); string(head) == "\x1f\x8b" {
		if text.r, err = gzip.NewReader(in); err != nil {
			return none, fmt.Errorf("%s: gzip: %w", name, err)
		}
	}
	out, err := read(text)
	if err != nil {
		return none, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// limited is a reader that fails after so many bytes.
type limited struct {
	r          io.Reader
	left, most int64
}

func (l *limited) Read(b []byte) (int, error) {
	n, err := l.r.Read(b)
	if l.left -= int64(n); l.left < 0 {
		return 0, fmt.Errorf("want at most %d bytes, got more", l.most)
	}
	return n, err
}

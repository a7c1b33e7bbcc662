package shape

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"

	"setwise/internal/stream"
	"setwise/internal/words"
)

// detect returns the format of the named file, by its content or else its
// name. Errors do not name the file.
func detect(name string) (format, error) {
	file, err := os.Open(name)
	if err != nil {
		return format{}, err
	}
	defer file.Close()
	s, err := stream.New(file)
	if err != nil {
		return format{}, err
	}
	zipped := s.Zipped() && !binarySTL(s)
	if zipped {
		if s, err = s.Unzip(); err != nil {
			return format{}, err
		}
	}
	kind := byContent(s)
	for _, f := range formats {
		if f.Format != kind {
			continue
		}
		if kind == NPZ && zipped {
			return format{}, errors.New("an archive compressed by gzip: want it as it was")
		}
		return f, nil
	}
	if f, ok := byName(name); ok {
		return f, nil
	}
	return format{}, fmt.Errorf("begins with %.16q: want another kind of file, or a name that ends in %s", s.Head, strings.Join(Ends(), ", "))
}

// byContent returns the format that the beginning of a file shows, or "".
func byContent(s *stream.Source) Format {
	switch {
	case binarySTL(s):
		return STL
	case bytes.HasPrefix(s.Head, []byte("\x93NUMPY")):
		return NPY
	case bytes.HasPrefix(s.Head, []byte("PK\x03\x04")), bytes.HasPrefix(s.Head, []byte("PK\x05\x06")):
		return NPZ
	case bytes.HasPrefix(s.Head, []byte("# .PCD")):
		return PCD
	}
	first := words.NewScanner(bytes.NewReader(s.Head), '#', 0).Next()
	switch {
	case words.Is(first, "solid"):
		return STL
	case words.Is(first, "ply"):
		return PLY
	case words.Is(first, "version"):
		return PCD
	case isOFF(first):
		return OFF
	}
	return ""
}

// binarySTL reports whether a file has the size that its first 84 bytes promise
// if it is binary STL, which for text is out of the question.
func binarySTL(s *stream.Source) bool {
	return len(s.Head) >= 84 && s.Size == 84+50*int64(binary.LittleEndian.Uint32(s.Head[80:]))
}

// isOFF reports whether a word begins an OFF file: OFF with letters before it
// that say what vertices have, and perhaps the number of these grown on to it.
func isOFF(word []byte) bool {
	before, after, ok := bytes.Cut(bytes.ToUpper(word), []byte("OFF"))
	if !ok || len(bytes.Trim(after, "0123456789")) > 0 {
		return false
	}
	return len(before) <= 5 && len(bytes.Trim(before, "STCN4")) == 0
}

// byName returns the format that a file's name tells.
func byName(name string) (format, bool) {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	for _, f := range formats {
		for _, end := range f.ends {
			if strings.HasSuffix(name, end) {
				return f, true
			}
		}
	}
	return format{}, false
}

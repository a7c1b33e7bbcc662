package shape

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"setwise/io/internal/source"
	"setwise/io/internal/text"
)

// detect returns the format of what is in r, by its content or else by a name,
// and what is in it, unzipped if need be. Errors do not name the file.
func detect(r io.Reader, name string, l Limits) (format, *source.Stream, error) {
	s, err := source.New(r)
	if err == nil {
		err = measure(s, l)
	}
	zipped := err == nil && s.Zipped() && !binarySTL(s)
	if zipped {
		if s, err = s.Unzip(); err == nil {
			err = measure(s, l)
		}
	}
	if err != nil {
		return format{}, nil, err
	}
	kind := byContent(s)
	for _, f := range formats {
		if f.Format != kind {
			continue
		}
		if kind == NPZ && zipped {
			return format{}, nil, errors.New("an archive compressed by gzip: want it as it was")
		}
		return f, s, nil
	}
	if f, ok := byName(name); ok {
		return f, s, nil
	}
	return format{}, nil, fmt.Errorf("begins with %.16q: want another kind of file, or a name that ends in %s", s.Head, strings.Join(Ends(), ", "))
}

// measure reads ahead what is of unknown size and may be binary STL, as far as
// that may go, to learn whether it ends there.
func measure(s *source.Stream, l Limits) error {
	if s.Size >= 0 || len(s.Head) < headerSTL || !bytes.ContainsFunc(s.Head[:headerSTL], control) || magic(s) != "" {
		return nil
	}
	if _, faces := l.Most(); triangles(s) > int64(faces) {
		return nil
	}
	return s.Measure(headerSTL + 50*triangles(s))
}

// control reports whether a character is one that text does not have.
func control(c rune) bool { return c < ' ' && (c < '\t' || c > '\r') }

// byContent returns the format that the beginning of a file shows, or "".
func byContent(s *source.Stream) Format {
	if kind := magic(s); kind != "" {
		return kind
	}
	if binarySTL(s) {
		return STL
	}
	first := text.NewScanner(bytes.NewReader(s.Head), '#', 0).Next()
	switch {
	case text.Is(first, "solid"):
		return STL
	case text.Is(first, "ply"):
		return PLY
	case text.Is(first, "version"):
		return PCD
	case isOFF(first):
		return OFF
	}
	return ""
}

// magic returns the format that the first bytes of a file show, or "".
func magic(s *source.Stream) Format {
	switch {
	case bytes.HasPrefix(s.Head, []byte("\x93NUMPY")):
		return NPY
	case bytes.HasPrefix(s.Head, []byte("PK\x03\x04")), bytes.HasPrefix(s.Head, []byte("PK\x05\x06")):
		return NPZ
	case bytes.HasPrefix(s.Head, []byte("# .PCD")):
		return PCD
	}
	return ""
}

const headerSTL = 84 // bytes

// triangles returns how many triangles the header promises if a file is binary
// STL.
func triangles(s *source.Stream) int64 {
	return int64(binary.LittleEndian.Uint32(s.Head[headerSTL-4:]))
}

// binarySTL reports whether a file has the size that its first 84 bytes promise
// if it is binary STL, which for text is out of the question.
func binarySTL(s *source.Stream) bool {
	return len(s.Head) >= headerSTL && s.Size == headerSTL+50*triangles(s)
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

package tensor

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Read reads all of r as safetensors. Errors name the tensor and what was
// expected of it.
//
// A reader with a Len method, such as [bytes.Reader], is read straight into
// the tensors; of other streams, up to twice the largest tensor is taken
// besides, and nothing that did not come.
func Read(r io.Reader, l Limits) (*File, error) {
	size := int64(-1)
	if r, ok := r.(interface{ Len() int }); ok {
		size = int64(r.Len())
	}
	f, err := readSafetensors(r, size, l)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return f, nil
}

// readSafetensors reads a file of the given size, or -1 if that is unknown.
func readSafetensors(r io.Reader, size int64, l Limits) (*File, error) {
	if err := l.check(size); err != nil {
		return nil, err
	}
	var length [8]byte
	if n, err := io.ReadFull(r, length[:]); err != nil {
		return nil, ended(err, "header: want 8 bytes of length, got %d", n)
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > mostHeader {
		return nil, fmt.Errorf("header: want a length of at most %d bytes, got %d", mostHeader, n)
	}
	if size >= 0 && n > uint64(size-8) {
		return nil, fmt.Errorf("header: want %d bytes, got %d", n, size-8)
	}
	header, err := take(r, int(n), size >= 0)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	f, spans, err := parseHeader(header)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	end, err := layOut(spans)
	if err != nil {
		return nil, err
	}
	total := int64(8+n) + int64(end)
	if err := l.check(total); err != nil {
		return nil, err
	}
	if size >= 0 && total != size {
		return nil, fmt.Errorf("data: want %d bytes for the tensors of the header, got %d", end, size-8-int64(n))
	}
	for _, s := range spans {
		if s.data, err = take(r, int(s.end-s.begin), size >= 0); err != nil {
			return nil, fmt.Errorf("tensor %.100q: byte %d of the data: %w", s.name, s.begin, err)
		}
	}
	switch _, err := io.ReadFull(r, length[:1]); err {
	case io.EOF:
		return f, nil
	case nil:
		return nil, fmt.Errorf("data: want %d bytes for the tensors of the header, got more", end)
	default:
		return nil, err
	}
}

// ended turns the end of a file within something into an error that says what.
func ended(err error, format string, args ...any) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf(format, args...)
	}
	return err
}

// take reads n bytes, all of which are there if known; otherwise it takes no
// more than twice the memory of those that come, beyond a megabyte.
func take(r io.Reader, n int, known bool) ([]byte, error) {
	first := n
	if !known {
		first = min(n, 1<<20)
	}
	buf, filled := make([]byte, first), 0
	for {
		k, err := io.ReadFull(r, buf[filled:])
		filled += k
		if err != nil {
			return nil, ended(err, "want %d bytes, got %d", n, filled)
		}
		if filled == n {
			return buf, nil
		}
		grown := make([]byte, min(n, 2*filled))
		copy(grown, buf)
		buf = grown
	}
}

// A span is the place of a tensor in the data of a file.
type span struct {
	*Tensor
	name       string
	begin, end uint64
}

// layOut sorts spans by their place, returns an error unless they follow each
// other and each has the size of its tensor, and returns where they end.
func layOut(spans []span) (end uint64, err error) {
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end), cmp.Compare(a.name, b.name))
	})
	after := "the header"
	for _, s := range spans {
		if s.begin != end || s.end < s.begin {
			return 0, fmt.Errorf("tensor %.100q: want data from byte %d, where %s ends, got bytes %d to %d", s.name, end, after, s.begin, s.end)
		}
		n, err := elements(s.Shape)
		if err != nil {
			return 0, fmt.Errorf("tensor %.100q: %w", s.name, err)
		}
		if want := uint64(n * s.Type.Size()); s.end-s.begin != want {
			return 0, fmt.Errorf("tensor %.100q: want %d bytes for %v, got bytes %d to %d", s.name, want, s.Tensor, s.begin, s.end)
		}
		if s.end > math.MaxInt64-16<<20 {
			return 0, fmt.Errorf("tensor %.100q: want an end of the data that can be, got byte %d", s.name, s.end)
		}
		end, after = s.end, fmt.Sprintf("%.100q", s.name)
	}
	return end, nil
}

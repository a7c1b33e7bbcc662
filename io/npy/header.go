package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

const (
	magic     = "\x93NUMPY"
	gzipMagic = "\x1f\x8b"
	zipMagic  = "PK\x03\x04"

	mostHeader = 64 << 10
	mostDims   = 64 // as NumPy 2 has it
)

// A header is what stands before the values of an array.
type header struct {
	descr   string
	dtype   dtype
	fortran bool
	shape   []int
	end     int64 // bytes from the magic to the first value
}

// count returns the number of values.
func (h *header) count() int {
	n := 1
	for _, d := range h.shape {
		n *= d
	}
	return n
}

// bytes returns the size of the values and whether it fits. Dimensions of 0
// count as 1, so that an array of no values cannot promise 2^62 empty rows.
func (h *header) bytes() (int64, bool) {
	n := int64(h.dtype.size)
	for _, d := range h.shape {
		d := max(int64(d), 1)
		if n > math.MaxInt/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// readHeader reads a header and nothing beyond it.
func readHeader(r io.Reader) (*header, error) {
	var b [12]byte
	if n, err := io.ReadFull(r, b[:8]); err != nil {
		return nil, fmt.Errorf("header: want %q and a version, got %q: %w", magic, b[:n], err)
	}
	if got := string(b[:6]); got != magic {
		hint := ""
		if strings.HasPrefix(got, zipMagic) {
			hint = ", which begins a zip archive (npz)"
		}
		return nil, fmt.Errorf("header: byte 0: want %q, got %q%s", magic, got, hint)
	}
	width := 4
	switch {
	case b[7] == 0 && b[6] == 1:
		width = 2
	case b[7] == 0 && (b[6] == 2 || b[6] == 3):
	default:
		return nil, fmt.Errorf("header: byte 6: want version 1.0, 2.0 or 3.0, got %d.%d", b[6], b[7])
	}
	if _, err := io.ReadFull(r, b[8:8+width]); err != nil {
		return nil, fmt.Errorf("header: byte 8: want the length of the header: %w", unexpected(err))
	}
	size := binary.LittleEndian.Uint32(b[8:]) // the bytes that were not read are 0
	if size > mostHeader {
		return nil, fmt.Errorf("header: byte 8: want a length of at most %d, got %d", mostHeader, size)
	}
	text := make([]byte, size)
	if n, err := io.ReadFull(r, text); err != nil {
		return nil, fmt.Errorf("header: byte %d: want %d bytes, got %d: %w", 8+width, size, n, unexpected(err))
	}
	h, err := parseHeader(text, 8+width)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	h.end = int64(8 + width + len(text))
	return h, nil
}

// unexpected turns the end of a stream into an end in the wrong place.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// appendHeader appends the header of an array in C order: format 1.0, padded
// as the format asks so that the values begin at a multiple of 64 bytes.
func appendHeader(b []byte, descr string, shape []int) []byte {
	const align = 64
	start := len(b)
	b = append(b, magic+"\x01\x00\x00\x00{'descr': '"+descr+"', 'fortran_order': False, 'shape': ("...)
	for i, d := range shape {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(strconv.AppendInt(b, int64(d), 10), ',')
	}
	if len(shape) > 1 {
		b = b[:len(b)-1]
	}
	b = append(b, "), }"...)
	for (len(b)+1-start)%align != 0 {
		b = append(b, ' ')
	}
	b = append(b, '\n')
	binary.LittleEndian.PutUint16(b[start+8:], uint16(len(b)-start-10))
	return b
}

// A dtype is the type of the values: what NumPy calls kind ('b' bool, 'i' and
// 'u' integers, 'f' float), their size in bytes and their byte order.
type dtype struct {
	kind byte
	size int
	big  bool
}

// name returns the kind and size, such as "f4".
func (d dtype) name() string { return fmt.Sprintf("%c%d", d.kind, d.size) }

// parseType reads a descr that is a plain string.
func parseType(descr string) (dtype, error) {
	order, rest := byte('='), descr
	if rest != "" && strings.IndexByte("<>=|", rest[0]) >= 0 {
		order, rest = rest[0], rest[1:]
	}
	switch rest {
	case "b1", "i1", "u1", "i2", "u2", "f2", "i4", "u4", "f4", "i8", "u8", "f8":
		if d := (dtype{rest[0], int(rest[1] - '0'), order == '>'}); d.size == 1 || order != '|' {
			return d, nil
		}
	}
	kind := "something else"
	if rest != "" {
		switch rest[0] {
		case 'c':
			kind = "complex numbers"
		case 'O':
			kind = "Python objects"
		case 'S', 'a', 'U':
			kind = "strings"
		case 'M', 'm':
			kind = "dates or durations"
		case 'V', '[', '(', '{':
			kind = "records"
		}
	}
	if len(descr) > 80 {
		descr = descr[:77] + "..."
	}
	return dtype{}, fmt.Errorf("descr: want a bool (b1), an integer (i1 to i8, u1 to u8) or a float (f2, f4, f8), got %q: %s", descr, kind)
}

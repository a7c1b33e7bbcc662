package digits

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"setwise/examples/internal/files"
	"setwise/examples/regress/drawings"
)

const (
	side   = drawings.Side
	fewest = 20 // digits that can be learned from and tested on
)

// readDigits reads the test digits of the MNIST database from a folder.
func readDigits(dir string) ([]drawings.Drawing, error) {
	images, err := readIdx(filepath.Join(dir, "t10k-images-idx3-ubyte"), side, side)
	if err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "t10k-labels-idx1-ubyte")
	labels, err := readIdx(name)
	if err != nil {
		return nil, err
	}
	if len(images) != len(labels)*side*side {
		return nil, fmt.Errorf("%s: want %d labels, one a picture, got %d", name, len(images)/(side*side), len(labels))
	}
	if len(labels) < fewest {
		return nil, fmt.Errorf("%s: want at least %d digits, got %d", name, fewest, len(labels))
	}
	digits := make([]drawings.Drawing, len(labels))
	for i, label := range labels {
		if label > 9 {
			return nil, fmt.Errorf("%s: want digits from 0 to 9, got %d at %d", name, label, i)
		}
		d := drawings.Drawing{Pixels: make([]float32, side*side), Class: int(label)}
		for k := range d.Pixels {
			d.Pixels[k] = float32(images[i*side*side+k]) / 255
		}
		digits[i] = d
	}
	return digits, nil
}

// readIdx reads a file of the MNIST database, compressed or not: a list of
// arrays of bytes of the given sizes.
func readIdx(name string, sizes ...int) ([]byte, error) {
	if _, err := os.Stat(name); err != nil {
		name += ".gz"
	}
	const most = 100 << 20 // bytes
	return files.Read(name, most, func(r io.Reader) ([]byte, error) { return parseIdx(r, sizes...) })
}

func parseIdx(r io.Reader, sizes ...int) ([]byte, error) {
	const most = 100_000 // arrays
	head := make([]byte, 8+4*len(sizes))
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("want a header of %d bytes: %w", len(head), err)
	}
	if want := []byte{0, 0, 8, byte(1 + len(sizes))}; !bytes.Equal(head[:4], want) {
		return nil, fmt.Errorf("want %v in the beginning, got %v", want, head[:4])
	}
	n := int64(binary.BigEndian.Uint32(head[4:]))
	if n > most {
		return nil, fmt.Errorf("want at most %d arrays, got %d", most, n)
	}
	for i, want := range sizes {
		if got := binary.BigEndian.Uint32(head[8+4*i:]); got != uint32(want) {
			return nil, fmt.Errorf("want arrays of sizes %d, got one of %d", sizes, got)
		}
		n *= int64(want)
	}
	values, err := io.ReadAll(io.LimitReader(r, n+1))
	if err == nil && int64(len(values)) != n {
		err = fmt.Errorf("want %d bytes after the header, got %d", n, len(values))
	}
	return values, err
}

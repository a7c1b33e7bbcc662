package source

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
)

// Zip opens an archive of size bytes of which the directory has most bytes at most:
// package zip takes several times as much memory for it.
func Zip(r io.ReaderAt, size, most int64) (*zip.Reader, error) {
	part := &ration{r: r, most: most, left: most}
	z, err := zip.NewReader(part, size)
	if err != nil {
		return nil, fmt.Errorf("zip directory: %w", err)
	}
	part.left = math.MaxInt64
	return z, nil
}

// A ration is a reader that gives up after a number of bytes.
type ration struct {
	r          io.ReaderAt
	most, left int64
}

// ReadAt implements [io.ReaderAt].
func (r *ration) ReadAt(p []byte, at int64) (int, error) {
	if r.left -= int64(len(p)); r.left < 0 {
		return 0, fmt.Errorf("want at most %d bytes, got more", r.most)
	}
	return r.r.ReadAt(p, at)
}

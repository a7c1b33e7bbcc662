package pcd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"setwise/internal/elementary"
	"setwise/io/internal/column"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// A user is who wants what is in a file.
type user interface {
	// start sees the points before they come, and says which fields to skip. If
	// sure, the file is large enough for all points; they come as text or not.
	start(t *column.Table, sure, text bool) error

	// take sees the points in the lanes. If it does not empty the table, the next
	// call sees them and others.
	take(t *column.Table) error
}

// keeper is the user who leaves all points where they are.
type keeper struct{}

func (keeper) start(t *column.Table, sure, _ bool) error {
	for i := range t.Lanes {
		t.Lanes[i].Skip = isPadding(t.Lanes[i])
	}
	if sure {
		t.Reserve()
	}
	return nil
}

func (keeper) take(*column.Table) error { return nil }

var (
	axes    = [3]string{"x", "y", "z"}
	normals = [3]string{"normal_x", "normal_y", "normal_z"}
)

// cloud is the user who wants points and normals.
type cloud struct {
	pointcloud.Cloud
	places pointcloud.Places
}

func (c *cloud) start(t *column.Table, sure, text bool) error {
	t.SkipAll()
	if !t.KeepPlaces(axes, text) {
		return errors.New("want fields x, y and z of one number each, got none")
	}
	hasNormals := t.Keep(normals)
	if sure {
		c.Points = make([][3]float32, 0, t.Rows)
	}
	if sure && hasNormals {
		c.Normals = make([][3]float32, 0, t.Rows)
	}
	return nil
}

func (c *cloud) take(t *column.Table) error {
	defer t.Empty()
	x, _ := t.Scalars(axes)
	n, hasNormals := t.Scalars(normals)
	at := len(c.Points)
	c.Points = column.Vectors(c.Points, x[0], x[1], x[2])
	if hasNormals {
		c.Normals = column.Directions(c.Normals, n[0], n[1], n[2])
	}
	places := column.Places(x[0], x[1], x[2])
	kept := at // those before are finite
	for i, p := range c.Points[at:] {
		if !elementary.FiniteVector(p) {
			continue
		}
		c.Points[kept] = p
		if places[0] != nil {
			c.places.Add([3]float64{places[0][i], places[1][i], places[2][i]})
		}
		if hasNormals {
			c.Normals[kept] = c.Normals[at+i]
		}
		kept++
	}
	c.Points = c.Points[:kept]
	if hasNormals {
		c.Normals = c.Normals[:kept]
	}
	return nil
}

// result returns the cloud.
func (c *cloud) result() pointcloud.Cloud {
	c.Origin = c.places.Settle(c.Points)
	if len(c.Points) == 0 {
		return pointcloud.Cloud{}
	}
	return c.Cloud
}

// read gives what is in s to u.
func read(s *source.Stream, l Limits, u user) (*header, error) {
	t := text.NewScanner(s, 0, 0)
	h, err := readHeader(s, t)
	if err != nil {
		return nil, err
	}
	most, _ := l.Most()
	size := s.Size
	if h.format == Compressed {
		size = -1 // says little of what it expands to
	}
	if _, err := h.points.Promise(most, h.format == Text, size); err != nil {
		return nil, err
	}
	var data []byte
	if h.format == Compressed {
		if data, err = h.expand(t.Rest(), s.Size); err != nil {
			return nil, err
		}
	}
	if err := u.start(h.points, size >= 0 || data != nil, h.format == Text); err != nil {
		return nil, err
	}
	r := column.Reader{Take: u.take}
	switch h.format {
	case Text:
		if err = r.Text(t, h.points); err == nil {
			err = t.End()
		}
	case Binary:
		w := source.NewWindow(t.Rest(), s.Size)
		if err = r.Binary(w, h.points, false); err == nil {
			err = w.Finish(mostTrailing)
		}
	case Compressed:
		err = columns(data, h.points, u)
	}
	return h, err
}

const mostTrailing = 4096 // bytes ignored after the last point, as in STL

// expand returns what is compressed in r, from a file of a size that may be
// known, or else negative: two numbers of bytes, compressed and not, and those
// that are compressed.
func (h *header) expand(r io.Reader, size int64) ([]byte, error) {
	var sizes [8]byte
	if _, err := io.ReadFull(r, sizes[:]); err != nil {
		return nil, early(err, "two numbers of compressed data")
	}
	packed := int64(binary.LittleEndian.Uint32(sizes[:]))
	whole := int64(binary.LittleEndian.Uint32(sizes[4:]))
	least := h.points.Least(false)
	if want := int64(h.points.Rows) * least; whole != want || want > math.MaxInt32 {
		return nil, fmt.Errorf("compressed data promise %d bytes: want %d points of %d bytes, %d, and at most %d",
			whole, h.points.Rows, least, want, math.MaxInt32)
	}
	if size >= 0 && packed > size {
		return nil, fmt.Errorf("%d bytes of compressed data are promised: want no more than the file of %d holds", packed, size)
	}
	if whole > mostFold*packed {
		return nil, fmt.Errorf("%d bytes of compressed data promise to be %d: want at most %d-fold", packed, whole, mostFold)
	}
	var src bytes.Buffer
	if size >= 0 {
		src.Grow(int(packed))
	}
	if _, err := io.CopyN(&src, r, packed); err != nil {
		return nil, early(err, fmt.Sprintf("%d bytes of compressed data, got %d", packed, src.Len()))
	}
	if err := source.NewWindow(r, -1).Finish(mostTrailing); err != nil {
		return nil, err
	}
	return decompress(nil, src.Bytes(), int(whole))
}

// early is the error of a file that fails or ends before what it should have.
func early(err error, want string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the file ends early: want %s", want)
	}
	return fmt.Errorf("%s: %w", want, err)
}

// columns gives u the points of data, in which there is one field after another.
func columns(data []byte, t *column.Table, u user) error {
	const block = 1024
	for t.Taken+t.Held < t.Rows {
		first := t.Taken + t.Held
		n := min(block, t.Rows-first)
		at := 0
		for i := range t.Lanes {
			l := &t.Lanes[i]
			stride := l.Per * l.Values.Type().Size()
			if !l.Skip {
				l.Values.Decode(data[at+first*stride:], column.Layout{Rows: n, Stride: stride, Per: l.Per})
			}
			at += t.Rows * stride
		}
		t.Held += n
		if err := u.take(t); err != nil {
			return err
		}
	}
	return nil
}

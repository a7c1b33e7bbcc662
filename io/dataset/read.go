package dataset

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"setwise/io/shape"
	"setwise/pointcloud"
)

// Read reads the shape in a file of any format that [shape.Open] reads: a mesh,
// which must have some area, or a cloud, which must have a point. The faces of
// a mesh get the normals that their corners give if the file has none. The shape
// has a Name and its points, and no more. Errors name the file.
func Read(name string) (Item, error) { return read(name, 0) }

// read reads a shape that may have so many bytes in memory, or as many as its
// format allows by itself if that is 0.
func read(name string, most int64) (Item, error) {
	var l shape.Limits
	if most > 0 {
		l.Points = int(min(max(most/vectorBytes, 1), math.MaxInt32))
		l.Faces = int(min(max(most/faceBytes, 1), math.MaxInt32))
	}
	file, err := shape.Open(name, l)
	if err != nil {
		return Item{}, fmt.Errorf("dataset: %w", err)
	}
	s := Item{Name: name, Cloud: file.Cloud}
	switch {
	case file.IsMesh():
		m := file.Mesh
		if m.Normals == nil {
			m.Normals = make([][3]float32, len(m.Faces)) // which zeros ask for
		}
		s.Surface, err = pointcloud.NewSurface(m)
	case file.Cloud.Len() == 0:
		err = errors.New("want a mesh with some area, or points, got nothing")
	}
	if taken := s.bytes(); err == nil && most > 0 && taken > most {
		err = fmt.Errorf("want a shape of at most %d bytes in memory, got %d", most, taken)
	}
	if err != nil {
		return Item{}, fmt.Errorf("dataset: %s: %w", name, err)
	}
	return s, nil
}

// endsIn reports whether a file's name ends in one of several ways, in lower
// case, in upper or lower case itself, with or without .gz.
func endsIn(name string, ends []string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(name, end) })
}

package shape

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"slices"

	"setwise/internal/stream"
	"setwise/io/npy"
	"setwise/pointcloud"
	"setwise/set"
)

// bytesLimit returns the limit for the bytes of an array of as many points as l
// allows, or 0, the default of npy, if l leaves it to that.
func bytesLimit(l Limits) npy.Limits {
	if l.Points <= 0 {
		return npy.Limits{}
	}
	points, _ := l.Most()
	return npy.Limits{MaxBytes: int64(points) * 6 * 8}
}

func readNPY(s *stream.Source, l Limits) (Shape, error) {
	return stream.Read("shape", s, func(s *stream.Source) (Shape, error) { return ofArray(s, l) })
}

func readNPZ(s *stream.Source, l Limits) (Shape, error) {
	return stream.Read("shape", s, func(s *stream.Source) (Shape, error) { return ofArchive(s, l) })
}

func ofArray(s *stream.Source, l Limits) (Shape, error) {
	a, err := npy.Read(s, bytesLimit(l))
	if err != nil {
		return Shape{}, err
	}
	if n, err := io.ReadFull(s, make([]byte, 1)); n > 0 {
		return Shape{}, fmt.Errorf("more follows the array of shape %v: want the end of the file", a.Shape)
	} else if err != io.EOF {
		return Shape{}, fmt.Errorf("after the array: %w", err)
	}
	c, err := cloud(a, nil, l)
	return Shape{Cloud: c}, err
}

// mostArchive bounds the archives that are put in memory, in bytes.
const mostArchive = 1 << 30

func ofArchive(s *stream.Source, l Limits) (Shape, error) {
	r, size, err := s.Whole(max(mostArchive, bytesLimit(l).MaxBytes))
	if err != nil {
		return Shape{}, err
	}
	shapes, err := npy.ReadZipShapes(r, size)
	if err != nil {
		return Shape{}, err
	}
	points, err := choose(shapes)
	if err != nil {
		return Shape{}, err
	}
	names := []string{points}
	if s, ok := shapes[normalsName]; ok && s[1] == 3 && slices.Equal(s, shapes[points]) {
		names = append(names, normalsName)
	}
	arrays, err := npy.ReadZip(r, size, bytesLimit(l), names...)
	if err != nil {
		return Shape{}, err
	}
	c, err := cloud(arrays[points], arrays[normalsName], l)
	if err != nil {
		return Shape{}, fmt.Errorf("%s: %w", points, err)
	}
	return Shape{Cloud: c}, nil
}

// The arrays of an archive.
const (
	pointsName  = "points"
	normalsName = "normals"
)

// choose returns the name of the array that holds the points.
func choose(shapes map[string][]int) (string, error) {
	if _, ok := shapes[pointsName]; ok {
		return pointsName, nil
	}
	var fit []string
	for name, s := range shapes {
		if isCloud(s) && name != normalsName {
			fit = append(fit, name)
		}
	}
	if len(fit) == 1 {
		return fit[0], nil
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		all = append(all, fmt.Sprintf("%s %v", name, shapes[name]))
	}
	return "", fmt.Errorf("want an array %q, or one alone of shape [points, 3] or [points, 6], got %.500q", pointsName, all)
}

// isCloud reports whether an array of a shape can be a cloud.
func isCloud(shape []int) bool { return len(shape) == 2 && (shape[1] == 3 || shape[1] == 6) }

// cloud returns an array as points, with the normals of its own or, unless they
// are nil, of another of the same shape.
func cloud(a, normals *npy.Array, l Limits) (pointcloud.Cloud, error) {
	if !isCloud(a.Shape) {
		return pointcloud.Cloud{}, fmt.Errorf("want an array of shape [points, 3] or [points, 6], got %v", a.Shape)
	}
	if most, _ := l.Most(); a.Shape[0] > most {
		return pointcloud.Cloud{}, fmt.Errorf("%d points: want at most %d, or a higher limit", a.Shape[0], most)
	}
	c := CloudOf(a.Float32s(), a.Shape[1])
	if normals != nil {
		c.Normals = CloudOf(normals.Float32s(), 3).Points
	}
	return c, c.Validate()
}

// CloudOf returns rows of numbers as points: x, y and z in rows of 3, and a
// normal after these in rows of 6. It panics with a [*set.ShapeError] for rows
// of another width, and if the last is not whole. O(values).
func CloudOf(values []float32, width int) pointcloud.Cloud {
	if width != 3 && width != 6 || len(values)%width != 0 {
		panic(set.Mismatch("shape.CloudOf", "whole rows of 3 or 6 numbers, got %d numbers in rows of %d", len(values), width))
	}
	n := len(values) / width
	c := pointcloud.Cloud{Points: make([][3]float32, n)}
	if width == 6 {
		c.Normals = make([][3]float32, n)
	}
	for i := range n {
		row := values[i*width : (i+1)*width]
		c.Points[i] = [3]float32(row)
		if width == 6 {
			c.Normals[i] = [3]float32(row[3:])
		}
	}
	return c
}

func writeNPY(w io.Writer, s Shape) error {
	c, width := s.Cloud, 3
	if c.Normals != nil {
		width = 6
	}
	if err := c.Validate(); err != nil {
		return err
	}
	values := make([]float32, 0, width*c.Len())
	for i, p := range c.Points {
		values = append(values, p[:]...)
		if width == 6 {
			values = append(values, c.Normals[i][:]...)
		}
	}
	return npy.Write(w, values, c.Len(), width)
}

func writeNPZ(w io.Writer, s Shape) error {
	c := s.Cloud
	if err := c.Validate(); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, a := range []struct {
		name   string
		points [][3]float32
	}{{pointsName, c.Points}, {normalsName, c.Normals}} {
		if a.name == normalsName && a.points == nil {
			continue
		}
		m, err := z.CreateHeader(&zip.FileHeader{Name: a.name + ".npy", Method: zip.Store})
		if err == nil {
			err = writeNPY(m, Shape{Cloud: pointcloud.Cloud{Points: a.points}})
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

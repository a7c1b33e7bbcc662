package shape

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"setwise/io/internal/column"
	"setwise/io/internal/number"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
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
	return npy.Limits{Bytes: int64(points) * 6 * 8}
}

func readNPY(s *source.Stream, l Limits) (Shape, error) {
	return source.Read("shape", s, func(s *source.Stream) (Shape, error) { return ofArray(s, l) })
}

func readNPZ(s *source.Stream, l Limits) (Shape, error) {
	return source.Read("shape", s, func(s *source.Stream) (Shape, error) { return ofArchive(s, l) })
}

func ofArray(s *source.Stream, l Limits) (Shape, error) {
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

// Bytes of the archives that are put in memory: of all, and of what there may be
// beside the points that are allowed.
const (
	mostArchive = 1 << 30
	besides     = 48 << 20
)

func ofArchive(s *source.Stream, l Limits) (Shape, error) {
	if magic(s) != NPZ {
		return Shape{}, fmt.Errorf("begins with %.16q: want a zip archive of arrays", s.Head)
	}
	most := int64(mostArchive)
	if l.Points > 0 {
		most = bytesLimit(l).Bytes + besides
	}
	r, size, err := s.Whole(most)
	if err != nil {
		return Shape{}, err
	}
	shapes, unread, err := npy.ReadZipShapes(r, size)
	if err != nil {
		return Shape{}, err
	}
	points, err := choose(shapes, unread)
	if err != nil {
		return Shape{}, err
	}
	names := []string{points}
	switch of, ok := shapes[normalsName]; {
	case unread[normalsName] != nil:
		return Shape{}, fmt.Errorf("%s: %w", normalsName, unread[normalsName])
	case ok && points != normalsName:
		if want := []int{shapes[points][0], 3}; !slices.Equal(of, want) {
			return Shape{}, fmt.Errorf("%s: want an array of shape %v, for as many points as %s has, got %v", normalsName, want, text.Name(points), of)
		}
		names = append(names, normalsName)
	}
	arrays, err := npy.ReadZip(r, size, bytesLimit(l), names...)
	if err != nil {
		return Shape{}, err
	}
	c, err := cloud(arrays[points], arrays[normalsName], l)
	if err != nil {
		return Shape{}, fmt.Errorf("%s: %w", text.Name(points), err)
	}
	return Shape{Cloud: c}, nil
}

// The arrays of an archive.
const (
	pointsName  = "points"
	normalsName = "normals"
)

// choose returns the name of the array that holds the points, among those of some
// shapes and those that cannot be read.
func choose(shapes map[string][]int, unread map[string]error) (string, error) {
	if s, ok := shapes[pointsName]; ok {
		if !isCloud(s) {
			return "", fmt.Errorf("%s: %w", pointsName, noCloud(s))
		}
		return pointsName, nil
	}
	if err := unread[pointsName]; err != nil {
		return "", fmt.Errorf("%s: %w", pointsName, err)
	}
	var fit, all []string
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		all = append(all, fmt.Sprintf("%.40s %v", name, shapes[name]))
		if isCloud(shapes[name]) && name != normalsName {
			fit = append(fit, name)
		}
	}
	if len(fit) == 1 {
		return fit[0], nil
	}
	err := fmt.Errorf("want an array %q, or one alone of shape [points, 3] or [points, 6], got %s", pointsName, text.List(all))
	for _, name := range slices.Sorted(maps.Keys(unread)) {
		return "", fmt.Errorf("%w and %d that cannot be read: %s: %w", err, len(unread), text.Name(name), unread[name])
	}
	return "", err
}

// isCloud reports whether an array of a shape can be a cloud.
func isCloud(shape []int) bool { return len(shape) == 2 && (shape[1] == 3 || shape[1] == 6) }

// noCloud is the error of an array of a shape that is none of a cloud's.
func noCloud(shape []int) error {
	return fmt.Errorf("want an array of shape [points, 3] or [points, 6], got %v", shape)
}

// cloud returns an array as points, with the normals in another or, if that is
// nil, with its own.
func cloud(a, normals *npy.Array, l Limits) (pointcloud.Cloud, error) {
	if !isCloud(a.Shape) {
		return pointcloud.Cloud{}, noCloud(a.Shape)
	}
	if most, _ := l.Most(); a.Shape[0] > most {
		return pointcloud.Cloud{}, fmt.Errorf("%d points: want at most %d, or a higher limit", a.Shape[0], most)
	}
	var c pointcloud.Cloud
	if a.Wide() {
		c = CloudOf(a.Float64s(), a.Shape[1])
	} else {
		c = CloudOf(a.Float32s(), a.Shape[1])
	}
	switch {
	case normals != nil:
		c.Normals = CloudOf(normals.Float32s(), 3).Points
	case !areNormals(c.Normals):
		c.Normals = nil
	}
	return c, c.Validate()
}

func areNormals(vectors [][3]float32) bool {
	var n column.Normals
	for _, v := range vectors {
		n.Look(v[0], v[1], v[2])
	}
	return n.Found()
}

func checkRows(caller string, numbers, width int) {
	if width != 3 && width != 6 || numbers%width != 0 {
		panic(set.Mismatch(caller, "whole rows of 3 or 6 numbers, got %d numbers in rows of %d", numbers, width))
	}
}

// CloudOf returns rows of numbers as points: x, y and z in rows of 3, and a
// normal after these in rows of 6, whether they look like it or not. Of float64 it keeps
// what float32 would lose, by an origin ([pointcloud.NewCloud]). It panics with a
// [*set.ShapeError] for rows of another width, and if the last is not whole.
// O(values).
func CloudOf[F float32 | float64](values []F, width int) pointcloud.Cloud {
	checkRows("shape.CloudOf", len(values), width)
	n := len(values) / width
	c := pointcloud.Cloud{Points: make([][3]float32, n)}
	if width == 6 {
		c.Normals = make([][3]float32, n)
	}
	_, wide := any(values).([]float64)
	var places pointcloud.Places
	for i := range n {
		row := values[i*width : (i+1)*width]
		c.Points[i] = [3]float32{float32(row[0]), float32(row[1]), float32(row[2])}
		if wide {
			places.Add([3]float64{float64(row[0]), float64(row[1]), float64(row[2])})
		}
		if width == 6 {
			c.Normals[i] = [3]float32{float32(row[3]), float32(row[4]), float32(row[5])}
		}
	}
	c.Origin = places.Settle(c.Points)
	return c
}

// writeNPY writes float32, or float64 if the points have an origin.
func writeNPY(w io.Writer, s Shape) error {
	if s.Cloud.Origin == ([3]float64{}) {
		return writeArray(w, s.Cloud, func(x float32, _ float64) float32 { return x })
	}
	return writeArray(w, s.Cloud, number.Place)
}

// writeArray writes numbers for coordinates that were measured from an origin.
func writeArray[F float32 | float64](w io.Writer, c pointcloud.Cloud, coordinate func(x float32, origin float64) F) error {
	width := 3
	if c.Normals != nil {
		width = 6
	}
	if err := c.Validate(); err != nil {
		return err
	}
	if c.Len() > 0 && c.Normals != nil && !areNormals(c.Normals) {
		return errors.New("want normals of length 1, or they would be read as colours; .npz names them")
	}
	values := make([]F, 0, width*c.Len())
	for i, p := range c.Points {
		for k, x := range p {
			values = append(values, coordinate(x, c.Origin[k]))
		}
		if width == 6 {
			for _, x := range c.Normals[i] {
				values = append(values, F(x))
			}
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
		name string
		pointcloud.Cloud
	}{{pointsName, pointcloud.Cloud{Points: c.Points, Origin: c.Origin}}, {normalsName, pointcloud.Cloud{Points: c.Normals}}} {
		if a.name == normalsName && a.Points == nil {
			continue
		}
		m, err := z.CreateHeader(&zip.FileHeader{Name: a.name + ".npy", Method: zip.Store})
		if err == nil {
			err = writeNPY(m, Shape{Cloud: a.Cloud})
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

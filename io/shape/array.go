package shape

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"slices"

	"setwise/internal/origin"
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

func openNPY(name string, l Limits) (Shape, error) {
	a, err := npy.Open(name, bytesLimit(l))
	if err != nil {
		return Shape{}, err
	}
	c, err := cloud(a, nil, l)
	if err != nil {
		return Shape{}, fmt.Errorf("shape: %s: %w", name, err)
	}
	return Shape{Cloud: c}, nil
}

func openNPZ(name string, l Limits) (Shape, error) {
	shapes, err := npy.ZipShapes(name)
	if err != nil {
		return Shape{}, err
	}
	points, err := choose(shapes)
	if err != nil {
		return Shape{}, fmt.Errorf("shape: %s: %w", name, err)
	}
	names := []string{points}
	if s, ok := shapes[normalsName]; ok && s[1] == 3 && slices.Equal(s, shapes[points]) {
		names = append(names, normalsName)
	}
	arrays, err := npy.OpenZip(name, bytesLimit(l), names...)
	if err != nil {
		return Shape{}, err
	}
	c, err := cloud(arrays[points], arrays[normalsName], l)
	if err != nil {
		return Shape{}, fmt.Errorf("shape: %s: %s: %w", name, points, err)
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
	var c pointcloud.Cloud
	if a.Wide() {
		c = CloudOf(a.Float64s(), a.Shape[1])
	} else {
		c = CloudOf(a.Float32s(), a.Shape[1])
	}
	if normals != nil {
		c.Normals = CloudOf(normals.Float32s(), 3).Points
	}
	return c, c.Validate()
}

// CloudOf returns rows of numbers as points: x, y and z in rows of 3, and a
// normal after these in rows of 6. Of float64 it keeps what float32 would lose, by
// an origin ([pointcloud.NewCloud]). It panics with a [*set.ShapeError] for rows
// of another width, and if the last is not whole. O(values).
func CloudOf[F float32 | float64](values []F, width int) pointcloud.Cloud {
	if width != 3 && width != 6 || len(values)%width != 0 {
		panic(set.Mismatch("shape.CloudOf", "whole rows of 3 or 6 numbers, got %d numbers in rows of %d", len(values), width))
	}
	n := len(values) / width
	c := pointcloud.Cloud{Points: make([][3]float32, n)}
	if width == 6 {
		c.Normals = make([][3]float32, n)
	}
	_, wide := any(values).([]float64)
	var places origin.Places
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
	return writeArray(w, s.Cloud, origin.Place)
}

// writeArray writes numbers for coordinates that were measured from an origin.
func writeArray[F float32 | float64](w io.Writer, c pointcloud.Cloud, number func(x float32, origin float64) F) error {
	width := 3
	if c.Normals != nil {
		width = 6
	}
	if err := c.Validate(); err != nil {
		return err
	}
	values := make([]F, 0, width*c.Len())
	for i, p := range c.Points {
		for k, x := range p {
			values = append(values, number(x, c.Origin[k]))
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

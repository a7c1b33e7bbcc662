package dataset

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"setwise/io/npy"
	"setwise/io/stl"
	"setwise/pointcloud"
)

// formats are the kinds of files that hold a shape, by the end of their names.
// A reader takes the largest number of bytes that the shape may have in memory,
// or 0 for the limits that the format has by itself.
var formats = []struct {
	end  string
	read func(name string, most int64) (Shape, error)
}{
	{".stl", readSTL},
	{".stl.gz", readSTL},
	{".npy", readNPY},
	{".npy.gz", readNPY},
}

// Ends returns how the names of files end that [Read] can read, in lower case,
// with the dot.
func Ends() []string {
	ends := make([]string, len(formats))
	for i, f := range formats {
		ends[i] = f.end
	}
	return ends
}

// Read reads the shape in a file, of the format that its name ends in, in upper
// or lower case:
//
//	.stl, .stl.gz  a mesh, which must have some area
//	.npy, .npy.gz  a cloud: an array of any number type of shape [points, 3], or
//	               [points, 6] with normals; one point at least, all finite
//
// The shape has a Name and its points, and no more. Errors name the file.
func Read(name string) (Shape, error) { return read(name, 0) }

func read(name string, most int64) (Shape, error) {
	lower := strings.ToLower(name)
	for _, f := range formats {
		if !strings.HasSuffix(lower, f.end) {
			continue
		}
		// A pipe would wait for ever for someone to write to it.
		if info, err := os.Stat(name); err != nil {
			return Shape{}, fmt.Errorf("dataset: %w", err)
		} else if !info.Mode().IsRegular() {
			return Shape{}, fmt.Errorf("dataset: %s: want a file, got mode %v", name, info.Mode())
		}
		s, err := f.read(name, most)
		if err != nil {
			return Shape{}, fmt.Errorf("dataset: %w", err)
		}
		s.Name = name
		return s, nil
	}
	return Shape{}, fmt.Errorf("dataset: %s: want a name that ends in %s", name, strings.Join(Ends(), ", "))
}

// isShape reports whether a file's name is that of a shape.
func isShape(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(Ends(), func(end string) bool { return strings.HasSuffix(name, end) })
}

// triangleBytes is what a triangle of an STL file takes as a surface: three
// corners, their numbers, a normal, and the choice of it.
const triangleBytes = 3*12 + 12 + 12 + 8

func readSTL(name string, most int64) (Shape, error) {
	var l stl.Limits
	if most > 0 {
		l.Faces = int(min(max(most/triangleBytes, 1), math.MaxInt32))
	}
	m, err := stl.Open(name, l)
	if err != nil {
		return Shape{}, err
	}
	s, err := pointcloud.NewSurface(m)
	if err != nil {
		return Shape{}, fmt.Errorf("%s: %w", name, err)
	}
	return Shape{Surface: s}, nil
}

func readNPY(name string, most int64) (Shape, error) {
	a, err := npy.Open(name, npy.Limits{MaxBytes: most})
	if err != nil {
		return Shape{}, err
	}
	if len(a.Shape) != 2 || a.Shape[0] == 0 || a.Shape[1] != 3 && a.Shape[1] != 6 {
		return Shape{}, fmt.Errorf("%s: want an array of shape [points, 3] or [points, 6], got %v", name, a.Shape)
	}
	c := cloud(a.Float32s(), a.Shape[1])
	if err := c.Validate(); err != nil {
		return Shape{}, fmt.Errorf("%s: %w", name, err)
	}
	return Shape{Cloud: c}, nil
}

// cloud returns rows of 3 or 6 values as points, with normals if there are 6.
func cloud(values []float32, width int) pointcloud.Cloud {
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

// Package pcd reads and writes PCD files, the point clouds of the Point Cloud
// Library, as text, binary and compressed.
//
//	c, err := pcd.Open("scan.pcd", pcd.Limits{})    // the points, with normals
//	f, err := pcd.OpenAll("scan.pcd", pcd.Limits{}) // everything
//	f.Field("intensity").Float32s()                 // such as what else points have
//	f.Colors()
//
//	f, err = pcd.OfCloud(c)
//	f.SetColors(colors)
//	f.Set("label", labels) // a []uint32, or of any other type
//	err = pcd.WriteFile("labelled.pcd", f)
//
// A PCD file has points with the same fields in every one: a number, or several,
// of any type. A [File] has them field by field, in the types of the file. [Open]
// reads the same files straight into a cloud and keeps nothing else. What is
// compressed by gzip is read as well.
//
// # What is read
//
// Versions 0.5, 0.6 and 0.7, with lines of the header in any order up to DATA and
// in any case, which end in LF, CRLF or CR. SIZE, TYPE and COUNT may be missing
// and are then 4, F and 1; so may WIDTH and HEIGHT, or POINTS, and HEIGHT alone,
// which is then 1. POINTS must be WIDTH times HEIGHT. There may be 1,024 fields,
// all of different names, and 65,536 numbers to a point. Fields called _ are
// padding and are left out, and so are those of COUNT 0, which take no bytes.
//
// Text has a line for each point. An integer may be written as 3.0 or 3e2; a
// number outside the range of its type is an error. Floats may be nan or inf, in
// all the ways that C libraries print them. Binary data are little-endian. After
// the last point blanks and zero bytes may follow, up to 32 MiB, as the Point Cloud
// Library leaves them, and up to 4096 bytes of anything after binary data are
// ignored; more is an error, and so is a file that ends early.
//
// # Clouds
//
// The points are the fields x, y and z, the normals normal_x, normal_y and
// normal_z if there are such fields, of any type, as the nearest float32, points
// measured from an origin if they are so large that float32 would lose something:
// see [setwise/pointcloud]. Names in upper case do as well. Text keeps its digits
// even where SIZE is 4; a File has float32 there. The viewpoint is not applied.
//
// A cloud that came from a depth camera has a point for every pixel, and NaN
// where it saw nothing. A cloud leaves out points with a coordinate that is not
// finite as float32, with their normals: Open keeps those that are there, in
// their order. The [File] has all of them, in rows of Width. A normal that is not
// finite says nothing and becomes zero; other normals are kept as they are.
//
// # Cost
//
// Reading takes time linear in the size of the file and stops at the first
// error. A cloud takes 12 bytes a point, twice that with normals and 24 more while
// it is read if it may need an origin, and a File what
// the numbers take in the types of the file; for what comes as text or from a
// stream of unknown size, somewhat more than twice that while it grows.
// Compressed data are expanded whole, and take once more what a File takes: with
// x, y and z as float32, reading takes 24 bytes a point and the size of the file at
// most, 1.44 GB for 60,000,000 points, half of which the cloud keeps. Files
// are not trusted: [Limits] are checked before memory is taken, nothing is
// reserved for points that a header merely promises unless the file is large
// enough for them, and content compressed by gzip may expand 100-fold at most
// once it is past 48 MiB. What LZF, the compression of the format, compressed may
// expand 88-fold, which is all it can.
package pcd

import (
	"fmt"
	"io"

	"setwise/io/internal/column"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// Limits bound what a file may ask for; only Points counts, and points that are
// left out of a cloud as well. The zero value is the defaults.
type Limits = pointcloud.Limits

// Format is how points are written in a file.
type Format int

// The formats.
const (
	Binary     Format = iota // point by point
	Compressed               // field by field, compressed by LZF
	Text                     // one point a line
)

var formats = [...]string{"binary", "binary_compressed", "ascii"}

// String returns the name of the format in a header.
func (f Format) String() string {
	if f < 0 || int(f) >= len(formats) {
		return fmt.Sprintf("Format(%d)", int(f))
	}
	return formats[f]
}

// A Viewpoint is from where points were seen. The zero value is written as that
// at the origin, not turned.
type Viewpoint struct {
	Position [3]float32
	Rotation [4]float32 // a quaternion: w, x, y, z
}

func (v Viewpoint) numbers() []float32 { return append(v.Position[:], v.Rotation[:]...) }

// upright is the viewpoint that files have if they know no other.
var upright = Viewpoint{Rotation: [4]float32{1, 0, 0, 0}}

// A File is all that a PCD file holds.
type File struct {
	Format        Format
	Width, Height int // in points; a cloud without rows has a height of 1
	Viewpoint     Viewpoint
	Fields        []Field
}

// A Field is what every point has of one kind.
type Field struct {
	Name string

	// Count is how many numbers each point has; 0 means 1.
	Count int

	// Values holds the numbers of all points, row after row of the cloud, in the
	// type of the file: []int8, []uint8, []int16, []uint16, []int32, []uint32,
	// []int64, []uint64, []float32 or []float64.
	Values any
}

// Len returns the number of points.
func (f *File) Len() int { return f.Width * f.Height }

// Field returns the named field, or else one that has this name in upper or
// lower case, nil if there is none.
func (f *File) Field(name string) *Field {
	return text.Named(f.Fields, name, func(f *Field) string { return f.Name })
}

// Set gives the points a field of one number each, in place of one of that name
// or after the others. For what values may be see [Field]. [Write] refuses other
// types and other numbers of values.
func (f *File) Set(name string, values any) {
	field := f.Field(name)
	if field == nil || field.Name != name {
		f.Fields = append(f.Fields, Field{Name: name})
		field = &f.Fields[len(f.Fields)-1]
	}
	field.Values, field.Count = values, 1
}

// Float32s returns the values as float32, in new memory, each the nearest; those
// beyond its range become infinite. It returns nil if f is nil.
func (f *Field) Float32s() []float32 {
	if c := f.column(); c != nil {
		return c.Float32s()
	}
	return nil
}

// Float64s returns the values as float64, in new memory; only integers beyond
// 2^53 are rounded. It returns nil if f is nil.
func (f *Field) Float64s() []float64 {
	if c := f.column(); c != nil {
		return c.Float64s()
	}
	return nil
}

// column returns the values as a column, nil if f is nil or they are of no type
// that a file has.
func (f *Field) column() column.Column {
	if f == nil {
		return nil
	}
	return column.Of(f.Values)
}

// Open reads the cloud in the named file. Errors name the file, the line or
// point, from 0, and what was expected there.
func Open(name string, l Limits) (pointcloud.Cloud, error) {
	return source.Open("pcd", name, func(s *source.Stream) (pointcloud.Cloud, error) { return readCloud(s, l) })
}

// Read reads all of r as a cloud. See [Open].
func Read(r io.Reader, l Limits) (pointcloud.Cloud, error) {
	return source.Read("pcd", r, func(s *source.Stream) (pointcloud.Cloud, error) { return readCloud(s, l) })
}

func readCloud(s *source.Stream, l Limits) (pointcloud.Cloud, error) {
	var u cloud
	if _, err := read(s, l, &u); err != nil {
		return pointcloud.Cloud{}, err
	}
	return u.result(), nil
}

// OpenAll reads everything in the named file. See [Open].
func OpenAll(name string, l Limits) (*File, error) {
	return source.Open("pcd", name, func(s *source.Stream) (*File, error) { return readAll(s, l) })
}

// ReadAll reads everything in r, up to its end. See [Open].
func ReadAll(r io.Reader, l Limits) (*File, error) {
	return source.Read("pcd", r, func(s *source.Stream) (*File, error) { return readAll(s, l) })
}

func readAll(s *source.Stream, l Limits) (*File, error) {
	h, err := read(s, l, keeper{})
	if err != nil {
		return nil, err
	}
	f := &File{Format: h.format, Width: h.width, Height: h.height, Viewpoint: h.viewpoint}
	for _, l := range h.points.Lanes {
		if !isPadding(l) {
			f.Fields = append(f.Fields, Field{l.Name, l.Per, l.Values.Values()})
		}
	}
	return f, nil
}

// Package ply reads and writes PLY files, the polygon file format: meshes and
// point clouds with any numbers besides, as text and in both binary orders.
//
//	m, err := ply.Open("chair.ply", ply.Limits{})      // the triangles
//	c, err := ply.OpenCloud("scan.ply", ply.Limits{})  // the points, with normals
//	f, err := ply.OpenAll("scan.ply", ply.Limits{})    // everything
//	f.Element("vertex").Property("quality").Float32s() // such as what else points have
//	f.Colors()
//
//	f, err = ply.OfCloud(c)
//	f.SetColors(colors)
//	f.Element("vertex").Set("label", labels) // a []int32, or of any other type
//	err = ply.WriteFile("labelled.ply", f)
//
// A PLY file is a list of elements such as vertex and face; each has a number
// of rows and the same properties in every row, single numbers or lists. A
// [File] has them column by column, in the types of the file. [Open] and
// [OpenCloud] read the same files straight into a mesh or a cloud and keep
// nothing else; [ReadObject] makes of a file what it holds. What is compressed by gzip is read as well.
//
// # What is read
//
// Headers in lines that end in LF, CRLF or CR, with keywords in any case;
// elements and properties of any name, in any order, with types by their old
// names (char, uchar, short, ushort, int, uint, float, double) or the new ones
// (int8 to float64); lists with any type of count. Comments and obj_info are
// kept. Two elements, or two properties of an element, of the same name are an
// error, as are more than 1,024 of either and headers of more than 65,536
// lines.
//
// Text has a line for each row. An integer may be written as 3.0 or 3e2; a
// number outside the range of its type is an error. Floats may be nan or inf, in
// all the ways that C libraries print them. After the last row blanks and zero
// bytes may follow; anything else is an error, and so is a file that ends early.
//
// # Meshes
//
// The vertices are x, y and z of the element vertex, of any type, as the nearest
// float32, measured from an origin if they are so large that float32 would lose
// something: see [setwise/pointcloud]. Text keeps its digits even where it says
// float; a File has float32 there. The faces are the list vertex_indices or
// vertex_index of the element face. Names in upper case do as well. A face of n
// corners becomes n-2 triangles: a fan about its first corner, or other triangles
// where it is not convex and the fan would cover what it does not. One of fewer
// than three is left out. Strips of triangles, the same list of
// the element tristrips, are taken apart: every other triangle is turned round,
// a negative corner begins a new strip, and triangles with a corner twice, which
// only join strips, are left out. Mesh.Normals are nx, ny and nz of the faces, if
// they have them; those of vertices are in the [File] and the cloud. A mesh
// without faces is what a file of points gives.
//
// A vertex that is not finite as float32, or a corner that is no vertex, is an
// error. Rows are numbered from 0 in errors, as faces number vertices.
//
// # Clouds
//
// The points are the vertices, whatever faces there are. The normals are nx, ny
// and nz of the vertices, if they have them. A point that is not finite is an
// error, as in a mesh: to go on without it, take it out of the [File].
//
// A normal that is not finite, of a face or a point, says nothing and becomes
// zero; other normals are kept as they are.
//
// # Cost
//
// Reading takes time linear in the size of the file and stops at the first
// error. A mesh takes 12 bytes for each vertex and triangle, and 24 more for
// vertices while it is read if they may need an origin, and 8 for each polygon of
// more than three corners; a File what the numbers take in the types of the file
// and 8 bytes for each row of a list; for
// what comes as text or from a stream of unknown size, somewhat more than twice
// that while it grows. Files are not trusted: [Limits] are checked before memory
// is taken, nothing is reserved for rows that a header merely promises unless the
// file is large enough for them, and content compressed by gzip may expand
// 100-fold at most once it is past 48 MiB.
package ply

import (
	"fmt"
	"io"

	"setwise/io/internal/column"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
	"setwise/pointcloud"
	"setwise/set"
)

// Limits bound what a file may ask for: Faces the rows of the elements face and
// tristrips and the triangles of a mesh, Points the rows of every other element.
// No list may be longer than the larger of the two. The zero value is the
// defaults.
type Limits = pointcloud.Limits

// Format is how numbers are written in a file.
type Format int

// The formats. The zero value is what most programs write.
const (
	LittleEndian Format = iota // binary, the lowest byte first
	BigEndian                  // binary, the highest byte first
	Text                       // one row a line
)

var formats = [...]string{"binary_little_endian", "binary_big_endian", "ascii"}

// String returns the name of the format in a header.
func (f Format) String() string {
	if f < 0 || int(f) >= len(formats) {
		return fmt.Sprintf("Format(%d)", int(f))
	}
	return formats[f]
}

// A File is all that a PLY file holds. The zero value is a file without
// elements.
type File struct {
	Format   Format
	Comments []string // the lines "comment", without that word
	Info     []string // the lines "obj_info", without that word
	Elements []Element
}

// An Element is a table: Rows rows, in each of which every property has a number
// or a list of numbers.
type Element struct {
	Name       string
	Rows       int
	Properties []Property
}

// A Property is a column of an element.
type Property struct {
	Name string

	// Values holds the numbers in the type of the file: []int8, []uint8,
	// []int16, []uint16, []int32, []uint32, []float32 or []float64. A number for
	// each row, or the items of the lists of all rows, one list after another.
	Values any

	// Offsets is nil if each row has one number. If it has a list, row i has
	// the items from Offsets[i] up to Offsets[i+1].
	Offsets set.Offsets
}

// Element returns the named element, or else one that has this name in upper or
// lower case, nil if there is none.
func (f *File) Element(name string) *Element {
	return text.Named(f.Elements, name, func(e *Element) string { return e.Name })
}

// Property returns the named property, or else one that has this name in upper
// or lower case, nil if there is none or e is nil.
func (e *Element) Property(name string) *Property {
	if e == nil {
		return nil
	}
	return text.Named(e.Properties, name, func(p *Property) string { return p.Name })
}

// Set gives e a property of one number for each row, in place of one of that
// name or after the others. For what values may be see [Property]. [Write]
// refuses other types and other numbers of values.
func (e *Element) Set(name string, values any) {
	p := e.Property(name)
	if p == nil || p.Name != name {
		e.Properties = append(e.Properties, Property{Name: name})
		p = &e.Properties[len(e.Properties)-1]
	}
	p.Values, p.Offsets = values, nil
}

// Float32s returns the values as float32, in new memory, each the nearest;
// those beyond its range become infinite. It returns nil if p is nil.
func (p *Property) Float32s() []float32 {
	if c := p.column(); c != nil {
		return c.Float32s()
	}
	return nil
}

// Float64s returns the values as float64, which holds all of them exactly, in
// new memory. It returns nil if p is nil.
func (p *Property) Float64s() []float64 {
	if c := p.column(); c != nil {
		return c.Float64s()
	}
	return nil
}

// column returns the values as a column, nil if p is nil or they are of no type
// that a file has.
func (p *Property) column() column.Column {
	if p == nil {
		return nil
	}
	c := column.Of(p.Values)
	if c == nil || typeNames[c.Type()] == "" {
		return nil
	}
	return c
}

// Open reads the named file as a mesh. Errors name the file, the line or row,
// and what was expected there.
func Open(name string, l Limits) (pointcloud.Mesh, error) {
	return source.Open("ply", name, func(s *source.Stream) (pointcloud.Mesh, error) { return readMesh(s, l) })
}

// Read reads all of r as a mesh. See [Open].
func Read(r io.Reader, l Limits) (pointcloud.Mesh, error) {
	return source.Read("ply", r, func(s *source.Stream) (pointcloud.Mesh, error) { return readMesh(s, l) })
}

func readMesh(s *source.Stream, l Limits) (pointcloud.Mesh, error) {
	u := newSurface(l)
	if _, err := read(s, l, u); err != nil {
		return pointcloud.Mesh{}, err
	}
	return u.result()
}

// OpenCloud reads the vertices of the named file as a cloud. See [Open].
func OpenCloud(name string, l Limits) (pointcloud.Cloud, error) {
	u := &points{}
	if _, err := open(name, l, u); err != nil {
		return pointcloud.Cloud{}, err
	}
	return u.result(), nil
}

// ReadCloud reads the vertices of all of r as a cloud. See [Open].
func ReadCloud(r io.Reader, l Limits) (pointcloud.Cloud, error) {
	u := &points{}
	if _, err := readFrom(r, l, u); err != nil {
		return pointcloud.Cloud{}, err
	}
	return u.result(), nil
}

// OpenAll reads everything in the named file. See [Open].
func OpenAll(name string, l Limits) (*File, error) {
	h, err := open(name, l, keeper{})
	if err != nil {
		return nil, err
	}
	return h.file(), nil
}

// ReadAll reads everything in r, up to its end. See [Open].
func ReadAll(r io.Reader, l Limits) (*File, error) {
	h, err := readFrom(r, l, keeper{})
	if err != nil {
		return nil, err
	}
	return h.file(), nil
}

// keeper is the user who leaves all rows where they are.
type keeper struct{}

func (keeper) start(tables []*column.Table, sure, _ bool) error {
	for _, t := range tables {
		if sure {
			t.Reserve()
		}
	}
	return nil
}

func (keeper) take(*column.Table) error { return nil }

// file returns what a keeper left.
func (h *header) file() *File {
	f := &File{Format: h.format, Comments: h.comments, Info: h.info}
	for _, t := range h.tables {
		e := Element{Name: t.Name, Rows: t.Rows}
		for i := range t.Lanes {
			l := &t.Lanes[i]
			e.Properties = append(e.Properties, Property{l.Name, l.Values.Values(), l.Offsets})
		}
		f.Elements = append(f.Elements, e)
	}
	return f
}

// open gives what is in the named file to u.
func open(name string, l Limits, u user) (*header, error) {
	return source.Open("ply", name, func(s *source.Stream) (*header, error) { return read(s, l, u) })
}

// readFrom gives what is in r to u.
func readFrom(r io.Reader, l Limits, u user) (*header, error) {
	return source.Read("ply", r, func(s *source.Stream) (*header, error) { return read(s, l, u) })
}

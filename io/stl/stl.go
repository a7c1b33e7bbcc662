// Package stl reads and writes triangle meshes as STL files, binary and text.
//
//	m, err := stl.Open("chair.stl", stl.Limits{})
//	err = stl.WriteFile("copy.stl", m, stl.Options{Name: "chair"})
//
// An STL file is a soup of triangles: each has its own three corners and a
// normal. [Open] and [Read] give all of them as one [pointcloud.Mesh] with
// three vertices per face, in the order of the file; corners that coincide
// are not joined. [OpenSolids] and [ReadSolids] give the solids of a text file
// one by one, with their names, and the colours of a binary file. What is
// compressed by gzip is read as well.
//
// # What is accepted
//
// A file is binary if its size is the 84 bytes of the header and 50 for each
// triangle that the header promises, whatever the header begins with. Failing
// that, it is text if its first word is "solid" and its first 84 bytes hold no
// control characters but blanks, and binary if they do.
//
// Binary: up to 4096 bytes after the last triangle are ignored, as some
// programs pad their files; more than that is an error, for it may well be a
// second mesh. If the header promises no triangles and whole ones follow, as
// from programs that cannot seek back in their output, the end of the file
// counts, unless what follows is nothing but zeros. A file that ends early is an
// error.
//
// Text: words in upper or lower case, lines of any length that end in LF, CRLF
// or CR, a byte order mark, solids without a name, several solids, "end solid"
// for "endsolid", "end facet" and "end loop" likewise, a name grown together with
// "endsolid". Where a keyword may stand, what begins with "color" or
// "colour" is passed over up to the next keyword or the end of the line, and
// what begins with "#", "//" or ";" up to the end of the line; any other word
// is an error. A facet has three vertices; one with more is an error. Numbers
// are decimal, in the forms that strconv.ParseFloat takes.
//
// A coordinate that is infinite, not a number or beyond float32 is an error in
// both forms. A normal that is zero or not finite says nothing, and is
// computed from the corners instead; other normals are kept as they are. A
// mesh in which every triangle is degenerate and without normal has nil
// Normals. A file with no triangles is an empty mesh.
//
// # Large coordinates
//
// Those of maps, which are so large that float32 would lose something, keep their
// digits in text: a mesh is measured from an origin then, see
// [setwise/pointcloud]. Binary files have float32 and nothing to lose, but are no
// place for such a mesh: writing it to one is an error.
//
// # Colours
//
// The triangles of a binary file may have colours in their two bytes of
// attributes, in one of two ways. VisCAM and SolidView set bit 15 where there
// is a colour; below are five bits each of red, green and blue, blue lowest.
// Materialise Magics puts "COLOR=" and four bytes, red, green, blue and alpha,
// into the header; that is the colour of triangles with bit 15 set, and others
// have five bits each of blue, green and red, red lowest. Five bits are spread
// over eight, and such a colour is opaque. Attributes that are neither are
// ignored. Colours are not written.
//
// # Cost
//
// Reading takes time linear in the size of the file and stops at the first
// error. A mesh takes 60 bytes a triangle, where a binary file has 50 and a
// text file 83 or more. A binary file or a reader with a Len method, such as
// [bytes.Reader], is read straight into the mesh; other streams and text are
// collected as they come and then copied once, 108 bytes a triangle while it
// lasts. Nothing is reserved for triangles that a header merely promises,
// unless the file is as large as it says. A text file takes 72 bytes a triangle
// more while reading if it may need an origin. Files are not trusted: [Limits] are
// checked before memory is taken, and compressed content may expand 100-fold
// at most once it is past 48 MiB.
//
// # Division of work
//
// Binary files are written by github.com/hschendel/stl, in blocks, from
// triangles that are checked first. They are read here: the library takes one
// allocation per triangle, less than half the speed, and the size of the file
// at its word. Its text reader recurses for every blank line and
// cannot be guarded from outside, so text is read and written here as well.
package stl

import (
	"errors"
	"fmt"
	"image/color"
	"io"

	"setwise/io/internal/source"
	"setwise/pointcloud"
)

// Limits bound what a file may ask for; only Faces counts. The zero value is the
// defaults.
type Limits = pointcloud.Limits

// most returns the number of triangles that l allows.
func most(l Limits) int {
	_, faces := l.Most()
	return faces
}

// A Solid is a named mesh, one of those that a text file may hold.
type Solid struct {
	// Name is what follows "solid" in a text file, or the header of a binary
	// file up to its first zero byte or "COLOR=". It may be empty. It has no control
	// characters, no blanks at its ends, and at most 256 bytes.
	Name string
	Mesh pointcloud.Mesh

	// Colors is nil, or holds a colour for each face, where a binary file has
	// them. The zero colour is none.
	Colors []color.NRGBA
}

// mostSolids bounds the solids of one file: an empty solid takes 15 bytes of
// text and several times that in memory.
const mostSolids = 1 << 16

// Open reads the named file as one mesh. Errors name the file, the line or
// triangle, and what was expected there.
func Open(name string, l Limits) (pointcloud.Mesh, error) {
	return open(name, func(s input) (pointcloud.Mesh, error) { return read(s, l) })
}

// Read reads all of r as one mesh. Errors name the line or triangle, and what
// was expected there.
func Read(r io.Reader, l Limits) (pointcloud.Mesh, error) {
	return from("stl", r, func(s input) (pointcloud.Mesh, error) { return read(s, l) })
}

// OpenSolids reads the solids of the named file, in order. A binary file is
// one solid. More than 65,536 solids are an error. See [Open].
func OpenSolids(name string, l Limits) ([]Solid, error) {
	return open(name, func(s input) ([]Solid, error) { return readSolids(s, l) })
}

// ReadSolids reads the solids of all of r, in order. A binary file is one
// solid. More than 65,536 solids are an error. See [Read].
func ReadSolids(r io.Reader, l Limits) ([]Solid, error) {
	return from("stl", r, func(s input) ([]Solid, error) { return readSolids(s, l) })
}

// open returns what read makes of the named file.
func open[T any](name string, read func(input) (T, error)) (none T, err error) {
	f, err := source.File(name)
	if err != nil {
		return none, fmt.Errorf("stl: %w", err)
	}
	defer f.Close()
	return from("stl: "+name, f, read)
}

// read collects all triangles into one mesh.
func read(s input, l Limits) (pointcloud.Mesh, error) {
	p := pile{most: most(l)}
	if err := scan(s, &p, func(string) error { return nil }); err != nil {
		return pointcloud.Mesh{}, err
	}
	return p.take(), nil
}

// readSolids takes a mesh off the pile at the end of every solid.
func readSolids(s input, l Limits) ([]Solid, error) {
	p := pile{most: most(l), palette: new(palette)}
	var solids []Solid
	err := scan(s, &p, func(name string) error {
		if len(solids) == mostSolids {
			return fmt.Errorf("more than %d solids: want no more in one file", mostSolids)
		}
		solids = append(solids, Solid{Name: name, Mesh: p.take(), Colors: p.palette.colors})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return solids, nil
}

// scan puts the triangles of s on the pile and calls end with the name of each
// solid once its last triangle is there.
func scan(s input, p *pile, end func(name string) error) error {
	switch s.form {
	case binaryForm:
		return readBinary(s, p, end)
	case textForm:
		return readText(s, p, end)
	}
	if len(s.Head) == 0 {
		return errors.New(`empty: want "solid" and text, or a binary header of 84 bytes`)
	}
	return fmt.Errorf(`begins with %.32q: want "solid" and text, or a binary header of 84 bytes and 50 bytes a triangle`, s.Head)
}

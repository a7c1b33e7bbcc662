// Package off reads and writes meshes as OFF files, the text files of Geomview
// and of ModelNet.
//
//	m, err := off.Open("chair_0001.off", off.Limits{})
//	err = off.WriteFile("copy.off", off.Object{Mesh: m})
//
// [Open] and [Read] give the mesh alone. [OpenObject] and [ReadObject] also
// give what some files have beside it: normals of vertices, colours of vertices
// and of faces. What is compressed by gzip is read as well.
//
// # What is accepted
//
//	OFF
//	8 6 12            numbers of vertices, faces and edges
//	0 0 1             a line for each vertex
//	...
//	4 0 1 3 2         a line for each face: how many corners, and which, from 0
//	...
//
// The first word may be missing, and it may stand on the line of the numbers or
// be grown together with them, as in "OFF490 518 0". The number of edges
// means nothing and may be missing. The letters before OFF say what follows
// the coordinates of each vertex: N a normal, C a colour of three or four
// numbers, ST two numbers of a texture, which are ignored; with several of them
// in this order, whatever the order of the letters; but where the colour stands
// before the normal in all lines, as one can tell by the lengths of normals, that
// is understood. Without letters there may be three or four numbers in all lines:
// a colour, or three of a normal if they look like it. Letters may be small but
// for N, as nOFF has points of n dimensions. That and 4OFF, with points of
// four, are errors, and so is a binary file.
//
// The corners of a face may be followed by its colour: nothing, three or four
// numbers, or one, which is a place in a table that nobody has and is ignored.
// A face of n corners becomes n-2 triangles, all of its colour: a fan around its
// first corner, or other triangles where the face is not convex and the fan
// would cover what it does not. Faces of fewer corners than three are points and
// edges and are passed over.
//
// Colours go from 0 to 1, or from 0 to 255 if one of the file is 2 or more;
// those of vertices and those of faces are told apart. A colour that is not
// finite is none.
//
// Lines may end in LF, CRLF or CR and be of any length; blank lines, and what
// follows "#", count for nothing. A vertex or face on more or less than a line
// of its own is an error, for else one missing number would shift all others.
// So are a coordinate that is infinite, not a number or beyond float32, a
// corner that is no vertex, and anything after the last face. A normal that is
// not finite is zero, and one longer than 100 an error: it may be a colour.
//
// # Large coordinates
//
// Those of maps, which are so large that float32 would lose something, keep their
// digits: a mesh is measured from an origin then, see [setwise/pointcloud].
//
// # Cost
//
// Reading takes time linear in the size of the file, in one pass, and stops at
// the first error. Files are not trusted: [Limits] are checked before memory is
// taken, and nothing is reserved for what the first line merely promises: room
// doubles as elements come. A vertex takes 12 bytes, where the file has 6 or
// more, and as much again for a normal; a colour takes 4, and 16 to 30 more while
// reading, and a face of more than three corners 8; a vertex takes 24 more while
// reading if it may need an origin. A face that is not convex takes time with the
// square of its corners, and one that would take more than some seconds is an
// error.
package off

import (
	"image/color"
	"io"

	"setwise/io/internal/source"
	"setwise/pointcloud"
)

// Limits bound what a file may ask for. Faces counts triangles. The zero value
// is the defaults.
type Limits = pointcloud.Limits

// An Object is a mesh with what an OFF file may have beside it. One without
// faces is a cloud: its vertices, and their normals.
type Object struct {
	// Mesh has no normals when it is read, for OFF has none of faces.
	Mesh pointcloud.Mesh

	// VertexNormals is nil, or holds a vector for each vertex.
	VertexNormals [][3]float32

	// VertexColors and FaceColors are nil, or hold a colour for each vertex or
	// each face of the mesh. The zero colour is none.
	VertexColors, FaceColors []color.NRGBA
}

// Open reads the mesh of the named file. Errors name the file, the line, and
// what was expected there.
func Open(name string, l Limits) (pointcloud.Mesh, error) {
	o, err := OpenObject(name, l)
	return o.Mesh, err
}

// Read reads the mesh of all of r. Errors name the line, and what was expected
// there.
func Read(r io.Reader, l Limits) (pointcloud.Mesh, error) {
	o, err := ReadObject(r, l)
	return o.Mesh, err
}

// OpenObject reads all that the named file has. See [Open].
func OpenObject(name string, l Limits) (Object, error) {
	return source.Open("off", name, func(s *source.Stream) (Object, error) { return read(s, l) })
}

// ReadObject reads all that r has. See [Read].
func ReadObject(r io.Reader, l Limits) (Object, error) {
	return source.Read("off", r, func(s *source.Stream) (Object, error) { return read(s, l) })
}

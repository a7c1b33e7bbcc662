// Package obj reads and writes meshes as Wavefront OBJ files.
//
//	m, err := obj.Open("chair.obj", obj.Limits{})
//	err = obj.WriteFile("copy.obj", obj.Object{Mesh: m})
//
// [Open] and [Read] give the mesh alone. [OpenObject] and [ReadObject] also
// give the normals and colours of vertices. What is compressed by gzip is read
// as well.
//
// # What is accepted
//
//	v 0 0 1           a vertex: coordinates
//	v 0 0 1 1 0 0.5   and perhaps a colour
//	vn 0 0 1          a normal
//	f 1 2 3 4         a face: its corners among the vertices, from 1
//	f 1/5/1 2//1 -1   and perhaps /texture/normal; the last vertex so far is -1
//
// Vertices may have one number more, a weight, which is ignored, three of a
// colour, or four with alpha. A face of n corners becomes n-2 triangles: a fan
// around its first corner, or other triangles where the face is not convex and
// the fan would cover what it does not. Faces of fewer corners than three are
// points and edges and are passed over. A face may name vertices that come after
// it.
//
// All else is ignored: places in textures, groups, objects, materials and the
// files that they are in, smoothing, lines, points, free-form curves and
// statements that nobody knows. But the first statement must be one that OBJ
// has, every statement must begin with a letter, and a file without vertices
// must begin with a comment or have statements of OBJ alone, so that other
// files are not taken for empty meshes. The objects and groups of a file are one mesh.
//
// Colours go from 0 to 1, or from 0 to 255 if one of the file is 2 or more. A
// colour that is not finite is none.
//
// Lines may end in LF, CRLF or CR and be of any length. A "\" at the end of
// one joins the next to it. Blank lines, and what follows "#", count for
// nothing. A coordinate that is infinite, not a number or beyond float32 is an
// error; so is a corner that is no vertex. So is a normal that there is not,
// unless the file has none at all, as some programs leave out what they refer
// to; a number from the last so far must be right even then.
//
// # Large coordinates
//
// Those of maps, which are so large that float32 would lose something, keep their
// digits: a mesh is measured from an origin then, see [setwise/pointcloud].
//
// # Normals
//
// OBJ gives normals to the corners of faces. [Object] has them where they are
// those of vertices or of faces: VertexNormals if all corners of triangles
// have one and those at the same vertex agree, and Mesh.Normals if all
// have one and those of the same triangle agree. A flat surface has both, a
// cube whose edges are sharp has those of faces only, and other meshes may have
// neither. A vertex without triangles has the normal of its own number if there
// are as many as vertices, and else zero, so that a file of points and normals
// alone is a cloud with normals. A normal that is not finite is zero.
//
// # Cost
//
// Reading takes time linear in the size of the file, in one pass, and stops at
// the first error. Files are not trusted: [Limits] are checked before memory is
// taken, and nothing is reserved before it comes. A vertex or normal takes 12
// bytes, where the file has 8 or more; a triangle takes 12, and 12 more while
// reading if its corners have normals; a colour takes 4, and 16 more while
// reading, and a face of more than three corners 8; a vertex takes 24 more while
// reading if it may need an origin. A face that is not convex takes time with the
// square of its corners, and one that would take more than some seconds is an
// error.
package obj

import (
	"image/color"
	"io"

	"setwise/io/internal/source"
	"setwise/pointcloud"
)

// Limits bound what a file may ask for. Faces counts triangles, and there may be
// three normals for each. The zero value is the defaults.
type Limits = pointcloud.Limits

// An Object is a mesh with what an OBJ file may have beside it. One without
// faces is a cloud: its vertices, and their normals.
type Object struct {
	// Mesh has normals of its faces if the file gives them.
	Mesh pointcloud.Mesh

	// VertexNormals is nil, or holds a vector for each vertex.
	VertexNormals [][3]float32

	// VertexColors is nil, or holds a colour for each vertex. The zero colour
	// is none.
	VertexColors []color.NRGBA
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
	return source.Open("obj", name, func(s *source.Stream) (Object, error) { return read(s, l) })
}

// ReadObject reads all that r has. See [Read].
func ReadObject(r io.Reader, l Limits) (Object, error) {
	return source.Read("obj", r, func(s *source.Stream) (Object, error) { return read(s, l) })
}

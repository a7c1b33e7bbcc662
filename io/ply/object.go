package ply

import (
	"io"

	"setwise/io/internal/source"
	"setwise/pointcloud"
)

// An Object is a mesh, or a cloud if it has no faces: its vertices, and their
// normals.
type Object struct {
	Mesh pointcloud.Mesh

	// VertexNormals is nil, or holds a vector for each vertex.
	VertexNormals [][3]float32
}

// ReadObject reads all of r as a mesh that may be a cloud. See [Open].
func ReadObject(r io.Reader, l Limits) (Object, error) {
	return source.Read("ply", r, func(s *source.Stream) (o Object, err error) {
		u := newSurface(l)
		u.bare = false
		if _, err := read(s, l, u); err != nil {
			return o, err
		}
		o.VertexNormals = u.cloud.Normals
		o.Mesh, err = u.result()
		return o, err
	})
}

// Package pointcloud holds shapes in space and makes sets of them.
//
// A [Cloud] is a set of points, with normals if they are known; a [Mesh] is a
// surface of triangles, from which points are drawn. Operations return new
// shapes and never change the ones they are given.
package pointcloud

// A Cloud is a set of points in space. Normals is nil, or holds a vector for
// each point. The zero value is the empty cloud.
type Cloud struct {
	Points  [][3]float32
	Normals [][3]float32
}

// A Mesh is a surface of triangles. A face gives the numbers of its corners
// among the vertices, counterclockwise seen from outside. Normals is nil, or
// holds a vector for each face. The zero value is the empty mesh.
type Mesh struct {
	Vertices [][3]float32
	Faces    [][3]int32
	Normals  [][3]float32
}

package shape

import (
	"setwise/io/internal/source"
	"setwise/io/obj"
	"setwise/io/off"
	"setwise/io/pcd"
	"setwise/io/ply"
	"setwise/io/stl"
	"setwise/io/xyz"
	"setwise/pointcloud"
)

func readSTL(s *source.Stream, l Limits) (Shape, error) {
	// Every triangle has three vertices of its own.
	points, faces := l.Most()
	m, err := stl.Read(s, Limits{Faces: max(min(faces, points/3), 1)})
	return Shape{Mesh: m}, err
}

func readOFF(s *source.Stream, l Limits) (Shape, error) {
	o, err := off.ReadObject(s, l)
	return either(o.Mesh, o.VertexNormals), err
}

func readOBJ(s *source.Stream, l Limits) (Shape, error) {
	o, err := obj.ReadObject(s, l)
	return either(o.Mesh, o.VertexNormals), err
}

func readPLY(s *source.Stream, l Limits) (Shape, error) {
	o, err := ply.ReadObject(s, l)
	return either(o.Mesh, o.VertexNormals), err
}

func readPCD(s *source.Stream, l Limits) (Shape, error) {
	c, err := pcd.Read(s, l)
	return Shape{Cloud: c}, err
}

func readXYZ(s *source.Stream, l Limits) (Shape, error) {
	c, err := xyz.Read(s, l)
	return Shape{Cloud: c}, err
}

// either returns a mesh, or a cloud of its vertices if it has no faces.
func either(m pointcloud.Mesh, normals [][3]float32) Shape {
	if len(m.Faces) > 0 {
		return Shape{Mesh: m}
	}
	return Shape{Cloud: pointcloud.Cloud{Points: m.Vertices, Normals: normals, Origin: m.Origin}}
}

package shape

import (
	"setwise/io/obj"
	"setwise/io/off"
	"setwise/io/pcd"
	"setwise/io/ply"
	"setwise/io/stl"
	"setwise/io/xyz"
	"setwise/pointcloud"
)

func openSTL(name string, l Limits) (Shape, error) {
	// Every triangle has three vertices of its own.
	points, faces := l.Most()
	m, err := stl.Open(name, Limits{Faces: max(min(faces, points/3), 1)})
	return Shape{Mesh: m}, err
}

func openOFF(name string, l Limits) (Shape, error) {
	o, err := off.OpenObject(name, l)
	return either(o.Mesh, o.VertexNormals), err
}

func openOBJ(name string, l Limits) (Shape, error) {
	o, err := obj.OpenObject(name, l)
	return either(o.Mesh, o.VertexNormals), err
}

func openPLY(name string, l Limits) (Shape, error) {
	m, err := ply.Open(name, l)
	if err != nil || len(m.Faces) > 0 {
		return Shape{Mesh: m}, err
	}
	c, err := ply.OpenCloud(name, l)
	return Shape{Cloud: c}, err
}

func openPCD(name string, l Limits) (Shape, error) {
	c, err := pcd.Open(name, l)
	return Shape{Cloud: c}, err
}

func openXYZ(name string, l Limits) (Shape, error) {
	c, err := xyz.Open(name, l)
	return Shape{Cloud: c}, err
}

// either returns a mesh, or a cloud of its vertices if it has no faces.
func either(m pointcloud.Mesh, normals [][3]float32) Shape {
	if len(m.Faces) > 0 {
		return Shape{Mesh: m}
	}
	return Shape{Cloud: pointcloud.Cloud{Points: m.Vertices, Normals: normals, Origin: m.Origin}}
}

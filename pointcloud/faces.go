package pointcloud

import "setwise/set"

// Area returns the area of all faces together, in square units of the
// vertices:
//
//	sum over faces (a, b, c) of |(b - a) x (c - a)| / 2
//
// It panics with a [*set.ShapeError] if a corner does not exist.
func (m Mesh) Area() float64 {
	var sum float64
	for i := range m.Faces {
		sum += float64(norm(m.span(i)) / 2)
	}
	return sum
}

// Volume returns the volume that the faces enclose, by the divergence theorem:
//
//	sum over faces (a, b, c) of a . (b x c) / 6
//
// It is positive for a closed mesh whose faces are counterclockwise seen from
// outside, and negative if they are clockwise. Corners are taken relative to
// the middle of the mesh, which changes nothing for a closed mesh but is
// kinder to the last digits. It panics with a [*set.ShapeError] if a corner
// does not exist.
func (m Mesh) Volume() float64 {
	var sum float64
	o := m.Bounds().Center()
	for i := range m.Faces {
		a, b, c := m.triangle(i)
		sum += dot(sub(a, o), cross(sub(b, o), sub(c, o))) / 6
	}
	return sum
}

// FaceNormals returns for each face the vector of length 1 that points outward
// by the order of its corners, whatever m.Normals says. A face without area
// gets zero. It panics with a [*set.ShapeError] if a corner does not exist.
func (m Mesh) FaceNormals() [][3]float32 {
	out := make([][3]float32, len(m.Faces))
	for i := range m.Faces {
		out[i] = narrow(unit(m.span(i)))
	}
	return out
}

// triangle returns the corners of face i.
func (m Mesh) triangle(i int) (a, b, c [3]float64) {
	f := m.Faces[i]
	if err := m.corners(i, f); err != nil {
		panic(set.Mismatch("pointcloud.Mesh", "corners of face %d among %d vertices, got %v", i, len(m.Vertices), f))
	}
	return wide(m.Vertices[f[0]]), wide(m.Vertices[f[1]]), wide(m.Vertices[f[2]])
}

// span returns (b - a) x (c - a) of face i: its outward direction, as long as
// twice its area.
func (m Mesh) span(i int) [3]float64 {
	a, b, c := m.triangle(i)
	return cross(sub(b, a), sub(c, a))
}

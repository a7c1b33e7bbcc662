package pointcloud

import "setwise/set"

// A Box is the part of space between two corners, its sides along the axes. That
// of a cloud or mesh is measured from its origin.
type Box struct{ Min, Max [3]float32 }

// Size returns the lengths of the sides.
func (b Box) Size() [3]float64 { return sub(wide(b.Max), wide(b.Min)) }

// Center returns the middle.
func (b Box) Center() [3]float64 {
	lo, size := wide(b.Min), b.Size()
	return [3]float64{lo[0] + float64(size[0]/2), lo[1] + float64(size[1]/2), lo[2] + float64(size[2]/2)}
}

// Bounds returns the smallest box around all points of c. No points give the
// zero Box, one point a box of no size. An axis along which a coordinate is
// NaN has NaN for both its bounds.
func (c Cloud) Bounds() Box { return around(c.Points) }

// Bounds returns the smallest box around all vertices of m, whether a face uses
// them or not. As for [Cloud.Bounds], no vertices give the zero Box.
func (m Mesh) Bounds() Box { return around(m.Vertices) }

func around(points [][3]float32) Box {
	if len(points) == 0 {
		return Box{}
	}
	b := Box{points[0], points[0]}
	for _, p := range points[1:] {
		for k, x := range p {
			b.Min[k] = min(b.Min[k], x)
			b.Max[k] = max(b.Max[k], x)
		}
	}
	return b
}

// Centroid returns the mean of the points, measured from c.Origin as they are, or
// zero if there are none.
func (c Cloud) Centroid() [3]float32 { return narrow(c.mean()) }

func (c Cloud) mean() [3]float64 {
	var sum [3]float64
	for _, p := range c.Points {
		for k, x := range p {
			sum[k] += float64(x)
		}
	}
	n := float64(max(len(c.Points), 1))
	return [3]float64{sum[0] / n, sum[1] / n, sum[2] / n}
}

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

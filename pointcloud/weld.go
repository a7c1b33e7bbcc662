package pointcloud

import (
	"setwise/internal/elementary"
	"setwise/set"
)

// Weld returns m with vertices that lie in one place made one, so that faces
// that meet there share them, as those of an STL file do not. With a tolerance
// of 0, in units of the vertices, those are vertices with equal coordinates.
// With a larger one, each vertex in turn that is no farther than the tolerance
// from one before it which stays is put to the first of those. So no vertex
// moves by more than the tolerance, and the result is the same every time, but
// depends on the order of the vertices where more of them lie about as close as
// the tolerance.
//
// Vertices keep their order. Faces of which two corners become one, or are one,
// are left out, with their normals; the normals of others stay. A vertex that is
// not finite stays alone; so does, with a tolerance of 0, one that is NaN. It
// panics with a [*set.ShapeError] for a tolerance that is negative or NaN, if a
// corner does not exist, and for normals that are not as many as the faces. O(vertices + faces) time for a tolerance of 0, and
// O(vertices log(vertices) + faces) for one that is small for the mesh.
func (m Mesh) Weld(tolerance float64) Mesh {
	if !(tolerance >= 0) {
		panic(set.Mismatch("pointcloud.Weld", "a tolerance of 0 or more, got %v", tolerance))
	}
	if m.Normals != nil && len(m.Normals) != len(m.Faces) {
		panic(set.Mismatch("pointcloud.Weld", "a normal for each of %d faces, or none, got %d", len(m.Faces), len(m.Normals)))
	}
	m.needCorners()
	var to []int32
	if tolerance == 0 {
		to = equals(m.Vertices)
	} else {
		to = closest(m.Vertices, tolerance)
	}
	out := Mesh{Origin: m.Origin}
	number := make([]int32, len(to))
	for i, t := range to {
		if int(t) == i {
			number[i] = int32(len(out.Vertices))
			out.Vertices = append(out.Vertices, m.Vertices[i])
		}
	}
	if m.Normals != nil {
		out.Normals = [][3]float32{}
	}
	for i, f := range m.Faces {
		g := [3]int32{number[to[f[0]]], number[to[f[1]]], number[to[f[2]]]}
		if !solid(g) {
			continue
		}
		out.Faces = append(out.Faces, g)
		if m.Normals != nil {
			out.Normals = append(out.Normals, m.Normals[i])
		}
	}
	return out
}

// solid is whether a face has three corners.
func solid(f [3]int32) bool { return f[0] != f[1] && f[1] != f[2] && f[2] != f[0] }

// needCorners panics if a corner does not exist.
func (m Mesh) needCorners() {
	for i := range m.Faces {
		m.triangle(i)
	}
}

// equals returns for each point the first that equals it.
func equals(points [][3]float32) []int32 {
	to := make([]int32, len(points))
	first := make(map[[3]float32]int32, len(points))
	for i, p := range points {
		to[i] = int32(i)
		if j, ok := first[p]; ok {
			to[i] = j
		} else {
			first[p] = int32(i)
		}
	}
	return to
}

// closest returns for each point the first that stays and is no farther than a
// tolerance, or the point itself, which stays, if there is none.
func closest(points [][3]float32, tolerance float64) []int32 {
	var finites [][3]float32
	var index []int32
	to := make([]int32, len(points))
	for i, p := range points {
		to[i] = -1
		if elementary.FiniteVector(p) {
			finites, index = append(finites, p), append(index, int32(i))
		}
	}
	tree := Cloud{Points: finites}.Tree()
	var near []Neighbour
	for i, p := range points {
		if to[i] >= 0 {
			continue
		}
		to[i] = int32(i)
		near = tree.Within(p, tolerance, 0, near[:0])
		for _, n := range near {
			if j := index[n.Index]; to[j] < 0 {
				to[j] = int32(i)
			}
		}
	}
	return to
}

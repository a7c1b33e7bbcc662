package solids

import "setwise/pointcloud"

// A piece is what hangs together of a mesh, a closed surface.
type piece struct {
	faces  []int32
	lo, hi [3]float32 // the corners of its box
}

// pieces takes a mesh apart, and returns the piece that each face is of.
func pieces(m pointcloud.Mesh) (list []piece, of []int32) {
	// Sweeps and revolutions are added one after another: the first face of a
	// piece is the first that has none of the vertices so far.
	of = make([]int32, len(m.Faces))
	last := int32(-1) // the last vertex of the piece
	for i, f := range m.Faces {
		if min(f[0], f[1], f[2]) > last {
			v := m.Vertices[f[0]]
			list = append(list, piece{lo: v, hi: v})
		}
		p := &list[len(list)-1]
		for _, v := range f {
			last = max(last, v)
			for k, x := range m.Vertices[v] {
				p.lo[k], p.hi[k] = min(p.lo[k], x), max(p.hi[k], x)
			}
		}
		p.faces, of[i] = append(p.faces, int32(i)), int32(len(list)-1)
	}
	return list, of
}

// within reports whether a point lies inside a piece of m: whether a line from there
// straight up leaves it once more than it enters it. Edges are looked at as going
// up the y axis, whichever face they are of, so that a line meets one of two faces
// that share an edge. O(faces).
func (p *piece) within(m *pointcloud.Mesh, at [3]float32) bool {
	for k, x := range at {
		if !(x > p.lo[k] && x < p.hi[k]) {
			return false
		}
	}
	inside := false
	for _, i := range p.faces {
		f := &m.Faces[i]
		corners := [3]*[3]float32{&m.Vertices[f[0]], &m.Vertices[f[1]], &m.Vertices[f[2]]}
		met := false
		for k, a := range corners {
			b := corners[(k+1)%3]
			if (a[1] > at[1]) == (b[1] > at[1]) {
				continue
			}
			if a[1] > b[1] {
				a, b = b, a
			}
			t := (float64(at[1]) - float64(a[1])) / (float64(b[1]) - float64(a[1]))
			if float64(at[0]) < float64(a[0])+float64(t*(float64(b[0])-float64(a[0]))) {
				met = !met
			}
		}
		if met && height(corners, at) > float64(at[2]) {
			inside = !inside
		}
	}
	return inside
}

// height returns where the plane of a triangle is above or below a point.
func height(corners [3]*[3]float32, at [3]float32) float64 {
	var u, v, d [3]float64
	a := corners[0]
	for k := range 3 {
		u[k], v[k] = float64(corners[1][k])-float64(a[k]), float64(corners[2][k])-float64(a[k])
		d[k] = float64(at[k]) - float64(a[k])
	}
	n := cross(u, v)
	return float64(a[2]) - (float64(n[0]*d[0])+float64(n[1]*d[1]))/n[2]
}

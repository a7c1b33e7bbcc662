package pointcloud

// A Topology is how the faces of a mesh hang together. Edges are pairs of
// vertices, the lower one first, in ascending order.
type Topology struct {
	Boundary  [][2]int32 // edges of one face
	Branching [][2]int32 // edges of more than two faces
	Clashing  [][2]int32 // edges of two faces, of which one is inside out for the other

	// Pieces is the number of parts that hang together by edges.
	Pieces int

	// Euler is the number of vertices that faces use, less that of edges, plus
	// that of faces: 2 for each closed piece, less 2 for each of its handles.
	Euler int
}

// Watertight is whether the faces enclose a volume, as far as the edges tell:
// each is shared by exactly two faces, which run along it in opposite
// directions, and there are faces.
func (t Topology) Watertight() bool {
	return t.Pieces > 0 && len(t.Boundary) == 0 && len(t.Branching) == 0 && len(t.Clashing) == 0
}

// Topology returns how the faces of m hang together. Where the vertices lie does
// not matter, and so neither does a NaN; those that lie in one place without being
// one do not hang together: see [Mesh.Weld]. Faces that have a corner twice are
// not looked at, and faces with the same corners are counted each. The empty mesh
// has no pieces. It panics with a [*set.ShapeError] if a corner does not exist.
// O(vertices + faces).
func (m Mesh) Topology() Topology {
	m.needCorners()
	var t Topology
	used := make([]bool, len(m.Vertices))
	var keys []uint64 // of the edges of faces: the lower vertex and the higher
	var faces []int32 // of each edge
	var upward []bool // whether the face runs from the lower to the higher
	for i, f := range m.Faces {
		if !solid(f) {
			continue
		}
		t.Euler++
		for k, a := range f {
			b := f[(k+1)%3]
			keys = append(keys, uint64(min(a, b))<<32|uint64(max(a, b)))
			faces, upward = append(faces, int32(i)), append(upward, a < b)
			used[a] = true
		}
	}
	t.Pieces = t.Euler
	for _, u := range used {
		if u {
			t.Euler++
		}
	}
	pieces := newParts(len(m.Faces))
	order := ranked(keys)
	for lo := 0; lo < len(order); {
		first := order[lo]
		hi := lo + 1
		for ; hi < len(order) && keys[order[hi]] == keys[first]; hi++ {
			if pieces.join(faces[first], faces[order[hi]], false) {
				t.Pieces--
			}
		}
		t.Euler--
		edge := [2]int32{int32(keys[first] >> 32), int32(uint32(keys[first]))}
		switch {
		case hi-lo == 1:
			t.Boundary = append(t.Boundary, edge)
		case hi-lo > 2:
			t.Branching = append(t.Branching, edge)
		case upward[first] == upward[order[lo+1]]:
			t.Clashing = append(t.Clashing, edge)
		}
		lo = hi
	}
	return t
}

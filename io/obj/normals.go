package obj

import "slices"

// settle gives the normals of corners to vertices and faces, where they are
// theirs.
func (t *reader) settle() {
	if t.bare || len(t.normals) == 0 {
		return
	}
	t.VertexNormals = t.ofVertices()
	t.Mesh.Normals = t.ofFaces()
}

// ofVertices returns the normals of vertices, or nil if the corners at one
// differ.
func (t *reader) ofVertices() [][3]float32 {
	var out [][3]float32
	switch {
	case len(t.normals) == len(t.Mesh.Vertices):
		out = slices.Clone(t.normals)
	case len(t.corners) > 0:
		out = make([][3]float32, len(t.Mesh.Vertices))
	default:
		return nil
	}
	known := make([]bool, len(out))
	for i, f := range t.Mesh.Faces {
		for k, v := range f {
			n := t.normals[t.corners[i][k]]
			if known[v] && out[v] != n {
				return nil
			}
			out[v], known[v] = n, true
		}
	}
	return out
}

// ofFaces returns the normals of faces, or nil if the corners of one differ.
func (t *reader) ofFaces() [][3]float32 {
	var out [][3]float32
	for _, c := range t.corners {
		n := t.normals[c[0]]
		if t.normals[c[1]] != n || t.normals[c[2]] != n {
			return nil
		}
		out = append(out, n)
	}
	return out
}

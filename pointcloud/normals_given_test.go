package pointcloud_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// tetrahedron is a mesh with corners in the right order.
var tetrahedron = pointcloud.Mesh{
	Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	Faces:    [][3]int32{{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}},
}

// Normals are kept as far as the faces bear them out, on either side.
func TestGivenNormals(t *testing.T) {
	right := tetrahedron.FaceNormals()
	times := func(by float32) (out [][3]float32) {
		for _, n := range right {
			out = append(out, [3]float32{by * n[0], by * n[1], by * n[2]})
		}
		return out
	}
	changed := func(from [][3]float32, i int, n [3]float32) [][3]float32 {
		out := append([][3]float32(nil), from...)
		out[i] = n
		return out
	}
	same := func(n [3]float32) [][3]float32 { return [][3]float32{n, n, n, n} }
	smooth := append([][3]float32(nil), right...)
	for i := range smooth {
		for k := range smooth[i] {
			smooth[i][k] += 0.3
		}
	}
	nan := float32(math.NaN())
	grid := sheetMesh(20) // 800 equal faces
	for name, c := range map[string]struct {
		mesh pointcloud.Mesh
		give [][3]float32
		want [][3]float32
	}{
		"right":        {tetrahedron, right, right},
		"long":         {tetrahedron, times(7), times(7)},
		"inward order": {tetrahedron, times(-1), times(-1)},
		"smooth":       {tetrahedron, smooth, smooth},
		"one for all":  {tetrahedron, same([3]float32{0, 0, 1}), right},
		"zeros":        {tetrahedron, same([3]float32{}), right},
		"a zero":       {tetrahedron, changed(right, 1, [3]float32{}), right},
		"not finite":   {tetrahedron, changed(times(-1), 1, [3]float32{nan, 0, 0}), times(-1)},
		"one is wrong": {tetrahedron, changed(right, 3, [3]float32{1, -1, 0}), right}, // of more than a tenth of the area
		"one of many":  {grid, changed(grid.FaceNormals(), 9, [3]float32{1, 0, 0}), grid.FaceNormals()},
		"a plane": {grid, func() [][3]float32 {
			n := grid.FaceNormals()
			for i := range n {
				n[i] = [3]float32{0, 0, -1}
			}
			return n
		}(), nil},
	} {
		c.mesh.Normals = c.give
		s, err := pointcloud.NewSurface(c.mesh)
		require.NoError(t, err, name)
		if c.want == nil {
			c.want = c.give
		}
		for i, n := range s.Mesh().Normals {
			for k := range n {
				assert.InDelta(t, c.want[i][k], n[k], 1e-6, "%s, face %d", name, i)
			}
		}
	}
}

// sheetMesh returns a flat sheet of 2*n*n faces that look up.
func sheetMesh(n int32) (m pointcloud.Mesh) {
	for i := range n + 1 {
		for j := range n + 1 {
			m.Vertices = append(m.Vertices, [3]float32{float32(i), float32(j), 0})
		}
	}
	for i := range n {
		for j := range n {
			a := i*(n+1) + j
			m.Faces = append(m.Faces, [3]int32{a, a + n + 1, a + n + 2}, [3]int32{a, a + n + 2, a + 1})
		}
	}
	return m
}

package pointcloud_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// soup returns m with corners of its own for each face.
func soup(m pointcloud.Mesh) (out pointcloud.Mesh) {
	for _, f := range m.Faces {
		n := int32(len(out.Vertices))
		out.Vertices = append(out.Vertices, m.Vertices[f[0]], m.Vertices[f[1]], m.Vertices[f[2]])
		out.Faces = append(out.Faces, [3]int32{n, n + 1, n + 2})
	}
	out.Normals = slices.Clone(m.Normals)
	return out
}

func TestWeldASoup(t *testing.T) {
	box := block(1, 2, 3)
	s := soup(box)
	before := s.Clone()
	for _, tolerance := range []float64{0, 1e-6} {
		got := s.Weld(tolerance)
		require.Equal(t, before, s, "the input changed")
		require.Len(t, got.Vertices, 8)
		require.Len(t, got.Faces, 12)
		require.Equal(t, box.Normals, got.Normals)
		require.InDelta(t, 6, got.Volume(), 1e-12)
		require.True(t, got.Topology().Watertight())
		require.Equal(t, got, got.Weld(tolerance), "twice is once")
	}
	require.Equal(t, box, box.Weld(0))
	// Corners that are off by rounding are welded by a tolerance alone.
	rng := seeded(91)
	for i := range s.Vertices {
		for k := range 3 {
			s.Vertices[i][k] += 1e-5 * (rng.Float32() - 0.5)
		}
	}
	require.False(t, s.Weld(0).Topology().Watertight())
	require.True(t, s.Weld(2e-5).Topology().Watertight())
}

// The first of close vertices stays, and none moves by more than the tolerance.
func TestWeldKeepsTheFirst(t *testing.T) {
	line := func(x ...float32) (m pointcloud.Mesh) {
		for _, x := range x {
			m.Vertices = append(m.Vertices, [3]float32{x})
		}
		return m
	}
	for _, tt := range []struct {
		tolerance  float64
		have, want pointcloud.Mesh
	}{
		{1, line(0, 1, 2, 3), line(0, 2)},    // each moves to one that stays
		{1, line(1, 0, 2, 3), line(1, 3)},    // in another order
		{1, line(0, 2, 1), line(0, 2)},       // to the first, not the nearest
		{0.99, line(0, 1, 2), line(0, 1, 2)}, //
		{math.Inf(1), line(5, 0, -3e38), line(5)},
		{0, line(0, float32(math.Copysign(0, -1)), 1e-45), line(0, 1e-45)},
		{1.1e30, line(-1e30, 1e30, 0, 3e38), line(-1e30, 1e30, 3e38)},
		{0, line(inf, inf, -inf), line(inf, -inf)},
		{1, line(inf, inf, 0.5), line(inf, inf, 0.5)},
		{1, line(), line()},
	} {
		require.Equal(t, tt.want, tt.have.Weld(tt.tolerance), "%v by %v", tt.have.Vertices, tt.tolerance)
	}
	for _, tolerance := range []float64{0, 1} {
		require.Len(t, line(nan, nan, 1).Weld(tolerance).Vertices, 3)
	}
}

func TestWeldAgainstAllPairs(t *testing.T) {
	rng := seeded(92)
	for name, points := range kinds(300, rng) {
		for _, tolerance := range []float64{0, 0.1, 1, 1e29} {
			m := pointcloud.Mesh{Vertices: points}
			var want pointcloud.Mesh
			var number []int32 // of each vertex among those that stay
			for _, p := range points {
				near := within(everyone(want.Vertices, p), tolerance)
				if len(near) == 0 {
					number = append(number, int32(len(want.Vertices)))
					want.Vertices = append(want.Vertices, p)
					continue
				}
				number = append(number, byIndex(near)[0].Index)
			}
			for range 300 {
				f := [3]int32{rng.Int32N(300), rng.Int32N(300), rng.Int32N(300)}
				g := [3]int32{number[f[0]], number[f[1]], number[f[2]]}
				m.Faces = append(m.Faces, f)
				if g[0] != g[1] && g[1] != g[2] && g[2] != g[0] {
					want.Faces = append(want.Faces, g)
				}
			}
			require.Equal(t, want, m.Weld(tolerance), "%s by %v", name, tolerance)
		}
	}
}

func TestWeldLeavesOutFaces(t *testing.T) {
	m := pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, 0}, {0, 0, 0}, {1, 0, 0}, {0, 1, 0}},
		Faces:    [][3]int32{{0, 1, 2}, {1, 2, 3}, {2, 2, 3}},
		Normals:  [][3]float32{{1, 0, 0}, {0, 0, 1}, {0, 1, 0}},
	}
	require.Equal(t, pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}},
		Faces:    [][3]int32{{0, 1, 2}},
		Normals:  [][3]float32{{0, 0, 1}},
	}, m.Weld(0))
	require.NoError(t, m.Weld(5).Validate())
	m.Faces[0][2] = 4
	for _, bad := range []func(){
		func() { m.Weld(0) },
		func() { m.Topology() },
		func() { pointcloud.Mesh{}.Weld(-1) },
		func() { pointcloud.Mesh{}.Weld(math.NaN()) },
	} {
		require.Error(t, set.Try(bad))
	}
}

func TestTopology(t *testing.T) {
	joined := func(a, b pointcloud.Mesh) pointcloud.Mesh {
		out := a.Clone()
		for _, f := range b.Faces {
			n := int32(len(a.Vertices))
			out.Faces = append(out.Faces, [3]int32{f[0] + n, f[1] + n, f[2] + n})
		}
		out.Vertices, out.Normals = append(out.Vertices, b.Vertices...), nil
		return out
	}
	without := func(m pointcloud.Mesh, face int) pointcloud.Mesh {
		m = m.Clone()
		m.Faces, m.Normals = slices.Delete(m.Faces, face, face+1), nil
		return m
	}
	flipped := block(1, 1, 1)
	flipped.Faces[0][0], flipped.Faces[0][1] = flipped.Faces[0][1], flipped.Faces[0][0]
	grid := func(n int32, twist bool) (m pointcloud.Mesh) { // around a ring, three wide
		for i := range 3 * n {
			m.Vertices = append(m.Vertices, [3]float32{float32(i)})
		}
		for i := range n {
			for j := range int32(2) {
				at := func(i, j int32) int32 {
					if i == n && twist {
						j = 2 - j
					}
					return i%n*3 + j
				}
				m.Faces = append(m.Faces, [3]int32{at(i, j), at(i+1, j), at(i, j+1)}, [3]int32{at(i+1, j), at(i+1, j+1), at(i, j+1)})
			}
		}
		return m
	}
	var ring pointcloud.Mesh // the surface of a torus
	const n = 5
	ring.Vertices = make([][3]float32, n*n)
	for i := range int32(n) {
		for j := range int32(n) {
			at := func(i, j int32) int32 { return i%n*n + j%n }
			ring.Faces = append(ring.Faces, [3]int32{at(i, j), at(i+1, j), at(i, j+1)}, [3]int32{at(i+1, j), at(i+1, j+1), at(i, j+1)})
		}
	}
	fan := pointcloud.Mesh{Vertices: make([][3]float32, 5), Faces: [][3]int32{{0, 1, 2}, {1, 0, 3}, {0, 1, 4}}}
	for name, tt := range map[string]struct {
		mesh                          pointcloud.Mesh
		boundary, branching, clashing int
		pieces, euler                 int
		watertight                    bool
	}{
		"empty":           {},
		"box":             {mesh: block(1, 2, 3), pieces: 1, euler: 2, watertight: true},
		"ball":            {mesh: ball(8).Weld(1e-5), pieces: 1, euler: 2, watertight: true},
		"two boxes":       {mesh: joined(block(1, 1, 1), block(2, 2, 2)), pieces: 2, euler: 4, watertight: true},
		"open box":        {mesh: without(block(1, 1, 1), 3), boundary: 3, pieces: 1, euler: 1},
		"flipped face":    {mesh: flipped, clashing: 3, pieces: 1, euler: 2},
		"torus":           {mesh: ring, pieces: 1, euler: 0, watertight: true},
		"ring":            {mesh: grid(5, false), boundary: 10, pieces: 1, euler: 0},
		"Moebius":         {mesh: grid(5, true), boundary: 10, clashing: 2, pieces: 1, euler: 0},
		"three at a line": {mesh: fan, boundary: 6, branching: 1, pieces: 1, euler: 1},
		"soup":            {mesh: soup(block(1, 1, 1)), boundary: 36, pieces: 12, euler: 12},
		"at a corner":     {mesh: pointcloud.Mesh{Vertices: make([][3]float32, 5), Faces: [][3]int32{{0, 1, 2}, {2, 3, 4}}}, boundary: 6, pieces: 2, euler: 1},
		"a corner twice":  {mesh: pointcloud.Mesh{Vertices: make([][3]float32, 5), Faces: [][3]int32{{0, 0, 1}, {2, 2, 2}}}},
		"unused":          {mesh: pointcloud.Mesh{Vertices: make([][3]float32, 5)}},
		"pillow":          {mesh: pointcloud.Mesh{Vertices: make([][3]float32, 3), Faces: [][3]int32{{0, 1, 2}, {0, 2, 1}}}, pieces: 1, euler: 2, watertight: true},
		"NaN":             {mesh: pointcloud.Mesh{Vertices: [][3]float32{{nan}, {inf}, {1}}, Faces: [][3]int32{{0, 1, 2}}}, boundary: 3, pieces: 1, euler: 1},
	} {
		t.Run(name, func(t *testing.T) {
			got := tt.mesh.Topology()
			require.Len(t, got.Boundary, tt.boundary)
			require.Len(t, got.Branching, tt.branching)
			require.Len(t, got.Clashing, tt.clashing)
			require.Equal(t, tt.pieces, got.Pieces)
			require.Equal(t, tt.euler, got.Euler)
			require.Equal(t, tt.watertight, got.Watertight())
		})
	}
	require.Equal(t, [][2]int32{{0, 2}, {0, 3}, {2, 3}}, without(block(1, 1, 1), 1).Topology().Boundary)
	require.Equal(t, [][2]int32{{0, 1}}, fan.Topology().Branching)
}

func ExampleMesh_Weld() {
	// Two triangles of a square, as an STL file has them.
	m := pointcloud.Mesh{
		Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 0, 0}, {1, 1, 0}, {0, 1, 0}},
		Faces:    [][3]int32{{0, 1, 2}, {3, 4, 5}},
	}
	welded := m.Weld(0)
	fmt.Println(len(welded.Vertices), welded.Faces)
	t := welded.Topology()
	fmt.Println("pieces:", t.Pieces, "watertight:", t.Watertight(), "boundary:", t.Boundary)
	// Output:
	// 4 [[0 1 2] [0 2 3]]
	// pieces: 1 watertight: false boundary: [[0 1] [0 3] [1 2] [2 3]]
}

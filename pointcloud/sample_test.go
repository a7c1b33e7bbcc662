package pointcloud_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// chiSquare compares counts with what was expected of them, and allows for
// four standard deviations of the statistic.
func chiSquare(t *testing.T, got []int, want []float64) {
	t.Helper()
	var sum, dof float64
	for i, w := range want {
		if w == 0 {
			require.Zero(t, got[i], "cell %d", i)
			continue
		}
		d := float64(got[i]) - w
		sum += d * d / w
		dof++
	}
	dof--
	assert.Less(t, math.Abs(sum-dof), 4*math.Sqrt(2*dof), "chi-square %.1f with %v degrees of freedom", sum, dof)
}

// strip returns faces of very different areas side by side, one of each of
// the given widths along x, some of them without any.
func strip(widths ...float32) pointcloud.Mesh {
	var m pointcloud.Mesh
	var x float32
	for i, w := range widths {
		m.Vertices = append(m.Vertices, [3]float32{x, 0, 0}, [3]float32{x + w, 0, 0}, [3]float32{x, 1, 0})
		m.Faces = append(m.Faces, [3]int32{int32(3 * i), int32(3*i + 1), int32(3*i + 2)})
		x += w
	}
	return m
}

func TestSampleByArea(t *testing.T) {
	widths := []float32{1, 0, 8, 1. / 16, 4, 0, 1. / 2, 64, 1. / 4, 1}
	var total float64
	for _, w := range widths {
		total += float64(w)
	}
	const n = 400000
	c, err := strip(widths...).Sample(n, seeded(1))
	require.NoError(t, err)
	got, want := make([]int, len(widths)), make([]float64, len(widths))
	for _, p := range c.Points {
		x := p[0]
		for i, w := range widths {
			if x < w {
				got[i]++
				break
			}
			x -= w
		}
	}
	for i, w := range widths {
		want[i] = n * float64(w) / total
	}
	chiSquare(t, got, want)
}

func TestSampleWithinTriangle(t *testing.T) {
	// A grid of k x k cells over the triangle's parallelogram: cells below the
	// diagonal hold twice as much as those that it halves.
	const n, k = 400000, 8
	m := pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, Faces: [][3]int32{{0, 1, 2}}}
	c, err := m.Sample(n, seeded(2))
	require.NoError(t, err)
	got, want := make([]int, k*k), make([]float64, k*k)
	for _, p := range c.Points {
		require.True(t, p[0] >= 0 && p[1] >= 0 && p[0]+p[1] <= 1+1e-6, "%v", p)
		got[min(int(p[1]*k), k-1)*k+min(int(p[0]*k), k-1)]++
	}
	for y := range k {
		for x := range k - y {
			want[y*k+x] = 2 * n / float64(k*k)
		}
		want[y*k+k-1-y] /= 2
	}
	chiSquare(t, got, want)
}

func TestSampleOfBall(t *testing.T) {
	// The height of a point on a sphere is uniform (Archimedes), and any
	// prefix of a sample is a sample.
	c, err := ball(200).Sample(200000, seeded(3))
	require.NoError(t, err)
	assert.Nil(t, c.Normals)
	for _, part := range [][][3]float32{c.Points, c.Points[:20000]} {
		got, want := make([]int, 20), make([]float64, 20)
		for _, p := range part {
			require.InDelta(t, 1, length(p), 1e-3)
			got[min(int((p[2]+1)*10), 19)]++
		}
		for i := range want {
			want[i] = float64(len(part)) / 20
		}
		chiSquare(t, got, want)
	}
}

func TestSampleCarriesNormals(t *testing.T) {
	m := block(1, 2, 3)
	m.Normals[0], m.Normals[1] = [3]float32{}, [3]float32{nan, 0, 0} // the floor, which files may leave out
	before := m.Clone()
	c, err := m.Sample(1000, seeded(4))
	require.NoError(t, err)
	require.Len(t, c.Normals, 1000)
	size := [3]float32{1, 2, 3}
	for i, p := range c.Points {
		for k, x := range c.Normals[i] {
			switch x {
			case -1:
				assert.InDelta(t, 0, p[k], 1e-6)
			case 1:
				assert.InDelta(t, size[k], p[k], 1e-6)
			default:
				assert.Zero(t, x)
			}
		}
	}
	assert.Equal(t, fmt.Sprint(before), fmt.Sprint(m), "the mesh has changed")

	m.Normals[0] = [3]float32{0, 0, 9}
	s, err := pointcloud.NewSurface(m)
	require.NoError(t, err)
	assert.Equal(t, [3]float32{0, 0, 9}, s.Mesh().Normals[0], "a normal that is there was not carried as it is")
	assert.Equal(t, [3]float32{0, 0, -1}, s.Mesh().Normals[1])
}

func TestSampleRepeats(t *testing.T) {
	m := ball(20)
	a, err := m.Sample(100, seeded(5))
	require.NoError(t, err)
	s, err := pointcloud.NewSurface(m)
	require.NoError(t, err)
	assert.Equal(t, a, s.Sample(100, seeded(5)))
	assert.NotEqual(t, a, s.Sample(100, seeded(6)))
	rng := seeded(5)
	assert.Equal(t, a.Points, append(s.Sample(40, rng).Points, s.Sample(60, rng).Points...), "drawing in two parts")
}

func TestSampleRefuses(t *testing.T) {
	point := [3]float32{1, 2, 3}
	flat := pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 0}, {1, 1, 1}, {2, 2, 2}}, Faces: [][3]int32{{0, 1, 2}, {0, 0, 0}}}
	same := pointcloud.Mesh{Vertices: [][3]float32{point, point, point}, Faces: [][3]int32{{0, 1, 2}}}
	with := func(v [3]float32) pointcloud.Mesh {
		m := block(1, 1, 1)
		m.Vertices[6] = v
		return m
	}
	missing, negative, normals := block(1, 1, 1), block(1, 1, 1), block(1, 1, 1)
	missing.Faces[7][1], negative.Faces[3][0] = 8, -1
	normals.Normals = normals.Normals[1:]
	for name, c := range map[string]struct {
		m    pointcloud.Mesh
		n    int
		want string
	}{
		"empty":         {pointcloud.Mesh{}, 1, "want a mesh with some area, got none"},
		"no faces":      {pointcloud.Mesh{Vertices: [][3]float32{point}}, 1, "want a mesh with some area, got none"},
		"collinear":     {flat, 1, "want a mesh with some area, got none"},
		"all equal":     {same, 0, "want a mesh with some area, got none"},
		"NaN":           {with([3]float32{0, nan, 0}), 1, "face 2: want finite corners, got vertex 6 at [0 NaN 0]"},
		"infinite":      {with([3]float32{0, 0, -inf}), 1, "face 2: want finite corners, got vertex 6 at [0 0 -Inf]"},
		"corner 8 of 8": {missing, 1, "face 7: want corners among 8 vertices, got [2 8 6]"},
		"corner -1":     {negative, 1, "face 3: want corners among 8 vertices, got [-1 6 7]"},
		"few normals":   {normals, 1, "want a normal for each of 12 faces, or none, got 11"},
		"-1 points":     {block(1, 1, 1), -1, "want 0 points or more from a mesh, got -1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.m.Sample(c.n, seeded(1))
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		})
	}
	_, err := flat.Sample(1, seeded(1))
	assert.ErrorIs(t, err, pointcloud.ErrNoArea)
}

func TestSampleAllows(t *testing.T) {
	m := block(1, 1, 1)
	c, err := m.Sample(0, seeded(1))
	require.NoError(t, err)
	assert.Zero(t, c.Len())

	m.Vertices = append(m.Vertices, [3]float32{nan, inf, 0}) // which no face uses
	_, err = m.Sample(10, seeded(1))
	assert.NoError(t, err)

	for _, size := range []float32{1e-20, 1e30, math.MaxFloat32} {
		c, err := block(size, size, size).Sample(1000, seeded(1))
		require.NoError(t, err)
		require.NoError(t, c.Validate())
		for _, p := range c.Points {
			assert.True(t, max(p[0], p[1], p[2]) <= size && min(p[0], p[1], p[2]) >= 0, "%v", p)
		}
		got := c.Bounds().Size()
		assert.Greater(t, min(got[0], got[1], got[2]), 0.9*float64(size))
	}
}

// A million points of a mesh of 19,800 faces, and of one of 499,000, which the
// caches do not hold. Both times include what NewSurface does.
func BenchmarkSample(b *testing.B) {
	const n = 1_000_000
	for name, m := range map[string]pointcloud.Mesh{"n=1000000": ball(100), "large/n=1000000": ball(500)} {
		b.Run(name, func(b *testing.B) {
			rng := seeded(1)
			for b.Loop() {
				if _, err := m.Sample(n, rng); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSurface(b *testing.B) {
	m := ball(100)
	s, err := pointcloud.NewSurface(m)
	require.NoError(b, err)
	b.Run("new/faces=19800", func(b *testing.B) {
		for b.Loop() {
			if _, err := pointcloud.NewSurface(m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sample/n=1024", func(b *testing.B) {
		rng := seeded(1)
		for b.Loop() {
			s.Sample(1024, rng)
		}
	})
}

// Points come from the faces that are named, and are those of Sample.
func TestSampleFaces(t *testing.T) {
	m := pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 5}, {1, 0, 5}, {0, 1, 5}}, Faces: [][3]int32{{0, 1, 2}, {0, 0, 1}, {3, 4, 5}}}
	s, err := pointcloud.NewSurface(m)
	require.NoError(t, err)
	c, faces := s.SampleFaces(200, seeded(1))
	require.Equal(t, s.Sample(200, seeded(1)), c)
	seen := map[int32]int{}
	for i, f := range faces {
		seen[f]++
		require.Equal(t, m.Vertices[m.Faces[f][0]][2], c.Points[i][2])
	}
	require.Zero(t, seen[1], "a face without area")
	require.Len(t, seen, 2)
}

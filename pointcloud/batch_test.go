package pointcloud_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

func TestPick(t *testing.T) {
	rng := seeded(1)
	c := noise(10, rng)
	counts := func(n int) map[[3]float32]int {
		p, err := c.Pick(n, rng)
		require.NoError(t, err)
		require.Equal(t, n, p.Len())
		require.Len(t, p.Normals, n)
		seen := map[[3]float32]int{}
		for i, x := range p.Points {
			seen[x]++
			for j, y := range c.Points {
				if x == y {
					require.Equal(t, c.Normals[j], p.Normals[i])
				}
			}
		}
		return seen
	}
	for _, n := range []int{0, 1, 4, 9, 10} {
		assert.Len(t, counts(n), n, "different points")
	}
	for _, n := range []int{11, 20, 25, 30} {
		seen := counts(n)
		require.Len(t, seen, 10)
		for _, k := range seen {
			assert.True(t, k == n/10 || k == n/10+1, "%d of %d", k, n)
		}
	}
	a, err := c.Pick(5, seeded(7))
	require.NoError(t, err)
	b, err := c.Pick(5, seeded(7))
	require.NoError(t, err)
	assert.Equal(t, a, b)

	_, err = c.Pick(-1, rng)
	assert.EqualError(t, err, "pointcloud: want 0 points or more of a cloud, got -1")
	_, err = pointcloud.Cloud{}.Pick(1, rng)
	assert.EqualError(t, err, "pointcloud: want a cloud with a point to pick, got the empty cloud")
	empty, err := pointcloud.Cloud{}.Pick(0, rng)
	require.NoError(t, err)
	assert.Zero(t, empty.Len())
}

func TestPickIsEven(t *testing.T) {
	// Every pair of 6 points is equally likely, in either order.
	const n = 60000
	rng := seeded(1)
	c := pointcloud.Cloud{Points: [][3]float32{{0}, {1}, {2}, {3}, {4}, {5}}}
	got, want := make([]int, 36), make([]float64, 36)
	for range n {
		p, err := c.Pick(2, rng)
		require.NoError(t, err)
		got[int(p.Points[0][0])*6+int(p.Points[1][0])]++
	}
	for i := range want {
		if i/6 != i%6 {
			want[i] = n / 30.
		}
	}
	chiSquare(t, got, want)
}

func TestSelect(t *testing.T) {
	c := noise(4, seeded(1))
	got := c.Select(3, 0, 3)
	assert.Equal(t, [][3]float32{c.Points[3], c.Points[0], c.Points[3]}, got.Points)
	assert.Equal(t, [][3]float32{c.Normals[3], c.Normals[0], c.Normals[3]}, got.Normals)
	for _, i := range []int{-1, 4} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(func() { c.Select(i) }), &shape)
	}
}

func TestBatch(t *testing.T) {
	a := pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}, {4, 5, 6}}, Normals: [][3]float32{{0, 0, 1}, {0, 1, 0}}}
	b := pointcloud.Cloud{Points: [][3]float32{{7, 8, 9}}, Normals: [][3]float32{{1, 0, 0}}}
	none := pointcloud.Cloud{}

	got := pointcloud.Batch(a, none, b)
	require.NoError(t, got.Validate())
	assert.Equal(t, set.Of(3, []float32{1, 2, 3, 4, 5, 6}, nil, []float32{7, 8, 9}), got)

	got = pointcloud.BatchNormals(a, none, b)
	require.NoError(t, got.Validate())
	assert.Equal(t, set.Of(6, []float32{1, 2, 3, 0, 0, 1, 4, 5, 6, 0, 1, 0}, nil, []float32{7, 8, 9, 1, 0, 0}), got)

	b.Normals = nil
	assert.EqualError(t, set.Try(func() { pointcloud.BatchNormals(a, b) }),
		"pointcloud.BatchNormals: want a normal for each of 1 points of cloud 1, got 0")
	assert.Zero(t, pointcloud.Batch().Sets())
}

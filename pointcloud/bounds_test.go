package pointcloud_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

func TestAreaAndVolume(t *testing.T) {
	for name, c := range map[string]struct {
		m            pointcloud.Mesh
		area, volume float64
		within       float64
	}{
		"block":   {block(1, 2, 3), 22, 6, 1e-12},
		"far off": {block(1, 2, 4).Translate([3]float32{1024, -1024, 4096}), 28, 8, 1e-12},
		"ball":    {ball(400), 4 * math.Pi, 4 * math.Pi / 3, 1e-3},
		"inside":  {block(1, 2, 3).Transform(pointcloud.Scaling(-1, -1, -1)), 22, 6, 1e-12},
		"huge":    {block(1e30, 1e30, 1e30), 6e60, 1e90, 1e-6},
		"empty":   {pointcloud.Mesh{}, 0, 0, 0},
	} {
		assert.InDelta(t, c.area, c.m.Area(), c.within*max(c.area, 1), "area of %s", name)
		assert.InDelta(t, c.volume, c.m.Volume(), c.within*max(c.volume, 1), "volume of %s", name)
	}
	m := block(1, 2, 3)
	for i, f := range m.Faces {
		m.Faces[i] = [3]int32{f[1], f[0], f[2]}
	}
	assert.InDelta(t, -6, m.Volume(), 1e-12)

	m.Vertices[0][1] = nan
	assert.True(t, math.IsNaN(m.Area()))
	assert.True(t, math.IsNaN(m.Volume()))
	m.Faces[0][0] = 99
	var shape *set.ShapeError
	assert.ErrorAs(t, set.Try(func() { m.Area() }), &shape)
}

func TestFaceNormals(t *testing.T) {
	m := ball(50)
	for i, n := range m.FaceNormals() {
		require.InDelta(t, 1, length(n), 1e-6)
		require.Greater(t, inner(n, m.Vertices[m.Faces[i][0]]), 0.9, "face %d", i)
	}
	assert.Equal(t, [][3]float32{{}}, pointcloud.Mesh{Vertices: make([][3]float32, 3), Faces: [][3]int32{{0, 1, 2}}}.FaceNormals())
}

func TestBoundsAndCentroid(t *testing.T) {
	c := pointcloud.Cloud{Points: [][3]float32{{1, 5, -2}, {3, -1, 0}, {2, 2, 8}}}
	b := c.Bounds()
	assert.Equal(t, pointcloud.Box{Min: [3]float32{1, -1, -2}, Max: [3]float32{3, 5, 8}}, b)
	assert.Equal(t, [3]float64{2, 6, 10}, b.Size())
	assert.Equal(t, [3]float64{2, 2, 3}, b.Center())
	assert.Equal(t, [3]float32{2, 2, 2}, c.Centroid())
	assert.Equal(t, pointcloud.Box{Max: [3]float32{1, 2, 3}}, block(1, 2, 3).Bounds())

	assert.Equal(t, pointcloud.Box{}, pointcloud.Cloud{}.Bounds())
	assert.Equal(t, [3]float32{}, pointcloud.Cloud{}.Centroid())
	one := pointcloud.Cloud{Points: [][3]float32{{4, 5, 6}}}
	assert.Equal(t, pointcloud.Box{Min: [3]float32{4, 5, 6}, Max: [3]float32{4, 5, 6}}, one.Bounds())
	assert.Equal(t, [3]float32{4, 5, 6}, one.Centroid())

	huge := pointcloud.Cloud{Points: [][3]float32{{math.MaxFloat32, 0, 0}, {math.MaxFloat32, 0, 0}, {-math.MaxFloat32, 0, 0}}}
	assert.InEpsilon(t, math.MaxFloat32/3, huge.Centroid()[0], 1e-6)
	assert.InEpsilon(t, 2*math.MaxFloat32, huge.Bounds().Size()[0], 1e-6)

	for i := range c.Points { // wherever the NaN stands
		bad := c.Clone()
		bad.Points[i][1] = nan
		b := bad.Bounds()
		assert.True(t, b.Min[1] != b.Min[1] && b.Max[1] != b.Max[1])
		assert.Equal(t, float32(1), b.Min[0])
		assert.True(t, bad.Centroid()[1] != bad.Centroid()[1])
	}
}

func TestValidate(t *testing.T) {
	assert.NoError(t, pointcloud.Cloud{}.Validate())
	assert.NoError(t, pointcloud.Mesh{}.Validate())
	assert.NoError(t, noise(10, seeded(1)).Validate())
	assert.NoError(t, block(1, 2, 3).Validate())

	c := noise(10, seeded(1))
	c.Points[3][1] = inf
	assert.ErrorContains(t, c.Validate(), "point 3: want finite coordinates, got [")
	c = noise(10, seeded(1))
	c.Normals[4][2] = nan
	assert.ErrorContains(t, c.Validate(), "normal of point 4: want finite")
	c.Normals = c.Normals[:9]
	assert.EqualError(t, c.Validate(), "pointcloud: want a normal for each of 10 points, or none, got 9")

	m := block(1, 2, 3)
	m.Vertices[2][0] = nan
	assert.ErrorContains(t, m.Validate(), "vertex 2: want finite coordinates, got [NaN 2 0]")
	m = block(1, 2, 3)
	m.Faces[11][2] = 8
	assert.EqualError(t, m.Validate(), "pointcloud: face 11: want corners among 8 vertices, got [3 4 8]")
	m.Normals = m.Normals[:1]
	assert.EqualError(t, m.Validate(), "pointcloud: want a normal for each of 12 faces, or none, got 1")
}

package pointcloud_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

func TestUnitSphere(t *testing.T) {
	for _, scale := range []float32{1, 1e-30, 1e30} {
		c := noise(1000, seeded(1)).Scale([3]float32{scale, scale, scale})
		before := c.Clone()
		u := c.UnitSphere()
		var far float64
		for _, p := range u.Points {
			far = max(far, length(p))
		}
		assert.InDelta(t, 1, far, 1e-6)
		for _, x := range u.Centroid() {
			assert.InDelta(t, 0, x, 1e-6)
		}
		assert.Equal(t, c.Normals, u.Normals)
		assert.Equal(t, before, c)
		back := c.SphereFrame().Undo(u)
		for i, p := range back.Points {
			for k, x := range p {
				require.InDelta(t, c.Points[i][k], x, 1e-5*float64(scale))
			}
		}
	}
}

func TestUnitCube(t *testing.T) {
	c := pointcloud.Cloud{Points: [][3]float32{{10, 0, 5}, {30, 10, 5}, {20, 7.5, 5}}}
	assert.Equal(t, [][3]float32{{-1, -.5, 0}, {1, .5, 0}, {0, .25, 0}}, c.UnitCube().Points)
	assert.Equal(t, pointcloud.Frame{Center: [3]float64{20, 5, 5}, Scale: 0.1}, c.CubeFrame())
	assert.Equal(t, c, c.CubeFrame().Undo(c.UnitCube()))
}

func TestFrameOfLittle(t *testing.T) {
	same := pointcloud.Cloud{Points: make([][3]float32, 7)}
	for i := range same.Points {
		same.Points[i] = [3]float32{0.1, -1e30, 7} // whose mean in float64 is not quite it
	}
	for name, c := range map[string]pointcloud.Cloud{
		"no points": {}, "one point": {Points: same.Points[:1]}, "all equal": same,
	} {
		for _, u := range []pointcloud.Cloud{c.UnitSphere(), c.UnitCube()} {
			require.Equal(t, c.Len(), u.Len(), name)
			for _, p := range u.Points {
				assert.Equal(t, [3]float32{}, p, name)
			}
		}
		assert.Equal(t, 1., c.SphereFrame().Scale)
		assert.Equal(t, 1., c.CubeFrame().Scale)
	}
	c := noise(3, seeded(1))
	assert.Equal(t, c, pointcloud.Frame{}.Apply(c))
	assert.Equal(t, c, pointcloud.Frame{}.Undo(c))
}

func TestFrameOfBad(t *testing.T) {
	for _, bad := range []float32{nan, inf, -inf} {
		for at := range 3 {
			c := pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}}
			c.Points[at][1] = bad
			for _, u := range []pointcloud.Cloud{c.UnitSphere(), c.UnitCube()} {
				for _, p := range u.Points {
					for _, x := range p {
						assert.True(t, math.IsNaN(float64(x)), "%v became %v", c.Points, u.Points)
					}
				}
			}
		}
	}
}

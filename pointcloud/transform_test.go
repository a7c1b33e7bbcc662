package pointcloud_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// near holds two matrices to 1e-12 of each other.
func near(t *testing.T, want, got pointcloud.Matrix) {
	t.Helper()
	for i := range 3 {
		for j := range 3 {
			require.InDelta(t, want[i][j], got[i][j], 1e-12, "row %d column %d of %v", i, j, got)
		}
	}
}

func transposed(m pointcloud.Matrix) pointcloud.Matrix {
	return pointcloud.Matrix{{m[0][0], m[1][0], m[2][0]}, {m[0][1], m[1][1], m[2][1]}, {m[0][2], m[1][2], m[2][2]}}
}

func TestRotation(t *testing.T) {
	one := pointcloud.Scaling(1, 1, 1)
	near(t, pointcloud.Matrix{{0, -1, 0}, {1, 0, 0}, {0, 0, 1}}, pointcloud.Rotation([3]float64{0, 0, 9}, math.Pi/2))
	near(t, pointcloud.Matrix{{1, 0, 0}, {0, 0, -1}, {0, 1, 0}}, pointcloud.Rotation([3]float64{1e-300, 0, 0}, math.Pi/2))
	near(t, pointcloud.Matrix{{0, 0, 1}, {0, 1, 0}, {-1, 0, 0}}, pointcloud.Rotation([3]float64{0, 1e300, 0}, math.Pi/2))
	near(t, pointcloud.Matrix{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}, pointcloud.Rotation([3]float64{1, 1, 1}, 2*math.Pi/3))
	near(t, one, pointcloud.Rotation([3]float64{}, 1))
	near(t, one, pointcloud.Rotation([3]float64{1, 2, 3}, 0.7).Mul(pointcloud.Rotation([3]float64{1, 2, 3}, -0.7)))
}

func TestRandomRotation(t *testing.T) {
	const n = 100000
	rng := seeded(1)
	var turns [12]int
	var heights [3][10]int
	for range n {
		m := pointcloud.RandomRotation(rng)
		near(t, pointcloud.Scaling(1, 1, 1), m.Mul(transposed(m)))
		require.InDelta(t, 1, m.Det(), 1e-12)
		// Under the Haar measure the images of the axes are uniform on the
		// sphere, and an angle of rotation up to a has probability
		// (a - sin a) / pi.
		for k := range 3 {
			heights[k][min(int((m[2][k]+1)*5), 9)]++
		}
		a := math.Acos(min(max((m[0][0]+m[1][1]+m[2][2]-1)/2, -1), 1))
		turns[min(int((a-math.Sin(a))/math.Pi*12), 11)]++
	}
	even := func(k int) []float64 {
		w := make([]float64, k)
		for i := range w {
			w[i] = n / float64(k)
		}
		return w
	}
	chiSquare(t, turns[:], even(12))
	for k := range 3 {
		chiSquare(t, heights[k][:], even(10))
	}
}

func TestTransformKeepsNormalsRight(t *testing.T) {
	rng := seeded(1)
	turn := pointcloud.RandomRotation(rng)
	for name, m := range map[string]pointcloud.Matrix{
		"turn":    turn,
		"stretch": pointcloud.Scaling(0.5, 2, 3),
		"mirror":  pointcloud.Scaling(-1, 1, 2),
		"inside":  pointcloud.Scaling(-1, -1, -1),
		"shear":   {{1, 0.5, 0}, {0, 1, -2}, {0.25, 0, 1}},
		"all":     turn.Mul(pointcloud.Scaling(3, -0.1, 1)).Mul(pointcloud.RandomRotation(rng)),
		"huge":    pointcloud.Scaling(1e30, 2e30, 1e30),
		"tiny":    pointcloud.Scaling(1e-30, 2e-30, 1e-30),
	} {
		t.Run(name, func(t *testing.T) {
			ball := ball(30)
			ball.Normals = ball.FaceNormals()
			before := ball.Clone()
			got := ball.Transform(m)
			assert.Equal(t, before, ball)
			assert.Positive(t, got.Volume())
			assert.InEpsilon(t, math.Abs(m.Det())*ball.Volume(), got.Volume(), 1e-4)
			for i, want := range got.FaceNormals() {
				require.Greater(t, inner(want, got.Normals[i]), 1-1e-5, "face %d", i)
			}
			// A cloud of its centres goes the same way.
			c := pointcloud.Cloud{Normals: ball.Normals}
			for _, f := range ball.Faces {
				c.Points = append(c.Points, ball.Vertices[f[0]])
			}
			moved := c.Transform(m)
			assert.Equal(t, got.Normals, moved.Normals)
			for i, f := range ball.Faces {
				require.Equal(t, got.Vertices[f[0]], moved.Points[i])
			}
		})
	}
}

func TestTransformFlattens(t *testing.T) {
	c := pointcloud.Cloud{
		Points:  [][3]float32{{1, 2, 3}, {1, 2, 3}, {nan, 1, 1}},
		Normals: [][3]float32{{0, 0, 1}, {1, 0, 0}, {0, 0, -2}},
	}
	got := c.Scale([3]float32{1, 1, 0})
	assert.Equal(t, "[[1 2 0] [1 2 0] [NaN NaN NaN]]", fmt.Sprint(got.Points))
	assert.Equal(t, "[[0 0 1] [0 0 0] [0 0 -1]]", fmt.Sprint(got.Normals))
}

func TestTranslate(t *testing.T) {
	c := noise(5, seeded(1))
	before := c.Clone()
	got := c.Translate([3]float32{1, 2, 3})
	assert.Equal(t, before, c)
	assert.Equal(t, c.Normals, got.Normals)
	assert.Equal(t, c.Points[4][2]+3, got.Points[4][2])
	assert.Equal(t, [3]float32{2, 3, 4}, block(1, 1, 1).Translate([3]float32{1, 2, 3}).Vertices[6])
	assert.Equal(t, pointcloud.Cloud{}, pointcloud.Cloud{}.Translate([3]float32{1, 2, 3}).Transform(pointcloud.Scaling(1, 2, 3)))
}

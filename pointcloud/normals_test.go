package pointcloud_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"setwise/pointcloud"
	"setwise/set"
)

// On a sphere about the origin the normals are the points themselves.
func TestNormalsOfASphere(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var c pointcloud.Cloud
	for range 2000 {
		v := [3]float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}
		l := math.Sqrt(v[0]*v[0] + v[1]*v[1] + v[2]*v[2])
		c.Points = append(c.Points, [3]float32{float32(v[0] / l), float32(v[1] / l), float32(v[2] / l)})
	}
	n := c.WithNormals(12)
	require.Nil(t, c.Normals, "the input changed")
	var worst float64 = 1
	for i, p := range n.Points {
		v := n.Normals[i]
		worst = min(worst, float64(p[0]*v[0]+p[1]*v[1]+p[2]*v[2]))
	}
	require.Greater(t, worst, 0.97)
}

// Normals are the last eigenvectors that a general solver finds.
func TestNormalsAgainstEigenvectors(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for range 200 {
		var c pointcloud.Cloud
		for range 8 {
			c.Points = append(c.Points, [3]float32{rng.Float32(), rng.Float32() * 3, rng.Float32()})
		}
		cov := mat.NewSymDense(3, nil)
		m := c.Centroid()
		for _, p := range c.Points {
			for i := range 3 {
				for j := i; j < 3; j++ {
					cov.SetSym(i, j, cov.At(i, j)+float64(p[i]-m[i])*float64(p[j]-m[j]))
				}
			}
		}
		var eigen mat.EigenSym
		require.True(t, eigen.Factorize(cov, true))
		var v mat.Dense
		eigen.VectorsTo(&v)
		for _, n := range c.WithNormals(8).Normals {
			d := float64(n[0])*v.At(0, 0) + float64(n[1])*v.At(1, 0) + float64(n[2])*v.At(2, 0)
			require.InDelta(t, 1, math.Abs(d), 1e-4)
		}
	}
}

func TestNormalsOfFewAndDegenerate(t *testing.T) {
	for name, points := range map[string][][3]float32{
		"empty":     nil,
		"one":       {{1, 2, 3}},
		"equal":     {{1, 2, 3}, {1, 2, 3}, {1, 2, 3}, {1, 2, 3}},
		"collinear": {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {5, 5, 5}},
		"coplanar":  {{0, 0, 1}, {1, 0, 1}, {0, 1, 1}, {5, 5, 1}},
		"far":       {{1e30, 0, 0}, {0, 1e30, 0}, {0, 0, -1e30}, {1e30, 1e30, 1e30}},
		"tiny":      {{1e-38, 0, 0}, {0, 1e-38, 0}, {0, 0, 0}, {1e-38, 1e-38, 0}},
	} {
		c := pointcloud.Cloud{Points: points}.WithNormals(4)
		require.Len(t, c.Normals, len(points), name)
		for _, n := range c.Normals {
			require.InDelta(t, 1, math.Sqrt(float64(n[0]*n[0]+n[1]*n[1]+n[2]*n[2])), 1e-5, name)
			if name == "coplanar" {
				require.InDelta(t, 1, math.Abs(float64(n[2])), 1e-6)
			}
		}
	}
	require.Error(t, set.Try(func() { pointcloud.Cloud{}.WithNormals(2) }))
}

func ExampleCloud_WithNormals() {
	table := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}}}
	fmt.Println(table.WithNormals(4).Normals[0])
	// Output: [0 0 1]
}

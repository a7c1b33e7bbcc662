package pointcloud_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// A cloud comes to lie alike however it was turned before.
func TestPrincipalAxesForgetTurns(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var c pointcloud.Cloud
	for range 400 {
		x, y, z := rng.ExpFloat64(), rng.ExpFloat64(), rng.ExpFloat64()
		c.Points = append(c.Points, [3]float32{float32(3 * x), float32(2 * y), float32(z)})
	}
	c = c.UnitSphere()
	want := c.Transform(c.PrincipalAxes())
	for range 20 {
		turned := c.Transform(pointcloud.RandomRotation(rng))
		got := turned.Transform(turned.PrincipalAxes())
		for i, p := range got.Points {
			for j := range p {
				require.InDelta(t, want.Points[i][j], p[j], 1e-5)
			}
		}
	}
}

func TestPrincipalAxesIsARotation(t *testing.T) {
	identity := pointcloud.Matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	nan := float32(math.NaN())
	for name, points := range map[string][][3]float32{
		"empty":     nil,
		"one":       {{1, 2, 3}},
		"equal":     {{1, 2, 3}, {1, 2, 3}},
		"collinear": {{0, 0, 0}, {1, 1, 1}, {3, 3, 3}},
		"coplanar":  {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {5, 5, 0}},
		"far":       {{1e30, 0, 0}, {0, 1e30, 0}, {0, 0, -1e30}},
		"nan":       {{nan, 0, 0}, {1, 2, 3}},
	} {
		m := pointcloud.Cloud{Points: points}.PrincipalAxes()
		require.InDelta(t, 1, m.Det(), 1e-9, name)
		if len(points) == 0 || name == "nan" {
			require.Equal(t, identity, m, name)
		}
	}
}

func ExampleCloud_PrincipalAxes() {
	c := pointcloud.Cloud{Points: [][3]float32{{0, -1, 0}, {0, 0, 0}, {0, 4, 0}}} // along y
	for _, p := range c.Transform(c.PrincipalAxes()).Points {
		fmt.Println(p[0])
	}
	// Output:
	// -1
	// 0
	// 4
}

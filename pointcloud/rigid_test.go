package pointcloud_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

func TestRigid(t *testing.T) {
	rng := seeded(51)
	c := noise(50, rng)
	turn := pointcloud.Rotation([3]float64{1, 2, 3}, 0.7)
	m := pointcloud.Rigid{R: turn, T: [3]float64{4, -5, 6}}
	n := pointcloud.Rigid{R: pointcloud.RandomRotation(rng), T: [3]float64{1, 0, -2}}

	got := m.Apply(c)
	want := c.Transform(turn).Translate([3]float32{4, -5, 6})
	for i := range c.Points {
		require.InDeltaSlice(t, want.Points[i][:], got.Points[i][:], 1e-5)
		require.InDeltaSlice(t, want.Normals[i][:], got.Normals[i][:], 1e-6)
	}
	alike := func(a, b pointcloud.Cloud) {
		t.Helper()
		for i := range a.Points {
			require.InDeltaSlice(t, a.Points[i][:], b.Points[i][:], 1e-5)
			require.InDeltaSlice(t, a.Normals[i][:], b.Normals[i][:], 1e-6)
		}
	}
	alike(n.Apply(got), m.Then(n).Apply(c))
	alike(c, m.Inverse().Apply(got))
	alike(c, m.Then(m.Inverse()).Apply(c))
	require.Equal(t, c, pointcloud.Rigid{}.Apply(c))
	require.Equal(t, got, m.Then(pointcloud.Rigid{}).Apply(c))
	require.Equal(t, got, pointcloud.Rigid{}.Then(m).Apply(c))
	require.Zero(t, m.Apply(pointcloud.Cloud{}).Len())
	for _, x := range []float32{nan, inf, -inf} {
		require.Error(t, m.Apply(pointcloud.Cloud{Points: [][3]float32{{x, 0, 0}}}).Validate())
	}
}

func ExampleRigid() {
	quarter := pointcloud.Rigid{R: pointcloud.Rotation([3]float64{0, 0, 1}, math.Pi/2), T: [3]float64{0, 0, 1}}
	c := pointcloud.Cloud{Points: [][3]float32{{2, 1, 0}}}
	fmt.Printf("%.0f\n", quarter.Then(quarter).Apply(c).Points)
	fmt.Printf("%.0f\n", quarter.Then(quarter.Inverse()).Apply(c).Points)
	// Output:
	// [[-2 -1 2]]
	// [[2 1 0]]
}

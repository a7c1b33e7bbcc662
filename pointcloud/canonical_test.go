package pointcloud_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

var (
	minusZero = float32(math.Copysign(0, -1))
	otherNaN  = math.Float32frombits(0x7fa00001)
)

// bitsOf tells all points and normals apart, zeros and NaN as well.
func bitsOf(c pointcloud.Cloud) []uint32 {
	var out []uint32
	for i, p := range c.Points {
		all := p[:]
		if c.Normals != nil {
			all = append(slices.Clone(all), c.Normals[i][:]...)
		}
		for _, x := range all {
			out = append(out, math.Float32bits(x))
		}
	}
	return out
}

func shuffled(c pointcloud.Cloud, seed uint64) pointcloud.Cloud {
	return c.Select(seeded(seed).Perm(c.Len())...)
}

// However the points are stored, their canonical order is the same, bit for bit.
func TestCanonicalIsOfTheSet(t *testing.T) {
	rng := seeded(41)
	odd := []float32{0, minusZero, 1, -1, inf, -inf, nan, 1e-45, -1e-45, math.MaxFloat32}
	for name, points := range kinds(400, rng) {
		t.Run(name, func(t *testing.T) {
			for _, c := range []pointcloud.Cloud{
				{Points: points},
				{Points: points, Normals: kinds(400, rng)["zeros"]},
				{Points: points, Normals: kinds(400, rng)["grid"]},
			} {
				for i := range 60 {
					c.Points[i] = [3]float32{odd[rng.IntN(10)], odd[rng.IntN(10)], odd[rng.IntN(10)]}
				}
				want := c.Select(c.Canonical()...)
				for seed := range uint64(4) {
					other := shuffled(c, seed)
					require.Equal(t, bitsOf(want), bitsOf(other.Select(other.Canonical()...)))
				}
				require.True(t, slices.IsSortedFunc(want.Points, func(p, q [3]float32) int {
					return cmp.Or(last(p[0], q[0]), last(p[1], q[1]), last(p[2], q[2]))
				}))
			}
		})
	}
}

// last compares numbers, NaN above all others.
func last(x, y float32) int { return -cmp.Compare(-x, -y) }

func TestCanonicalOrder(t *testing.T) {
	for name, tt := range map[string]struct {
		c    pointcloud.Cloud
		want []int
	}{
		"none":       {pointcloud.Cloud{}, []int{}},
		"one":        {pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}}}, []int{0}},
		"equal":      {pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}, {1, 2, 3}, {1, 2, 3}}}, []int{0, 1, 2}},
		"by x, y, z": {pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}, {1, 2, -3}, {1, -2, 9}, {-1, 5, 5}, {-2, 6, 6}}}, []int{4, 3, 2, 1, 0}},
		"by normals": {pointcloud.Cloud{
			Points:  [][3]float32{{}, {}, {}, {}},
			Normals: [][3]float32{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, -1}},
		}, []int{3, 2, 1, 0}},
		"-0 is 0":          {pointcloud.Cloud{Points: [][3]float32{{0, 1, 0}, {minusZero, 2, 0}, {0, 3, 0}}}, []int{0, 1, 2}},
		"-0 before 0":      {pointcloud.Cloud{Points: [][3]float32{{0, 1, 0}, {0, 1, minusZero}, {minusZero, 1, 0}}}, []int{2, 1, 0}},
		"normals before 0": {pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {0, minusZero, 0}}, Normals: [][3]float32{{1, 0, 0}, {2, 0, 0}}}, []int{0, 1}},
		"-0 of normals":    {pointcloud.Cloud{Points: [][3]float32{{}, {}}, Normals: [][3]float32{{0, 0, 0}, {0, minusZero, 0}}}, []int{1, 0}},
		"NaN last":         {pointcloud.Cloud{Points: [][3]float32{{nan, 0, 0}, {inf, 0, 0}, {-nan, -1, 0}, {-inf, 0, 0}, {1e30, 0, 0}}}, []int{3, 4, 1, 2, 0}},
		"NaN is one":       {pointcloud.Cloud{Points: [][3]float32{{otherNaN, 2, 0}, {nan, 3, 0}, {nan, 1, 0}, {otherNaN, 1, 0}}}, []int{2, 3, 0, 1}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, tt.c.Canonical()) })
	}
	five := pointcloud.Cloud{Points: make([][3]float32, 1000)}
	rng := seeded(42)
	for i := range five.Points {
		five.Points[i][2] = float32(rng.IntN(5))
	}
	order := five.Canonical()
	require.True(t, slices.IsSortedFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(five.Points[i][2], five.Points[j][2]), cmp.Compare(i, j))
	}), "equal points are not in the order of their indices")
	bad := pointcloud.Cloud{Points: [][3]float32{{}, {}}, Normals: [][3]float32{{}}}
	require.ErrorContains(t, set.Try(func() { bad.Canonical() }), "a normal for each of 2 points")
}

func BenchmarkCanonical(b *testing.B) {
	c := cube(100_000, seeded(1))
	for b.Loop() {
		c.Canonical()
	}
}

// Farthest point sampling begins at a point that depends on how the cloud is
// stored, and of points equally far takes the first. In canonical order both
// depend on the set alone.
func ExampleCloud_Canonical() {
	stored := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {2, 0, 0}, {0, 2, 0}, {2, 2, 0}, {1, 1, 0}}}
	otherwise := stored.Select(4, 2, 3, 1, 0)
	for _, c := range []pointcloud.Cloud{stored, otherwise} {
		first, _ := c.Farthest(3, 0)
		fmt.Print(c.Select(first...).Points)

		c = c.Select(c.Canonical()...)
		same, _ := c.Farthest(3, c.Outermost())
		fmt.Println(" canonical:", c.Select(same...).Points)
	}
	// Output:
	// [[0 0 0] [2 2 0] [2 0 0]] canonical: [[0 0 0] [2 2 0] [0 2 0]]
	// [[1 1 0] [0 2 0] [2 2 0]] canonical: [[0 0 0] [2 2 0] [0 2 0]]
}

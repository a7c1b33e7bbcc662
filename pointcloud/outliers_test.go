package pointcloud_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// eachOther returns for each point all points, nearest first.
func eachOther(points [][3]float32) [][]pointcloud.Neighbour {
	all := make([][]pointcloud.Neighbour, len(points))
	for i, p := range points {
		all[i] = everyone(points, p)
	}
	return all
}

// The definition, with all distances.
func TestInliersAgainstAllPoints(t *testing.T) {
	rng := seeded(41)
	for name, points := range kinds(150, rng) {
		t.Run(name, func(t *testing.T) {
			c, all := pointcloud.Cloud{Points: points}, eachOther(points)
			for _, k := range []int{1, 7, 149, 1000} {
				d := make([]float64, c.Len())
				var mean, square float64
				for i := range points {
					near := all[i][1:min(k+1, c.Len())]
					for _, n := range near {
						d[i] += math.Sqrt(n.Squared)
					}
					d[i] /= float64(len(near))
					mean += d[i] / float64(c.Len())
				}
				for _, x := range d {
					square += float64((x - mean) * (x - mean))
				}
				for _, ratio := range []float64{-0.5, 0.5, 2} {
					limit := mean + float64(ratio*math.Sqrt(square/float64(c.Len()-1)))
					got, err := c.Inliers(k, ratio)
					require.NoError(t, err)
					kept := map[int]bool{}
					for _, i := range got {
						kept[i] = true
					}
					for i, x := range d {
						if math.Abs(x-limit) > 1e-9*mean {
							require.Equal(t, x < limit, kept[i], "point %d, at %v of %v", i, x, limit)
						}
					}
				}
			}
		})
	}
}

func TestInliersWithinAgainstAllPoints(t *testing.T) {
	rng := seeded(42)
	for name, points := range kinds(150, rng) {
		t.Run(name, func(t *testing.T) {
			c, all := pointcloud.Cloud{Points: points}, eachOther(points)
			for _, radius := range []float64{0, 1, math.Sqrt(all[0][50].Squared), math.Inf(1)} {
				for _, least := range []int{0, 1, 10, 149, 150} {
					var want []int
					for i := range points {
						if len(within(all[i], radius)) > least {
							want = append(want, i)
						}
					}
					got, err := c.InliersWithin(radius, least)
					require.NoError(t, err)
					require.Equal(t, want, got)
				}
			}
		})
	}
}

func TestInliersOfFewAndBad(t *testing.T) {
	for name, tt := range map[string]struct {
		points [][3]float32
		want   []int
	}{
		"empty":        {nil, nil},
		"one":          {[][3]float32{{1, 2, 3}}, []int{0}},
		"two":          {[][3]float32{{1, 2, 3}, {3, 2, 1}}, []int{0, 1}},
		"equal":        {make([][3]float32, 5), []int{0, 1, 2, 3, 4}},
		"ring":         {[][3]float32{{0.1, 0.1, 0}, {0.1, 0.2, 0}, {0.2, 0.1, 0}, {0.2, 0.2, 0}}, []int{0, 1, 2, 3}},
		"far":          {[][3]float32{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {90, 0, 0}}, []int{0, 1, 2, 3}},
		"largest":      {[][3]float32{{-3e38, 0, 0}, {3e38, 0, 0}, {0, 3e38, 0}, {0, -3e38, 0}}, []int{0, 1, 2, 3}},
		"far, of 1e30": {[][3]float32{{0, 0, 0}, {1e28, 0, 0}, {1e28, 1e28, 0}, {0, 1e28, 0}, {1e30, 0, 0}}, []int{0, 1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := pointcloud.Cloud{Points: tt.points}.Inliers(2, 1)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
	ok := cube(10, seeded(43))
	bad := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {0, nan, 0}}}
	for _, f := range []func() ([]int, error){
		func() ([]int, error) { return ok.Inliers(0, 1) },
		func() ([]int, error) { return ok.Inliers(3, math.NaN()) },
		func() ([]int, error) { return bad.Inliers(3, 1) },
		func() ([]int, error) { return ok.InliersWithin(-1, 1) },
		func() ([]int, error) { return ok.InliersWithin(math.NaN(), 1) },
		func() ([]int, error) { return ok.InliersWithin(1, -1) },
		func() ([]int, error) { return bad.InliersWithin(1, 1) },
	} {
		got, err := f()
		require.Error(t, err)
		require.Nil(t, got)
	}
	for _, c := range []pointcloud.Cloud{ok, {Points: make([][3]float32, 10)}} {
		all, err := c.Inliers(3, math.Inf(1))
		require.NoError(t, err)
		require.Len(t, all, 10)
	}
}

func TestInliersOnAnyNumberOfCores(t *testing.T) {
	c := cube(5000, seeded(44))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, err := c.Inliers(20, 1)
	require.NoError(t, err)
	runtime.GOMAXPROCS(5)
	five, err := c.Inliers(20, 1)
	require.NoError(t, err)
	require.Equal(t, one, five)
}

func ExampleCloud_Inliers() {
	c := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}, {50, 0, 0}, {1, 1, 0}, {0, 1, 0}}}
	indices, err := c.Inliers(2, 1)
	fmt.Println(indices, err)
	fmt.Println(c.Select(indices...).Points)
	// Output:
	// [0 1 3 4] <nil>
	// [[0 0 0] [1 0 0] [1 1 0] [0 1 0]]
}

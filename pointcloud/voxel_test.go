package pointcloud_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// voxelsOf are the points of each cell, by the rule.
func voxelsOf(c pointcloud.Cloud, size float64) [][]int32 {
	low := c.Bounds().Min
	cells := map[[3]int][]int32{}
	for i, p := range c.Points {
		var cell [3]int
		for k := range cell {
			cell[k] = int(math.Floor((float64(p[k]) - float64(low[k])) / size))
		}
		cells[cell] = append(cells[cell], int32(i))
	}
	var keys [][3]int
	for k := range cells {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [3]int) int { return slices.Compare(a[:], b[:]) })
	var out [][]int32
	for _, k := range keys {
		out = append(out, cells[k])
	}
	return out
}

func TestVoxelsAgainstTheRule(t *testing.T) {
	rng := seeded(21)
	for _, n := range []int{0, 1, 2, 100, 3000} {
		for name, points := range kinds(n, rng) {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				c := pointcloud.Cloud{Points: points}
				side := c.Bounds().Size()
				longest := max(side[0], side[1], side[2])
				for _, size := range []float64{longest * 2, longest, longest / 3, longest / 17, longest / (1<<21 - 2)} {
					if size == 0 {
						size = 1
					}
					want := voxelsOf(c, size)
					r, err := c.Voxels(size)
					require.NoError(t, err)
					require.NoError(t, r.Validate(set.Offsets{0, len(want)}, set.Offsets{0, n}))
					first, err := c.VoxelFirst(size)
					require.NoError(t, err)
					mean, err := c.VoxelMean(size)
					require.NoError(t, err)
					require.NoError(t, mean.Validate())
					require.Equal(t, len(want), mean.Len())
					require.Nil(t, mean.Normals)
					for v, of := range want {
						require.True(t, slices.Equal(of, r.Of(v)), "cell %d", v)
						require.EqualValues(t, of[0], first[v])
						for k := range 3 {
							var sum float64
							for _, i := range of {
								sum += float64(points[i][k])
							}
							require.Equal(t, float32(sum/float64(len(of))), mean.Points[v][k], "cell %d", v)
						}
					}
				}
			})
		}
	}
}

// The grid begins at the lowest corner, and a face belongs to the cell above it.
func TestVoxelGrid(t *testing.T) {
	c := pointcloud.Cloud{Points: [][3]float32{{5, 0, -1}, {4, 0, -1}, {4.5, 0, -1}, {4, 0.5, -1}, {4.25, 0.25, -0.5}, {4, 0, -1}}}
	r, err := c.Voxels(0.5)
	require.NoError(t, err)
	var got [][]int32
	for v := range r.Offsets.Sets() {
		got = append(got, r.Of(v))
	}
	require.Equal(t, [][]int32{{1, 5}, {4}, {3}, {2}, {0}}, got)
}

func TestVoxelMeanOfNormals(t *testing.T) {
	c := pointcloud.Cloud{
		Points:  [][3]float32{{0, 0, 0}, {0.5, 0, 0}, {3, 0, 0}, {3, 0, 0}, {6, 0, 0}},
		Normals: [][3]float32{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, -1}, {0, 5, 0}},
	}
	got, err := c.VoxelMean(1)
	require.NoError(t, err)
	half := float32(math.Sqrt(0.5))
	require.Equal(t, [][3]float32{{0.25, 0, 0}, {3, 0, 0}, {6, 0, 0}}, got.Points)
	require.Equal(t, [][3]float32{{half, half, 0}, {0, 0, 0}, {0, 1, 0}}, got.Normals)
	empty, err := pointcloud.Cloud{Points: [][3]float32{}, Normals: [][3]float32{}}.VoxelMean(1)
	require.NoError(t, err)
	require.Zero(t, empty.Len())
}

// The sum of many large numbers, of which float32 has no room.
func TestVoxelMeanOfLargest(t *testing.T) {
	const most = math.MaxFloat32
	c := pointcloud.Cloud{Points: slices.Repeat([][3]float32{{most, -most, 1e30}}, 1000)}
	got, err := c.VoxelMean(1e-300)
	require.NoError(t, err)
	require.Equal(t, [][3]float32{{most, -most, 1e30}}, got.Points)
}

func TestVoxelsRefuse(t *testing.T) {
	line := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {0, 2, 0}}}
	for name, tt := range map[string]struct {
		c    pointcloud.Cloud
		size float64
		want string
	}{
		"zero":          {line, 0, "want voxels of a finite size above 0, got 0"},
		"negative":      {line, -1, "want voxels of a finite size above 0, got -1"},
		"NaN size":      {line, math.NaN(), "want voxels of a finite size above 0, got NaN"},
		"infinite size": {line, math.Inf(1), "want voxels of a finite size above 0, got +Inf"},
		"size of none":  {pointcloud.Cloud{}, 0, "want voxels of a finite size above 0, got 0"},
		"too small":     {line, 2. / (1 << 21), "2^21 or fewer"},
		"far too small": {line, 1e-320, "got size 1e-320 for a side of 2"},
		"NaN":           {pointcloud.Cloud{Points: [][3]float32{{}, {0, nan, 0}}}, 1, "point 1: want finite coordinates"},
		"infinite":      {pointcloud.Cloud{Points: [][3]float32{{inf, 0, 0}}}, 1, "point 0: want finite coordinates"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tt.c.Voxels(tt.size)
			require.ErrorContains(t, err, tt.want)
			_, err = tt.c.VoxelFirst(tt.size)
			require.ErrorContains(t, err, tt.want)
			_, err = tt.c.VoxelMean(tt.size)
			require.ErrorContains(t, err, tt.want)
		})
	}
	_, err := line.Voxels(2. / (1<<21 - 1))
	require.NoError(t, err)
	_, err = pointcloud.Cloud{Points: line.Points, Normals: [][3]float32{{0, 0, 1}}}.VoxelMean(1)
	require.ErrorContains(t, err, "want a normal for each of 2 points")
	_, err = pointcloud.Cloud{Points: line.Points, Normals: [][3]float32{{0, 0, 1}, {nan, 0, 0}}}.VoxelMean(1)
	require.ErrorContains(t, err, "normal of point 1")
}

func BenchmarkVoxel(b *testing.B) {
	for _, n := range []int{2048, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			c := cube(n, seeded(1))
			for b.Loop() {
				if _, err := c.VoxelMean(0.05); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// One point for each cell of a grid, and the points that it stands for.
func ExampleCloud_VoxelMean() {
	c := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {10, 0, 0}, {1, 0, 0}, {12, 0, 0}}}
	mean, err := c.VoxelMean(5)
	fmt.Println(mean.Points, err)
	first, _ := c.VoxelFirst(5)
	fmt.Println(c.Select(first...).Points)
	cells, _ := c.Voxels(5)
	fmt.Println(cells.Of(0), cells.Of(1))
	// Output:
	// [[0.5 0 0] [11 0 0]] <nil>
	// [[0 0 0] [10 0 0]]
	// [0 2] [1 3]
}

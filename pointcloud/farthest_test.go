package pointcloud_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/npy"
	"setwise/pointcloud"
)

// farthestOf is farthest point sampling by the rule, one pass a choice.
func farthestOf(points [][3]float32, k, first int) []int {
	var out []int
	for next := first; len(out) < k; {
		out = append(out, next)
		next = -1
		best := math.Inf(-1)
		for i, p := range points {
			if slices.Contains(out, i) {
				continue
			}
			near := math.Inf(1)
			for _, j := range out {
				q := points[j]
				x, y, z := float64(p[0])-float64(q[0]), float64(p[1])-float64(q[1]), float64(p[2])-float64(q[2])
				near = min(near, float64(x*x)+float64(y*y)+float64(z*z))
			}
			if near > best {
				next, best = i, near
			}
		}
	}
	return out
}

// squares returns the distance that Farthest goes by, for FarthestBy.
func squares(points [][3]float32) func(i, j int) float64 {
	return func(i, j int) float64 {
		p, q := points[i], points[j]
		x, y, z := float64(p[0])-float64(q[0]), float64(p[1])-float64(q[1]), float64(p[2])-float64(q[2])
		return float64(x*x) + float64(y*y) + float64(z*z)
	}
}

func TestFarthestAgainstTheRule(t *testing.T) {
	rng := seeded(11)
	for _, n := range []int{1, 2, 24, 60} {
		for name, points := range kinds(n, rng) {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				c := pointcloud.Cloud{Points: points}
				for _, first := range []int{0, n - 1, c.Outermost()} {
					want := farthestOf(points, n, first)
					for _, k := range []int{0, 1, n/2 + 1, n} {
						got, err := c.Farthest(k, first)
						require.NoError(t, err)
						require.Equal(t, want[:k], append([]int{}, got...), "first %d", first)
					}
					by, err := pointcloud.FarthestBy(n, n, first, squares(points))
					require.NoError(t, err)
					require.Equal(t, want, by)
				}
			})
		}
	}
}

func TestFarthestAgainstFarthestBy(t *testing.T) {
	rng := seeded(12)
	const n, k = 2000, 400
	for name, points := range kinds(n, rng) {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(points)
			first := rng.IntN(n)
			want, err := pointcloud.FarthestBy(n, k, first, squares(points))
			require.NoError(t, err)
			got, err := pointcloud.Cloud{Points: points}.Farthest(k, first)
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.Equal(t, before, points, "the cloud changed")
		})
	}
}

// Every point comes once, and duplicates come last and by index.
func TestFarthestOfAllPoints(t *testing.T) {
	c := cube(20_000, seeded(13))
	for i := range c.Points {
		if i%4 != 1 {
			c.Points[i] = c.Points[1]
		}
	}
	got, err := c.Farthest(c.Len(), 1)
	require.NoError(t, err)
	var rest []int
	for i := range c.Points {
		if i%4 != 1 {
			rest = append(rest, i)
		}
	}
	require.Equal(t, rest, got[5000:])
	slices.Sort(got)
	for i, x := range got {
		require.Equal(t, i, x)
	}
}

func TestFarthestRefuses(t *testing.T) {
	c := cube(10, seeded(14))
	for name, tt := range map[string]struct {
		c        pointcloud.Cloud
		k, first int
		want     string
	}{
		"more than there are": {c, 11, 0, "want 0 to 10 farthest points of as many, got 11"},
		"negative":            {c, -1, 0, "want 0 to 10 farthest points of as many, got -1"},
		"first too high":      {c, 1, 10, "want a first point from 0 to 9, got 10"},
		"first negative":      {c, 1, -1, "want a first point from 0 to 9, got -1"},
		"of none":             {pointcloud.Cloud{}, 1, 0, "want 0 to 0 farthest points"},
		"NaN":                 {pointcloud.Cloud{Points: [][3]float32{{}, {nan, 0, 0}}}, 1, 0, "point 1: want finite coordinates"},
		"infinite":            {pointcloud.Cloud{Points: [][3]float32{{}, {}, {0, 0, -inf}}}, 0, 0, "point 2: want finite coordinates"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tt.c.Farthest(tt.k, tt.first)
			require.ErrorContains(t, err, tt.want)
			if tt.c.Validate() != nil {
				return
			}
			_, err = pointcloud.FarthestBy(tt.c.Len(), tt.k, tt.first, squares(tt.c.Points))
			require.ErrorContains(t, err, tt.want)
		})
	}
	got, err := pointcloud.Cloud{}.Farthest(0, 0)
	require.NoError(t, err)
	require.Empty(t, got)
	_, err = pointcloud.FarthestBy(3, 2, 0, func(i, j int) float64 { return math.NaN() })
	require.ErrorContains(t, err, "got NaN between 1 and 0")
}

// A distance may be infinite, negative, or larger one way than the other.
func TestFarthestByAnyDistance(t *testing.T) {
	for name, tt := range map[string]struct {
		distance func(i, j int) float64
		want     []int
	}{
		"infinite":    {func(i, j int) float64 { return math.Inf(1) }, []int{2, 0, 1, 3}},
		"-infinite":   {func(i, j int) float64 { return math.Inf(-1) }, []int{2, 0, 1, 3}},
		"negative":    {func(i, j int) float64 { return -math.Abs(float64(i - j)) }, []int{2, 1, 0, 3}},
		"from i to j": {func(i, j int) float64 { return float64(i*10 + j) }, []int{2, 3, 1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := pointcloud.FarthestBy(4, 4, 2, tt.distance)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestOutermost(t *testing.T) {
	for name, tt := range map[string]struct {
		points [][3]float32
		want   int
	}{
		"none":        {nil, -1},
		"one":         {[][3]float32{{1, 2, 3}}, 0},
		"all equal":   {[][3]float32{{1, 2, 3}, {1, 2, 3}}, 0},
		"equally far": {[][3]float32{{0, 0, 0}, {-2, 0, 0}, {2, 0, 0}}, 1},
		"the last":    {[][3]float32{{0, 0, 0}, {1, 0, 0}, {9, 0, 0}}, 2},
		"largest":     {[][3]float32{{0, 0, 0}, {0, 0, 0}, {-math.MaxFloat32, math.MaxFloat32, 0}}, 2},
		"NaN":         {[][3]float32{{0, 0, 0}, {0, nan, 0}}, -1},
		"infinite":    {[][3]float32{{0, 0, 0}, {inf, 0, 0}}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, pointcloud.Cloud{Points: tt.points}.Outermost())
		})
	}
}

// Two matrices of distances with the indices that another library expects of
// them: mmdetection3d's tests of farthest point sampling by features.
func TestFarthestByMatrix(t *testing.T) {
	data := os.Getenv("SETWISE_DATA")
	if data == "" {
		t.Skip("no real data: SETWISE_DATA names no folder")
	}
	dir := filepath.Join(data, "fps-oracle")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real data: %v", err)
	}
	distances, err := npy.Open(filepath.Join(dir, "features_for_fps_distance.npy"), npy.Limits{})
	require.NoError(t, err)
	indices, err := npy.Open(filepath.Join(dir, "fps_idx.npy"), npy.Limits{})
	require.NoError(t, err)
	want, err := indices.Int64s()
	require.NoError(t, err)
	require.Equal(t, []int{2, 64, 64}, distances.Shape)
	for m := range 2 {
		d := distances.Rows(m, m+1)
		got, err := pointcloud.FarthestBy(64, 16, 0, func(i, j int) float64 { return float64(d[j*64+i]) })
		require.NoError(t, err)
		for k, i := range got {
			require.EqualValues(t, want[m*16+k], i, "matrix %d, choice %d", m, k)
		}
	}
}

func BenchmarkFarthest(b *testing.B) {
	for _, nk := range [][2]int{{2048, 512}, {100_000, 1024}, {100_000, 100_000}, {1_000_000, 1024}} {
		b.Run(fmt.Sprintf("n=%d/k=%d", nk[0], nk[1]), func(b *testing.B) {
			c := cube(nk[0], seeded(1))
			for b.Loop() {
				if _, err := c.Farthest(nk[1], 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The point farthest from the centroid, and then those farthest from what was chosen.
func ExampleCloud_Farthest() {
	c := pointcloud.Cloud{Points: [][3]float32{{5, 0, 0}, {0, 0, 0}, {10, 0, 0}, {3, 0, 0}, {9, 0, 0}}}
	indices, err := c.Farthest(3, c.Outermost())
	fmt.Println(indices, err)
	fmt.Println(c.Select(indices...).Points)
	// Output:
	// [1 2 0] <nil>
	// [[0 0 0] [10 0 0] [5 0 0]]
}

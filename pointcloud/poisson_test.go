package pointcloud_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// spacing returns the smallest distance between two points of c.
func spacing(c pointcloud.Cloud) float64 {
	tree := c.Tree()
	least := math.Inf(1)
	for _, p := range c.Points {
		least = min(least, tree.Nearest(p, 2, nil)[1].Squared)
	}
	return math.Sqrt(least)
}

// gap returns the largest distance of a point of c from the nearest of some.
func gap(c, some pointcloud.Cloud) float64 {
	tree := some.Tree()
	var most float64
	for _, p := range c.Points {
		most = max(most, tree.Nearest(p, 1, nil)[0].Squared)
	}
	return math.Sqrt(most)
}

// The largest distance that n points can keep is that of the densest packing:
// on an area A sqrt(2 A / (sqrt(3) n)), in a volume V 2 cbrt(V / (4 sqrt(2) n)).
// Points drawn evenly keep nothing of it, the paper's some 0.7.
func TestPoissonDiskSpacing(t *testing.T) {
	surface, err := pointcloud.NewSurface(ball(100))
	require.NoError(t, err)
	const n = 1000
	area := math.Sqrt(2 * 4 * math.Pi / (math.Sqrt(3) * n))
	volume := 2 * math.Cbrt(1/(4*math.Sqrt2*n))
	rng := seeded(51)
	var line pointcloud.Cloud
	for range 5 * n {
		x := rng.Float32()
		line.Points = append(line.Points, [3]float32{x, x, -x})
	}
	dense := cube(20*n, rng) // nine in ten points in a thousandth of the volume
	for i := range dense.Points {
		for k := range 3 {
			if i%10 > 0 {
				dense.Points[i][k] *= 0.1
			}
		}
	}
	for name, tt := range map[string]struct {
		c            pointcloud.Cloud
		ideal, least float64
	}{
		"surface":            {surface.Sample(5*n, rng), area, 0.65},
		"surface, 30 to one": {surface.Sample(30*n, rng), area, 0.65},
		"volume":             {cube(5*n, rng), volume, 0.65},
		"volume, dense part": {dense, volume, 0.55},
		"line":               {line, math.Sqrt(3) / n, 0.65},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tt.c.PoissonDisk(n)
			require.NoError(t, err)
			require.Len(t, got, n)
			some := tt.c.Select(got...)
			assert.Greater(t, spacing(some), tt.least*tt.ideal)
			assert.Less(t, gap(tt.c, some), 1.3*tt.ideal)
		})
	}
	drawn := surface.PoissonDisk(n, rng)
	require.Equal(t, n, drawn.Len())
	assert.Greater(t, spacing(drawn), 0.6*area)
}

// The rule, without a heap and without neighbours.
func TestPoissonDiskAgainstTheRule(t *testing.T) {
	rng := seeded(52)
	clouds := kinds(120, rng)
	for i := range 120 {
		clouds["lattice"] = append(clouds["lattice"], [3]float32{float32(i), 0, 0})
	}
	for name, points := range clouds {
		c := pointcloud.Cloud{Points: points}
		for _, n := range []int{2, 30, 39, 60, 119} {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				got, err := c.PoissonDisk(n)
				require.NoError(t, err)
				require.Equal(t, eliminated(t, c, n), got)
			})
		}
	}
}

func eliminated(t *testing.T, c pointcloud.Cloud, n int) []int {
	all, err := c.Farthest(c.Len(), 0)
	require.NoError(t, err)
	square := squares(c.Points)
	away := func(k int) float64 { // of choice k from those before
		least := math.Inf(1)
		for _, j := range all[:k] {
			least = min(least, square(all[k], j))
		}
		return math.Sqrt(least)
	}
	d := away(n - 1)
	m := n
	for d > 0 && m < min(5*n, c.Len()) && away(m) > d/4 {
		m++
	}
	left := slices.Clone(all[:m])
	slices.Sort(left)
	for reach := 1.4 * d; len(left) > n; reach *= 2 {
		limit := 0.65 * (1 - math.Pow(float64(n)/float64(len(left)), 1.5)) * reach
		for len(left) > n {
			worst, most := 0, 0.
			for a, i := range left {
				var sum float64
				for _, j := range left {
					if far := math.Sqrt(square(i, j)); j != i && far < reach {
						w := 1 - max(far, limit)/reach
						w *= w
						w *= w
						sum += math.Round(w * w * (1 << 40))
					}
				}
				if sum >= most {
					worst, most = a, sum
				}
			}
			if most == 0 {
				break
			}
			left = slices.Delete(left, worst, worst+1)
		}
	}
	return left
}

func TestPoissonDiskIsExact(t *testing.T) {
	rng := seeded(53)
	for _, n := range []int{0, 1, 2, 300} {
		for name, points := range kinds(n, rng) {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				c := pointcloud.Cloud{Points: points}
				for _, want := range []int{0, 1, n / 7, n / 2, n - 1, n} {
					if want < 0 || want > n {
						continue
					}
					got, err := c.PoissonDisk(want)
					require.NoError(t, err)
					require.Len(t, got, want)
					require.True(t, slices.IsSorted(got))
					require.Len(t, slices.Compact(slices.Clone(got)), want, "an index twice")
				}
			})
		}
	}
	equal := pointcloud.Cloud{Points: make([][3]float32, 9)}
	got, err := equal.PoissonDisk(4)
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2, 3}, got)
}

// A lattice, of which all points are crowded alike, gets no hole.
func TestPoissonDiskOfLattice(t *testing.T) {
	var c pointcloud.Cloud
	for i := range 4097 {
		c.Points = append(c.Points, [3]float32{float32(i), 0, 0})
	}
	for _, n := range []int{1025, 1300, 2000} {
		got, err := c.PoissonDisk(n)
		require.NoError(t, err)
		require.Len(t, got, n)
		require.LessOrEqual(t, gap(c, c.Select(got...)), 4., "%d points", n)
	}
}

func TestPoissonDiskOnAnyNumberOfCores(t *testing.T) {
	c := cube(5000, seeded(54))
	want, err := c.PoissonDisk(1000)
	require.NoError(t, err)
	for _, n := range []int{1, 2, 5} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
		got, err := c.PoissonDisk(1000)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestPoissonDiskOfMesh(t *testing.T) {
	m := block(1, 2, 3)
	c, err := m.PoissonDisk(500, seeded(55))
	require.NoError(t, err)
	require.Equal(t, 500, c.Len())
	require.Len(t, c.Normals, 500)
	require.NoError(t, c.Validate())
	again, err := m.PoissonDisk(500, seeded(55))
	require.NoError(t, err)
	require.Equal(t, c, again)
	other, err := m.PoissonDisk(500, seeded(56))
	require.NoError(t, err)
	require.NotEqual(t, c, other)
	none, err := m.PoissonDisk(0, seeded(57))
	require.NoError(t, err)
	require.Zero(t, none.Len())

	huge, err := block(1e30, 1e30, math.MaxFloat32).PoissonDisk(100, seeded(58))
	require.NoError(t, err)
	require.Equal(t, 100, huge.Len())

	// A triangle so small that there are few numbers for its points.
	at := float32(1 << 24)
	tiny := pointcloud.Mesh{Vertices: [][3]float32{{at, 0, 0}, {at + 4, 0, 0}, {at, at * 2, at * 2}, {at, at*2 + 4, at * 2}}, Faces: [][3]int32{{0, 1, 0}, {1, 2, 3}}}
	some, err := tiny.PoissonDisk(200, seeded(59))
	require.NoError(t, err)
	require.Equal(t, 200, some.Len())
}

func TestPoissonDiskRefuses(t *testing.T) {
	c := cube(10, seeded(60))
	for name, tt := range map[string]struct {
		c    pointcloud.Cloud
		n    int
		want string
	}{
		"more than there are": {c, 11, "want 0 to 10 points of as many, got 11"},
		"negative":            {c, -1, "want 0 to 10 points of as many, got -1"},
		"NaN":                 {pointcloud.Cloud{Points: [][3]float32{{}, {nan, 0, 0}}}, 1, "point 1: want finite coordinates"},
		"infinite":            {pointcloud.Cloud{Points: [][3]float32{{0, 0, -inf}}}, 0, "point 0: want finite coordinates"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tt.c.PoissonDisk(tt.n)
			require.ErrorContains(t, err, tt.want)
		})
	}
	m := block(1, 1, 1)
	for _, n := range []int{-1, math.MaxInt32} {
		_, err := m.PoissonDisk(n, seeded(1))
		require.ErrorContains(t, err, "want 0 to 429496729 points from a mesh")
		s, err := pointcloud.NewSurface(m)
		require.NoError(t, err)
		require.Error(t, set.Try(func() { s.PoissonDisk(n, seeded(1)) }))
	}
	_, err := pointcloud.Mesh{}.PoissonDisk(1, seeded(1))
	require.ErrorIs(t, err, pointcloud.ErrNoArea)
}

func BenchmarkPoissonDisk(b *testing.B) {
	surface, err := pointcloud.NewSurface(ball(100))
	require.NoError(b, err)
	for _, n := range []int{1024, 10_000} {
		b.Run(fmt.Sprintf("surface/n=%d", n), func(b *testing.B) {
			rng := seeded(1)
			for b.Loop() {
				surface.PoissonDisk(n, rng)
			}
		})
	}
}

// Points of a surface that are spread evenly but not in a pattern.
func ExampleMesh_PoissonDisk() {
	cloud, err := square.PoissonDisk(100, seeded(1))
	fmt.Println(cloud.Len(), err)
	fmt.Println("0.15 apart at least:", spacing(cloud) > 0.15)
	// Output:
	// 100 <nil>
	// 0.15 apart at least: true
}

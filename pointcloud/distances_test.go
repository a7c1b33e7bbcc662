package pointcloud_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

func TestCompareAgainstAllPoints(t *testing.T) {
	rng := seeded(71)
	clouds := kinds(150, rng)
	clouds["one"] = [][3]float32{{0.5, 0.25, 0}}
	other := pointcloud.Cloud{Points: append(cube(99, rng).Points, clouds["equal"][0])}
	for name, points := range clouds {
		t.Run(name, func(t *testing.T) {
			c := pointcloud.Cloud{Points: points}
			d, err := pointcloud.Compare(c, other)
			require.NoError(t, err)
			back, err := pointcloud.Compare(other, c)
			require.NoError(t, err)
			require.Equal(t, d.Forth, back.Back)
			require.Equal(t, d.Back, back.Forth)

			var forth, sum, squares, far float64
			within := 0
			for i, p := range points {
				s := everyone(other.Points, p)[0].Squared
				require.Equal(t, s, d.Forth[i])
				squares += s
				sum += math.Sqrt(s)
				far = max(far, math.Sqrt(s))
				if math.Sqrt(s) <= 0.2 {
					within++
				}
			}
			n := float64(len(points))
			meanForth, meanBack := d.MeanDistances()
			require.InEpsilon(t, sum/n+1, meanForth+1, 1e-12)
			again, _ := back.MeanDistances()
			require.Equal(t, again, meanBack)
			forth, _ = d.Hausdorff()
			require.Equal(t, far, forth)
			var backSquares float64
			for _, s := range d.Back {
				backSquares += s / float64(other.Len())
			}
			require.InEpsilon(t, squares/n+backSquares, d.Chamfer(), 1e-12)
			_, precision, _ := d.FScore(0.2)
			require.Equal(t, float64(within)/n, precision)

			self, err := pointcloud.Compare(c, c)
			require.NoError(t, err)
			require.Zero(t, self.Chamfer())
			f, _, _ := self.FScore(0)
			require.EqualValues(t, 1, f)
		})
	}
}

func TestCompareByHand(t *testing.T) {
	a := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}}}
	b := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {0, 2, 0}, {0, 3, 0}, {1, 0, 0}}}
	d, err := pointcloud.Compare(a, b)
	require.NoError(t, err)
	require.Equal(t, 13.0/4, d.Chamfer())
	forth, back := d.Hausdorff()
	require.Equal(t, [2]float64{0, 3}, [2]float64{forth, back})
	forth, back = d.MeanDistances()
	require.Equal(t, [2]float64{0, 5.0 / 4}, [2]float64{forth, back})
	f, precision, recall := d.FScore(2)
	require.Equal(t, [3]float64{2 * 0.75 / 1.75, 1, 0.75}, [3]float64{f, precision, recall})
	for _, threshold := range []float64{-1, math.NaN()} {
		f, precision, recall = d.FScore(threshold)
		require.Zero(t, f+precision+recall)
	}
	var none pointcloud.Comparison
	require.Zero(t, none.Chamfer())
}

func TestCompareOfBadInput(t *testing.T) {
	ok, none := cube(3, seeded(72)), pointcloud.Cloud{}
	bad := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {0, inf, 0}}}
	for _, tt := range [][2]pointcloud.Cloud{{none, ok}, {ok, none}, {none, none}, {bad, ok}, {ok, bad}} {
		_, err := pointcloud.Compare(tt[0], tt[1])
		require.Error(t, err)
	}
	for _, tt := range [][2]pointcloud.Cloud{{none, ok}, {ok, none}, {bad, ok.Select(0, 1)}, {ok.Select(0, 1), bad}, {cube(2049, seeded(1)), cube(2049, seeded(1))}} {
		_, match, err := pointcloud.EarthMover(tt[0], tt[1])
		require.Error(t, err)
		require.Nil(t, match)
	}
}

// A cloud moved by less than its points are apart is matched with itself.
func TestEarthMover(t *testing.T) {
	rng := seeded(73)
	for name, points := range kinds(60, rng) {
		c := pointcloud.Cloud{Points: points}
		order := rng.Perm(c.Len())
		d, match, err := pointcloud.EarthMover(c, c.Select(order...))
		require.NoError(t, err)
		require.Zero(t, d, name)
		sort := slices.Clone(match)
		slices.Sort(sort)
		for i, j := range sort {
			require.Equal(t, i, j)
		}
		for i, j := range match {
			require.Zero(t, length([3]float32{points[i][0] - points[order[j]][0], points[i][1] - points[order[j]][1], points[i][2] - points[order[j]][2]}))
		}
	}
	grid := pointcloud.Cloud{}
	for i := range 125 {
		grid.Points = append(grid.Points, [3]float32{float32(i % 5), float32(i / 5 % 5), float32(i / 25)})
	}
	moved := grid.Translate([3]float32{0.25, 0.25, 0.125})
	d, match, err := pointcloud.EarthMover(grid, moved)
	require.NoError(t, err)
	require.Equal(t, 0.375, d)
	for i, j := range match {
		require.Equal(t, i, j)
	}
	for _, n := range []int{0, 1} {
		d, match, err = pointcloud.EarthMover(cube(n, seeded(1)), cube(n, seeded(1)))
		require.NoError(t, err)
		require.Zero(t, d)
		require.Len(t, match, n)
	}
}

func TestDistancesOnAnyNumberOfCores(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 200
	}
	a, b := cube(3*n, seeded(74)), cube(2*n, seeded(75))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, err := pointcloud.Compare(a, b)
	require.NoError(t, err)
	s1, err := pointcloud.Sinkhorn{Iterations: 5}.Distance(t.Context(), a, b)
	require.NoError(t, err)
	runtime.GOMAXPROCS(5)
	five, err := pointcloud.Compare(a, b)
	require.NoError(t, err)
	require.Equal(t, one, five)
	s5, err := pointcloud.Sinkhorn{Iterations: 5}.Distance(t.Context(), a, b)
	require.NoError(t, err)
	require.Equal(t, s1, s5)
}

func ExampleCompare() {
	made := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}}}
	wanted := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 3, 0}}}
	d, err := pointcloud.Compare(made, wanted)
	if err != nil {
		fmt.Println(err)
		return
	}
	forth, back := d.Hausdorff()
	f, precision, recall := d.FScore(0.1)
	fmt.Println("Chamfer", d.Chamfer())
	fmt.Println("Hausdorff", max(forth, back))
	fmt.Printf("F-score %.2f, of precision %.2f and recall %.2f\n", f, precision, recall)
	// Output:
	// Chamfer 3
	// Hausdorff 3
	// F-score 0.80, of precision 1.00 and recall 0.67
}

func ExampleEarthMover() {
	a := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}}}
	b := pointcloud.Cloud{Points: [][3]float32{{2, 1, 0}, {0, 1, 0}, {1, 1, 0}}}
	fmt.Println(pointcloud.EarthMover(a, b))
	// Output: 1 [1 2 0] <nil>
}

func BenchmarkChamfer(b *testing.B) {
	const n = 2048
	x, y := cube(n, seeded(1)), cube(n, seeded(2))
	b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
		for b.Loop() {
			d, err := pointcloud.Compare(x, y)
			if err != nil {
				b.Fatal(err)
			}
			d.Chamfer()
		}
	})
}

func BenchmarkEarthMover(b *testing.B) {
	for _, n := range []int{256, 1024, 2048} {
		x, y := cube(n, seeded(1)), cube(n, seeded(2))
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, _, err := pointcloud.EarthMover(x, y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

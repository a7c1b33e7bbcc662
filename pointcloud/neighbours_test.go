package pointcloud_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// cube returns n points of the unit cube, drawn evenly.
func cube(n int, rng *rand.Rand) pointcloud.Cloud {
	c := pointcloud.Cloud{Points: make([][3]float32, n)}
	for i := range c.Points {
		c.Points[i] = [3]float32{rng.Float32(), rng.Float32(), rng.Float32()}
	}
	return c
}

// everyone returns all points, nearest to q first.
func everyone(points [][3]float32, q [3]float32) []pointcloud.Neighbour {
	out := make([]pointcloud.Neighbour, len(points))
	for i, p := range points {
		x, y, z := float64(p[0])-float64(q[0]), float64(p[1])-float64(q[1]), float64(p[2])-float64(q[2])
		out[i] = pointcloud.Neighbour{Index: int32(i), Squared: float64(x*x) + float64(y*y) + float64(z*z)}
	}
	slices.SortStableFunc(out, func(a, b pointcloud.Neighbour) int { return cmp.Compare(a.Squared, b.Squared) })
	return out
}

// within returns those of some neighbours, nearest first, up to a radius.
func within(all []pointcloud.Neighbour, radius float64) []pointcloud.Neighbour {
	n, _ := slices.BinarySearchFunc(all, radius*radius, func(p pointcloud.Neighbour, r float64) int {
		if p.Squared <= r {
			return -1
		}
		return 1
	})
	return all[:n]
}

func byIndex(all []pointcloud.Neighbour) []pointcloud.Neighbour {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b pointcloud.Neighbour) int { return cmp.Compare(a.Index, b.Index) })
	return all
}

// kinds are clouds of n points that trees go wrong on.
func kinds(n int, rng *rand.Rand) map[string][][3]float32 {
	each := func(f func(i int) [3]float32) [][3]float32 {
		out := make([][3]float32, n)
		for i := range out {
			out[i] = f(i)
		}
		return out
	}
	some := func(size float32) float32 { return size * (rng.Float32()*2 - 1) }
	coarse := func() float32 { return float32(rng.IntN(6)) }
	sizes := []float32{0, 1e-45, 1e-38, 1e-20, 1, 1e10, 1e30, math.MaxFloat32}
	return map[string][][3]float32{
		"cube":  cube(n, rng).Points,
		"ball":  noise(n, rng).Points,
		"grid":  each(func(int) [3]float32 { return [3]float32{coarse(), coarse(), coarse()} }),
		"plane": each(func(int) [3]float32 { return [3]float32{coarse(), some(1), 7} }),
		"line":  each(func(i int) [3]float32 { return [3]float32{float32(i % 50), float32(i % 50), -float32(i % 50)} }),
		"equal": each(func(int) [3]float32 { return [3]float32{1, -2, 3} }),
		"zeros": each(func(i int) [3]float32 { return [3]float32{0, float32(math.Copysign(0, float64(some(1)))), 0} }),
		"dropped": each(func(i int) [3]float32 {
			return [3]float32{some(1) * float32((i*7%8)/7), 0.5, some(1) * float32((i*7%8)/7)}
		}),
		"halving":   each(func(i int) [3]float32 { return [3]float32{float32(math.Ldexp(1, 127-i%277)), 0, 0} }),
		"adjoining": each(func(i int) [3]float32 { return [3]float32{math.Float32frombits(0x3f800000 + uint32(i%2)), 0, 0} }),
		"large":     each(func(int) [3]float32 { return [3]float32{some(1e30), some(1e30), some(1e30)} }),
		"largest": each(func(int) [3]float32 {
			return [3]float32{some(math.MaxFloat32), some(math.MaxFloat32), some(math.MaxFloat32)}
		}),
		// Squares of these are the last numbers that float32 has.
		"faint": each(func(int) [3]float32 { return [3]float32{some(4e-22), some(4e-22), some(4e-22)} }),
		"tiny":  each(func(int) [3]float32 { return [3]float32{some(1e-44), some(1e-44), some(1e-38)} }),
		"mixed": each(func(int) [3]float32 { return [3]float32{some(1) * sizes[rng.IntN(8)], sizes[rng.IntN(8)], some(1)} }),
	}
}

func TestTreeAgainstAllPoints(t *testing.T) {
	rng := seeded(3)
	for _, n := range []int{0, 1, 2, 24, 25, 60, 700} {
		for name, points := range kinds(n, rng) {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				before := slices.Clone(points)
				tree, err := pointcloud.NewTree(points)
				require.NoError(t, err)
				require.Equal(t, n, tree.Len())
				require.Equal(t, before, points, "the input changed")
				places := [][3]float32{{0, 0, 0}, {0.5, 0.25, 0.75}, {-3, 2, 2.5}, {1e30, -1e30, 1e30}, {math.MaxFloat32, 0, -math.MaxFloat32}, {1e-40, 0, 0}}
				for range min(n, 20) {
					places = append(places, points[rng.IntN(n)])
				}
				for _, q := range places {
					all := everyone(points, q)
					for _, k := range []int{0, 1, 3, 16, 64, 65, 100, n, n + 1} {
						equal(t, all[:min(k, n)], tree.Nearest(q, k, nil))
					}
					if n == 0 {
						continue
					}
					for _, radius := range []float64{0, math.Sqrt(all[n/2].Squared), 1, math.Sqrt(all[n-1].Squared) / 2, math.Inf(1)} {
						near := within(all, radius)
						first := byIndex(near)
						for _, most := range []int{1, 7, 65, n} {
							equal(t, near[:min(most, len(near))], tree.Within(q, radius, most, nil))
							equal(t, first[:min(most, len(near))], tree.First(q, radius, most, nil))
						}
						equal(t, near, tree.Within(q, radius, 0, nil))
						equal(t, first, tree.First(q, radius, 0, nil))
					}
				}
			})
		}
	}
}

// Points at a distance of the radius belong to the ball, though halves and
// squares must be exact for that.
func TestWithinIsInclusive(t *testing.T) {
	c := pointcloud.Cloud{Points: [][3]float32{{3, 4, 0}, {0, 0, 0}, {5, 0.001, 0}}}
	require.Equal(t, []pointcloud.Neighbour{{Index: 1}, {Index: 0, Squared: 25}}, c.Tree().Within([3]float32{}, 5, 0, nil))
	require.Len(t, c.Tree().Within([3]float32{}, math.Nextafter(5, 0), 0, nil), 1)
}

func TestRelationsAgainstAllPoints(t *testing.T) {
	rng := seeded(4)
	for _, n := range []int{0, 1, 30, 1500} {
		for name, points := range kinds(n, rng) {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				c := pointcloud.Cloud{Points: points}
				const k, most = 10, 5
				radius := 0.2
				if n > 0 {
					radius = math.Sqrt(everyone(points, points[0])[n/20].Squared)
				}
				knn, ball, first, free := c.Neighbours(k), c.Ball(radius, most), c.FirstBall(radius, most), c.Ball(radius, 0)
				whole := set.Offsets{0, n}
				for _, r := range []*set.Relation{knn, ball, first, free} {
					require.NoError(t, r.Validate(whole, whole))
				}
				for i := range points {
					if n > 1000 && i%7 != 0 {
						continue
					}
					all := everyone(points, points[i])
					near := within(all, radius)
					same(t, all[:min(k, n)], knn.Of(i))
					same(t, near[:min(most, len(near))], ball.Of(i))
					same(t, near, free.Of(i))
					same(t, byIndex(near)[:min(most, len(near))], first.Of(i))
				}
			})
		}
	}
}

// equal holds got to want without the cost of looking into each pair.
func equal(t *testing.T, want, got []pointcloud.Neighbour, what ...any) {
	t.Helper()
	if !slices.Equal(want, got) {
		require.Equal(t, want, got, what...)
	}
}

func same(t *testing.T, want []pointcloud.Neighbour, got []int32) {
	t.Helper()
	if !slices.EqualFunc(want, got, func(w pointcloud.Neighbour, g int32) bool { return w.Index == g }) {
		require.Fail(t, "other neighbours", "want %v, got %v", want, got)
	}
}

// The result does not depend on the number of cores.
func TestNeighboursOnAnyNumberOfCores(t *testing.T) {
	c := cube(5000, seeded(5))
	knn, ball := c.Neighbours(9), c.Ball(0.1, 0)
	normals := c.WithNormals(9)
	for _, n := range []int{1, 2, 5} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
		require.Equal(t, knn, c.Neighbours(9))
		require.Equal(t, ball, c.Ball(0.1, 0))
		require.Equal(t, normals, c.WithNormals(9))
	}
}

func TestNearestAppends(t *testing.T) {
	tree := cube(1000, seeded(6)).Tree()
	q := [3]float32{0.5, 0.5, 0.5}
	for _, k := range []int{5, 200} {
		want := tree.Nearest(q, k, nil)
		for _, room := range []int{0, 1, 3, 1000} {
			head := append(make([]pointcloud.Neighbour, 0, 2+room), pointcloud.Neighbour{Index: -1}, pointcloud.Neighbour{Index: -2})
			got := tree.Nearest(q, k, head)
			require.Equal(t, head, got[:2])
			require.Equal(t, want, got[2:])
		}
		room := make([]pointcloud.Neighbour, 0, 2*k)
		require.Zero(t, testing.AllocsPerRun(20, func() { tree.Nearest(q, k, room) }))
	}
}

func TestTreeOfBadData(t *testing.T) {
	for _, x := range []float32{nan, inf, -inf} {
		_, err := pointcloud.NewTree([][3]float32{{1, 2, 3}, {1, x, 3}})
		require.ErrorContains(t, err, "point 1:")
		bad := pointcloud.Cloud{Points: [][3]float32{{x, 0, 0}}}
		require.Error(t, set.Try(func() { bad.Neighbours(1) }))
		require.Error(t, set.Try(func() { bad.Ball(1, 0) }))
		tree := cube(100, seeded(7)).Tree()
		require.Empty(t, tree.Nearest([3]float32{0, x, 0}, 3, nil))
		require.Empty(t, tree.Within([3]float32{x, 0, 0}, math.Inf(1), 0, nil))
		require.Empty(t, tree.First([3]float32{0, 0, x}, math.Inf(1), 0, nil))
	}
	var none pointcloud.Tree
	require.Empty(t, none.Nearest([3]float32{}, 3, nil))
	require.Empty(t, none.Neighbours(3).Index)
	require.Empty(t, none.Ball(1, 0).Index)
	for _, f := range []func(){
		func() { none.Nearest([3]float32{}, -1, nil) },
		func() { none.Neighbours(-1) },
		func() { none.Within([3]float32{}, -1, 0, nil) },
		func() { none.Within([3]float32{}, math.NaN(), 0, nil) },
		func() { none.First([3]float32{}, 1, -1, nil) },
		func() { none.Ball(1, -1) },
		func() { none.FirstBall(-1, 0) },
	} {
		require.Error(t, set.Try(f))
	}
}

// Where seven of eight points are one, a search does not look at all of them.
func TestTreeOfDuplicates(t *testing.T) {
	c := cube(200_000, seeded(8))
	for i := range c.Points {
		if i%8 != 0 {
			c.Points[i] = c.Points[0]
		}
	}
	r := c.Neighbours(4)
	require.Equal(t, []int32{0, 1, 2, 3}, r.Of(199_999))
	require.Equal(t, []int32{0, 1, 2, 3}, c.FirstBall(0.02, 4).Of(1))
	require.EqualValues(t, 8, r.Of(8)[0])
}

func ExampleCloud_Neighbours() {
	c := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {10, 0, 0}, {1, 0, 0}, {12, 0, 0}}}
	batch := pointcloud.Batch(c)
	batch.Relations = append(batch.Relations, c.Neighbours(2))
	for i := range c.Points {
		fmt.Println(i, batch.Relations[0].Of(i))
	}
	// Output:
	// 0 [0 2]
	// 1 [1 3]
	// 2 [2 0]
	// 3 [3 1]
}

func ExampleTree_Within() {
	tree, err := pointcloud.NewTree([][3]float32{{0, 0, 0}, {10, 0, 0}, {1, 0, 0}, {12, 0, 0}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range tree.Within([3]float32{11, 0, 0}, 1.5, 0, nil) {
		fmt.Println("point", p.Index, "at distance", math.Sqrt(p.Squared))
	}
	// Output:
	// point 1 at distance 1
	// point 3 at distance 1
}

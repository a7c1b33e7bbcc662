package pointcloud_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// The distance comes near to the exact one, and nearer with less blur.
func TestSinkhornAgainstEarthMover(t *testing.T) {
	for _, n := range []int{40, 200} {
		a, b := cube(n, seeded(81)), cube(n, seeded(82)).Translate([3]float32{0.5, 0, 0})
		exact, _, err := pointcloud.EarthMover(a, b)
		require.NoError(t, err)
		last := math.Inf(1)
		for _, tt := range []struct{ epsilon, off float64 }{{0.1, 0.15}, {0.02, 0.03}, {0.005, 0.005}} {
			s, err := pointcloud.Sinkhorn{Epsilon: tt.epsilon, Tolerance: 1e-3, Iterations: 5000}.Distance(context.Background(), a, b)
			require.NoError(t, err)
			require.True(t, s.Converged, "%v", s)
			require.LessOrEqual(t, s.Error, 1e-3)
			require.Less(t, s.Distance, last)
			last = s.Distance
			require.InDelta(t, exact, s.Distance, tt.off*exact, "blur %v", tt.epsilon)
			require.Greater(t, s.Distance, exact*(1-2e-3))
			turned, err := pointcloud.Sinkhorn{Epsilon: tt.epsilon, Tolerance: 1e-3, Iterations: 5000}.Distance(context.Background(), b, a)
			require.NoError(t, err)
			require.InEpsilon(t, s.Distance, turned.Distance, 2e-3)
		}
	}
}

// Every point of one cloud stands for three of the other, and clouds longer than
// a tile are no different.
func TestSinkhornOfOtherSizes(t *testing.T) {
	few := cube(500, seeded(83))
	many := few.Select(append(append(ascending(500), ascending(500)...), ascending(500)...)...)
	d, err := pointcloud.Sinkhorn{Epsilon: 0.02}.Distance(context.Background(), few, few.Translate([3]float32{0, 0, 1}))
	require.NoError(t, err)
	e, err := pointcloud.Sinkhorn{Epsilon: 0.02}.Distance(context.Background(), many, few.Translate([3]float32{0, 0, 1}))
	require.NoError(t, err)
	require.InEpsilon(t, d.Distance, e.Distance, 1e-4)
	require.InEpsilon(t, 1, d.Distance, 0.05)
}

func ascending(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestSinkhornOfAllKinds(t *testing.T) {
	rng := seeded(84)
	clouds := kinds(80, rng)
	clouds["one"] = [][3]float32{{1, 2, 3}}
	for name, points := range clouds {
		t.Run(name, func(t *testing.T) {
			c := pointcloud.Cloud{Points: points}
			box := c.Bounds().Size()
			size := math.Sqrt(box[0]*box[0] + box[1]*box[1] + box[2]*box[2])
			for _, epsilon := range []float64{0, 1e-300, 100} {
				s, err := pointcloud.Sinkhorn{Epsilon: epsilon, Iterations: 300}.Distance(context.Background(), c, c)
				require.NoError(t, err)
				require.False(t, math.IsNaN(s.Distance+s.Error))
				require.LessOrEqual(t, s.Distance, size)
				if size == 0 {
					require.Equal(t, pointcloud.Transport{Converged: true}, s)
				}
				if epsilon == 0 {
					require.Less(t, s.Error, 0.1)
				}
			}
			one, err := pointcloud.Sinkhorn{}.Distance(context.Background(), c, pointcloud.Cloud{Points: points[:1]})
			require.NoError(t, err)
			var sum float64
			for _, p := range everyone(points, points[0]) {
				sum += math.Sqrt(p.Squared) / float64(c.Len())
			}
			require.InDelta(t, sum, one.Distance, 1e-5*size) // there is only one way
		})
	}
}

// transported is what Sinkhorn finds in the end, in float64 and by its
// definition.
func transported(a, b pointcloud.Cloud, epsilon float64) float64 {
	cost := make([][]float64, a.Len())
	var mean float64
	for i, p := range a.Points {
		for _, q := range b.Points {
			x := [3]float64{float64(p[0]) - float64(q[0]), float64(p[1]) - float64(q[1]), float64(p[2]) - float64(q[2])}
			cost[i] = append(cost[i], math.Sqrt(x[0]*x[0]+x[1]*x[1]+x[2]*x[2]))
			mean += cost[i][len(cost[i])-1] / float64(a.Len()*b.Len())
		}
	}
	u, v := make([]float64, a.Len()), make([]float64, b.Len())
	for j := range v {
		v[j] = 1
	}
	k := func(i, j int) float64 { return math.Exp(-cost[i][j] / (epsilon * mean)) }
	var distance float64
	for range 2000 {
		for i := range u {
			var sum float64
			for j := range v {
				sum += k(i, j) * v[j]
			}
			u[i] = 1 / (float64(len(u)) * sum)
		}
		distance = 0
		for j := range v {
			var sum float64
			for i := range u {
				sum += k(i, j) * u[i]
			}
			v[j] = 1 / (float64(len(v)) * sum)
			for i := range u {
				distance += u[i] * k(i, j) * v[j] * cost[i][j]
			}
		}
	}
	return distance
}

// However large the blur may be, the distance is the one that it defines.
func TestSinkhornOfLargeBlur(t *testing.T) {
	a, b := cube(30, seeded(86)), cube(40, seeded(87)).Translate([3]float32{1, 0, 0})
	for _, epsilon := range []float64{0.1, 1, 10, 100} {
		s, err := pointcloud.Sinkhorn{Epsilon: epsilon, Tolerance: 1e-5, Iterations: 5000}.Distance(context.Background(), a, b)
		require.NoError(t, err)
		require.True(t, s.Converged)
		require.InEpsilon(t, transported(a, b, epsilon), s.Distance, 1e-4, "blur %v", epsilon)
	}
	for _, epsilon := range []float64{100.1, 1e15, 1e30, 1e300, math.Inf(1)} {
		_, err := pointcloud.Sinkhorn{Epsilon: epsilon}.Distance(context.Background(), a, b)
		require.ErrorContains(t, err, "want Epsilon of at most 100")
	}
}

// Defaults are those that the fields name.
func TestSinkhornDefaults(t *testing.T) {
	a, b := cube(60, seeded(88)), cube(60, seeded(89))
	distance := func(o pointcloud.Sinkhorn) pointcloud.Transport {
		s, err := o.Distance(context.Background(), a, b)
		require.NoError(t, err)
		return s
	}
	require.Equal(t, distance(pointcloud.Sinkhorn{}), distance(pointcloud.Sinkhorn{Epsilon: 0.01, Tolerance: 0.01, Iterations: 500}))
	for _, o := range []pointcloud.Sinkhorn{{Epsilon: 0.02}, {Tolerance: 0.001}, {Iterations: 3}} {
		require.NotEqual(t, distance(pointcloud.Sinkhorn{}), distance(o))
	}
}

func TestSinkhornOfBadInput(t *testing.T) {
	ok, none := cube(3, seeded(85)), pointcloud.Cloud{}
	bad := pointcloud.Cloud{Points: [][3]float32{{0, 0, nan}}}
	for _, tt := range []struct {
		o    pointcloud.Sinkhorn
		a, b pointcloud.Cloud
	}{
		{a: none, b: ok}, {a: ok, b: none}, {a: bad, b: ok}, {a: ok, b: bad},
		{pointcloud.Sinkhorn{Epsilon: -1}, ok, ok}, {pointcloud.Sinkhorn{Epsilon: math.NaN()}, ok, ok},
		{pointcloud.Sinkhorn{Tolerance: -1}, ok, ok}, {pointcloud.Sinkhorn{Iterations: -1}, ok, ok},
	} {
		_, err := tt.o.Distance(context.Background(), tt.a, tt.b)
		require.Error(t, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := pointcloud.Sinkhorn{}.Distance(ctx, ok, ok)
	require.True(t, errors.Is(err, context.Canceled))
	s, err := pointcloud.Sinkhorn{Iterations: 1}.Distance(context.Background(), ok, ok)
	require.NoError(t, err)
	require.Equal(t, 1, s.Iterations)
	require.False(t, s.Converged)
}

func ExampleSinkhorn() {
	a := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}}}
	b := pointcloud.Cloud{Points: [][3]float32{{0, 1, 0}, {0, 1, 0}, {1, 1, 0}, {1, 1, 0}, {2, 1, 0}, {2, 1, 0}}}
	t, err := pointcloud.Sinkhorn{}.Distance(context.Background(), a, b)
	fmt.Printf("%.3f %v %v\n", t.Distance, t.Converged, err)
	// Output: 1.000 true <nil>
}

func BenchmarkSinkhorn(b *testing.B) {
	const n = 2048
	x, y := cube(n, seeded(1)), cube(n, seeded(2))
	b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
		for b.Loop() {
			if _, err := (pointcloud.Sinkhorn{}).Distance(context.Background(), x, y); err != nil {
				b.Fatal(err)
			}
		}
	})
}

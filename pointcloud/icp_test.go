package pointcloud_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// potato returns n points of a bumpy closed surface without symmetry, about a
// place.
func potato(n int, at float64, rng *rand.Rand) pointcloud.Cloud {
	var c pointcloud.Cloud
	for range n {
		v := pointcloud.RandomRotation(rng)[0]
		r := 1 + 0.3*math.Sin(3*v[0]+1) + 0.2*math.Cos(4*v[1]*v[2]) + 0.2*v[2]
		c.Points = append(c.Points, [3]float32{float32(at + r*v[0]), float32(at + 1.3*r*v[1]), float32(at + 0.7*r*v[2])})
	}
	return c
}

// moved holds a motion to what it makes of a cloud.
func moved(t *testing.T, want, got pointcloud.Rigid, c pointcloud.Cloud, delta float64) {
	t.Helper()
	a, b := want.Apply(c), got.Apply(c)
	for i := range a.Points {
		require.InDeltaSlice(t, a.Points[i][:], b.Points[i][:], delta)
	}
}

func TestICPFindsTheMotion(t *testing.T) {
	rng := seeded(61)
	for _, at := range []float64{0, 100} {
		target := potato(2000, at, rng).WithNormals(12)
		motion := pointcloud.Rigid{R: pointcloud.Rotation([3]float64{1, -2, 0.5}, 0.1), T: [3]float64{0.05, -0.03, 0.02}}
		if at != 0 { // a turn about a place far away would be a long way
			motion.R = pointcloud.Rotation([3]float64{1, -2, 0.5}, 1e-4)
		}
		source := motion.Inverse().Apply(target.Select(rng.Perm(2000)[:1500]...))
		for _, planes := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v %v", at, planes), func(t *testing.T) {
				a, err := pointcloud.ICP{Planes: planes, Iterations: 100}.Align(context.Background(), source, target)
				require.NoError(t, err)
				require.True(t, a.Converged)
				require.EqualValues(t, 1, a.Fitness)
				require.Less(t, a.RMSE, 1e-5*max(at/10, 1))
				require.Less(t, a.Iterations, map[bool]int{false: 60, true: 9}[planes])
				moved(t, motion, a.Motion, source, 1e-5*max(at/10, 1))
				require.InDelta(t, 1, a.Motion.R.Det(), 1e-12)

				again, err := pointcloud.ICP{Planes: planes, Start: a.Motion}.Align(context.Background(), source, target)
				require.NoError(t, err)
				require.Equal(t, 1, again.Iterations, "it was there")
			})
		}
	}
}

// A part of the target, whose mean is elsewhere, comes to lie as fast.
func TestICPOfAPart(t *testing.T) {
	rng := seeded(67)
	target := potato(4000, 0, rng).WithNormals(12)
	var part []int
	for i, p := range target.Points {
		if p[0] > 0.1 && p[1] > 0.1 {
			part = append(part, i)
		}
	}
	motion := pointcloud.Rigid{R: pointcloud.Rotation([3]float64{1, -2, 0.5}, 0.03), T: [3]float64{0.01, -0.01, 0.02}}
	source := motion.Inverse().Apply(target.Select(part...))
	a, err := pointcloud.ICP{Planes: true}.Align(context.Background(), source, target)
	require.NoError(t, err)
	require.Less(t, a.Iterations, 8)
	moved(t, motion, a.Motion, source, 1e-5)
}

// What is farther than the reach does not count.
func TestICPReach(t *testing.T) {
	rng := seeded(62)
	target := potato(2000, 0, rng).WithNormals(12)
	motion := pointcloud.Rigid{T: [3]float64{0.01, 0.01, 0}}
	source := motion.Inverse().Apply(target)
	far := cube(500, rng).Translate([3]float32{3, 3, 3})
	source.Points, source.Normals = append(source.Points, far.Points...), nil
	for _, planes := range []bool{false, true} {
		a, err := pointcloud.ICP{Reach: 0.2, Planes: planes, Iterations: 100}.Align(context.Background(), source, target)
		require.NoError(t, err)
		require.InDelta(t, 0.8, a.Fitness, 1e-12)
		moved(t, motion, a.Motion, source, 1e-4)
	}
	one := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}}}
	for _, tt := range []struct{ x, reach, fitness float64 }{{0.5, 0.5, 1}, {0.5, 0.4999, 0}, {3, 0, 1}} {
		a, err := pointcloud.ICP{Reach: tt.reach, Iterations: 1}.Align(context.Background(), one,
			pointcloud.Cloud{Points: [][3]float32{{float32(tt.x), 0, 0}}})
		require.NoError(t, err)
		require.Equal(t, tt.fitness, a.Fitness)
		require.InDelta(t, tt.x*tt.fitness, a.Motion.T[0], 1e-12)
		require.Zero(t, a.RMSE)
		require.Equal(t, int(tt.fitness), a.Iterations)
	}
}

// The pairs leave the motion open; the smallest one is made.
func TestICPOfDegenerateClouds(t *testing.T) {
	rng := seeded(63)
	line := func(d float32) (c pointcloud.Cloud) {
		for i := range 50 {
			c.Points = append(c.Points, [3]float32{float32(i), d, 0})
			c.Normals = append(c.Normals, [3]float32{0, 1, 0})
		}
		return c
	}
	sheet := func(d float32) (c pointcloud.Cloud) {
		for range 400 {
			c.Points = append(c.Points, [3]float32{rng.Float32(), rng.Float32(), d})
			c.Normals = append(c.Normals, [3]float32{0, 0, 1})
		}
		return c
	}
	same := func(x float32) (c pointcloud.Cloud) {
		for range 5 {
			c.Points = append(c.Points, [3]float32{x, x, x})
			c.Normals = append(c.Normals, [3]float32{1, 0, 0})
		}
		return c
	}
	large := potato(300, 0, rng).WithNormals(8)
	large = pointcloud.Frame{Scale: 1e30}.Apply(large)
	largest := pointcloud.Frame{Scale: 1e38}.Apply(large.Scale([3]float32{1e-30, 1e-30, 1e-30}))
	small := pointcloud.Frame{Scale: 1e-38}.Apply(large.Scale([3]float32{1e-30, 1e-30, 1e-30}))
	flat := sheet(0)
	flat.Normals = make([][3]float32, flat.Len())
	for name, tt := range map[string]struct {
		source, target pointcloud.Cloud
		shift          [2][3]float64 // by points and by planes
	}{
		"line":          {line(0.25), line(0), [2][3]float64{{0, -0.25, 0}, {0, -0.25, 0}}},
		"equal":         {same(1), same(3), [2][3]float64{{2, 2, 2}, {2, 0, 0}}},
		"one":           {same(1).Select(0), same(3).Select(0), [2][3]float64{{2, 2, 2}, {2, 0, 0}}},
		"large":         {large, large, [2][3]float64{}},
		"largest":       {largest, largest, [2][3]float64{}},
		"small":         {small, small, [2][3]float64{}},
		"far and small": {largest, small, [2][3]float64{{nanShift}, {nanShift}}},
		"small and far": {small, largest, [2][3]float64{{nanShift}, {nanShift}}},
		"to one":        {line(0), same(0).Select(0), [2][3]float64{{-24.5, 0, 0}, {-24.5, 0, 0}}},
		"zero normals":  {flat, flat, [2][3]float64{}},
		"plane":         {sheet(0.1), sheet(0), [2][3]float64{{nanShift}, {0, 0, -0.1}}},
		"plane, turned": {pointcloud.Rigid{R: pointcloud.Rotation([3]float64{1, 0, 0}, 0.01)}.Apply(sheet(0)), sheet(0), [2][3]float64{{nanShift}, {nanShift}}},
	} {
		for i, planes := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s %v", name, planes), func(t *testing.T) {
				a, err := pointcloud.ICP{Planes: planes}.Align(context.Background(), tt.source, tt.target)
				require.NoError(t, err)
				require.False(t, math.IsNaN(a.RMSE+a.Fitness))
				require.EqualValues(t, 1, a.Fitness)
				require.InDelta(t, 1, a.Motion.R.Det(), 1e-9)
				for _, p := range a.Motion.Apply(tt.source).Points {
					require.False(t, math.IsNaN(length(p)))
				}
				if tt.shift[i][0] == nanShift {
					if strings.HasPrefix(name, "plane") && planes {
						for _, p := range a.Motion.Apply(tt.source).Points {
							require.InDelta(t, 0, p[2], 1e-4)
						}
					}
					return
				}
				require.True(t, a.Converged)
				for j, r := range a.Motion.R {
					for k, x := range r {
						require.InDelta(t, map[bool]float64{true: 1}[j == k], x, 1e-6, "%v", a.Motion)
					}
				}
				size := tt.target.Bounds().Size()
				require.InDeltaSlice(t, tt.shift[i][:], a.Motion.T[:], 1e-6*max(1, size[0]))
			})
		}
	}
}

// A line leaves the turn about it open.
func TestICPOfTurnedLines(t *testing.T) {
	turn := pointcloud.Rigid{R: pointcloud.Rotation([3]float64{1, 2, -3}, 0.05)}
	var line pointcloud.Cloud
	for i := range 40 {
		line.Points = append(line.Points, [3]float32{float32(i-20) * 0.1, float32(i-20) * 0.2, 0})
	}
	a, err := pointcloud.ICP{}.Align(context.Background(), turn.Apply(line), line)
	require.NoError(t, err)
	require.Less(t, a.RMSE, 1e-6)
	// It turned by the angle between the lines and no more.
	along := [3]float64{1 / math.Sqrt(5), 2 / math.Sqrt(5), 0}
	var cosine float64
	for i := range 3 {
		cosine += along[i] * (turn.R[i][0]*along[0] + turn.R[i][1]*along[1])
	}
	require.InDelta(t, 1+2*cosine, a.Motion.R[0][0]+a.Motion.R[1][1]+a.Motion.R[2][2], 1e-6)
}

// nanShift stands for a shift that is not looked at.
const nanShift = 12345

func TestICPOfBadInput(t *testing.T) {
	ok := potato(20, 0, seeded(64))
	bad := pointcloud.Cloud{Points: [][3]float32{{0, 0, nan}}}
	normals := ok.WithNormals(4)
	normals.Normals[3][0] = inf
	for _, tt := range []struct {
		icp            pointcloud.ICP
		source, target pointcloud.Cloud
		want           string
	}{
		{pointcloud.ICP{}, pointcloud.Cloud{}, ok, "want points in the source"},
		{pointcloud.ICP{}, ok, pointcloud.Cloud{}, "want points in the target"},
		{pointcloud.ICP{}, bad, ok, "source: pointcloud: point 0"},
		{pointcloud.ICP{}, ok, bad, "target: pointcloud: point 0"},
		{pointcloud.ICP{Planes: true}, ok, ok, "want a target with normals"},
		{pointcloud.ICP{Planes: true}, ok, normals, "normal of point 3"},
		{pointcloud.ICP{Reach: -1}, ok, ok, "Reach"},
		{pointcloud.ICP{Reach: math.NaN()}, ok, ok, "Reach"},
		{pointcloud.ICP{Tolerance: -1}, ok, ok, "Tolerance"},
		{pointcloud.ICP{Iterations: -1}, ok, ok, "Iterations"},
	} {
		_, err := tt.icp.Align(context.Background(), tt.source, tt.target)
		require.ErrorContains(t, err, tt.want)
	}
	// A start that leads to where float32 ends finds no pairs.
	a, err := pointcloud.ICP{Start: pointcloud.Rigid{T: [3]float64{1e300, 0, 0}}}.Align(context.Background(), ok, ok)
	require.NoError(t, err)
	require.Zero(t, a.Fitness)
	require.Zero(t, a.RMSE)
	require.False(t, a.Converged)
}

func TestICPStops(t *testing.T) {
	c := potato(100, 0, seeded(65))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a, err := pointcloud.ICP{}.Align(ctx, c, c)
	require.True(t, errors.Is(err, context.Canceled))
	require.EqualValues(t, 1, a.Fitness)
}

func TestICPOnAnyNumberOfCores(t *testing.T) {
	rng := seeded(66)
	target := potato(3000, 0, rng).WithNormals(12)
	source := pointcloud.Rigid{T: [3]float64{0.1, 0, 0}}.Apply(potato(3000, 0, rng))
	for _, planes := range []bool{false, true} {
		var all []pointcloud.Alignment
		for _, n := range []int{1, 2, 5} {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			a, err := pointcloud.ICP{Planes: planes}.Align(context.Background(), source, target)
			require.NoError(t, err)
			all = append(all, a)
		}
		require.Equal(t, all[0], all[1])
		require.Equal(t, all[0], all[2])
	}
}

func ExampleICP() {
	corner := pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {0, 1, 0}, {0, 0, 1}}}
	moved := corner.Translate([3]float32{0.25, 0, -0.125})
	a, err := pointcloud.ICP{}.Align(context.Background(), moved, corner)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f, fitness %.0f, error %.3f\n", a.Motion.T, a.Fitness, a.RMSE)
	// Output: [-0.250 0.000 0.125], fitness 1, error 0.000
}

func BenchmarkICP(b *testing.B) {
	const n = 10_000
	rng := seeded(1)
	target := potato(n, 0, rng).WithNormals(16)
	source := pointcloud.Rigid{R: pointcloud.Rotation([3]float64{1, -2, 0.5}, 0.1), T: [3]float64{0.05, -0.03, 0.02}}.Apply(potato(n, 0, rng))
	b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
		for _, planes := range []bool{false, true} {
			b.Run(fmt.Sprintf("planes=%v", planes), func(b *testing.B) {
				iterations := 0
				for b.Loop() {
					a, err := pointcloud.ICP{Planes: planes, Tolerance: 1e-9}.Align(context.Background(), source, target)
					if err != nil {
						b.Fatal(err)
					}
					iterations += a.Iterations
				}
				b.ReportMetric(b.Elapsed().Seconds()*1000/float64(iterations), "ms/iteration")
			})
		}
	})
}

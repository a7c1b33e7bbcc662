package pointcloud_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// settled returns points as they are kept, and their origin.
func settled(places ...[3]float64) (points [][3]float32, o [3]float64) {
	var p pointcloud.Places
	for _, x := range places {
		points = append(points, p.Add(x))
	}
	return points, p.Settle(points)
}

// line returns places along x.
func line(xs ...float64) (places [][3]float64) {
	for _, x := range xs {
		places = append(places, [3]float64{x, 1, 0.1})
	}
	return places
}

func TestOrigin(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		x    []float64
		want float64
	}{
		"nothing":             {nil, 0},
		"one":                 {[]float64{694386.212}, 694386},
		"three":               {[]float64{694386.212, 694386.262, 694386.312}, 694386},
		"negative":            {[]float64{-694386.712, -694386.262, -694386.612}, -694387},
		"whole":               {[]float64{694386, 694387}, 0},
		"float32":             {[]float64{694386.25, 694386.1875}, 0},
		"beyond float32":      {[]float64{16777217, 16777218, 16777219}, 16777218},
		"small":               {[]float64{8191.9, 8191.1, 100.1}, 0},
		"just large":          {[]float64{8192.1, 8192.2}, 8192},
		"wide":                {[]float64{10000.1, 20000.1, 30000.1, 40000.1}, 0},
		"around zero":         {[]float64{-70000.1, -1, 1, 70000.1}, 0},
		"outlier at zero":     {[]float64{0, 694386.212, 694386.262}, 694386},
		"outlier far away":    {[]float64{694386.212, 694386.262, 3e38}, 694386},
		"half at zero":        {[]float64{0, 0, 694386.212, 694386.262}, 0},
		"not a number":        {[]float64{694386.212, nan, 694386.262}, 694386},
		"infinite":            {[]float64{694386.212, -inf, 694386.262, inf, 694386.262}, 694386},
		"larger than float32": {[]float64{694386.212, 1e300, 694386.262, 694386.262}, 694386},
		"all huge":            {[]float64{1e300, 1.1e300}, 0},
		"no fractions":        {[]float64{1e17, 1e17 + 16}, 0},
		"one that matters":    {[]float64{1, 2, 3, 694386.212}, 0},
		"the first is exact":  {[]float64{694386.25, 694386, 694386.212}, 694386},
		"late":                {append(make([]float64, 100), slices.Repeat([]float64{1e5 + 0.1}, 101)...), 1e5},
	} {
		places := line(c.x...)
		points, o := settled(places...)
		require.Equal(t, [3]float64{c.want, 0, 0}, o, name)
		for i, p := range points {
			assert.Equal(t, [2]float32{1, 0.1}, [2]float32{p[1], p[2]}, name)
			want := float32(c.x[i])
			if c.want != 0 {
				want = float32(float64(float32(c.x[i])) - c.want)
				if math.Abs(c.x[i]) >= pointcloud.Large {
					want = float32(c.x[i] - c.want)
				}
			}
			if want == want {
				assert.Equal(t, want, p[0], "%s, %d", name, i)
			} else {
				assert.True(t, p[0] != p[0], "%s, %d", name, i)
			}
		}
	}
}

// TestOriginOfSet holds the origin to the definition, and to no order.
func TestOriginOfSet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		center, spread := math.Exp(rng.Float64()*30-5), math.Exp(rng.Float64()*30-5)
		var x []float64
		for range 1 + rng.IntN(200) {
			v := center + spread*rng.NormFloat64()
			if rng.IntN(10) == 0 {
				v = math.Round(v)
			}
			x = append(x, v)
		}
		_, o := settled(line(x...)...)
		near := slices.Clone(x)
		loses := false
		for i, v := range x {
			if math.Abs(v) < pointcloud.Large {
				near[i] = float64(float32(v))
			} else if math.Abs(v) < 1<<53 {
				loses = loses || float64(float32(v)) != v
			}
		}
		sorted := slices.Sorted(slices.Values(near))
		want := math.Round(sorted[(len(x)-1)/2])
		nearer := 0
		for _, v := range near {
			if math.Abs(v-want) <= math.Abs(v)/4 {
				nearer++
			}
		}
		if !loses || math.Abs(want) < pointcloud.Large || math.Abs(want) >= 1<<53 || 2*nearer <= len(x) {
			want = 0
		}
		require.Equal(t, want, o[0], "%v", x)
		rng.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		_, again := settled(line(x...)...)
		require.Equal(t, o, again)
	}
}

func ExamplePlaces() {
	var cloud pointcloud.Cloud
	var places pointcloud.Places
	for _, line := range strings.Split("694386.212 5155487.512 381.036\n694386.262 5155487.562 381.036", "\n") {
		var place [3]float64
		if _, err := fmt.Sscan(line, &place[0], &place[1], &place[2]); err != nil {
			fmt.Println(err)
			return
		}
		cloud.Points = append(cloud.Points, places.Add(place))
	}
	cloud.Origin = places.Settle(cloud.Points)
	fmt.Printf("%.0f %v\n", cloud.Origin, cloud.Points)
	// Output: [694386 5155488 0] [[0.212 -0.488 381.036] [0.262 -0.438 381.036]]
}

// What is measured is what was added, or there is nothing to measure.
func TestPlacesRefuse(t *testing.T) {
	var p pointcloud.Places
	assert.Zero(t, p.Settle(make([][3]float32, 3)), "none was added")
	p.Add([3]float64{694386.212, 1, 2})
	require.EqualError(t, set.Try(func() { p.Settle(make([][3]float32, 3)) }), "pointcloud.Places: want the 1 points that were added, got 3")
}

func TestRelative(t *testing.T) {
	assert.Equal(t, float32(0.212), pointcloud.Relative(694386.212, 694386))
	assert.Equal(t, float32(float64(float32(8191.7))-8000), pointcloud.Relative(8191.7, 8000), "what is not large is rounded first")
}

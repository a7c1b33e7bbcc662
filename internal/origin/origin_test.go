package origin_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/origin"
)

// settled returns points as a reader keeps them, and their origin.
func settled(places ...[3]float64) (points [][3]float32, o [3]float64) {
	var p origin.Places
	for _, x := range places {
		points = append(points, origin.Nearest(x))
		p.Add(x)
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
				if math.Abs(c.x[i]) >= origin.Coarse {
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
			if math.Abs(v) < origin.Coarse {
				near[i] = float64(float32(v))
			} else if math.Abs(v) < origin.Whole {
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
		if !loses || math.Abs(want) < origin.Coarse || math.Abs(want) >= origin.Whole || 2*nearer <= len(x) {
			want = 0
		}
		require.Equal(t, want, o[0], "%v", x)
		rng.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		_, again := settled(line(x...)...)
		require.Equal(t, o, again)
	}
}

// TestPlace holds that what a file says comes back in as many digits, and that
// what is written is read as the same point.
func TestPlace(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		o := math.Round(math.Exp(rng.Float64()*8 + 9.1))
		digits := rng.IntN(5)
		text := strconv.FormatFloat(o+100*rng.NormFloat64(), 'f', digits, 64)
		x, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		v := origin.Relative(x, o)
		got := string(origin.Append(nil, v, o))
		if digits < 4 { // 100.0001 has 7 digits
			require.Equal(t, x, origin.Place(v, o), text)
			want, _ := strconv.ParseFloat(got, 64)
			require.Equal(t, x, want, text)
		}
		again, err := strconv.ParseFloat(got, 64)
		require.NoError(t, err)
		require.Equal(t, v, origin.Relative(again, o), "%s, written as %s", text, got)
	}
	for _, c := range []struct {
		v    float32
		o    float64
		want string
	}{
		{0.212, 694386, "694386.212"}, {-0.488, 5155488, "5155487.512"}, {0, 5155488, "5155488"},
		{0.1, -1e6, "-999999.9"}, {0.1, 0, "0.1"}, {1e-3, 1 << 52, "4.503599627370496e+15"}, {1e20, 1e6, "1.0000000200408873e+20"},
		{381.036, 0, "381.036"}, {8192.1, 0, "8192.099609375"}, {16777216, 0, "1.6777216e+07"}, {3e20, 0, "3e+20"},
	} {
		assert.Equal(t, c.want, string(origin.Append(nil, c.v, c.o)))
	}
	assert.Equal(t, float64(float32(1.5e-30)), origin.Place(1.5e-30, 0), "of no fewer digits")
}

func TestSettle(t *testing.T) {
	o, rest := origin.Settle([3]float64{694386.25, -8191.75, 100.5})
	assert.Equal(t, "[694386 -8192 0] [0.25 0.25 100.5]", fmt.Sprint(o, rest))
}

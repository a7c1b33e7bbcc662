package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithin(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 7))
		for _, n := range sizes() {
			x, y, z := spread(rng, n), spread(rng, n), spread(rng, n)
			p := [3]float32{float32(rng.NormFloat64()), 0.5, -2}
			square := func(i int) float32 {
				a, b, c := x[i]-p[0], y[i]-p[1], z[i]-p[2]
				return float32(float32(a*a)+float32(b*b)) + float32(c*c)
			}
			limits := []float32{0, 1, 30, 1e9, inf, notNum, -1}
			if n > 0 {
				limits = append(limits, square(n/2)) // a point at the very limit is within
			}
			for _, limit := range limits {
				at, d := make([]int32, n+Slack), make([]float32, n+Slack)
				var numbers []int32
				var squares []float32
				for i := range x {
					if s := square(i); s <= limit {
						numbers, squares = append(numbers, int32(i)), append(squares, s)
					}
				}
				found := Within(at, d, x, y, z, p, limit)
				require.Equal(t, len(numbers), found, "of %d within %v", n, limit)
				if found > 0 {
					require.Equal(t, numbers, at[:found])
					same(t, squares, d[:found], "squares of %d within %v", n, limit)
				}
			}
		}
	})
}

func TestRanks(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(8, 8))
		for _, n := range sizes() {
			if n > 300 {
				continue
			}
			d, r := spread(rng, n), make([]int32, n+1)
			for i := range n / 2 {
				d[rng.IntN(n)] = d[i] // some are equal
			}
			r[n] = -1
			Ranks(r, d)
			for i, a := range d {
				var less int32
				for _, b := range d {
					if b < a {
						less++
					}
				}
				require.Equal(t, less, r[i])
			}
			require.EqualValues(t, -1, r[n])
		}
	})
}

func TestDistanceScores(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 9))
		for _, n := range sizes() {
			x, y, z, g := random(rng, n), random(rng, n), random(rng, n), random(rng, n)
			p := [3]float32{0.5, -0.25, 2}
			s := make([]float32, n+1)
			DistanceScores(s[:n], g, x, y, z, p, 3)
			for i := range n {
				a, b, c := float64(x[i])-float64(p[0]), float64(y[i])-float64(p[1]), float64(z[i])-float64(p[2])
				near(t, (float64(g[i])-math.Sqrt(a*a+b*b+c*c))*3, s[i], 1e-6, 4e-6, "%d of %d", i, n)
			}
			require.Zero(t, s[n])
		}
	})
}

func TestWithinNeedsRoom(t *testing.T) {
	x := make([]float32, 20)
	room, numbers := make([]float32, 20+Slack), make([]int32, 20+Slack)
	Within(numbers, room, x, x, x, [3]float32{}, 1)
	require.Panics(t, func() { Within(numbers[1:], room, x, x, x, [3]float32{}, 1) })
	require.Panics(t, func() { Within(numbers, room[1:], x, x, x, [3]float32{}, 1) })
	require.Panics(t, func() { Within(numbers, room, x, x[1:], x, [3]float32{}, 1) })
	require.Panics(t, func() { Within(numbers, room, x, x, x[1:], [3]float32{}, 1) })
	require.Panics(t, func() { DistanceScores(x, x, x, x, x[1:], [3]float32{}, 1) })
	require.Panics(t, func() { DistanceScores(x, x[1:], x, x, x, [3]float32{}, 1) })
	require.Panics(t, func() { Ranks(numbers[:19], x) })
}

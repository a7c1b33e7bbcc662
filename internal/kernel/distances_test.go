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

func TestNearer(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 9))
		for _, n := range sizes() {
			for _, lattice := range []bool{false, true} {
				x, y, z := spread(rng, n), spread(rng, n), spread(rng, n)
				near, want := make([]float64, n), make([]float64, n)
				for i := range n {
					near[i] = inf64
					if x[i] = float32(rng.NormFloat64()); lattice { // so that many are equally far
						x[i], y[i], z[i] = float32(rng.IntN(3)), float32(rng.IntN(3)), 0
					}
					if y[i]-y[i] != 0 || z[i]-z[i] != 0 {
						y[i], z[i] = math.MaxFloat32, -math.MaxFloat32
					}
				}
				copy(want, near)
				require.Equal(t, -1, Nearer(nil, nil, nil, nil, [3]float32{}))
				for range 3 {
					p := [3]float32{float32(rng.IntN(3)), float32(rng.IntN(3)), 0.5}
					far := -1
					for i := range n {
						a, b, c := float64(x[i])-float64(p[0]), float64(y[i])-float64(p[1]), float64(z[i])-float64(p[2])
						want[i] = min(want[i], float64(float64(a*a)+float64(b*b))+float64(c*c))
						if far < 0 || want[i] > want[far] {
							far = i
						}
					}
					require.Equal(t, far, Nearer(near, x, y, z, p), "of %d", n)
					require.Equal(t, want, near)
				}
			}
		}
		require.Panics(t, func() {
			Nearer(make([]float64, 9), make([]float32, 9), make([]float32, 8), make([]float32, 9), [3]float32{})
		})
	})
}

var inf64 = math.Inf(1)

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

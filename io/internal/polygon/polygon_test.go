package polygon_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/polygon"
	"setwise/pointcloud"
)

// fan returns the fan of a polygon of n corners, from corner first on.
func fan(n, first int) (faces [][3]int32) {
	at := func(k int) int32 { return int32((first + k) % n) }
	for k := 2; k < n; k++ {
		faces = append(faces, [3]int32{at(0), at(k - 1), at(k)})
	}
	return faces
}

// lift puts a polygon of the plane on one that is tilted, on either side.
func lift(flat [][2]float64, back bool) (v [][3]float32) {
	for _, p := range flat {
		x, y := p[0], p[1]
		if back {
			x = -x
		}
		v = append(v, [3]float32{float32(0.6*x + 3), float32(y - 2), float32(0.8*x + 5)})
	}
	return v
}

// A polygon has its own area, whatever its shape and wherever it begins.
func TestArea(t *testing.T) {
	comb := [][2]float64{{0, 0}, {20, 0}}
	for x := 20.0; x > 0; x-- {
		comb = append(comb, [2]float64{x, 3}, [2]float64{x - 0.5, 1})
	}
	comb = append(comb, [2]float64{0, 3})
	spiral := [][2]float64{}
	for i := range 200 {
		a, r := float64(i)/10, 1+float64(i)/20
		spiral = append(spiral, [2]float64{r * math.Cos(a), r * math.Sin(a)})
	}
	for i := range 200 {
		a, r := float64(199-i)/10, 0.8+float64(199-i)/20
		spiral = append(spiral, [2]float64{r * math.Cos(a), r * math.Sin(a)})
	}
	for name, flat := range map[string][][2]float64{
		"square":      {{0, 0}, {1, 0}, {1, 1}, {0, 1}},
		"U":           {{0, 0}, {3, 0}, {3, 3}, {2, 3}, {2, 1}, {1, 1}, {1, 3}, {0, 3}},
		"L":           {{0, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 2}, {0, 2}},
		"arrow":       {{0, 0}, {2, 1}, {0, 2}, {1, 1}},
		"collinear":   {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {3, 3}, {2, 3}, {2, 2}, {2, 1}, {1, 1}, {1, 2}, {1, 3}, {0, 3}, {0, 2}, {0, 1}},
		"duplicates":  {{0, 0}, {3, 0}, {3, 0}, {3, 3}, {2, 3}, {2, 1}, {2, 1}, {1, 1}, {1, 1}, {1, 3}, {0, 3}, {0, 3}},
		"with a hole": {{0, 0}, {3, 0}, {3, 3}, {0, 3}, {0, 0}, {1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}},
		"comb":        comb,
		"spiral":      spiral,
		"spike":       {{0, 0}, {3, 0}, {5, 0}, {3, 0}, {3, 3}, {2, 3}, {2, 1}, {0, 3}},
	} {
		want := 0.0
		for i, p := range flat {
			q := flat[(i+1)%len(flat)]
			want += (p[0]*q[1] - p[1]*q[0]) / 2
		}
		for first := range flat {
			for _, back := range []bool{false, true} {
				m := pointcloud.Mesh{Vertices: lift(flat, back), Faces: fan(len(flat), first)}
				var f polygon.Fans
				f.Add(0, len(m.Faces))
				numbers := fan(len(flat), first)
				require.NoError(t, f.Cut(m.Faces, m.Vertices, numbers))
				assert.Len(t, m.Faces, len(flat)-2)
				assert.Equal(t, m.Faces, numbers, "%s from %d", name, first)
				assert.InDelta(t, want, m.Area(), 1e-5*want, "%s from %d", name, first)
			}
		}
	}
}

// What is right, has no area or crosses itself stays as it was.
func TestFanStays(t *testing.T) {
	for name, flat := range map[string][][2]float64{
		"hexagon":     {{2, 0}, {1, 2}, {-1, 2}, {-2, 0}, {-1, -2}, {1, -2}},
		"nearly flat": {{0, 0}, {1, 1e-7}, {2, -1e-7}, {3, 1e-7}, {3, 1}, {0, 1}},
		"seen":        {{0, 0}, {2, 1}, {1, 1}, {1, 2}}, // from the first corner
		"a line":      {{0, 0}, {1, 1}, {3, 3}, {2, 2}, {-1, -1}},
		"a point":     {{1, 1}, {1, 1}, {1, 1}, {1, 1}},
		"bow tie":     {{0, 0}, {1, 1}, {1, 0}, {0, 1}},
	} {
		faces := fan(len(flat), 0)
		var f polygon.Fans
		f.Add(0, len(faces))
		require.NoError(t, f.Cut(faces, lift(flat, false)))
		assert.Equal(t, fan(len(flat), 0), faces, name)
	}
}

// Only the fans that are told are touched, and triangles keep their places.
func TestManyFans(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var m pointcloud.Mesh
	var f polygon.Fans
	want := 0.0
	for range 300 {
		n := 3 + rng.IntN(30)
		before, at := len(m.Faces), int32(len(m.Vertices))
		flat := make([][2]float64, n) // a star around the origin
		for i := range flat {
			a, r := 2*math.Pi*float64(i)/float64(n), 0.2+rng.Float64()
			flat[i] = [2]float64{r * math.Cos(a), r * math.Sin(a)}
		}
		for i, p := range flat {
			q := flat[(i+1)%n]
			want += (p[0]*q[1] - p[1]*q[0]) / 2
		}
		m.Vertices = append(m.Vertices, lift(flat, n%2 == 0)...)
		for _, t := range fan(n, 0) {
			m.Faces = append(m.Faces, [3]int32{t[0] + at, t[1] + at, t[2] + at})
		}
		f.Add(before, n-2)
	}
	require.NoError(t, f.Cut(m.Faces, m.Vertices))
	assert.InDelta(t, want, m.Area(), 1e-4*want)
}

// A polygon that would take hours is an error within a second or two.
func TestHugePolygons(t *testing.T) {
	const n = 400_000
	v := make([][3]float32, n)
	for i := range v {
		a, r := 2*math.Pi*float64(i)/n, 1+0.5*float64(i%2)
		v[i] = [3]float32{float32(r * math.Cos(a)), float32(r * math.Sin(a))}
	}
	var f polygon.Fans
	f.Add(0, n-2)
	assert.ErrorContains(t, f.Cut(fan(n, 0), v), "400000 corners in a shape that is not convex: want fewer")
}

package pointcloud_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// globe returns n points of a sphere about a place, and the way out at each.
func globe(n int, at [3]float64, rng *rand.Rand) (c pointcloud.Cloud, out [][3]float32) {
	for range n {
		m := pointcloud.RandomRotation(rng)[0]
		c.Points = append(c.Points, [3]float32{float32(at[0] + m[0]), float32(at[1] + m[1]), float32(at[2] + m[2])})
		out = append(out, [3]float32{float32(m[0]), float32(m[1]), float32(m[2])})
	}
	return c, out
}

// torus returns n points of a torus of radii 3 and 1, and the way out at each.
func torus(n int, rng *rand.Rand) (c pointcloud.Cloud, out [][3]float32) {
	for len(c.Points) < n {
		a, b := 2*math.Pi*rng.Float64(), 2*math.Pi*rng.Float64()
		if rng.Float64()*4 > 3+math.Cos(b) {
			continue // evenly by area
		}
		sa, ca := math.Sincos(a)
		sb, cb := math.Sincos(b)
		out = append(out, [3]float32{float32(ca * cb), float32(sa * cb), float32(sb)})
		c.Points = append(c.Points, [3]float32{float32(ca * (3 + cb)), float32(sa * (3 + cb)), float32(sb)})
	}
	return c, out
}

// plane returns n points near a tilted plane.
func plane(n int, rng *rand.Rand) (c pointcloud.Cloud, out [][3]float32) {
	for range n {
		x, y := rng.Float64(), rng.Float64()
		c.Points = append(c.Points, [3]float32{float32(100 + x), float32(200 + y), float32(300 - x - 2*y + 1e-3*rng.NormFloat64())})
		out = append(out, [3]float32{1, 2, 1})
	}
	return c, out
}

// dome returns the upper half of a sphere.
func dome(n int, at [3]float64, rng *rand.Rand) (c pointcloud.Cloud, out [][3]float32) {
	all, way := globe(2*n, at, rng)
	for i, p := range all.Points {
		if float64(p[2]) > at[2] {
			c.Points, out = append(c.Points, p), append(out, way[i])
		}
	}
	return c, out
}

// crate returns points of a box, and the way out at each.
func crate(n int, rng *rand.Rand) (c pointcloud.Cloud, out [][3]float32) {
	c, err := block(1, 2, 3).Sample(n, rng)
	if err != nil {
		panic(err)
	}
	return pointcloud.Cloud{Points: c.Points}, c.Normals
}

// teardrop returns points of a pipe that is round on one side and has a sharp
// edge on the other, where normals of neighbours are nearly opposite.
func teardrop(n int, rng *rand.Rand) (c pointcloud.Cloud, out [][3]float32) {
	s, o := math.Sincos(math.Pi / 10)
	for range n {
		u, way, side := rng.Float64()*4, [2]float64{-s, o}, float64(2*rng.IntN(2)-1)
		p := [2]float64{u * o, u * s} // along a side of the edge
		if u > 4*o {
			continue
		}
		if rng.IntN(3) == 0 { // around a circle that continues both sides
			sa, ca := math.Sincos(rng.Float64() * (math.Pi/2 + math.Pi/10))
			way = [2]float64{ca, sa}
			p = [2]float64{4 + 4*s*ca, 4 * s * sa}
		}
		c.Points = append(c.Points, [3]float32{float32(p[0]), float32(side * p[1]), rng.Float32() * 3})
		out = append(out, [3]float32{float32(way[0]), float32(side * way[1]), 0})
	}
	return c, out
}

func together(a, b pointcloud.Cloud) pointcloud.Cloud {
	return pointcloud.Cloud{Points: append(a.Points, b.Points...)}
}

func TestOrientNormals(t *testing.T) {
	rng := seeded(31)
	sphere, sphereOut := globe(1500, [3]float64{}, rng)
	ring, ringOut := torus(3000, rng)
	flat, flatOut := plane(1000, rng)
	half, halfOut := dome(800, [3]float64{-10, 3, -9}, rng)
	drop, dropOut := teardrop(6000, rng)
	box, boxOut := crate(4000, rng)
	other, otherOut := globe(700, [3]float64{0, 0, 9}, rng)
	var core pointcloud.Cloud
	var coreOut [][3]float32
	for range 900 { // a sphere within the ring
		m := pointcloud.RandomRotation(rng)[0]
		core.Points = append(core.Points, [3]float32{float32(3 + m[0]/4), float32(m[1] / 4), float32(m[2] / 4)})
		coreOut = append(coreOut, [3]float32{float32(m[0]), float32(m[1]), float32(m[2])})
	}
	for name, tt := range map[string]struct {
		cloud pointcloud.Cloud
		out   [][3]float32
	}{
		"sphere":          {sphere, sphereOut},
		"torus":           {ring, ringOut},
		"plane":           {flat, flatOut},
		"dome":            {half, halfOut},
		"box":             {box, boxOut},
		"teardrop":        {drop, dropOut},
		"two spheres":     {together(sphere, other), append(sphereOut, otherOut...)},
		"ring and sphere": {together(ring, core), append(ringOut, coreOut...)},
		"ring and plane":  {together(ring, flat), append(ringOut, flatOut...)},
	} {
		t.Run(name, func(t *testing.T) {
			c := tt.cloud.WithNormals(12)
			if name == "teardrop" {
				c.Normals = slices.Clone(tt.out)
			}
			for i, n := range c.Normals { // any side
				if rng.IntN(2) == 0 {
					c.Normals[i] = [3]float32{-n[0], -n[1], -n[2]}
				}
			}
			before := c.Clone()
			got := c.OrientNormals(12)
			require.Equal(t, before, c, "the input changed")
			require.Equal(t, c.Points, got.Points)
			for i, n := range got.Normals {
				require.Greater(t, inner(n, tt.out[i]), -0.1, "normal %d at %v: %v", i, got.Points[i], n)
				require.InDelta(t, 1, math.Abs(inner(n, c.Normals[i])), 1e-5, "only the sign may change")
			}
			// The same points in another order, and all turned around.
			order := rng.Perm(c.Len())
			mixed := c.Select(order...)
			for i, n := range mixed.Normals {
				mixed.Normals[i] = [3]float32{-n[0], -n[1], -n[2]}
			}
			again := mixed.OrientNormals(12)
			for i, o := range order {
				require.Equal(t, got.Normals[o], again.Normals[i])
			}
		})
	}
}

func TestOrientNormalsOfFewAndDegenerate(t *testing.T) {
	up, down := [3]float32{0, 0, 1}, [3]float32{0, 0, -1}
	for name, tt := range map[string]struct{ cloud, want pointcloud.Cloud }{
		"empty": {},
		"one":   {cloud: pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}}, Normals: [][3]float32{down}}, want: pointcloud.Cloud{Normals: [][3]float32{up}}},
		"equal": {
			cloud: pointcloud.Cloud{Points: make([][3]float32, 4), Normals: [][3]float32{down, up, down, up}},
			want:  pointcloud.Cloud{Normals: [][3]float32{up, up, up, up}},
		},
		"line": {
			cloud: pointcloud.Cloud{Points: [][3]float32{{1}, {2}, {3}, {9}}, Normals: [][3]float32{down, up, down, up}},
			want:  pointcloud.Cloud{Normals: [][3]float32{up, up, up, up}},
		},
		"plane": {
			cloud: pointcloud.Cloud{Points: [][3]float32{{0, 0, 1}, {1, 0, 1}, {0, 1, 1}, {5, 5, 1}}, Normals: [][3]float32{down, down, down, up}},
			want:  pointcloud.Cloud{Normals: [][3]float32{up, up, up, up}},
		},
		"zero": {
			cloud: pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}}, Normals: [][3]float32{{}, down, {}}},
			want:  pointcloud.Cloud{Normals: [][3]float32{{}, up, {}}},
		},
		"large": {
			cloud: pointcloud.Cloud{Points: [][3]float32{{1e30, 0, 0}, {-1e30, 0, 0}, {0, 1e30, 0}, {0, -1e30, 0}}, Normals: [][3]float32{{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, -1, 0}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := tt.cloud.OrientNormals(3)
			if tt.want.Normals == nil {
				require.Len(t, got.Normals, tt.cloud.Len())
				return
			}
			for i := range got.Normals { // not -0
				require.Zero(t, length([3]float32{got.Normals[i][0] - tt.want.Normals[i][0], got.Normals[i][1] - tt.want.Normals[i][1], got.Normals[i][2] - tt.want.Normals[i][2]}), "%v", got.Normals)
			}
		})
	}
	bare := pointcloud.Cloud{Points: make([][3]float32, 3)}
	for _, bad := range []func(){
		func() { bare.WithNormals(3).OrientNormals(1) },
		func() { bare.OrientNormals(3) },
		func() { bare.OrientTowards([3]float32{}) },
		func() {
			pointcloud.Cloud{Points: [][3]float32{{nan, 0, 0}}, Normals: [][3]float32{up}}.OrientNormals(3)
		},
		func() {
			pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}}, Normals: [][3]float32{{inf, 0, 0}}}.OrientTowards([3]float32{})
		},
	} {
		require.Error(t, set.Try(bad))
	}
}

func TestOrientTowards(t *testing.T) {
	c := pointcloud.Cloud{
		Points:  [][3]float32{{0, 0, 0}, {0, 0, 2}, {0, 0, 1}, {1e30, 0, 1}},
		Normals: [][3]float32{{0, 0, -1}, {0, 0, 1}, {1, 0, 0}, {1, 0, 0}},
	}
	want := [][3]float32{{0, 0, 1}, {0, 0, -1}, {1, 0, 0}, {-1, 0, 0}}
	for i, n := range c.OrientTowards([3]float32{0, 0, 1}).Normals {
		require.Zero(t, length([3]float32{n[0] - want[i][0], n[1] - want[i][1], n[2] - want[i][2]}), "%d: %v", i, n)
	}
	require.Equal(t, c, c.OrientTowards([3]float32{0, nan, 0}))
	require.Zero(t, pointcloud.Cloud{}.OrientTowards([3]float32{}).Len())
}

func ExampleCloud_OrientNormals() {
	table := pointcloud.Cloud{
		Points:  [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}},
		Normals: [][3]float32{{0, 0, -1}, {0, 0, 1}, {0, 0, -1}, {0, 0, -1}},
	}
	for _, n := range table.OrientNormals(3).Normals {
		fmt.Print(n[2], " ")
	}
	// Output: 1 1 1 1
}

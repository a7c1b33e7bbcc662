package pointcloud_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

var utm = [3]float64{694386, 5155487, 0}

// surveyed returns points of a hilly terrain of 40 m, to the millimetre, in the
// coordinates of a map.
func surveyed(n int, rng *rand.Rand) [][3]float64 {
	places := make([][3]float64, n)
	for i := range places {
		x, y := 40*rng.Float64()-20, 40*rng.Float64()-20
		z := 381 + 3*math.Sin(x/4) + 2*math.Cos(y/3) + math.Sin(x*y/40)
		for k, v := range [3]float64{utm[0] + x, utm[1] + y, z} {
			places[i][k] = math.Round(v*1000) / 1000
		}
	}
	return places
}

// placed holds that places are no farther apart than a tolerance along each axis.
func placed(t *testing.T, want, got [3]float64, tolerance float64, of ...any) {
	t.Helper()
	for k := range want {
		require.InDelta(t, want[k], got[k], tolerance, of...)
	}
}

func TestNewCloud(t *testing.T) {
	places := surveyed(1000, seeded(1))
	c := pointcloud.NewCloud(places)
	assert.NoError(t, c.Validate())
	assert.InDelta(t, utm[0], c.Origin[0], 5)
	assert.InDelta(t, utm[1], c.Origin[1], 5)
	assert.Zero(t, c.Origin[2])
	for i, p := range places {
		placed(t, p, c.Place(i), 2e-5)
		assert.Equal(t, float32(p[2]), c.Points[i][2])
	}
	small := [][3]float64{{0.1, -2, 3e3}, {1, 2, 3}}
	assert.Equal(t, pointcloud.Cloud{Points: [][3]float32{{0.1, -2, 3e3}, {1, 2, 3}}}, pointcloud.NewCloud(small))
	assert.Zero(t, pointcloud.NewCloud(nil).Len())
}

func TestValidateOrigin(t *testing.T) {
	o := [3]float64{0, math.NaN(), 0}
	assert.ErrorContains(t, pointcloud.Cloud{Origin: o}.Validate(), "origin: want finite coordinates")
	assert.ErrorContains(t, pointcloud.Mesh{Origin: o}.Validate(), "origin: want finite coordinates")
	m := block(1, 2, 3)
	m.Origin = o
	_, err := m.Sample(1, seeded(1))
	assert.ErrorContains(t, err, "want a finite origin")
}

func TestWithOrigin(t *testing.T) {
	c := pointcloud.NewCloud(surveyed(100, seeded(1)))
	moved := c.WithOrigin([3]float64{694000, 5155000, 300})
	assert.Equal(t, [3]float64{694000, 5155000, 300}, moved.Origin)
	for i := range c.Points {
		placed(t, c.Place(i), moved.Place(i), 1e-4)
	}
	assert.Equal(t, c, c.WithOrigin(c.Origin))
	coarse := c.WithOrigin([3]float64{})
	placed(t, c.Place(7), [3]float64{float64(coarse.Points[7][0]), float64(coarse.Points[7][1]), float64(coarse.Points[7][2])}, 0.25)
	m := pointcloud.Mesh{Vertices: c.Points, Origin: c.Origin}.WithOrigin(moved.Origin)
	assert.Equal(t, moved.Points, m.Vertices)
	assert.Equal(t, moved.Place(3), m.Place(3))
}

// TestOperationsKeepOrigin holds what operations make of a shape with an origin to
// what they make of the same without, and that the origin stays.
func TestOperationsKeepOrigin(t *testing.T) {
	plain := noise(300, seeded(1))
	plain.Normals = nil
	far := plain.Clone()
	far.Origin = utm
	for name, f := range map[string]func(pointcloud.Cloud) (pointcloud.Cloud, error){
		"Clone":       func(c pointcloud.Cloud) (pointcloud.Cloud, error) { return c.Clone(), nil },
		"Select":      func(c pointcloud.Cloud) (pointcloud.Cloud, error) { return c.Select(5, 2, 5), nil },
		"Pick":        func(c pointcloud.Cloud) (pointcloud.Cloud, error) { return c.Pick(7, seeded(2)) },
		"WithNormals": func(c pointcloud.Cloud) (pointcloud.Cloud, error) { return c.WithNormals(8), nil },
		"OrientNormals": func(c pointcloud.Cloud) (pointcloud.Cloud, error) {
			return c.WithNormals(8).OrientNormals(8), nil
		},
		"OrientTowards": func(c pointcloud.Cloud) (pointcloud.Cloud, error) {
			return c.WithNormals(8).OrientTowards([3]float32{0, 0, 9}), nil
		},
		"VoxelMean": func(c pointcloud.Cloud) (pointcloud.Cloud, error) { return c.VoxelMean(0.5) },
		"Translate": func(c pointcloud.Cloud) (pointcloud.Cloud, error) { return c.Translate([3]float32{1, 2, 3}), nil },
		"Farthest": func(c pointcloud.Cloud) (pointcloud.Cloud, error) {
			at, err := c.Farthest(9, 0)
			return c.Select(at...), err
		},
		"PoissonDisk": func(c pointcloud.Cloud) (pointcloud.Cloud, error) {
			at, err := c.PoissonDisk(9)
			return c.Select(at...), err
		},
		"Inliers": func(c pointcloud.Cloud) (pointcloud.Cloud, error) {
			at, err := c.Inliers(9, 1)
			return c.Select(at...), err
		},
		"Along": func(c pointcloud.Cloud) (pointcloud.Cloud, error) {
			at, err := c.Along(pointcloud.Hilbert)
			return c.Select(at...), err
		},
		"Canonical": func(c pointcloud.Cloud) (pointcloud.Cloud, error) { return c.Select(c.Canonical()...), nil },
		"Jitter": func(c pointcloud.Cloud) (pointcloud.Cloud, error) {
			return pointcloud.Augment{Dropout: 0.5, Shift: 1, Jitter: 0.1}.Apply(c, seeded(3)), nil
		},
	} {
		want, err := f(plain)
		require.NoError(t, err, name)
		got, err := f(far)
		require.NoError(t, err, name)
		assert.Zero(t, want.Origin, name)
		want.Origin = utm
		assert.Equal(t, want, got, name)
	}

	m := block(1, 2, 3)
	distant := m.Clone()
	distant.Origin = utm
	for name, f := range map[string]func(pointcloud.Mesh) pointcloud.Mesh{
		"Clone":     pointcloud.Mesh.Clone,
		"Weld":      func(m pointcloud.Mesh) pointcloud.Mesh { return m.Weld(1e-3) },
		"Translate": func(m pointcloud.Mesh) pointcloud.Mesh { return m.Translate([3]float32{1, 2, 3}) },
	} {
		want := f(m)
		want.Origin = utm
		assert.Equal(t, want, f(distant), name)
	}
	assert.Equal(t, m.Area(), distant.Area())
	assert.Equal(t, m.Volume(), distant.Volume())
	for name, f := range map[string]func(pointcloud.Mesh) (pointcloud.Cloud, error){
		"Sample":      func(m pointcloud.Mesh) (pointcloud.Cloud, error) { return m.Sample(50, seeded(1)) },
		"PoissonDisk": func(m pointcloud.Mesh) (pointcloud.Cloud, error) { return m.PoissonDisk(50, seeded(1)) },
	} {
		want, err := f(m)
		require.NoError(t, err)
		want.Origin = utm
		got, err := f(distant)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
}

func TestFramesOfOrigin(t *testing.T) {
	c := pointcloud.NewCloud(surveyed(500, seeded(1)))
	for _, f := range []pointcloud.Frame{c.SphereFrame(), c.CubeFrame()} {
		assert.InDelta(t, utm[0], f.Center[0], 3)
		assert.InDelta(t, utm[1], f.Center[1], 3)
		u := f.Apply(c)
		assert.Zero(t, u.Origin)
		back := f.Undo(u)
		assert.Equal(t, c.Origin, back.Origin)
		for i := range c.Points {
			for _, x := range u.Points[i] {
				require.LessOrEqual(t, math.Abs(float64(x)), 1.0001)
			}
			placed(t, c.Place(i), back.Place(i), 5e-5)
		}
	}
	assert.Equal(t, c.UnitSphere(), c.SphereFrame().Apply(c))
	equal := pointcloud.NewCloud([][3]float64{{694386.212, 1, 2}, {694386.212, 1, 2}})
	placed(t, [3]float64{694386.212, 1, 2}, equal.SphereFrame().Center, 1e-8)
	assert.Equal(t, make([][3]float32, 2), equal.UnitSphere().Points)
}

func TestMotionOfOrigin(t *testing.T) {
	c := pointcloud.NewCloud(surveyed(200, seeded(1)))
	m := pointcloud.Rigid{R: pointcloud.Rotation([3]float64{1, 2, 3}, 0.4), T: [3]float64{-5e4, 1234.5, 7.25}}
	exact := func(x [3]float64) (y [3]float64) {
		for i, row := range m.R {
			y[i] = row[0]*x[0] + row[1]*x[1] + row[2]*x[2] + m.T[i]
		}
		return y
	}
	moved := m.Apply(c)
	for i := range c.Points {
		placed(t, exact(c.Place(i)), moved.Place(i), 5e-5)
		placed(t, c.Place(i), m.Inverse().Apply(moved).Place(i), 5e-5)
	}
	by := pointcloud.Rigid{R: m.R}
	turned := c.Transform(m.R)
	for i := range c.Points {
		placed(t, by.Apply(c).Place(i), turned.Place(i), 5e-5)
	}
	mesh := pointcloud.Mesh{Vertices: c.Points, Origin: c.Origin}.Transform(m.R)
	assert.Equal(t, turned.Points, mesh.Vertices)
	assert.Equal(t, turned.Origin, mesh.Origin)

	home := pointcloud.Rigid{T: [3]float64{-c.Origin[0], -c.Origin[1], 0}}.Apply(c)
	assert.Zero(t, home.Origin, "no need of one any more")
	assert.Equal(t, c.Points, home.Points)
	placed(t, [3]float64{694.386, 5155.487, 0.381}, c.Scale([3]float32{0.001, 0.001, 0.001}).Place(0), 0.03)
	assert.Zero(t, c.Scale([3]float32{0.001, 0.001, 0.001}).Origin)
	a := pointcloud.Augment{Free: true}.Apply(c, seeded(5))
	placed(t, c.Transform(pointcloud.RandomRotation(seeded(5))).Place(9), a.Place(9), 1e-9)
}

// TestAlignSurveys aligns two scans of one terrain whose origins differ: the
// motion is that of true places, to a tenth of a millimetre.
func TestAlignSurveys(t *testing.T) {
	places := surveyed(4000, seeded(1))
	target := pointcloud.NewCloud(places)
	// What moved it, about a place nearby.
	turn := pointcloud.Rotation([3]float64{0.2, -0.1, 1}, 0.01)
	var other [][3]float64
	for _, p := range places[:2000] {
		d := [3]float64{p[0] - utm[0] - 3, p[1] - utm[1] + 2, p[2] - 380}
		var q [3]float64
		for i, row := range turn {
			q[i] = row[0]*d[0] + row[1]*d[1] + row[2]*d[2]
		}
		other = append(other, [3]float64{q[0] + utm[0] + 3.1, q[1] + utm[1] - 2.2, q[2] + 380.05})
	}
	source := pointcloud.NewCloud(other).WithOrigin([3]float64{694000, 5155600, 300})
	for name, o := range map[string]pointcloud.ICP{"points": {Iterations: 100}, "planes": {Planes: true}} {
		a, err := o.Align(context.Background(), source, target.WithNormals(12))
		require.NoError(t, err)
		require.True(t, a.Converged, name)
		assert.Less(t, a.RMSE, 1e-3, name)
		moved := a.Motion.Apply(source)
		for i := range moved.Points {
			placed(t, places[i], moved.Place(i), 1e-3, name)
		}
		d, err := pointcloud.Compare(moved, target)
		require.NoError(t, err)
		forth, _ := d.Hausdorff()
		assert.Less(t, forth, 1e-3, name)

		again, err := pointcloud.ICP{Start: a.Motion, Planes: o.Planes}.Align(context.Background(), source, target.WithNormals(12))
		require.NoError(t, err)
		assert.LessOrEqual(t, again.Iterations, 2, "it starts where it ended")
	}
}

// TestDistancesOfOrigins compares clouds that are measured from different
// origins, and one that is measured from none.
func TestDistancesOfOrigins(t *testing.T) {
	places := surveyed(300, seeded(1))
	a := pointcloud.NewCloud(places)
	for i := range places {
		places[i][0] += 0.07
	}
	b := pointcloud.NewCloud(places).WithOrigin([3]float64{694400, 5155500, 100})
	quarters := a.WithOrigin([3]float64{}) // on a grid of half a metre and coarser
	for name, c := range map[string]struct {
		a, b pointcloud.Cloud
		want float64
	}{"different": {a, b, 0.07}, "the other way": {b, a, 0.07}, "itself": {a, a, 0}, "none": {quarters, quarters.WithOrigin(utm), 0}} {
		d, err := pointcloud.Compare(c.a, c.b)
		require.NoError(t, err)
		forth, back := d.Hausdorff()
		assert.InDelta(t, c.want, forth, 1e-4, name)
		assert.InDelta(t, c.want, back, 1e-4, name)
		far, _, err := pointcloud.EarthMover(c.a, c.b)
		require.NoError(t, err)
		assert.InDelta(t, c.want, far, 1e-4, name)
	}
	transport, err := pointcloud.Sinkhorn{Epsilon: 1e-4, Iterations: 2000}.Distance(context.Background(), a, b)
	require.NoError(t, err)
	same := pointcloud.Cloud{Points: a.Points}
	without, err := pointcloud.Sinkhorn{Epsilon: 1e-4, Iterations: 2000}.Distance(context.Background(), same, same.Translate([3]float32{0.07, 0, 0}))
	require.NoError(t, err)
	assert.InDelta(t, without.Distance, transport.Distance, 1e-2)
	assert.InDelta(t, 0.07, transport.Distance, 0.05)
}

// TestBatchOfOrigin holds what models see to points as they are measured.
func TestBatchOfOrigin(t *testing.T) {
	c := pointcloud.NewCloud(surveyed(10, seeded(1)))
	assert.Equal(t, pointcloud.Batch(pointcloud.Cloud{Points: c.Points}).Values, pointcloud.Batch(c).Values)
	assert.Equal(t, pointcloud.Cloud{Points: c.Points}.Bounds(), c.Bounds())
}

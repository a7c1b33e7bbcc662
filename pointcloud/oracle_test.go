package pointcloud_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// oracle is what SciPy and Open3D made of the clouds below: testdata/oracle.py.
type oracle struct {
	Nearest   []int32    `json:"nearest"`
	OfB       []int32    `json:"nearest of b"`
	Counts    []int      `json:"within 1/8"`
	Chamfer   [2]float64 `json:"chamfer"`
	Means     [2]float64 `json:"mean distances"`
	Hausdorff [2]float64 `json:"hausdorff"`
	Mover     float64    `json:"earth mover"`
	Match     []int      `json:"match"`
	Normals   []float64  `json:"normals"`
	Points    aligned    `json:"to points"`
	Planes    aligned    `json:"to planes"`
	Inliers   []int      `json:"inliers"`
	Within    []int      `json:"inliers within 1/16"`
}

type aligned struct {
	Rows    []float64 `json:"transformation"`
	Fitness float64   `json:"fitness"`
	RMSE    float64   `json:"rmse"`
}

func recorded(t *testing.T) (o oracle) {
	text, err := os.ReadFile("testdata/oracle.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &o))
	return o
}

// congruential gives numbers of some bits.
func congruential(seed uint64) func(bits int) int64 {
	return func(bits int) int64 {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int64(seed >> (64 - bits))
	}
}

// oracleCube is cube of oracle.py.
func oracleCube(seed uint64, n int) (c pointcloud.Cloud) {
	next := congruential(seed)
	for range n {
		c.Points = append(c.Points, [3]float32{float32(next(20)) / (1 << 20), float32(next(20)) / (1 << 20), float32(next(20)) / (1 << 20)})
	}
	return c
}

// oracleHill is hill of oracle.py.
func oracleHill(seed uint64, n int) (c pointcloud.Cloud) {
	next := congruential(seed)
	for range n {
		u := next(10)
		v := next(10)
		c.Points = append(c.Points, [3]float32{float32(u) / (1 << 10), float32(v) / (1 << 10), float32(u*u+2*v*(1024-v)+u*v) / (1 << 22)})
	}
	return c
}

func TestOracleNeighbours(t *testing.T) {
	o := recorded(t)
	a, b := oracleCube(1, 300), oracleCube(2, 300)
	require.Equal(t, o.Nearest, a.Neighbours(8).Index)
	near, err := a.Tree().NearestAll(b.Points, 3)
	require.NoError(t, err)
	for i, n := range near {
		require.Equal(t, o.OfB[i], n.Index)
	}
	ball := a.Ball(1./8, 0)
	for i, n := range o.Counts {
		require.Len(t, ball.Of(i), n)
	}
}

func TestOracleDistances(t *testing.T) {
	o := recorded(t)
	a, b := oracleCube(1, 300), oracleCube(2, 300)
	d, err := pointcloud.Compare(a, b)
	require.NoError(t, err)
	require.InEpsilon(t, o.Chamfer[0]+o.Chamfer[1], d.Chamfer(), 1e-12)
	forth, back := d.MeanDistances()
	require.InDeltaSlice(t, o.Means[:], []float64{forth, back}, 1e-12)
	forth, back = d.Hausdorff()
	require.InDeltaSlice(t, o.Hausdorff[:], []float64{forth, back}, 1e-12)
	mover, match, err := pointcloud.EarthMover(a, b)
	require.NoError(t, err)
	require.InEpsilon(t, o.Mover, mover, 1e-12)
	require.Equal(t, o.Match, match)
	s, err := pointcloud.Sinkhorn{Epsilon: 0.003, Iterations: 3000}.Distance(context.Background(), a, b)
	require.NoError(t, err)
	require.InEpsilon(t, o.Mover, s.Distance, 0.01)
}

func TestOracleNormals(t *testing.T) {
	o := recorded(t)
	for i, n := range oracleHill(3, 500).WithNormals(12).Normals {
		want := [3]float32{float32(o.Normals[3*i]), float32(o.Normals[3*i+1]), float32(o.Normals[3*i+2])}
		if inner(n, want) < 0 {
			want = [3]float32{-want[0], -want[1], -want[2]}
		}
		require.InDeltaSlice(t, want[:], n[:], 1e-4, "normal %d", i)
	}
}

func TestOracleInliers(t *testing.T) {
	o := recorded(t)
	c := pointcloud.Cloud{Points: append(oracleHill(5, 400).Points, oracleCube(6, 40).Points...)}
	got, err := c.Inliers(20, 1) // which Open3D calls 21
	require.NoError(t, err)
	require.Equal(t, o.Inliers, got)
	got, err = c.InliersWithin(1./16, 3)
	require.NoError(t, err)
	require.Equal(t, o.Within, got)
}

func TestOracleICP(t *testing.T) {
	o := recorded(t)
	target := oracleHill(3, 500).WithNormals(12)
	source := oracleHill(4, 400).Translate([3]float32{1. / 64, -1. / 128, 1. / 64})
	for _, tt := range []struct {
		planes bool
		want   aligned
	}{{false, o.Points}, {true, o.Planes}} {
		a, err := pointcloud.ICP{Reach: 1. / 8, Planes: tt.planes, Tolerance: 1e-12, Iterations: 300}.Align(context.Background(), source, target)
		require.NoError(t, err)
		require.InDelta(t, tt.want.Fitness, a.Fitness, 1e-12)
		require.InDelta(t, tt.want.RMSE, a.RMSE, 1e-6)
		for i := range 3 {
			r := a.Motion.R[i]
			require.InDeltaSlice(t, tt.want.Rows[4*i:4*i+4], []float64{r[0], r[1], r[2], a.Motion.T[i]}, 1e-5)
		}
	}
}

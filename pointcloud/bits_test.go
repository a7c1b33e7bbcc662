package pointcloud_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// hills is a surface of 200 faces over a square, of numbers that any machine
// makes alike.
func hills() pointcloud.Mesh {
	const n = 10
	rng := seeded(1)
	var m pointcloud.Mesh
	for i := range n + 1 {
		for j := range n + 1 {
			m.Vertices = append(m.Vertices, [3]float32{float32(i) / 8, float32(j) / 8, rng.Float32() / 4})
			if a := int32(i*(n+1) + j); i < n && j < n {
				m.Faces = append(m.Faces, [3]int32{a, a + n + 1, a + 1}, [3]int32{a + 1, a + n + 1, a + n + 2})
			}
		}
	}
	return m
}

// TestBits compares geometry with what it was when this was written, to the last
// bit: results are those of every machine, with assembly and without. Where they
// are to change, the new ones are in the message.
func TestBits(t *testing.T) {
	ctx := context.Background()
	ok := func(values ...any) []any {
		for _, v := range values {
			err, _ := v.(error)
			require.NoError(t, err)
		}
		return values
	}
	mesh := hills()
	c, err := mesh.Sample(1500, seeded(2))
	require.NoError(t, err)
	few := c.Select(ok(c.Farthest(300, 0))[0].([]int)...)
	normals := few.WithNormals(12)
	turn := pointcloud.Rotation([3]float64{1, 2, 3}, 0.2)
	motion := pointcloud.Rigid{R: turn, T: [3]float64{0.05, -0.02, 0.1}}
	there := motion.Apply(normals)
	vary := pointcloud.Augment{Dropout: 0.5, Scale: [2]float32{0.8, 1.25}, Axis: [3]float32{0, 1, 2}, Angle: 2, Free: true, Shift: 0.1, Jitter: 0.01, Clip: 0.02}
	compared, err := pointcloud.Compare(few, there)
	require.NoError(t, err)

	got := map[string]string{}
	for name, values := range map[string][]any{
		"Align points": ok(pointcloud.ICP{}.Align(ctx, normals, there)),
		"Align planes": ok(pointcloud.ICP{Planes: true, Reach: 0.3}.Align(ctx, few, there)),
		"Along":        append(ok(c.Along(pointcloud.Hilbert)), ok(c.Codes(pointcloud.Morton))...),
		"Apply":        {vary.Apply(normals, seeded(3))},
		"Area":         {mesh.Area(), mesh.Volume(), mesh.FaceNormals(), mesh.Bounds().Center()},
		"Canonical":    {few.Canonical(), few.Outermost()},
		"Compare":      {compared, compared.Chamfer()},
		"EarthMover":   ok(pointcloud.EarthMover(few, there)),
		"Farthest":     ok(c.Farthest(200, 7)),
		"Inliers":      append(ok(c.Inliers(8, 1)), ok(c.InliersWithin(0.1, 20))...),
		"Measures":     {fmt.Sprint(compared.Hausdorff()), fmt.Sprint(compared.MeanDistances()), fmt.Sprint(compared.FScore(0.05))},
		"Nearest":      ok(c.Tree().NearestAll(there.Points, 9)),
		"Neighbours":   {c.Neighbours(7), few.Ball(0.2, 0)},
		"Normals":      {normals.Normals, normals.OrientNormals(8).Normals, normals.OrientTowards([3]float32{1, 1, 1}).Normals},
		"PoissonDisk":  append(ok(c.PoissonDisk(100)), ok(mesh.PoissonDisk(100, seeded(4)))...),
		"Principal":    {c.PrincipalAxes(), there.PrincipalAxes()},
		"Rotation":     {turn, pointcloud.RandomRotation(seeded(5)), pointcloud.Rotation([3]float64{3, -1, 2}, math.Pi/3).Mul(turn), motion.Then(motion.Inverse())},
		"Sample":       {c},
		"Transform":    {normals.Transform(turn.Mul(pointcloud.Scaling(1, 2, 3))), mesh.Transform(pointcloud.Scaling(-1, 1, 2))},
		"Unit":         {c.UnitSphere(), c.UnitCube(), c.SphereFrame(), c.Centroid()},
		"Voxels":       append(ok(normals.VoxelMean(0.2)), ok(c.Voxels(0.1))...),
		"Weld":         {soup(mesh).Weld(1e-4), soup(mesh).Weld(0).Topology()},
	} {
		h := fnv.New64a()
		for _, v := range values {
			switch v := v.(type) { // %v is the shortest word that tells a float from others
			case pointcloud.Cloud:
				fmt.Fprintf(h, "%v %v\n", v.Points, v.Normals)
			case *set.Relation:
				fmt.Fprintf(h, "&{%v %v}\n", v.Offsets, v.Index)
			case pointcloud.Mesh:
				fmt.Fprintf(h, "%v %v %v\n", v.Vertices, v.Faces, v.Normals)
			default:
				fmt.Fprintf(h, "%v\n", v)
			}
		}
		got[name] = fmt.Sprintf("%016x", h.Sum64())
	}
	require.Equal(t, map[string]string{
		"Align planes": "c573368dab2a99fc",
		"Align points": "8d45a4c145c3cf48",
		"Along":        "a41a9079c3a238b9",
		"Apply":        "f4684947c7b31ccf",
		"Area":         "11e3bc1a7f12404b",
		"Canonical":    "03b6b11f1e248ab4",
		"Compare":      "08a3cf086e2c3170",
		"EarthMover":   "0b8abe735b9be861",
		"Farthest":     "20ceea83a27aff0c",
		"Inliers":      "a73ab9f0738ee68e",
		"Measures":     "d4fbccb5c34d3c3d",
		"Nearest":      "3a39c1a05cbf31f3",
		"Neighbours":   "43a53093dc364bb7",
		"Normals":      "938958326ee8bdcd",
		"PoissonDisk":  "3feed6b4052d79de",
		"Principal":    "bb6177e9c7ac3603",
		"Rotation":     "c67be80cc8e09953",
		"Sample":       "af9d850b8cefe484",
		"Transform":    "1ec5613edfc2ec8f",
		"Unit":         "3336b2b0819bed5a",
		"Voxels":       "87e688c718086e01",
		"Weld":         "5b10a63d1ddc5e54",
	}, got)
}

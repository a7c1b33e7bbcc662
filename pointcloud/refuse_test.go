package pointcloud_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

// answer calls f and returns how it ended: an error that it returned or the
// *set.ShapeError that it panicked with. Any other panic fails the test.
func answer(t *testing.T, what string, f func() error) (err error) {
	t.Helper()
	defer func() {
		t.Helper()
		if r := recover(); r != nil {
			shape, ok := r.(*set.ShapeError)
			if !ok {
				t.Errorf("%s: want a ShapeError or an error, got the panic %v", what, r)
			}
			err = shape
		}
	}()
	return f()
}

// operations are all that is done with clouds and meshes, by name. Each returns
// its error.
func operations() map[string]func(c pointcloud.Cloud, m pointcloud.Mesh) error {
	ctx := context.Background()
	no := func(any) error { return nil }
	return map[string]func(c pointcloud.Cloud, m pointcloud.Mesh) error{
		"Cloud.Bounds":        func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Bounds().Center()) },
		"Cloud.Centroid":      func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Centroid()) },
		"Cloud.Clone":         func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Clone()) },
		"Cloud.Select":        func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Select(2, 0)) },
		"Cloud.Pick":          func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.Pick(9, seeded(1)); return err },
		"Cloud.Validate":      func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return c.Validate() },
		"Cloud.Canonical":     func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Canonical()) },
		"Cloud.Along":         func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.Along(pointcloud.Hilbert); return err },
		"Cloud.Codes":         func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.Codes(pointcloud.Morton); return err },
		"Cloud.Farthest":      func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.Farthest(3, c.Outermost()); return err },
		"Cloud.PoissonDisk":   func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.PoissonDisk(3); return err },
		"Cloud.Neighbours":    func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Neighbours(3)) },
		"Cloud.Ball":          func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Ball(1, 0)) },
		"Cloud.FirstBall":     func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.FirstBall(1, 2)) },
		"Cloud.Inliers":       func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.Inliers(3, 1); return err },
		"Cloud.InliersWithin": func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.InliersWithin(1, 1); return err },
		"Cloud.Voxels":        func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.Voxels(0.5); return err },
		"Cloud.VoxelMean":     func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.VoxelMean(0.5); return err },
		"Cloud.VoxelFirst":    func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := c.VoxelFirst(0.5); return err },
		"Cloud.WithNormals":   func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.WithNormals(3)) },
		"Cloud.OrientNormals": func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.OrientNormals(3)) },
		"Cloud.OrientTowards": func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.OrientTowards([3]float32{})) },
		"Cloud.PrincipalAxes": func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Transform(c.PrincipalAxes())) },
		"Cloud.UnitSphere":    func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.UnitSphere()) },
		"Cloud.UnitCube":      func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.CubeFrame().Undo(c.UnitCube())) },
		"Cloud.Translate":     func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Translate([3]float32{1, 2, 3})) },
		"Cloud.Scale":         func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(c.Scale([3]float32{1, -2, 0})) },
		"Batch":               func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return pointcloud.Batch(c).Validate() },
		"BatchNormals":        func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return pointcloud.BatchNormals(c).Validate() },
		"NewTree":             func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := pointcloud.NewTree(c.Points); return err },
		"Augment": func(c pointcloud.Cloud, _ pointcloud.Mesh) error {
			return no(pointcloud.Augment{Dropout: 0.9, Free: true, Jitter: 1}.Apply(c, seeded(1)))
		},
		"Rigid.Apply": func(c pointcloud.Cloud, _ pointcloud.Mesh) error { return no(pointcloud.Rigid{}.Apply(c)) },
		"Compare":     func(c pointcloud.Cloud, _ pointcloud.Mesh) error { _, err := pointcloud.Compare(c, c); return err },
		"EarthMover": func(c pointcloud.Cloud, _ pointcloud.Mesh) error {
			_, _, err := pointcloud.EarthMover(c, c)
			return err
		},
		"Sinkhorn": func(c pointcloud.Cloud, _ pointcloud.Mesh) error {
			_, err := pointcloud.Sinkhorn{}.Distance(ctx, c, c)
			return err
		},
		"ICP": func(c pointcloud.Cloud, _ pointcloud.Mesh) error {
			_, err := pointcloud.ICP{}.Align(ctx, c, c)
			return err
		},
		"ICP, planes": func(c pointcloud.Cloud, _ pointcloud.Mesh) error {
			_, err := pointcloud.ICP{Planes: true}.Align(ctx, c, c)
			return err
		},

		"Mesh.Bounds":      func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.Bounds()) },
		"Mesh.Clone":       func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.Clone()) },
		"Mesh.Validate":    func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return m.Validate() },
		"Mesh.Area":        func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.Area()) },
		"Mesh.Volume":      func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.Volume()) },
		"Mesh.FaceNormals": func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.FaceNormals()) },
		"Mesh.Topology":    func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.Topology()) },
		"Mesh.Weld":        func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.Weld(0)) },
		"Mesh.Weld, far":   func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.Weld(0.1)) },
		"Mesh.Transform": func(_ pointcloud.Cloud, m pointcloud.Mesh) error {
			return no(m.Transform(pointcloud.Scaling(1, 2, -1)))
		},
		"Mesh.Translate":   func(_ pointcloud.Cloud, m pointcloud.Mesh) error { return no(m.Translate([3]float32{1, 2, 3})) },
		"Mesh.Sample":      func(_ pointcloud.Cloud, m pointcloud.Mesh) error { _, err := m.Sample(20, seeded(1)); return err },
		"Mesh.PoissonDisk": func(_ pointcloud.Cloud, m pointcloud.Mesh) error { _, err := m.PoissonDisk(5, seeded(1)); return err },
		"NewSurface":       func(_ pointcloud.Cloud, m pointcloud.Mesh) error { _, err := pointcloud.NewSurface(m); return err },
	}
}

// Whatever is wrong with a shape, no operation ends in a runtime error.
func TestBrokenShapes(t *testing.T) {
	cloud, mesh := noise(30, seeded(1)), block(1, 2, 3)
	clouds := map[string]func(c *pointcloud.Cloud){
		"few normals":   func(c *pointcloud.Cloud) { c.Normals = c.Normals[:1] },
		"empty normals": func(c *pointcloud.Cloud) { c.Normals = c.Normals[:0] },
		"many normals":  func(c *pointcloud.Cloud) { c.Normals = append(c.Normals, [3]float32{}) },
		"no points":     func(c *pointcloud.Cloud) { c.Points = nil },
		"nothing":       func(c *pointcloud.Cloud) { *c = pointcloud.Cloud{} },
		"one point":     func(c *pointcloud.Cloud) { *c = c.Select(0) },
		"nan":           func(c *pointcloud.Cloud) { c.Points[3][1] = nan },
		"infinite":      func(c *pointcloud.Cloud) { c.Points[3][1], c.Points[4][1] = inf, -inf },
		"nan normal":    func(c *pointcloud.Cloud) { c.Normals[3][1] = nan },
		"zero normals":  func(c *pointcloud.Cloud) { clear(c.Normals) },
		"all equal":     func(c *pointcloud.Cloud) { clear(c.Points) },
		"huge": func(c *pointcloud.Cloud) {
			c.Points[0], c.Points[1] = [3]float32{3e38, 3e38, 3e38}, [3]float32{-3e38, -3e38, -3e38}
		},
		"denormal":       func(c *pointcloud.Cloud) { clear(c.Points); c.Points[0][0], c.Points[1][1] = 1e-45, -1e-45 },
		"without normal": func(c *pointcloud.Cloud) { c.Normals = nil },
	}
	meshes := map[string]func(m *pointcloud.Mesh){
		"few normals":   func(m *pointcloud.Mesh) { m.Normals = m.Normals[:1] },
		"empty normals": func(m *pointcloud.Mesh) { m.Normals = m.Normals[:0] },
		"many normals":  func(m *pointcloud.Mesh) { m.Normals = append(m.Normals, [3]float32{}) },
		"corner beyond": func(m *pointcloud.Mesh) { m.Faces[11][2] = 8 },
		"corner before": func(m *pointcloud.Mesh) { m.Faces[0][0] = -1 },
		"far beyond":    func(m *pointcloud.Mesh) { m.Faces[0][0] = math.MaxInt32 },
		"no vertices":   func(m *pointcloud.Mesh) { m.Vertices = nil },
		"no faces":      func(m *pointcloud.Mesh) { m.Faces = nil },
		"nothing":       func(m *pointcloud.Mesh) { *m = pointcloud.Mesh{} },
		"nan":           func(m *pointcloud.Mesh) { m.Vertices[0][0] = nan },
		"infinite":      func(m *pointcloud.Mesh) { m.Vertices[0][0] = inf },
		"huge": func(m *pointcloud.Mesh) {
			m.Vertices[0], m.Vertices[6] = [3]float32{-3e38, -3e38, -3e38}, [3]float32{3e38, 3e38, 3e38}
		},
		"denormal":        func(m *pointcloud.Mesh) { clear(m.Vertices); m.Vertices[1][0] = 1e-45 },
		"nan normal":      func(m *pointcloud.Mesh) { m.Normals[0][0] = nan },
		"a corner twice":  func(m *pointcloud.Mesh) { m.Faces[0] = [3]int32{1, 1, 2} },
		"vertex not used": func(m *pointcloud.Mesh) { m.Vertices = append(m.Vertices, [3]float32{nan, nan, nan}) },
	}
	for name, f := range operations() {
		require.NoError(t, answer(t, name, func() error { return f(cloud.Clone(), mesh.Clone()) }), name)
		for what, spoil := range clouds {
			c := cloud.Clone()
			spoil(&c)
			_ = answer(t, name+" of a cloud with "+what, func() error { return f(c, mesh) })
		}
		for what, spoil := range meshes {
			m := mesh.Clone()
			spoil(&m)
			_ = answer(t, name+" of a mesh with "+what, func() error { return f(cloud, m) })
		}
	}
	for _, n := range []int{0, 1, 11, 13} {
		m := mesh.Clone()
		m.Normals = make([][3]float32, n)
		err := set.Try(func() { m.Weld(0) })
		assert.EqualError(t, err, fmt.Sprintf("pointcloud.Weld: want a normal for each of 12 faces, or none, got %d", n))
	}
	few := cloud.Clone()
	few.Normals = few.Normals[:20]
	assert.EqualError(t, set.Try(func() { few.Select(0) }), "pointcloud.Select: want a normal for each of 30 points, or none, got 20")
	assert.EqualError(t, set.Try(func() { pointcloud.Augment{}.Apply(few, seeded(1)) }), "pointcloud.Augment: want a normal for each of 30 points, or none, got 20")
}

// Numbers that make no sense are refused, by all that take one.
func TestOddNumbers(t *testing.T) {
	ctx := context.Background()
	c, m := noise(30, seeded(1)), block(1, 2, 3)
	tree := c.Tree()
	surface, err := pointcloud.NewSurface(m)
	require.NoError(t, err)
	q := c.Points[0]
	align := func(o pointcloud.ICP) error {
		a, err := o.Align(ctx, c, c.Translate([3]float32{0.01, 0, 0}))
		if err == nil && !(a.RMSE >= 0 && a.Fitness >= 0 && a.Fitness <= 1) {
			return fmt.Errorf("got %+v", a)
		}
		return err
	}
	blur := func(o pointcloud.Sinkhorn) error {
		d, err := o.Distance(ctx, c, c.Translate([3]float32{1, 0, 0}))
		if err == nil && !(d.Distance >= 0 && d.Distance < 20 && d.Error >= 0 && d.Error <= 2) {
			return fmt.Errorf("got %+v", d)
		}
		return err
	}
	none := func(any) error { return nil }
	// Of each: what it is asked, and what it must refuse.
	for name, f := range map[string]func(x float64) error{
		"Tree.Within":         func(x float64) error { return none(tree.Within(q, x, 0, nil)) },
		"Tree.First":          func(x float64) error { return none(tree.First(q, x, 0, nil)) },
		"Tree.Ball":           func(x float64) error { return none(tree.Ball(x, 0)) },
		"Tree.FirstBall":      func(x float64) error { return none(tree.FirstBall(x, 0)) },
		"Cloud.Ball":          func(x float64) error { return none(c.Ball(x, 0)) },
		"Cloud.InliersWithin": func(x float64) error { _, err := c.InliersWithin(x, 1); return err },
		"Mesh.Weld":           func(x float64) error { return none(m.Weld(x)) },
		"ICP.Reach":           func(x float64) error { return align(pointcloud.ICP{Reach: x}) },
		"ICP.Tolerance":       func(x float64) error { return align(pointcloud.ICP{Tolerance: x, Iterations: 5}) },
		"Sinkhorn.Epsilon":    func(x float64) error { return blur(pointcloud.Sinkhorn{Epsilon: x, Iterations: 50}) },
		"Sinkhorn.Tolerance":  func(x float64) error { return blur(pointcloud.Sinkhorn{Tolerance: x, Iterations: 50}) },
	} {
		for _, x := range []float64{-1, -5e-324, math.Inf(-1), math.NaN()} {
			assert.Error(t, answer(t, name, func() error { return f(x) }), "%s of %v", name, x)
		}
		for _, x := range []float64{0, 5e-324, 1e-300, 1e-45, 0.5, 1, 100} {
			assert.NoError(t, answer(t, name, func() error { return f(x) }), "%s of %v", name, x)
		}
		for _, x := range []float64{1e30, 1e300, math.MaxFloat64, math.Inf(1)} {
			err := answer(t, name, func() error { return f(x) })
			if name == "Sinkhorn.Epsilon" {
				assert.ErrorContains(t, err, "want Epsilon of at most 100, in units of the mean distance, got ", "%v", x)
			} else {
				assert.NoError(t, err, "%s of %v", name, x)
			}
		}
	}
	for _, size := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, 1e-30} {
		_, err := c.Voxels(size)
		assert.Error(t, err, "%v", size)
		_, err = c.VoxelMean(size)
		assert.Error(t, err, "%v", size)
	}
	one, err := c.VoxelMean(math.MaxFloat64)
	require.NoError(t, err)
	assert.Equal(t, 1, one.Len())

	apart := func(i, j int) float64 { return 1 }
	for name, f := range map[string]func(n int) error{
		"Tree.Nearest":        func(n int) error { return none(tree.Nearest(q, n, nil)) },
		"Tree.NearestAll":     func(n int) error { _, err := tree.NearestAll(c.Points, n); return err },
		"Tree.Neighbours":     func(n int) error { return none(tree.Neighbours(n)) },
		"Tree.Within":         func(n int) error { return none(tree.Within(q, 1, n, nil)) },
		"Tree.First":          func(n int) error { return none(tree.First(q, 1, n, nil)) },
		"Cloud.Ball":          func(n int) error { return none(c.Ball(1, n)) },
		"Cloud.FirstBall":     func(n int) error { return none(c.FirstBall(1, n)) },
		"Cloud.InliersWithin": func(n int) error { _, err := c.InliersWithin(1, n); return err },
		"ICP.Iterations":      func(n int) error { return align(pointcloud.ICP{Iterations: n}) },
		"Sinkhorn.Iterations": func(n int) error { return blur(pointcloud.Sinkhorn{Iterations: n}) },
		"Limits":              func(n int) error { a, b := pointcloud.Limits{Points: n, Faces: n}.Most(); return none(a + b) },
	} {
		for _, n := range []int{0, 1, 1 << 40, math.MaxInt} {
			assert.NoError(t, answer(t, name, func() error { return f(n) }), "%s of %d", name, n)
		}
		if name != "Limits" {
			for _, n := range []int{-1, math.MinInt} {
				assert.Error(t, answer(t, name, func() error { return f(n) }), "%s of %d", name, n)
			}
		}
	}
	for name, f := range map[string]func(n int) error{
		"Cloud.Pick":          func(n int) error { _, err := c.Pick(n, seeded(1)); return err },
		"Cloud.Select":        func(n int) error { return none(c.Select(n)) },
		"Cloud.Farthest":      func(n int) error { _, err := c.Farthest(n, 0); return err },
		"Cloud.Farthest from": func(n int) error { _, err := c.Farthest(2, n); return err },
		"FarthestBy of":       func(n int) error { _, err := pointcloud.FarthestBy(n, 1, 0, apart); return err },
		"FarthestBy":          func(n int) error { _, err := pointcloud.FarthestBy(30, n, 0, apart); return err },
		"Cloud.PoissonDisk":   func(n int) error { _, err := c.PoissonDisk(n); return err },
		"Mesh.PoissonDisk":    func(n int) error { _, err := m.PoissonDisk(n, seeded(1)); return err },
		"Surface.PoissonDisk": func(n int) error { return none(surface.PoissonDisk(n, seeded(1))) },
		"Mesh.Sample":         func(n int) error { _, err := m.Sample(n, seeded(1)); return err },
		"Surface.Sample":      func(n int) error { return none(surface.Sample(n, seeded(1))) },
	} {
		assert.NoError(t, answer(t, name, func() error { return f(1) }), name)
		for _, n := range []int{-1, math.MinInt, 1 << 40, math.MaxInt} {
			assert.Error(t, answer(t, name, func() error { return f(n) }), "%s of %d", name, n)
		}
	}
	for k := range 3 {
		assert.Equal(t, k < 3, answer(t, "WithNormals", func() error { return none(c.WithNormals(k)) }) != nil)
		assert.Equal(t, k < 2, answer(t, "OrientNormals", func() error { return none(c.OrientNormals(k)) }) != nil)
		assert.Equal(t, k < 1, answer(t, "Inliers", func() error { _, err := c.Inliers(k, 1); return err }) != nil)
	}
	for _, k := range []int{1 << 40, math.MaxInt} {
		assert.NoError(t, answer(t, "k", func() error { c.WithNormals(k); c.OrientNormals(k); _, err := c.Inliers(k, 1); return err }))
	}
	for _, ratio := range []float64{math.Inf(1), math.Inf(-1), 1e300, -1e300, 0} {
		_, err := c.Inliers(3, ratio)
		assert.NoError(t, err)
	}
}

// What is nil, or no motion, is refused.
func TestNothingGiven(t *testing.T) {
	c, m := noise(30, seeded(1)), block(1, 2, 3)
	surface, err := pointcloud.NewSurface(m)
	require.NoError(t, err)
	var shape *set.ShapeError
	for name, f := range map[string]func(){
		"Pick":           func() { _, _ = c.Pick(1, nil) },
		"Sample":         func() { surface.Sample(1, nil) },
		"Mesh.Sample":    func() { _, _ = m.Sample(1, nil) },
		"PoissonDisk":    func() { surface.PoissonDisk(1, nil) },
		"Augment":        func() { pointcloud.Augment{}.Apply(c, nil) },
		"RandomRotation": func() { pointcloud.RandomRotation(nil) },
		"zero Surface":   func() { new(pointcloud.Surface).Sample(1, seeded(1)) },
	} {
		assert.ErrorAs(t, set.Try(f), &shape, name)
	}
	_, err = c.Codes(nil)
	assert.ErrorContains(t, err, "want a curve, got nil")
	_, err = c.Along(nil)
	assert.ErrorContains(t, err, "want a curve, got nil")
	_, err = pointcloud.FarthestBy(3, 2, 0, nil)
	assert.ErrorContains(t, err, "want a distance to choose by, got nil")

	for name, start := range map[string]pointcloud.Rigid{
		"nan":          {T: [3]float64{0, math.NaN(), 0}},
		"infinite":     {T: [3]float64{math.Inf(1), 0, 0}},
		"nan rotation": {R: pointcloud.Matrix{{math.NaN()}}},
		"scaling":      {R: pointcloud.Scaling(2, 2, 2)},
		"mirror":       {R: pointcloud.Scaling(1, 1, -1)},
	} {
		_, err := pointcloud.ICP{Start: start}.Align(context.Background(), c, c)
		assert.ErrorContains(t, err, "pointcloud: icp: Start: want a ", name)
	}
	a, err := pointcloud.ICP{Start: pointcloud.Rigid{R: pointcloud.RandomRotation(seeded(3)), T: [3]float64{1e300, 0, 0}}}.Align(context.Background(), c, c)
	require.NoError(t, err)
	assert.Zero(t, a.Fitness)
}

// Package pointcloud holds shapes in space and makes sets of them.
//
// A [Cloud] is a set of points, with normals if they are known; a [Mesh] is a
// surface of triangles, from which points are drawn. Operations return new
// shapes, which share no memory with the ones they are given, and never change
// those.
//
// From a mesh to a batch of sets that a model reads:
//
//	cloud, err := mesh.Sample(1024, rng)      // points, evenly by area
//	if err != nil { ... }                     // a mesh without area, or with NaN
//	cloud = cloud.UnitSphere()                // centred, within distance 1 of the origin
//	cloud = augment.Apply(cloud, rng)         // turned, stretched, jittered: see [Augment]
//	batch := pointcloud.Batch(cloud, another) // one set of width 3 for each cloud
//
// A mesh that is sampled more than once is made a [Surface] first, which
// checks it and sums up its areas once.
//
// # Neighbours
//
// [Cloud.Neighbours] and [Cloud.Ball] relate every point to those near it, as a
// [set.Relation] that attention can follow. A [Tree] answers for other places
// too, of many at once by [Tree.NearestAll]. Answers are exact, those of comparing
// all points; of points equally far those of lower index come first.
// [Cloud.WithNormals] finds normals from neighbours, which [Cloud.OrientNormals]
// turns to one side of the surface, or [Cloud.OrientTowards] to a place, and
// [Cloud.Inliers] and [Cloud.InliersWithin] leave out points that have none.
//
// [Groups] finds local groups in the sets of a batch: centres that lie far apart,
// one in each voxel, at random or all points, and the points near each of them.
// It does not depend on the order in which points are stored, not even where
// distances are equal. [Prepare] does so for several stages ahead of a training,
// and [Nearest] finds the way from one batch to another. Package
// setwise/layers/local learns from them.
//
// # Two clouds, and closed surfaces
//
// [ICP] finds the [Rigid] motion that moves one cloud onto another, and
// [Cloud.PrincipalAxes] the turn that makes clouds lie alike. [Compare] measures
// how far clouds are apart, by the distances of Chamfer and Hausdorff and the
// F-score, [EarthMover] and [Sinkhorn] how far the points of one must move to make
// the other.
//
//	a, err := pointcloud.ICP{Reach: 0.1}.Align(ctx, scan, model)
//	if err != nil { ... }
//	d, err := pointcloud.Compare(a.Motion.Apply(scan), model)
//	if err != nil { ... }
//	fmt.Println(a.Fitness, d.Chamfer())
//
// [Mesh.Weld] joins faces at the corners they share, and [Mesh.Topology] tells
// whether they are watertight, so that [Mesh.Volume] has a meaning.
//
// # Fewer points, and their order
//
// [Cloud.Farthest] chooses points far from one another, [Cloud.PoissonDisk]
// and [Mesh.PoissonDisk] points that keep their distance but follow no pattern,
// [Cloud.VoxelMean] makes one point of each cell of a grid, and [Cloud.Pick]
// takes any. [Cloud.Along] orders points along a [Curve], so that neighbours in
// storage are neighbours in space, and [Cloud.Canonical] by value, so that
// whatever looks at the order becomes a function of the set. What chooses or
// orders returns indices, for [Cloud.Select] and for labels and features alike.
//
// # Large coordinates
//
// Coordinates are float32, 24 bits. Of those of maps, such as 448262.07 and
// 5411932.15, that is too little: its steps are 0.03 and 0.5 there. So a shape
// has an origin in float64, from which its points are measured:
//
//	true place = Origin + point, for each axis: see [Cloud.Place]
//
// Files, arrays, [NewCloud] and [Places] give an axis an origin if
//
//   - there is a large coordinate, from 8,192 up to 2^53, of either sign, that is
//     not a float32, so that something would be lost;
//   - the median along the axis, of two the lower one, rounded to a whole number,
//     is large as well; and
//   - it is four times nearer to more than half of the points than zero is.
//
// This whole number is the origin; on every other axis it is 0. So models of
// ordinary size, and numbers that float32 holds, stay as they are; the order of
// points does not matter, and neither do points far away from most, of which
// float32 has its usual 24 bits. Below 8,192 a coordinate is taken as the nearest
// float32 in any case.
//
// Operations keep the origin, and what they take and return is measured from it
// like the points: a [Box], a centroid, a place to look at, the elements of
// [Batch]. True places are meant by [Rigid], [Frame] and [Matrix], which move the
// origin along: after [Rigid.Apply] and [Cloud.Transform] it is where the old one
// went, rounded to whole numbers, or 0 where that is below 8,192. What a [Frame]
// brings to the unit sphere or cube has the origin zero, and [Frame.Undo] gives it
// the old one back. Two clouds are compared
// and aligned by their true places, whatever the origins, with one rounding to
// float32. Models see points as they are measured: clouds of different origins
// lie side by side as if all were in one place, unless [Cloud.WithOrigin] gives
// them one.
//
// # Bad data
//
// A shape from outside may hold numbers that are not finite, or faces with
// corners that do not exist. [Cloud.Validate] and [Mesh.Validate] find them.
// Drawing points from such a mesh is an error, and so is choosing among such
// points by where they are. Other operations compute with NaN as arithmetic
// does: what depends on a NaN becomes NaN, nothing hangs, and nothing turns a
// NaN into a number. Each says in its comment what it makes of no points, one
// point, and points that are all equal. Sums and products are taken in float64,
// so coordinates as large as float32 holds do not overflow.
//
// Normals that are not as many as points or faces, corners that do not exist, and
// numbers that an operation cannot use (a negative radius, NaN) panic with a
// [*set.ShapeError], or are errors where an operation returns one.
//
// # The same bits
//
// Randomness is an argument: with a generator in the same state the result is
// the same, bit for bit, on every machine and on any number of cores. For that,
// every product is rounded before it is added, float64(x*y) + z, as processors
// that can would otherwise round both at once; sines and the like are those of
// setwise/internal/elementary, and a float is compared before it becomes an
// integer. Two things depend on the machine still: [Sinkhorn] sums in the order
// of the assembly where there is some, and the jitter of [Augment], whose rare
// numbers beyond 3.4 deviations are those of math/rand, may differ in the last
// bit before it is rounded to float32.
package pointcloud

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/internal/elementary"
	"setwise/set"
)

// A Cloud is a set of points in space, measured from Origin. Normals is nil, or
// holds a vector for each point. The zero value is the empty cloud.
type Cloud struct {
	Points  [][3]float32
	Normals [][3]float32
	Origin  [3]float64
}

// A Mesh is a surface of triangles. A face gives the numbers of its corners
// among the vertices, counterclockwise seen from outside. Vertices are measured
// from Origin. Normals is nil, or holds a vector for each face. The zero value is
// the empty mesh.
type Mesh struct {
	Vertices [][3]float32
	Faces    [][3]int32
	Normals  [][3]float32
	Origin   [3]float64
}

// Len returns the number of points.
func (c Cloud) Len() int { return len(c.Points) }

// Clone returns a copy of c.
func (c Cloud) Clone() Cloud {
	return Cloud{Points: slices.Clone(c.Points), Normals: slices.Clone(c.Normals), Origin: c.Origin}
}

// Select returns the numbered points of c, in the order given. A number may
// come more than once; one that c does not have panics with a
// [*set.ShapeError], and so do normals that are not as many as the points.
func (c Cloud) Select(points ...int) Cloud {
	c.needMatching("Select")
	out := Cloud{Points: make([][3]float32, len(points)), Origin: c.Origin}
	if c.Normals != nil {
		out.Normals = make([][3]float32, len(points))
	}
	for i, p := range points {
		if p < 0 || p >= len(c.Points) {
			panic(set.Mismatch("pointcloud.Select", "a point from 0 to %d, got %d", len(c.Points)-1, p))
		}
		out.Points[i] = c.Points[p]
		if c.Normals != nil {
			out.Normals[i] = c.Normals[p]
		}
	}
	return out
}

// needMatching panics if c has normals, but not one for each point.
func (c Cloud) needMatching(op string) {
	if c.Normals != nil && len(c.Normals) != len(c.Points) {
		panic(set.Mismatch("pointcloud."+op, "a normal for each of %d points, or none, got %d", len(c.Points), len(c.Normals)))
	}
}

// needChance panics without a source of chance.
func needChance(op string, rng *rand.Rand) {
	if rng == nil {
		panic(set.Mismatch("pointcloud."+op, "a source of chance, got nil"))
	}
}

// mostPoints is the largest cloud that is made by number: indices are int32.
const mostPoints = math.MaxInt32

// Validate reports whether all coordinates of c and its origin are finite, and
// whether there are as many normals as points, or none.
func (c Cloud) Validate() error {
	if !elementary.FiniteVector(c.Origin) {
		return fmt.Errorf("pointcloud: origin: want finite coordinates, got %v", c.Origin)
	}
	if c.Normals != nil && len(c.Normals) != len(c.Points) {
		return fmt.Errorf("pointcloud: want a normal for each of %d points, or none, got %d", len(c.Points), len(c.Normals))
	}
	for i, p := range c.Points {
		if !elementary.FiniteVector(p) {
			return fmt.Errorf("pointcloud: point %d: want finite coordinates, got %v", i, p)
		}
	}
	for i, n := range c.Normals {
		if !elementary.FiniteVector(n) {
			return fmt.Errorf("pointcloud: normal of point %d: want finite coordinates, got %v", i, n)
		}
	}
	return nil
}

// Clone returns a copy of m.
func (m Mesh) Clone() Mesh {
	return Mesh{Vertices: slices.Clone(m.Vertices), Faces: slices.Clone(m.Faces), Normals: slices.Clone(m.Normals), Origin: m.Origin}
}

// Validate reports whether all vertices of m and its origin are finite, whether
// all corners of faces exist, and whether there are as many normals as faces, or
// none. The values of the normals are not looked at, for files often leave them
// zero or NaN; see [NewSurface].
func (m Mesh) Validate() error {
	if m.Normals != nil && len(m.Normals) != len(m.Faces) {
		return fmt.Errorf("pointcloud: want a normal for each of %d faces, or none, got %d", len(m.Faces), len(m.Normals))
	}
	if !elementary.FiniteVector(m.Origin) {
		return fmt.Errorf("pointcloud: origin: want finite coordinates, got %v", m.Origin)
	}
	for i, v := range m.Vertices {
		if !elementary.FiniteVector(v) {
			return fmt.Errorf("pointcloud: vertex %d: want finite coordinates, got %v", i, v)
		}
	}
	for i, f := range m.Faces {
		if err := m.corners(i, f); err != nil {
			return err
		}
	}
	return nil
}

// corners reports whether the corners of face number i exist.
func (m Mesh) corners(i int, f [3]int32) error {
	for _, v := range f {
		if v < 0 || int(v) >= len(m.Vertices) {
			return fmt.Errorf("pointcloud: face %d: want corners among %d vertices, got %v", i, len(m.Vertices), f)
		}
	}
	return nil
}

// wide returns v in float64.
func wide(v [3]float32) [3]float64 {
	return [3]float64{float64(v[0]), float64(v[1]), float64(v[2])}
}

// narrow returns v in float32.
func narrow(v [3]float64) [3]float32 {
	return [3]float32{float32(v[0]), float32(v[1]), float32(v[2])}
}

func sub(a, b [3]float64) [3]float64 { return [3]float64{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func dot(a, b [3]float64) float64 {
	return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2])
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{
		float64(a[1]*b[2]) - float64(a[2]*b[1]),
		float64(a[2]*b[0]) - float64(a[0]*b[2]),
		float64(a[0]*b[1]) - float64(a[1]*b[0]),
	}
}

func norm(v [3]float64) float64 { return math.Sqrt(dot(v, v)) }

// unit returns v at length 1, or zero if v is zero.
func unit(v [3]float64) [3]float64 {
	n := norm(v)
	if n == 0 {
		return v
	}
	return [3]float64{v[0] / n, v[1] / n, v[2] / n}
}

package pointcloud

import (
	"context"
	"fmt"
	"math"

	"setwise/internal/parallel"
)

// ICP moves one cloud onto another by iterating over closest points: each point
// of the source is paired with the point of the target nearest to it, the motion
// that brings the pairs closest together is found and made, and so on until
// little changes. It finds the motion next to where it starts, which must be
// near the one wanted. The zero ICP is ready to use.
type ICP struct {
	// Reach is the largest distance of a pair, in units of the points; pairs
	// that are farther apart do not count. 0 stands for any distance.
	Reach float64

	// Start is the motion to begin with.
	Start Rigid

	// Planes is whether to bring source points to the planes at the target's
	// points, which needs the target's normals: fewer iterations for smooth
	// surfaces, which may slide along each other (Y. Chen and G. Medioni,
	// "Object modelling by registration of multiple range images", 1992). If
	// not, points are brought to points (P. J. Besl and N. D. McKay, "A method
	// for registration of 3-D shapes", 1992).
	Planes bool

	// Tolerance is the change up to which two alignments count as one: of the
	// fitness, and of the RMSE in relation to the RMSE. 0 stands for 1e-6.
	Tolerance float64

	// Iterations is how often to pair and move at most. 0 stands for 30.
	Iterations int
}

// An Alignment is what [ICP.Align] found.
type Alignment struct {
	Motion     Rigid   // moves the true places of the source onto those of the target
	Fitness    float64 // pairs, in relation to the points of the source
	RMSE       float64 // the root of the mean squared distance of the pairs
	Iterations int     // how often the source was moved
	Converged  bool    // whether the last one changed little
}

// Align returns the motion that moves source onto target, both at their true
// places: points are measured from one origin while it is found, so that those of
// scans in the coordinates of a map keep their digits, and Start and the result
// are in the coordinates of the map. There a turn by w comes with a T of about |w|
// times the distance from zero; both are float64, and [Rigid.Apply] measures what
// it moved from an origin nearby.
//
// A pair counts where the source point, moved and rounded to float32, is not
// farther than Reach from the target's point nearest to it, the one of lower
// index if several are. Points to points are brought by the rotation and
// translation of least squares (S. Umeyama, "Least-squares estimation of
// transformation parameters between two point patterns", 1991), points to
// planes by
//
//	min over w, t of the sum over pairs of ((p + w x (p - mean p) + t - q) . n)^2
//
// with n the normal at q, and then a rotation about w by |w| is made. Where pairs leave a motion open, as points on a line leave
// the turn about it and planes a slide along them, it is not made: the result
// is the smallest motion of those equally good, and never NaN. Without any pair
// nothing is moved, and the fitness is 0.
//
// It is an error if a cloud is empty or not valid, if planes are asked for and
// the target has no normals, if Start is no motion, up to rounding, or if Reach,
// Tolerance or Iterations is negative or NaN. When ctx is done, Align returns its error and the alignment so far.
// O(source log(target)) time an iteration for most clouds, shared among the
// cores; the result does not depend on how.
func (o ICP) Align(ctx context.Context, source, target Cloud) (Alignment, error) {
	if !(o.Reach >= 0) || !(o.Tolerance >= 0) || o.Iterations < 0 {
		return Alignment{}, fmt.Errorf("pointcloud: icp: want Reach, Tolerance and Iterations of 0 or more, got %v, %v and %d",
			o.Reach, o.Tolerance, o.Iterations)
	}
	if err := o.Start.check(); err != nil {
		return Alignment{}, fmt.Errorf("pointcloud: icp: Start: %w", err)
	}
	if o.Reach == 0 {
		o.Reach = math.Inf(1)
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	if o.Iterations == 0 {
		o.Iterations = 30
	}
	source, target = together(source, target)
	m, err := newMatcher(o, source, target)
	if err != nil {
		return Alignment{}, err
	}
	a, err := o.iterate(ctx, m, target.Origin)
	a.Motion = a.Motion.measured(target.Origin, [3]float64{})
	return a, err
}

// iterate pairs and moves points that are measured from an origin, and returns
// the motion that is measured so.
func (o ICP) iterate(ctx context.Context, m *matcher, origin [3]float64) (Alignment, error) {
	a := Alignment{Motion: Rigid{R: o.Start.rotation(), T: o.Start.T}.measured([3]float64{}, origin)}
	s := m.match(a.Motion)
	a.score(s, len(m.source))
	for a.Iterations < o.Iterations && s.pairs > 0 && !a.Converged {
		if err := ctx.Err(); err != nil {
			return a, err
		}
		before := a
		a.Motion = a.Motion.Then(m.motion(s))
		a.Iterations++
		s = m.match(a.Motion)
		a.score(s, len(m.source))
		a.Converged = math.Abs(a.Fitness-before.Fitness) <= o.Tolerance &&
			(math.Abs(a.RMSE-before.RMSE) <= o.Tolerance*before.RMSE || a.RMSE <= m.least)
	}
	return a, nil
}

func (a *Alignment) score(s sums, points int) {
	a.Fitness = float64(s.pairs) / float64(points)
	a.RMSE = 0
	if s.pairs > 0 {
		a.RMSE = math.Sqrt(s.squares / float64(s.pairs))
	}
}

// A matcher pairs source points with target points.
type matcher struct {
	tree    *Tree
	normals [][3]float32 // of the target, for planes
	target  [][3]float32
	source  [][3]float32 // neighbours side by side
	last    []int32      // the target points that were nearest, or -1
	squared float64      // the square of the reach
	origin  [3]float64   // sums are about the target's mean
	scale   float64      // and in units of its size
	least   float64      // the RMSE that is as good as 0
}

func newMatcher(o ICP, source, target Cloud) (*matcher, error) {
	for _, c := range []struct {
		name  string
		cloud Cloud
	}{{"source", source}, {"target", target}} {
		if c.cloud.Len() == 0 {
			return nil, fmt.Errorf("pointcloud: icp: want points in the %s, got none", c.name)
		}
		if err := c.cloud.Validate(); err != nil {
			return nil, fmt.Errorf("pointcloud: icp: %s: %w", c.name, err)
		}
	}
	m := &matcher{target: target.Points, squared: o.Reach * o.Reach, origin: target.mean(), last: make([]int32, source.Len())}
	if o.Planes {
		if target.Normals == nil {
			return nil, fmt.Errorf("pointcloud: icp: want a target with normals for planes, got none")
		}
		m.normals = target.Normals
	}
	var err error
	if m.tree, err = NewTree(target.Points); err != nil {
		return nil, err
	}
	from, err := NewTree(source.Points)
	if err != nil {
		return nil, err
	}
	m.source = from.points
	for i := range m.last {
		m.last[i] = -1
	}
	size := m.tree.box.Size()
	m.scale = max(size[0], size[1], size[2])
	if m.scale == 0 {
		m.scale = 1
	}
	// Coordinates are rounded to 2^-24 of themselves.
	for k := range 3 {
		m.least = max(m.least, math.Abs(float64(m.tree.box.Min[k]))*1e-8, math.Abs(float64(m.tree.box.Max[k]))*1e-8)
	}
	return m, nil
}

// match pairs the source, moved, with the target, and adds up the pairs: blocks
// of them on any core, and the blocks in their order.
func (m *matcher) match(by Rigid) sums {
	const block = 512
	parts := make([]sums, (len(m.source)+block-1)/block)
	parallel.Each(len(parts), func(b int) {
		s := search{tree: m.tree, k: 1}
		near := make([]Neighbour, 0, 1)
		for i := b * block; i < min((b+1)*block, len(m.source)); i++ {
			p := by.of(wide(m.source[i]))
			place := narrow(p)
			// What was nearest before is not far away now.
			s.squared = m.squared
			if j := m.last[i]; j >= 0 {
				s.squared = min(s.squared, squared(m.target[j], place))
			}
			near = s.find(place, near[:0])
			if len(near) == 0 {
				continue
			}
			j := near[0].Index
			m.last[i] = j
			q := wide(m.target[j])
			d := sub(p, q)
			parts[b].pairs++
			parts[b].squares += dot(d, d)
			p, q = m.inside(p), m.inside(q)
			if m.normals == nil {
				parts[b].points(p, q)
			} else {
				parts[b].plane(p, q, wide(m.normals[j]))
			}
		}
	})
	var all sums
	for i := range parts {
		all.add(&parts[i])
	}
	return all
}

// inside returns a place in coordinates about the target, in which motions are
// found.
func (m *matcher) inside(p [3]float64) [3]float64 {
	p = sub(p, m.origin)
	return [3]float64{p[0] / m.scale, p[1] / m.scale, p[2] / m.scale}
}

// motion returns the motion that the pairs ask for.
func (m *matcher) motion(s sums) Rigid {
	var in Rigid
	if m.normals == nil {
		in = s.toPoints()
	} else {
		in = s.toPlanes()
	}
	// x - origin goes to R (x - origin) + scale T.
	back := in.R.of(m.origin)
	for k := range 3 {
		in.T[k] = float64(in.T[k]*m.scale) + m.origin[k] - back[k]
	}
	return in
}

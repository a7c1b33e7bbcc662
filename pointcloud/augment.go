package pointcloud

import (
	"math"
	"math/rand/v2"
	"slices"

	"setwise/internal/elementary"
	"setwise/set"
)

// An Augment says how to vary clouds at random, so that a model learns what
// does not matter. The zero value does nothing; each part is used if its field
// is set. The parts come in this order:
//
//	Cut      a plane across a random direction cuts away a share of points drawn from 0..Cut
//	Dropout  a share of points drawn from 0..Dropout is left out
//	Scale    each axis is multiplied by a number of its own from Scale[0]..Scale[1]
//	Angle    the cloud turns about Axis by an angle from -Angle..Angle
//	Free     the cloud turns in any direction, all equally likely
//	Shift    the cloud moves along each axis by a number from -Shift..Shift
//	Jitter   each coordinate moves by a normal number of that deviation
//
// Numbers are drawn uniformly where nothing else is said. Common recipes, for
// clouds in the unit sphere:
//
//	Augment{Scale: [2]float32{2. / 3, 3. / 2}, Shift: 0.2}                  // DGCNN
//	Augment{Dropout: 0.875, Scale: [2]float32{0.8, 1.25}, Shift: 0.1}       // after PointNet++
//	Augment{Axis: [3]float32{0, 0, 1}, Angle: math.Pi, Jitter: 0.01, Clip: 0.02}
type Augment struct {
	// Cut is the largest share of points that lie beyond the plane, from 0 to 1;
	// one point or more stays.
	Cut float32

	// Dropout is the largest share of points to leave out, from 0 to 1. The
	// share is drawn anew for each cloud, and each point goes with that
	// probability, but never the last one.
	Dropout float32

	// Scale is the smallest and the largest factor of an axis, 0 < Scale[0] <=
	// Scale[1]. Both 0: no scaling.
	Scale [2]float32

	// Axis is what to turn about, of any length, and Angle the largest turn
	// about it, in radians. An angle of math.Pi is all around.
	Axis  [3]float32
	Angle float32

	// Free turns the cloud by a uniformly random rotation.
	Free bool

	// Shift is the largest movement along each axis, in units of the
	// coordinates.
	Shift float32

	// Jitter is the standard deviation of each point's own movement along each
	// axis, and Clip the largest such movement; a Clip of 0 sets no bound.
	Jitter, Clip float32
}

// Validate reports whether the fields are in their ranges.
func (a Augment) Validate() error {
	within := func(x float32, hi float64) bool { return x >= 0 && float64(x) <= hi }
	const most = math.MaxFloat32
	lo, hi := a.Scale[0], a.Scale[1]
	switch {
	case !within(a.Cut, 1):
		return set.Mismatch("pointcloud.Augment", "Cut from 0 to 1, got %v", a.Cut)
	case !within(a.Dropout, 1):
		return set.Mismatch("pointcloud.Augment", "Dropout from 0 to 1, got %v", a.Dropout)
	case a.Scale != [2]float32{} && !(lo > 0 && lo <= hi && within(hi, most)):
		return set.Mismatch("pointcloud.Augment", "0 < Scale[0] <= Scale[1], or both 0, got %v", a.Scale)
	case !within(a.Angle, most):
		return set.Mismatch("pointcloud.Augment", "an Angle of 0 or more, got %v", a.Angle)
	case a.Angle > 0 && (!elementary.FiniteVector(a.Axis) || a.Axis == [3]float32{}):
		return set.Mismatch("pointcloud.Augment", "an Axis to turn about, got %v", a.Axis)
	case !within(a.Shift, most):
		return set.Mismatch("pointcloud.Augment", "a Shift of 0 or more, got %v", a.Shift)
	case !within(a.Jitter, most) || !within(a.Clip, most):
		return set.Mismatch("pointcloud.Augment", "Jitter and Clip of 0 or more, got %v and %v", a.Jitter, a.Clip)
	}
	return nil
}

// Apply returns c varied, in memory of its own. It is turned and scaled about the
// true origin of space, as by [Cloud.Transform]. Normals turn with the cloud,
// stay at right angles to the scaled surface, and take no part in the jitter.
// The empty cloud stays empty; every other keeps at least one point. Points
// that are NaN stay NaN. Apply panics with a [*set.ShapeError] if a is not
// valid, if there are normals, but not one for each point, and without a source
// of chance. How many numbers it takes from rng depends on a and the number of
// points.
func (a Augment) Apply(c Cloud, rng *rand.Rand) Cloud {
	if err := a.Validate(); err != nil {
		panic(err)
	}
	needChance("Augment", rng)
	c.needMatching("Augment")
	out := a.drop(a.cut(c, rng), rng)
	m := identity
	if a.Scale != [2]float32{} {
		lo, width := float64(a.Scale[0]), float64(a.Scale[1])-float64(a.Scale[0])
		m = Scaling(lo+float64(width*rng.Float64()), lo+float64(width*rng.Float64()), lo+float64(width*rng.Float64()))
	}
	if a.Angle > 0 {
		m = Rotation(wide(a.Axis), float64(a.Angle)*(2*float64(rng.Float64())-1)).Mul(m)
	}
	if a.Free {
		m = RandomRotation(rng).Mul(m)
	}
	if m != identity {
		out.Origin = m.points(out.Points, c.Origin)
		m.normals(out.Normals)
	}
	if a.Shift > 0 {
		var d [3]float32
		for k := range d {
			d[k] = a.Shift * (2*float32(rng.Float32()) - 1)
		}
		move(out.Points, d)
	}
	if a.Jitter > 0 {
		clip := float64(a.Clip)
		if clip == 0 {
			clip = math.MaxFloat32
		}
		for i := range out.Points {
			for k := range 3 {
				d := float64(a.Jitter) * rng.NormFloat64()
				out.Points[i][k] += float32(min(max(d, -clip), clip))
			}
		}
	}
	return out
}

// cut returns c without the points beyond a plane, c itself if there is no Cut.
func (a Augment) cut(c Cloud, rng *rand.Rand) Cloud {
	if a.Cut == 0 || c.Len() == 0 {
		return c
	}
	most := max(c.Len()-int(float64(a.Cut)*rng.Float64()*float64(c.Len())), 1)
	x, y, z := rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
	along := make([]float64, c.Len())
	for i, p := range c.Points {
		along[i] = float64(x*float64(p[0])) + float64(y*float64(p[1])) + float64(z*float64(p[2]))
	}
	plane := slices.Sorted(slices.Values(along))[most-1]
	var kept []int
	for i, at := range along {
		if !(at > plane) { // NaN stays
			kept = append(kept, i)
		}
	}
	return c.Select(kept...)
}

// drop returns a copy of c without the points that are left out.
func (a Augment) drop(c Cloud, rng *rand.Rand) Cloud {
	if a.Dropout == 0 || c.Len() == 0 {
		return c.Clone()
	}
	share := float64(a.Dropout) * rng.Float64()
	kept := make([]int, 0, c.Len())
	for i := range c.Points {
		if rng.Float64() >= share {
			kept = append(kept, i)
		}
	}
	if len(kept) == 0 {
		kept = append(kept, rng.IntN(c.Len()))
	}
	return c.Select(kept...)
}

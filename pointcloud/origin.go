package pointcloud

import "math"

// NewCloud returns the cloud of some places, with an origin if their coordinates
// need one: see "Large coordinates" in the package comment. A place that is not
// finite becomes a point that is not. O(places).
func NewCloud(places [][3]float64) Cloud {
	c := Cloud{Points: make([][3]float32, len(places))}
	var p Places
	for i, x := range places {
		c.Points[i] = p.Add(x)
	}
	c.Origin = p.Settle(c.Points)
	return c
}

// Place returns where point i of c is: Origin + Points[i], in float64.
func (c Cloud) Place(i int) [3]float64 { return plus(c.Origin, wide(c.Points[i])) }

// Place returns where vertex i of m is: Origin + Vertices[i], in float64.
func (m Mesh) Place(i int) [3]float64 { return plus(m.Origin, wide(m.Vertices[i])) }

// WithOrigin returns c measured from another origin: all points are where they
// were, up to one rounding to float32. From the zero origin coordinates are what
// programs see that know no other, and as coarse.
func (c Cloud) WithOrigin(origin [3]float64) Cloud {
	out := c.Clone()
	remeasure(out.Points, c.Origin, origin)
	out.Origin = origin
	return out
}

// WithOrigin returns m measured from another origin: see [Cloud.WithOrigin].
func (m Mesh) WithOrigin(origin [3]float64) Mesh {
	out := m.Clone()
	remeasure(out.Vertices, m.Origin, origin)
	out.Origin = origin
	return out
}

func remeasure(points [][3]float32, from, to [3]float64) {
	if from == to {
		return
	}
	d := sub(from, to)
	for i, p := range points {
		points[i] = narrow(plus(wide(p), d))
	}
}

// together returns two clouds measured from one origin: along each axis that of
// the two which is farther from zero, for coordinates that need no origin may be
// measured from any.
func together(a, b Cloud) (Cloud, Cloud) {
	if a.Origin == b.Origin {
		return a, b
	}
	o := a.Origin
	for k, x := range b.Origin {
		if math.Abs(x) > math.Abs(o[k]) || x == -o[k] && x > 0 {
			o[k] = x
		}
	}
	return a.WithOrigin(o), b.WithOrigin(o)
}

// move moves points, measured from an origin, by a motion or another map R x + T
// of places, and returns the origin from which they are measured then: where the
// old one is moved to, in whole numbers and without those that float32 has no
// need of.
func (m Rigid) move(points [][3]float32, from [3]float64) (to [3]float64) {
	if from != ([3]float64{}) {
		to, m.T = settle(plus(m.R.of(from), m.T))
	}
	for i, p := range points {
		points[i] = narrow(plus(m.R.of(wide(p)), m.T))
	}
	return to
}

func plus(a, b [3]float64) [3]float64 { return [3]float64{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

package pointcloud

// A Box is the part of space between two corners, its sides along the axes. That
// of a cloud or mesh is measured from its origin.
type Box struct{ Min, Max [3]float32 }

// Size returns the lengths of the sides.
func (b Box) Size() [3]float64 { return sub(wide(b.Max), wide(b.Min)) }

// Center returns the middle.
func (b Box) Center() [3]float64 {
	lo, size := wide(b.Min), b.Size()
	return [3]float64{lo[0] + float64(size[0]/2), lo[1] + float64(size[1]/2), lo[2] + float64(size[2]/2)}
}

// Bounds returns the smallest box around all points of c. No points give the
// zero Box, one point a box of no size. An axis along which a coordinate is
// NaN has NaN for both its bounds.
func (c Cloud) Bounds() Box { return around(c.Points) }

// Bounds returns the smallest box around all vertices of m, whether a face uses
// them or not. As for [Cloud.Bounds], no vertices give the zero Box.
func (m Mesh) Bounds() Box { return around(m.Vertices) }

func around(points [][3]float32) Box {
	if len(points) == 0 {
		return Box{}
	}
	b := Box{points[0], points[0]}
	for _, p := range points[1:] {
		for k, x := range p {
			b.Min[k] = min(b.Min[k], x)
			b.Max[k] = max(b.Max[k], x)
		}
	}
	return b
}

// Centroid returns the mean of the points, measured from c.Origin as they are, or
// zero if there are none.
func (c Cloud) Centroid() [3]float32 { return narrow(c.mean()) }

func (c Cloud) mean() [3]float64 {
	var sum [3]float64
	for _, p := range c.Points {
		for k, x := range p {
			sum[k] += float64(x)
		}
	}
	n := float64(max(len(c.Points), 1))
	return [3]float64{sum[0] / n, sum[1] / n, sum[2] / n}
}

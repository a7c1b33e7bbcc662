package pointcloud

import "math"

// A Frame says how a cloud was moved and scaled: x, a true place, became
// (x - Center) * Scale, measured from zero. A Scale of 0 counts as 1, so the zero
// Frame changes nothing. Scaling is the same along all axes, so normals stay as
// they are.
type Frame struct {
	Center [3]float64
	Scale  float64
	Origin [3]float64 // from which the cloud was measured
}

// SphereFrame returns the frame that brings the mean of c to the origin and its
// farthest point to distance 1 from there. No points, one point, and points
// that are all equal have a scale of 1: they come to lie at the origin.
// Coordinates that are not finite make a scale of NaN.
func (c Cloud) SphereFrame() Frame {
	box := c.Bounds()
	if box.Min == box.Max {
		return Frame{Center: plus(c.Origin, wide(box.Min)), Scale: 1, Origin: c.Origin}
	}
	f := Frame{Center: c.mean(), Origin: c.Origin}
	var far float64
	for _, p := range c.Points {
		d := sub(wide(p), f.Center)
		far = max(far, dot(d, d))
	}
	f.Scale = 1 / math.Sqrt(far)
	f.Center = plus(c.Origin, f.Center)
	return f
}

// CubeFrame returns the frame that brings the middle of c's box to the origin
// and scales the longest side of the box to 2, so that coordinates lie from -1
// to 1, as in the unit sphere. No points, one point, and points that are all
// equal have a scale of 1. Coordinates that are not finite make a scale of
// NaN.
func (c Cloud) CubeFrame() Frame {
	box := c.Bounds()
	f := Frame{Center: plus(c.Origin, box.Center()), Scale: 1, Origin: c.Origin}
	size := box.Size()
	switch side := max(size[0], size[1], size[2]); {
	case math.IsInf(side, 1):
		f.Scale = math.NaN()
	case side != 0:
		f.Scale = 2 / side
	}
	return f
}

// UnitSphere returns c with its mean at the origin and its farthest point at
// distance 1 from there: see [Cloud.SphereFrame], which tells what was done.
func (c Cloud) UnitSphere() Cloud { return c.SphereFrame().Apply(c) }

// UnitCube returns c with the middle of its box at the origin and the longest
// side of the box from -1 to 1: see [Cloud.CubeFrame], which tells what was
// done.
func (c Cloud) UnitCube() Cloud { return c.CubeFrame().Apply(c) }

// Apply returns c moved and scaled by f, measured from zero.
func (f Frame) Apply(c Cloud) Cloud {
	out, s := c.Clone(), f.scale()
	center := sub(f.Center, c.Origin)
	for i, p := range c.Points {
		for k, x := range p {
			out.Points[i][k] = float32((float64(x) - center[k]) * s)
		}
	}
	out.Origin = [3]float64{}
	return out
}

// Undo returns the cloud that [Frame.Apply] turns into c, up to rounding, measured
// from f.Origin.
func (f Frame) Undo(c Cloud) Cloud {
	out, s := c.Clone(), f.scale()
	center := sub(f.Center, f.Origin)
	for i := range c.Points {
		for k, x := range c.Place(i) {
			out.Points[i][k] = float32(x/s + center[k])
		}
	}
	out.Origin = f.Origin
	return out
}

func (f Frame) scale() float64 {
	if f.Scale == 0 {
		return 1
	}
	return f.Scale
}

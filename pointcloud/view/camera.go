package view

import (
	"math"

	"setwise/internal/elementary"
)

// eye is how far the eye is from the middle of a panel, in radii of what is
// shown: a mild perspective.
const eye = 5

// A camera looks at the origin. Its axes point right and up in the picture and
// back to the eye.
type camera struct {
	right, up, back [3]float64
	near            float64 // 1 over the distance of the eye; 0 keeps parallels parallel
}

// newCamera returns a camera that looks from o.From.
func newCamera(o Options) camera {
	c := upright(o.Up)
	yaw, pitch := c.angles(o.From)
	if !o.Parallel {
		c.near = 1.0 / eye
	}
	return c.turn(yaw, pitch)
}

// upright returns the camera at the front: with the x axis to the right, or the
// y axis where x points up, and with the given direction up.
func upright(up [3]float64) camera {
	var c camera
	if c.up = normal(up); c.up == ([3]float64{}) {
		c.up = [3]float64{0, 0, 1}
	}
	side := [3]float64{1, 0, 0}
	if math.Abs(c.up[0]) > 0.9 {
		side = [3]float64{0, 1, 0}
	}
	c.right = normal(plus(side, c.up, -dot3(side, c.up)))
	c.back = cross(c.right, c.up)
	return c
}

// angles returns how far to turn to look from a direction: first to the right
// about the upright axis, then up. Zero is from the left and above.
func (c camera) angles(from [3]float64) (yaw, pitch float64) {
	from = normal(from)
	if from == ([3]float64{}) {
		return -math.Pi / 6, math.Pi / 7
	}
	x, y, z := dot3(from, c.right), dot3(from, c.up), dot3(from, c.back)
	return elementary.Atan2(x, z), elementary.Atan2(y, math.Sqrt(float64(x*x)+float64(z*z)))
}

// turn returns the camera moved around the origin.
func (c camera) turn(yaw, pitch float64) camera {
	sin, cos := elementary.Sincos(yaw)
	right, back := plus(scale(c.right, cos), c.back, -sin), plus(scale(c.right, sin), c.back, cos)
	sin, cos = elementary.Sincos(pitch)
	up := c.up
	c.right, c.up, c.back = right, plus(scale(up, cos), back, -sin), plus(scale(back, cos), up, sin)
	return c
}

// project returns where a point is seen: right and up, how much larger it looks
// than one in the middle, and its depth, which grows towards the eye and is
// flat on planes. With z the way back to the eye,
//
//	larger = eye / (eye - z),  depth = z larger
func (c camera) project(p [3]float32) (x, y, larger, depth float64) {
	v := wide(p)
	z := dot3(v, c.back)
	larger = 1 / (1 - float64(z*c.near))
	return dot3(v, c.right) * larger, dot3(v, c.up) * larger, larger, z * larger
}

// towards returns a direction in the camera's axes, turned so that it points to
// the eye's side.
func (c camera) towards(n [3]float64) [3]float64 {
	n = [3]float64{dot3(n, c.right), dot3(n, c.up), dot3(n, c.back)}
	if n[2] < 0 {
		return scale(n, -1)
	}
	return n
}

// normal returns v at length 1, or zero if v is zero.
func normal(v [3]float64) [3]float64 {
	largest := max(math.Abs(v[0]), math.Abs(v[1]), math.Abs(v[2]))
	if largest == 0 {
		return v
	}
	v = [3]float64{v[0] / largest, v[1] / largest, v[2] / largest} // so that squares do not overflow
	return scale(v, 1/math.Sqrt(dot3(v, v)))
}

func scale(v [3]float64, by float64) [3]float64 {
	return [3]float64{v[0] * by, v[1] * by, v[2] * by}
}

// plus returns a + t b.
func plus(a, b [3]float64, t float64) [3]float64 {
	return [3]float64{a[0] + float64(t*b[0]), a[1] + float64(t*b[1]), a[2] + float64(t*b[2])}
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{
		float64(a[1]*b[2]) - float64(a[2]*b[1]),
		float64(a[2]*b[0]) - float64(a[0]*b[2]),
		float64(a[0]*b[1]) - float64(a[1]*b[0]),
	}
}

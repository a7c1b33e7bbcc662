package view

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is seen to the right, and what above, from every side.
func TestDirections(t *testing.T) {
	x, y, z := [3]float64{1, 0, 0}, [3]float64{0, 1, 0}, [3]float64{0, 0, 1}
	minus := func(v [3]float64) [3]float64 { return scale(v, -1) }
	for name, c := range map[string]struct{ from, up, right, above [3]float64 }{
		"front":           {minus(y), z, x, z},
		"front, no up":    {minus(y), [3]float64{}, x, z},
		"right":           {x, z, y, z},
		"back":            {y, z, minus(x), z},
		"left":            {minus(x), z, minus(y), z},
		"top":             {z, z, x, y},
		"bottom":          {minus(z), z, x, minus(y)},
		"y up, front":     {z, y, x, y},
		"y up, right":     {x, y, minus(z), y},
		"x up":            {z, x, minus(y), x},
		"z down":          {minus(y), minus(z), minus(x), minus(z)},
		"far off":         {[3]float64{0, -1e300, 0}, [3]float64{0, 0, 1e-300}, x, z},
		"from below, low": {[3]float64{0, -1e-320, 0}, z, x, z},
	} {
		got := newCamera(Options{From: c.from, Up: c.up})
		for k := range 3 {
			assert.InDelta(t, c.right[k], got.right[k], 1e-12, "right from %s: %v", name, got.right)
			assert.InDelta(t, c.above[k], got.up[k], 1e-12, "up from %s: %v", name, got.up)
			assert.InDelta(t, cross(c.right, c.above)[k], got.back[k], 1e-12, "back from %s: %v", name, got.back)
		}
	}
}

// A direction that is not along an axis is looked along, upright.
func TestOblique(t *testing.T) {
	for _, o := range []Options{
		{From: [3]float64{1, -2, 3}},
		{From: [3]float64{-1, 2, -0.5}, Up: [3]float64{1, 1, 1}},
		{From: [3]float64{0, 0, 5}, Up: [3]float64{-3, 0.1, 0}},
		{},
	} {
		c := newCamera(o)
		up := normal(o.Up)
		if o.Up == ([3]float64{}) {
			up[2] = 1
		}
		assert.InDelta(t, 0, dot3(c.right, up), 1e-12, "%v: the horizon is level", o)
		assert.Greater(t, dot3(c.up, up), 0.0)
		for _, axes := range [][2][3]float64{{c.right, c.up}, {c.up, c.back}, {c.back, c.right}} {
			assert.InDelta(t, 0, dot3(axes[0], axes[1]), 1e-12)
			assert.InDelta(t, 1, dot3(axes[0], axes[0]), 1e-12)
		}
		if from := normal(o.From); o.From != ([3]float64{}) {
			assert.InDelta(t, 1, dot3(c.back, from), 1e-12, "%v: want to look from there, got %v", o, c.back)
		}
	}
	c := newCamera(Options{})
	assert.True(t, c.back[0] < -0.3 && c.back[1] < -0.3 && c.back[2] > 0.3, "want a view from the left, the front and above, got %v", c.back)
}

func TestPerspective(t *testing.T) {
	front := [3]float64{0, -1, 0}
	c := newCamera(Options{From: front})
	x, y, larger, depth := c.project([3]float32{0.5, -1, 0.25}) // one in front of the middle
	assert.InDelta(t, 0.5*eye/(eye-1), x, 1e-12)
	assert.InDelta(t, 0.25*eye/(eye-1), y, 1e-12)
	assert.InDelta(t, 1.0*eye/(eye-1), larger, 1e-12)
	assert.InDelta(t, 1.0*eye/(eye-1), depth, 1e-12)

	// Depth is flat on a plane: in the middle of what is seen of a line it is
	// the mean of those at the ends.
	ax, _, _, ad := c.project([3]float32{-1, 0.5, 0})
	bx, _, _, bd := c.project([3]float32{1, -0.5, 0})
	s := 0.5 - (ax+bx)/2/(bx-ax) // where the line is seen at 0, from a to b
	_, _, _, mid := c.project([3]float32{0, 0, 0})
	assert.InDelta(t, mid, ad+s*(bd-ad), 1e-12)
	assert.Less(t, ad, bd)

	c = newCamera(Options{From: front, Parallel: true})
	x, y, larger, depth = c.project([3]float32{0.5, -1, 0.25})
	assert.Equal(t, [4]float64{0.5, 0.25, 1, 1}, [4]float64{x, y, larger, depth})
}

func TestTowards(t *testing.T) {
	c := newCamera(Options{From: [3]float64{0, -1, 0}})
	assert.InDeltaSlice(t, []float64{0.6, 0, 0.8}, slice(c.towards([3]float64{0.6, -0.8, 0})), 1e-12)
	assert.InDeltaSlice(t, []float64{0.6, 0, 0.8}, slice(c.towards([3]float64{-0.6, 0.8, 0})), 1e-12, "the other side")
	assert.Equal(t, [3]float64{}, normal([3]float64{}))
	assert.InDelta(t, 1/math.Sqrt2, normal([3]float64{math.MaxFloat64, 0, math.MaxFloat64})[2], 1e-12)
}

func slice(v [3]float64) []float64 { return v[:] }

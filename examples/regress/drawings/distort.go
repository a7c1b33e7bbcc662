package drawings

import (
	"math"
	"math/rand/v2"
)

// A Turn is one of the eight ways in which a square comes to lie on itself: the
// quarter turns of it and of its mirror image.
type Turn int

// Turns is how many there are.
const Turns = 8

// A Distortion says how much drawings may be changed while training.
type Distortion struct {
	Angle float64 // turned by so many radians either way
	Scale float64 // made larger or smaller by so much, as a part, in either direction
	Shift float64 // moved by so many pixels either way, along both axes
}

// Apply writes the drawing from to a picture, in place of what it held, changed
// by chance within d and turned. A nil d only copies.
func (d *Distortion) Apply(picture, from []float32, whole Turn, rng *rand.Rand) {
	if d == nil {
		copy(picture, from)
		return
	}
	either := func(by float64) float64 { return by * (2*rng.Float64() - 1) }
	sin, cos := math.Sincos(float64(whole%4)*math.Pi/2 + either(d.Angle))
	sx, sy := 1+either(d.Scale), 1+either(d.Scale)
	if whole >= 4 {
		sx = -sx
	}
	const middle = (Side - 1) / 2.0
	dx, dy := middle+either(d.Shift), middle+either(d.Shift)
	for r := range Side {
		for c := range Side {
			x, y := float64(c)-middle, float64(r)-middle
			picture[r*Side+c] = at(from, sx*(cos*x-sin*y)+dx, sy*(sin*x+cos*y)+dy)
		}
	}
}

// at returns what a drawing has at column x and row y, between its pixels; beyond
// them it is empty.
func at(drawing []float32, x, y float64) float32 {
	left, top := math.Floor(x), math.Floor(y)
	if !(left >= -1 && left < Side && top >= -1 && top < Side) {
		return 0
	}
	c, r := int(left), int(top)
	fx, fy := float32(x-left), float32(y-top)
	pixel := func(r, c int) float32 {
		if r < 0 || r >= Side || c < 0 || c >= Side {
			return 0
		}
		return drawing[r*Side+c]
	}
	return (1-fy)*((1-fx)*pixel(r, c)+fx*pixel(r, c+1)) + fy*((1-fx)*pixel(r+1, c)+fx*pixel(r+1, c+1))
}

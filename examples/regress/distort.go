package main

import (
	"math"
	"math/rand/v2"
)

// A turn is one of the eight ways in which a square comes to lie on itself: the
// quarter turns of it and of its mirror image.
type turn int

const turns = 8

// distortion says how much drawings may be changed while training.
type distortion struct {
	angle float64 // turned by so many radians either way
	scale float64 // made larger or smaller by so much, as a part, in either direction
	shift float64 // moved by so many pixels either way, along both axes
}

// apply writes the drawing from to a picture, in place of what it held, changed
// by chance within d and turned. A nil d only copies.
func (d *distortion) apply(picture, from []float32, whole turn, rng *rand.Rand) {
	if d == nil {
		copy(picture, from)
		return
	}
	either := func(by float64) float64 { return by * (2*rng.Float64() - 1) }
	sin, cos := math.Sincos(float64(whole%4)*math.Pi/2 + either(d.angle))
	sx, sy := 1+either(d.scale), 1+either(d.scale)
	if whole >= 4 {
		sx = -sx
	}
	const middle = (side - 1) / 2.0
	dx, dy := middle+either(d.shift), middle+either(d.shift)
	for r := range side {
		for c := range side {
			x, y := float64(c)-middle, float64(r)-middle
			picture[r*side+c] = at(from, sx*(cos*x-sin*y)+dx, sy*(sin*x+cos*y)+dy)
		}
	}
}

// at returns what a drawing has at column x and row y, between its pixels; beyond
// them it is empty.
func at(drawing []float32, x, y float64) float32 {
	left, top := math.Floor(x), math.Floor(y)
	if !(left >= -1 && left < side && top >= -1 && top < side) {
		return 0
	}
	c, r := int(left), int(top)
	fx, fy := float32(x-left), float32(y-top)
	pixel := func(r, c int) float32 {
		if r < 0 || r >= side || c < 0 || c >= side {
			return 0
		}
		return drawing[r*side+c]
	}
	return (1-fy)*((1-fx)*pixel(r, c)+fx*pixel(r, c+1)) + fy*((1-fx)*pixel(r+1, c)+fx*pixel(r+1, c+1))
}

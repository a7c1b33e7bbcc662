package solids

import (
	"math"
	"math/rand/v2"

	"setwise/internal/elementary"
)

// hammer has a handle, upright, and a head across its top: a claw hammer's, a
// ball hammer's or that of a mallet.
func hammer(rng *rand.Rand) solid {
	long, thick := between(rng, 1.8, 3), between(rng, 0.09, 0.14)
	var s solid
	// The handle is thinnest below its middle.
	waist := between(rng, 0.6, 0.95)
	s.add(sweep(
		[]v3{{0, 0, 0}, {0, 0, 0.2 * long}, {0, 0, 0.45 * long}, {0, 0, long}},
		ellipse(thick*1.25, thick, 14), nil,
		1, 1.05, waist, between(rng, 0.75, 1),
	).as("handle"))
	s.add(hammerHead(rng, thick).move(v3{0, 0, long}).as("head"))
	return s
}

// hammerHead returns a head along the x axis, its middle at the origin.
func hammerHead(rng *rand.Rand, handle float64) solid {
	face, reach := float64(handle*between(rng, 1.6, 2.2)), between(rng, 0.35, 0.6)
	var s solid
	switch rng.IntN(3) {
	case 0: // a claw
		s.add(box(v3{0, 0, -face}, 2.6*handle, 2*face, float64(2*face)))
		s.add(rod(v3{handle, 0, 0}, v3{reach, 0, 0}, face*0.7, 16), rod(v3{reach * 0.9, 0, 0}, v3{reach * 1.15, 0, 0}, face, 16))
		drop, apart := between(rng, 0.15, 0.4), face*0.5
		for _, side := range []float64{-1, 1} {
			var path []v3
			var sizes []float64
			const n = 6
			for i := range n + 1 {
				f := float64(i) / n
				sin, cos := elementary.Sincos(math.Pi / 2 * f)
				path = append(path, v3{-handle - float64(1.3*reach*sin), side * apart * (1 + float64(0.3*f)), float64(drop*cos) - drop})
				sizes = append(sizes, 1-float64(0.5*f))
			}
			s.add(sweep(path, ellipse(face*0.4, face*0.55, 8), nil, sizes...))
		}
	case 1: // a ball
		s.add(box(v3{0, 0, -face * 0.8}, 2.6*handle, 1.6*face, 1.6*face))
		s.add(rod(v3{handle, 0, 0}, v3{reach, 0, 0}, face*0.65, 16), rod(v3{reach * 0.9, 0, 0}, v3{reach * 1.2, 0, 0}, face, 16))
		s.add(rod(v3{-handle, 0, 0}, v3{-reach * 0.8, 0, 0}, face*0.5, 14))
		s.add(ball(face * between(rng, 0.8, 1)).move(v3{-reach, 0, 0}))
	case 2: // a mallet, square or round
		half, outline := reach*between(rng, 0.9, 1.3), rectangle(2.4*face, 2.2*face)
		if one(rng, 2) {
			outline = circle(1.3*face, 20)
		}
		s.add(sweep([]v3{{-half, 0, 0}, {half, 0, 0}}, outline, nil))
	}
	return s
}

// ball returns a ball about the origin.
func ball(radius float64) solid {
	const n = 8
	profile := make([]v2, n+1)
	for i := range profile {
		sin, cos := elementary.Sincos(math.Pi * float64(i) / n)
		profile[i] = v2{radius * sin, -radius * cos}
	}
	profile[0][0], profile[n][0] = 0, 0 // exactly on the axis
	return revolve(14, profile...)
}

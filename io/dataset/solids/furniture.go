package solids

import (
	"math"
	"math/rand/v2"

	"setwise/internal/elementary"
)

// A leg is a square or round bar that may grow thinner downwards.
type leg struct {
	outline []v2
	foot    float64 // its size at the floor, in sizes at the top
}

func newLeg(rng *rand.Rand, size float64) leg {
	l := leg{outline: rectangle(size, size), foot: between(rng, 0.5, 1)}
	if one(rng, 2) {
		l.outline = circle(size/2, 12)
	}
	return l
}

// between returns the leg from a point at the top to one on the floor.
func (l leg) between(top, floor v3) solid {
	return sweep([]v3{floor, top}, l.outline, nil, l.foot, 1)
}

// slab returns a board on the point at, rectangular or oval.
func slab(at v3, x, y, z float64, oval bool) solid {
	if oval {
		return sweep([]v3{at, plus(at, v3{0, 0, z})}, ellipse(x/2, y/2, 32), nil)
	}
	return box(at, x, y, z)
}

// chair has a seat, four legs and a back, and sometimes arms.
func chair(rng *rand.Rand) solid {
	width, depth, height := between(rng, 0.85, 1.2), between(rng, 0.85, 1.1), between(rng, 0.8, 1.15)
	thick, bar := between(rng, 0.06, 0.14), between(rng, 0.07, 0.12)
	round := one(rng, 4)
	var s solid
	s.add(slab(v3{0, 0, height}, width, depth, thick, round).as("seat"))

	in := 0.5
	if round {
		in = 0.4
	}
	x, y := float64(in*width)-float64(bar/2), float64(in*depth)-float64(bar/2)
	splay := between(rng, 0, 0.15)
	l := newLeg(rng, bar)
	for _, sx := range []float64{-1, 1} {
		for _, sy := range []float64{-1, 1} {
			s.add(l.between(v3{sx * x, sy * y, height}, v3{sx * (x + splay), sy * (y + splay), 0}).as("legs"))
		}
	}

	// The back is made standing at the origin and then leans over.
	var back solid
	rise := between(rng, 0.8, 1.4)
	w := width - bar
	if round {
		w *= 0.7
	}
	post := func(at float64) {
		back.add(sweep([]v3{{at, 0, 0}, {at, 0, rise}}, l.outline, nil))
	}
	switch rng.IntN(3) {
	case 0: // a panel
		back.add(box(v3{0, 0, 0}, w+bar, bar*0.8, rise))
	case 1: // upright slats under a rail
		n := from(rng, 3, 6)
		for i := range n {
			at := w * (float64(i)/float64(n-1) - 0.5)
			back.add(box(v3{at, 0, 0}, bar, bar*0.6, rise))
		}
		back.add(box(v3{0, 0, rise - bar}, w+float64(bar*1.2), bar, 2*bar))
	case 2: // rails between two posts
		post(-w / 2)
		post(w / 2)
		n := from(rng, 2, 4)
		for i := range n {
			at := rise * (float64(i) + 1) / (float64(n) + 0.3)
			back.add(box(v3{0, 0, at - float64(1.5*bar)}, w, bar*0.6, between(rng, 1, 2)*bar))
		}
	}
	rear := float64(in*depth) - float64(bar/2)
	s.add(back.as("back").turn(1, 2, -between(rng, 0, 0.3)).move(v3{0, rear, height + float64(thick/2)}))

	if one(rng, 4) && !round {
		up := between(rng, 0.3, 0.45)
		for _, sx := range []float64{-1, 1} {
			at := sx * (float64(width/2) - float64(bar/2))
			s.add(box(v3{at, -rear + bar, height + float64(thick/2)}, bar*0.8, bar*0.8, up).as("arms"))
			s.add(box(v3{at, bar / 2, height + float64(thick/2) + up}, bar*1.1, depth-bar, bar*0.7).as("arms"))
		}
	}
	return s
}

// table has a top on four legs, some of them with drawers, or on two panels.
func table(rng *rand.Rand) solid {
	width, depth, height := between(rng, 1.3, 2.4), between(rng, 0.9, 1.3), between(rng, 0.7, 1.1)
	thick, bar := between(rng, 0.04, 0.12), between(rng, 0.07, 0.14)
	var s solid
	build := rng.IntN(3)
	oval := build != 1 && one(rng, 3)
	s.add(slab(v3{0, 0, height}, width, depth, thick, oval).as("top"))
	switch build {
	case 0:
		in := 0.47
		if oval {
			in = 0.33
		}
		x, y := float64(in*width)-float64(bar/2), float64(in*depth)-float64(bar/2)
		l := newLeg(rng, bar)
		for _, sx := range []float64{-1, 1} {
			for _, sy := range []float64{-1, 1} {
				s.add(l.between(v3{sx * x, sy * y, height}, v3{sx * x, sy * y, 0}).as("legs"))
			}
		}
		if one(rng, 2) { // an apron under the top
			deep := between(rng, 0.08, 0.18)
			for _, side := range []float64{-1, 1} {
				s.add(box(v3{0, side * y, height - deep}, 2*x, 0.05, deep).as("frame"))
				s.add(box(v3{side * x, 0, height - deep}, 0.05, 2*y, deep).as("frame"))
			}
		}
	case 1: // a desk, with drawers on one side
		x, y := float64(0.48*width)-float64(bar/2), float64(0.42*depth)
		chest := between(rng, 0.22, 0.32) * width
		high := float64(height * between(rng, 0.6, 0.95))
		s.add(box(v3{x + float64(bar/2) - float64(chest/2), 0, height - high}, chest, 2*y, high).as("drawers"))
		l := newLeg(rng, bar)
		for _, sy := range []float64{-1, 1} {
			s.add(l.between(v3{-x, sy * (y - float64(bar/2)), height}, v3{-x, sy * (y - float64(bar/2)), 0}).as("legs"))
			s.add(l.between(v3{x, sy * (y - float64(bar/2)), height}, v3{x, sy * (y - float64(bar/2)), 0}).as("legs"))
		}
	case 2: // panels with a beam between them
		x := between(rng, 0.3, 0.45) * width
		if oval {
			x = between(rng, 0.22, 0.3) * width
		}
		for _, sx := range []float64{-1, 1} {
			s.add(box(v3{sx * x, 0, 0}, bar*0.7, depth*between(rng, 0.6, 0.8), height).as("legs"))
		}
		s.add(box(v3{0, 0, height * between(rng, 0.2, 0.6)}, 2*x, 0.05, 0.15).as("frame"))
	}
	return s
}

// shelf has boards between side panels or posts.
func shelf(rng *rand.Rand) solid {
	width, depth, height := between(rng, 0.7, 1.5), between(rng, 0.3, 0.5), between(rng, 1.3, 2.3)
	thick := between(rng, 0.03, 0.06)
	var s solid
	if one(rng, 3) { // an open rack
		bar := between(rng, 0.04, 0.07)
		for _, sx := range []float64{-1, 1} {
			for _, sy := range []float64{-1, 1} {
				s.add(box(v3{sx * (width - bar) / 2, sy * (depth - bar) / 2, 0}, bar, bar, height))
			}
		}
	} else {
		for _, sx := range []float64{-1, 1} {
			s.add(box(v3{sx * (width - thick) / 2, 0, 0}, thick, depth, height))
		}
		if one(rng, 2) {
			s.add(box(v3{0, (depth - 0.02) / 2, 0}, width-thick, 0.02, height))
		}
		if one(rng, 4) {
			s.add(box(v3{0, 0, thick}, thick, depth*0.98, height-2*thick))
		}
	}
	n := from(rng, 4, 7)
	low := between(rng, 0, 0.12)
	for i := range n {
		at := low + (height-low-thick)*float64(i)/float64(n-1)
		s.add(box(v3{0, 0, at}, width-thick, depth*0.98, thick))
	}
	return s
}

// lamp has a foot, a stem that is straight or bent, and a shade.
func lamp(rng *rand.Rand) solid {
	var s solid
	foot, tall := between(rng, 0.3, 0.5), between(rng, 1.2, 2.4)
	stem := between(rng, 0.03, 0.06)
	wide, deep := between(rng, 0.45, 0.75), between(rng, 0.4, 0.8)
	s.add(revolve(22, v2{0, 0}, v2{foot, 0}, v2{foot, 0.05}, v2{stem, between(rng, 0.08, 0.2)}, v2{0, 0.2}).as("foot"))
	shade := revolve(22, shadeProfile(rng, wide, deep)...).as("shade")
	switch rng.IntN(3) {
	case 0: // straight
		s.add(rod(v3{0, 0, 0.02}, v3{0, 0, tall}, stem, 10).as("stem"))
		s.add(shade.move(v3{0, 0, tall - float64(deep/2)}))
	case 1: // bent over, the shade hanging from its end
		r := between(rng, 0.3, 0.5)
		path := append([]v3{{0, 0, 0.02}}, arc(v3{r, 0, tall - r}, r, r, math.Pi, 0.15, 12)...)
		end := path[len(path)-1]
		s.add(sweep(path, circle(stem, 10), nil).as("stem"))
		s.add(shade.move(minus(end, v3{0, 0, deep * 0.95})))
	case 2: // two arms with a joint, the shade aslant
		elbow := v3{-between(rng, 0.2, 0.5), 0, tall * between(rng, 0.5, 0.65)}
		end := v3{between(rng, 0.3, 0.6), 0, tall}
		s.add(rod(v3{0, 0, 0.02}, elbow, stem, 10).as("stem"), rod(elbow, end, stem, 10).as("stem"))
		s.add(rod(plus(elbow, v3{0, -2 * stem, 0}), plus(elbow, v3{0, 2 * stem, 0}), 2*stem, 12).as("stem"))
		s.add(shade.move(v3{0, 0, -deep * 0.95}).turn(2, 0, -between(rng, 0.2, 0.8)).move(end))
	}
	return s
}

// shadeProfile returns a shade from height 0 to deep, open below: a cone or a
// dome.
func shadeProfile(rng *rand.Rand, wide, deep float64) []v2 {
	const wall = 0.02
	narrow := wide * between(rng, 0.25, 0.7)
	if one(rng, 3) {
		narrow = 0.12
	}
	bulge := 0.
	if one(rng, 3) {
		bulge = between(rng, 0.1, 0.3)
	}
	const n = 6
	var outside, inside []v2
	for i := range n + 1 {
		f := float64(i) / n
		r := wide + float64((narrow-wide)*f) + float64(bulge*wide*elementary.Sin(math.Pi*f))
		outside = append(outside, v2{r, deep * f})
		inside = append([]v2{{r - wall, deep * f}}, inside...)
	}
	return append(outside, inside...)
}

package solids

import (
	"math"
	"math/rand/v2"

	"setwise/internal/elementary"
)

// A hull is the outside of a vessel, from its foot to its rim, as radius and
// height.
type hull []v2

// hollow returns the vessel with a wall, which is as thick at the bottom: the
// profile from the axis up the outside, over the rim, and down the inside.
func (h hull) hollow(sides int, wall float64) solid {
	profile := append([]v2{{0, h[0][1]}}, h...)
	for i := len(h) - 1; i > 0; i-- {
		if p := h[i]; p[1] > h[0][1]+wall && p[0] > 2*wall {
			profile = append(profile, v2{p[0] - wall, p[1]})
		}
	}
	profile = append(profile, v2{max(h[0][0]-wall, wall), h[0][1] + wall}, v2{0, h[0][1] + wall})
	return revolve(sides, profile...)
}

// bottle has a body, a shoulder, and a long thin neck.
func bottle(rng *rand.Rand) solid {
	body, shoulder, neck := between(rng, 1.9, 3.2), between(rng, 0.3, 1), between(rng, 0.7, 1.5)
	thin := between(rng, 0.22, 0.36)
	bulge := 0.
	if one(rng, 3) {
		bulge = between(rng, 0.05, 0.25)
	}
	taper := between(rng, 0.8, 1.05) // of the foot
	var h hull
	const n = 8
	h = append(h, v2{0.85 * taper, 0}, v2{taper, 0.08})
	for i := 1; i <= n; i++ {
		f := float64(i) / n
		h = append(h, v2{taper + float64((1-taper)*f) + float64(bulge*elementary.Sin(math.Pi*f)), 0.08 + float64((body-0.08)*f)})
	}
	sharp := between(rng, 0.6, 1.6)
	for i := 1; i <= n; i++ {
		f := float64(i) / n
		drop := elementary.Pow((1-elementary.Cos(math.Pi*f))/2, sharp)
		h = append(h, v2{1 + float64((thin-1)*drop), body + float64(shoulder*f)})
	}
	top := body + shoulder + neck
	lip := thin * between(rng, 1.05, 1.3)
	h = append(h, v2{thin, top - 0.2}, v2{lip, top - 0.18}, v2{lip, top})
	sides := 20
	if one(rng, 5) {
		sides = from(rng, 6, 8)
	}
	return h.hollow(sides, 0.06)
}

// bowl is open and wider than it is high.
func bowl(rng *rand.Rand) solid {
	deep, power := between(rng, 0.4, 0.75), between(rng, 1.5, 3)
	foot, ring := between(rng, 0.25, 0.45), between(rng, 0.02, 0.12)
	var h hull
	h = append(h, v2{foot * 0.95, 0}, v2{foot, ring})
	const n = 9
	for i := 1; i <= n; i++ {
		// Points close together at the foot, where the wall is level.
		r := foot + float64((1-foot)*elementary.Sin(math.Pi/2*float64(i)/n))
		f := (r - foot) / (1 - foot)
		h = append(h, v2{r, ring + float64(deep*elementary.Pow(f, power))})
	}
	if one(rng, 3) { // a rim turned outwards
		top := h[len(h)-1]
		h = append(h, v2{top[0] + between(rng, 0.06, 0.15), top[1] + 0.03})
	}
	return h.hollow(28, between(rng, 0.03, 0.07))
}

// cup is open, about as high as wide or higher, and has a handle.
func cup(rng *rand.Rand) solid {
	high, foot := between(rng, 1.5, 2.4), between(rng, 0.65, 1.05)
	bulge := between(rng, -0.08, 0.18)
	at := func(f float64) float64 { return foot + float64((1-foot)*f) + float64(bulge*elementary.Sin(math.Pi*f)) }
	var h hull
	h = append(h, v2{0.9 * foot, 0})
	const n = 8
	for i := range n + 1 {
		f := float64(i) / n
		h = append(h, v2{at(f), 0.05 + float64((high-0.05)*f)})
	}
	wall := between(rng, 0.06, 0.12)
	s := h.hollow(22, wall).as("body")

	// The handle stands out on the side of x, and its ends are in the wall.
	low, top := between(rng, 0.15, 0.25), between(rng, 0.75, 0.88)
	out := between(rng, 0.45, 0.75)
	z0, z1 := float64(low*high), float64(top*high)
	x0, x1 := at(low)-float64(wall/2), at(top)-float64(wall/2)
	var path []v3
	if one(rng, 2) { // round
		const n = 10
		for i := range n + 1 {
			sin, cos := elementary.Sincos(math.Pi * (float64(i)/n - 0.5))
			f := (sin + 1) / 2
			path = append(path, v3{x0 + float64((x1-x0)*f) + float64(out*cos), 0, z0 + float64((z1-z0)*f)})
		}
	} else { // square, with blunt corners
		c := float64(0.3 * min(out, z1-z0))
		far := max(x0, x1) + out
		path = append(path, v3{x0, 0, z0})
		path = append(path, arc(v3{far - c, 0, z0 + c}, c, c, -math.Pi/2, 0, 4)...)
		path = append(path, arc(v3{far - c, 0, z1 - c}, c, c, 0, math.Pi/2, 4)...)
		path = append(path, v3{x1, 0, z1})
	}
	s.add(sweep(path, ellipse(between(rng, 0.1, 0.2), between(rng, 0.07, 0.12), 10), nil).as("handle"))
	return s
}

package solids

import (
	"math"
	"math/rand/v2"

	"setwise/internal/elementary"
)

// teapot has a round body with a lid, a spout on the side of x, and a handle
// on the other side or over the top.
func teapot(rng *rand.Rand) solid {
	high, foot, mouth := between(rng, 0.9, 1.7), between(rng, 0.5, 0.8), between(rng, 0.35, 0.65)
	low := between(rng, 0.3, 0.55) // where it is widest
	at := func(f float64) float64 {
		if f < low {
			return foot + float64((1-foot)*elementary.Sin(math.Pi/2*f/low))
		}
		return mouth + float64((1-mouth)*elementary.Cos(math.Pi/2*(f-low)/(1-low)))
	}
	var h hull
	const n = 12
	for i := range n + 1 {
		f := float64(i) / n
		h = append(h, v2{at(f), high * f})
	}
	s := h.hollow(24, 0.06).as("body")
	s.add(lid(rng, mouth, high).as("lid"))

	// The spout begins in the wall and grows thinner.
	root, up := between(rng, 0.25, 0.45), float64(between(rng, 0.8, 1.15)*high)
	out, bow, taper := between(rng, 0.5, 0.9), between(rng, 0, 0.12), between(rng, 0.4, 0.6)
	start, thick := at(root)-0.08, between(rng, 0.16, 0.26)
	var path []v3
	var sizes []float64
	const m = 8
	for i := range m + 1 {
		f := float64(i) / m
		bend := float64(bow * elementary.Sin(2*math.Pi*f))
		path = append(path, v3{start + float64(out*f) + bend, 0, float64(root*high) + float64((up-float64(root*high))*f) - bend})
		sizes = append(sizes, 1-float64(taper*f))
	}
	s.add(sweep(path, circle(thick, 12), circle(thick*0.75, 12), sizes...).as("spout"))
	s.add(potHandle(rng, at, high).as("handle"))
	return s
}

// lid returns a dome with a knob on a mouth at a height.
func lid(rng *rand.Rand, mouth, high float64) solid {
	rise, knob := between(rng, 0.08, 0.3), between(rng, 0.08, 0.15)
	profile := []v2{{0, high - 0.02}, {mouth * 1.05, high - 0.02}, {mouth * 1.05, high + 0.02}}
	const n = 5
	for i := 1; i < n; i++ {
		sin, cos := elementary.Sincos(math.Pi / 2 * float64(i) / n)
		profile = append(profile, v2{mouth * cos, high + 0.02 + float64(rise*sin)})
	}
	top := high + 0.02 + rise
	s := revolve(24, append(profile, v2{0, top})...)
	s.add(ball(knob).move(v3{0, 0, top + float64(knob*0.7)}))
	return s
}

// potHandle returns a handle behind a pot of a form, or over it.
func potHandle(rng *rand.Rand, at func(float64) float64, high float64) solid {
	outline := ellipse(between(rng, 0.06, 0.12), between(rng, 0.06, 0.09), 10)
	if one(rng, 4) { // over the top, from side to side
		low := between(rng, 0.55, 0.75)
		r := at(low) - 0.03
		return sweep(arc(v3{0, 0, low * high}, r, float64(between(rng, 1.2, 1.7)*high*(1-low))+0.6, math.Pi, 0, 16), outline, nil)
	}
	low, top := between(rng, 0.15, 0.3), between(rng, 0.7, 0.85)
	out := between(rng, 0.45, 0.75)
	x0, x1 := at(low)-0.03, at(top)-0.03
	var path []v3
	const n = 12
	for i := range n + 1 {
		sin, cos := elementary.Sincos(math.Pi * (float64(i)/n - 0.5))
		f := (sin + 1) / 2
		path = append(path, v3{-x0 - float64((x1-x0)*f) - float64(out*cos), 0, high * (low + float64((top-low)*f))})
	}
	return sweep(path, outline, nil)
}

package solids

import (
	"math"
	"math/rand/v2"

	"setwise/internal/elementary"
)

// upright is the path of a part that stands from one height to another.
func upright(from, to float64) []v3 { return []v3{{0, 0, from}, {0, 0, to}} }

// bolt has a hexagonal head on a threaded shaft.
func bolt(rng *rand.Rand) solid {
	head, shaft, long := between(rng, 0.5, 0.8), between(rng, 0.45, 0.6), between(rng, 2, 4.5)
	var s solid
	s.add(sweep(upright(long, long+head), circle(1, 6), nil).as("head"))
	if one(rng, 3) { // a collar under the head
		s.add(disc(v3{0, 0, long - 0.12}, between(rng, 1, 1.25), 0.13, 24).as("head"))
	}
	// The thread is a row of ridges.
	thread, pitch, deep := between(rng, 0.4, 0.95)*long, between(rng, 0.14, 0.24), between(rng, 0.06, 0.1)
	profile := []v2{{0, 0}, {shaft - float64(1.5*deep), 0}}
	z := 0.08
	for ; z+pitch < thread; z += pitch {
		profile = append(profile, v2{shaft - deep, z}, v2{shaft, z + float64(pitch/2)})
	}
	profile = append(profile, v2{shaft - deep, z}, v2{shaft - float64(deep/2), z + float64(pitch/2)}, v2{shaft - float64(deep/2), long + float64(head/2)}, v2{0, long + float64(head/2)})
	s.add(revolve(16, profile...).as("shank"))
	return s
}

// elbow is a bent pipe, often with flanges.
func elbow(rng *rand.Rand) solid {
	outer := between(rng, 0.4, 0.65)
	inner := outer * between(rng, 0.7, 0.88)
	bend := between(rng, 1, 1.8)
	angle := between(rng, 70, 120) * math.Pi / 180
	path := arc(v3{}, bend, bend, 0, angle, 10)
	first, last := between(rng, 0.3, 1.1), between(rng, 0.3, 1.1)
	start := v3{bend, 0, -first}
	d := direction(path, len(path)-1)
	d = v3{-elementary.Sin(angle), d[1], elementary.Cos(angle)}
	end := plus(path[len(path)-1], v3{last * d[0], 0, last * d[2]})
	path = append(append([]v3{start}, path...), end)
	var s solid
	s.add(sweep(path, circle(outer, 16), circle(inner, 16)))
	if one(rng, 3) {
		return s
	}
	wide, thick := outer*between(rng, 1.35, 1.7), between(rng, 0.12, 0.25)
	collar := func(a v3, d v3) {
		b := plus(a, v3{thick * d[0], thick * d[1], thick * d[2]})
		s.add(sweep([]v3{a, b}, circle(wide, 24), circle((outer+inner)/2, 24)))
	}
	collar(start, v3{0, 0, 1})
	if !one(rng, 4) {
		collar(end, v3{-d[0], -d[1], -d[2]})
	}
	return s
}

// gear is a toothed disc with a bore, whole or with a thinner web.
func gear(rng *rand.Rand) solid {
	teeth := from(rng, 9, 20)
	deep := between(rng, 1.6, 2.4) / float64(teeth)
	flank, top := between(rng, 0.12, 0.2), between(rng, 0.2, 0.3)
	var outline []v2
	for i := range teeth {
		for _, p := range []v2{{0, 1 - deep}, {flank, 1}, {flank + top, 1}, {2*flank + top, 1 - deep}} {
			sin, cos := elementary.Sincos(2 * math.Pi * (float64(i) + p[0]) / float64(teeth))
			outline = append(outline, v2{p[1] * cos, p[1] * sin})
		}
	}
	thick, bore := between(rng, 0.25, 0.6), between(rng, 0.12, 0.25)
	n := len(outline)
	var s solid
	if one(rng, 2) {
		s.add(sweep(upright(0, thick), outline, around(outline, bore)))
		if one(rng, 2) { // a hub on one side
			s.add(sweep(upright(thick/2, thick*between(rng, 1.3, 2)), circle(bore*between(rng, 1.5, 2), 24), circle(bore, 24)))
		}
		return s
	}
	rim := 1 - deep - between(rng, 0.12, 0.2)
	web := float64(thick * between(rng, 0.2, 0.4))
	s.add(sweep(upright(0, thick), outline, around(outline, rim)))
	s.add(sweep(upright(float64((thick-web)/2), float64((thick+web)/2)), circle(rim+0.03, n), circle(bore, n)))
	s.add(sweep(upright(0, thick*between(rng, 1, 1.4)), circle(bore*between(rng, 1.5, 2), 24), circle(bore, 24)))
	return s
}

// around returns a point at the given distance below each point of an outline.
func around(outline []v2, radius float64) []v2 {
	out := make([]v2, len(outline))
	for i, p := range outline {
		r := radius / math.Sqrt(float64(p[0]*p[0])+float64(p[1]*p[1]))
		out[i] = v2{p[0] * r, p[1] * r}
	}
	return out
}

// spring is a wire wound around the z axis, as a cylinder or a cone.
func spring(rng *rand.Rand) solid {
	turns := between(rng, 3.5, 8)
	wire := between(rng, 0.07, 0.15)
	pitch := between(rng, 3, 5) * wire
	narrow := 1.
	if one(rng, 3) {
		narrow = between(rng, 0.4, 0.8)
	}
	const steps = 14 // a turn
	n := int(turns * steps)
	path := make([]v3, n+1)
	for i := range path {
		f := float64(i) / float64(n)
		r := 1 + float64((narrow-1)*f)
		sin, cos := elementary.Sincos(2 * math.Pi * float64(i) / steps)
		path[i] = v3{r * cos, r * sin, pitch * turns * f}
	}
	return sweep(path, circle(wire, 7), nil)
}

// wheel has a tyre, a hub and spokes.
func wheel(rng *rand.Rand) solid {
	thick, wide := between(rng, 0.12, 0.25), between(rng, 0.12, 0.5)
	inside := 1 - thick
	var tyre []v2
	square := between(rng, 0.4, 1) // 1 is an ellipse
	for _, p := range circle(1, 10) {
		x := math.Copysign(elementary.Pow(math.Abs(p[0]), square), p[0])
		z := math.Copysign(elementary.Pow(math.Abs(p[1]), square), p[1])
		tyre = append(tyre, v2{1 - float64(thick/2) + float64(x*thick/2), z * wide / 2})
	}
	var s solid
	s.add(revolve(32, tyre...).as("tyre"))

	hub, long := between(rng, 0.1, 0.2), wide*between(rng, 0.8, 1.3)
	s.add(sweep(upright(-long/2, long/2), circle(hub, 24), circle(hub*between(rng, 0.3, 0.6), 24)).as("hub"))
	n, r := from(rng, 4, 8), between(rng, 0.04, 0.08)
	apart := 0.
	if one(rng, 3) { // thin spokes in two rows
		n, r, apart = 2*from(rng, 6, 9), between(rng, 0.015, 0.025), long*0.35
	}
	for i := range n {
		sin, cos := elementary.Sincos(2 * math.Pi * float64(i) / float64(n))
		side := apart
		if i%2 == 1 {
			side = -apart
		}
		a, b := hub*0.8, inside+float64(thick*0.2)
		s.add(rod(v3{a * cos, a * sin, side}, v3{b * cos, b * sin, 0}, r, 8).as("spokes"))
	}
	return s
}

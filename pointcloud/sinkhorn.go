package pointcloud

import (
	"context"
	"fmt"
	"math"

	"setwise/internal/elementary"
	"setwise/internal/kernel"
	"setwise/internal/parallel"
)

// Sinkhorn finds about the earth mover's distance of clouds of any sizes, by a
// transport that is blurred a little: M. Cuturi, "Sinkhorn distances: lightspeed
// computation of optimal transport" (2013). The zero Sinkhorn is ready to use.
type Sinkhorn struct {
	// Epsilon is the blur, in relation to the mean distance of all pairs. 0
	// stands for 0.01. A smaller one comes nearer to the exact distance and
	// takes more iterations; what is below 1e-6 counts as that, for coordinates
	// are rounded. From 10 on about everything is moved everywhere, and the
	// distance is close to the mean of all pairs; the most is 100, beyond which
	// rounding would take over.
	Epsilon float64

	// Tolerance is how much of the points may end up in the wrong place: the
	// [Transport.Error] to stop at. 0 stands for 0.01.
	Tolerance float64

	// Iterations is how often to balance both clouds at most. 0 stands for 500.
	Iterations int
}

const mostBlur = 100

// A Transport is what [Sinkhorn.Distance] found.
type Transport struct {
	Distance   float64 // the mean distance that the points are moved
	Error      float64 // how much of the first cloud is moved too often or too seldom, from 0 to 2
	Iterations int     // how often both clouds were balanced
	Converged  bool    // whether the error is within the tolerance
}

// Distance returns the mean distance, in units of the points, by which the
// points of a are moved to make b,
//
//	sum over i, j of P[i][j] |a[i] - b[j]|
//
// where P moves 1/len(a) from each point of a, and 1/len(b) to each of b, up to
// the error, and is
//
//	P[i][j] = exp(f[i] + g[j] - |a[i] - b[j]| / e)
//
// f and g are balanced in turn, as logarithms, so that no e is too small. The e
// starts at the mean distance of all pairs and is halved until it is Epsilon
// times that (B. Schmitzer, "Stabilized sparse scaling algorithms for entropy
// regularized transport problems", 2019). Where the error is 0 the distance is
// not below the earth mover's; two equal clouds, of more than one place, are not
// quite at distance 0.
//
// Coordinates are rounded to 2^-24 of the size of both clouds together, which may
// be as large as float32 allows. Points may be equal, lie on a line or a plane,
// or all be in one place.
//
// It is an error if a cloud is empty, or has a coordinate that is not finite, or
// if Epsilon, Tolerance or Iterations is negative or NaN, or Epsilon above 100.
// When ctx is done,
// Distance returns its error. O(len(a) len(b)) time an iteration, shared among
// the cores, and O(len(a) + len(b)) memory.
func (o Sinkhorn) Distance(ctx context.Context, a, b Cloud) (Transport, error) {
	if !(o.Epsilon >= 0) || !(o.Tolerance >= 0) || o.Iterations < 0 {
		return Transport{}, fmt.Errorf("pointcloud: sinkhorn: want Epsilon, Tolerance and Iterations of 0 or more, got %v, %v and %d",
			o.Epsilon, o.Tolerance, o.Iterations)
	}
	if o.Epsilon > mostBlur {
		return Transport{}, fmt.Errorf("pointcloud: sinkhorn: want Epsilon of at most %v, in units of the mean distance, got %v", mostBlur, o.Epsilon)
	}
	if o.Epsilon == 0 {
		o.Epsilon = 0.01
	}
	if o.Tolerance == 0 {
		o.Tolerance = 0.01
	}
	if o.Iterations == 0 {
		o.Iterations = 500
	}
	if a.Len() == 0 || b.Len() == 0 {
		return Transport{}, fmt.Errorf("pointcloud: sinkhorn: want points in both clouds, got %d and %d", a.Len(), b.Len())
	}
	a, b = together(a, b)
	all := Cloud{Points: append(append([][3]float32(nil), a.Points...), b.Points...)}
	if err := all.Validate(); err != nil {
		return Transport{}, err
	}
	frame := all.CubeFrame()
	x, y := newMass(frame.Apply(Cloud{Points: a.Points})), newMass(frame.Apply(Cloud{Points: b.Points}))
	average := x.average(y)
	if average == 0 {
		return Transport{Converged: true}, nil
	}
	var t Transport
	least := max(o.Epsilon, 1e-6) * average
	e := max(average, least)
	for {
		if err := ctx.Err(); err != nil {
			return Transport{}, err
		}
		x.balance(y, e)
		left := y.balance(x, e)
		t.Iterations++
		if t.Iterations == o.Iterations || e == least && left <= o.Tolerance {
			break
		}
		e = max(e/2, least)
	}
	t.Distance, t.Error = x.transport(y, e)
	t.Distance /= frame.Scale
	t.Converged = e == least && t.Error <= o.Tolerance
	return t, nil
}

// A mass is spread evenly over points, each of which has a potential, f or g, in
// units of distance.
type mass struct {
	x, y, z   []float32
	potential []float32
	before    []float64 // of the potentials, not rounded
}

func newMass(c Cloud) *mass {
	n := c.Len()
	m := &mass{make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n), make([]float64, n)}
	for i, p := range c.Points {
		m.x[i], m.y[i], m.z[i] = p[0], p[1], p[2]
	}
	return m
}

// tile is how many points of the other mass are looked at together.
const tile = 1024

// rows calls f for the points of m, with room for a tile. The order of calls
// depends on the number of cores.
func (m *mass) rows(f func(i int, place [3]float32, room []float32)) {
	parallel.Range(len(m.x), 4, func(lo, hi int) {
		room := make([]float32, tile)
		for i := lo; i < hi; i++ {
			f(i, [3]float32{m.x[i], m.y[i], m.z[i]}, room)
		}
	})
}

// scores calls f with (base - distance) * scale for the distances of m's points
// from a place, tile by tile, and the number of the first.
func (m *mass) scores(base []float32, place [3]float32, scale float32, room []float32, f func(first int, scores []float32)) {
	for lo := 0; lo < len(m.x); lo += tile {
		hi := min(lo+tile, len(m.x))
		s := room[:hi-lo]
		kernel.DistanceScores(s, base[lo:hi], m.x[lo:hi], m.y[lo:hi], m.z[lo:hi], place, scale)
		f(lo, s)
	}
}

// average returns the mean distance from o.
func (m *mass) average(o *mass) float64 {
	all := make([]float64, len(m.x))
	m.rows(func(i int, place [3]float32, room []float32) {
		o.scores(o.potential, place, -1, room, func(_ int, distances []float32) { // no potentials yet
			for _, d := range distances {
				all[i] += float64(d) / float64(len(o.x))
			}
		})
	})
	return mean(all)
}

// balance sets the potentials so that every point gives what it has,
//
//	f[i] = -e log(sum over j of n exp((g[j] - |a[i] - b[j]|) / e))
//
// and returns how much was given wrongly before.
func (m *mass) balance(o *mass, e float64) (wrong float64) {
	all := make([]float64, len(m.x))
	m.rows(func(i int, place [3]float32, room []float32) {
		top, sum, fix := [1]float32{float32(math.Inf(-1))}, [1]float32{}, [1]float32{}
		o.scores(o.potential, place, float32(1/e), room, func(_ int, s []float32) {
			kernel.SoftmaxRows(s, 1, len(s), len(s), 1, top[:], sum[:], fix[:])
		})
		f := float64(-e * (elementary.Log(float64(len(m.x))*float64(sum[0])) + float64(top[0])))
		all[i] = math.Abs(elementary.Exp((m.before[i]-f)/e) - 1)
		m.potential[i], m.before[i] = float32(f), f
	})
	return mean(all)
}

// transport returns the mean distance that is moved, and how much m gives
// wrongly.
func (m *mass) transport(o *mass, e float64) (distance, wrong float64) {
	moved, given := make([]float64, len(m.x)), make([]float64, len(m.x))
	m.rows(func(i int, place [3]float32, room []float32) {
		o.scores(o.potential, place, float32(1/e), room, func(first int, s []float32) {
			for j, score := range s {
				p := elementary.Exp(m.before[i]/e + float64(score))
				moved[i] += float64(p * (float64(o.potential[first+j]) - float64(float64(score)*e)))
				given[i] += p
			}
		})
	})
	n := float64(len(m.x))
	for i := range moved {
		distance += moved[i]
		wrong += math.Abs(given[i] - 1/n)
	}
	return distance, wrong
}

package classifier

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/internal/parallel"
	"setwise/layers/train"
	"setwise/pointcloud"
)

// Known is what a classifier keeps of the shapes that it learned from, to tell
// what is unlike all of them. See the manual of the package for the rule.
type Known struct {
	Points   int       `json:"points"`   // that a profile is taken from
	Limit    float64   `json:"limit"`    // distance beyond which a shape is unlike; 0 if there are too few to tell
	Units    []float64 `json:"units"`    // of the differences of each quantile
	Profiles []byte    `json:"profiles"` // one after another
}

const (
	mostKnown = 2048 // profiles that are kept
	profiled  = 1024 // points that a profile is taken from, if there are as many
	pairs     = 4096 // pairs at random
	nearby    = 8    // neighbours of each point
	levels    = 16   // quantiles of each distribution
	measures  = 8    // distributions of a profile
	profile   = levels * measures
	miss      = 0.02 // share of shapes like those learned that are called unlike
)

// NewKnown profiles the training examples, or as many as are kept of them, and
// finds the distance beyond which a shape is unlike them. It depends on the
// examples alone; of fewer than two it is nil. O(n²) time in their number.
func NewKnown(examples []Example) *Known {
	if len(examples) > mostKnown {
		chosen := rand.New(rand.NewPCG(0, 0)).Perm(len(examples))[:mostKnown]
		slices.Sort(chosen)
		some := make([]Example, mostKnown)
		for i, n := range chosen {
			some[i] = examples[n]
		}
		examples = some
	}
	if len(examples) < 2 {
		return nil
	}
	n := len(examples)
	points := make([]int, n)
	parallel.Each(n, func(i int) { points[i] = differing(draw(examples[i], profiled)) })
	slices.Sort(points)
	k := &Known{Points: points[n/10], Units: slices.Repeat([]float64{1}, profile), Profiles: make([]byte, n*profile)}
	parallel.Each(n, func(i int) { copy(k.at(i), profileOf(draw(examples[i], k.Points))) })
	k.measure()
	nearest := make([]float64, n)
	parallel.Each(n, func(i int) { _, nearest[i] = k.nearest(k.at(i), i) })
	if limit := train.Conformal(nearest, miss); !math.IsInf(limit, 1) {
		k.Limit = limit
	}
	return k
}

// measure finds the units of the quantiles: how much each differs on average
// between a known shape and the nearest other, half a step of the quantiles added.
func (k *Known) measure() {
	n := len(k.Profiles) / profile
	others := make([]int, n)
	parallel.Each(n, func(i int) { others[i], _ = k.nearest(k.at(i), i) })
	for j := range k.Units {
		sum := 0.0
		for i, other := range others {
			sum += math.Abs(float64(k.at(i)[j]) - float64(k.at(other)[j]))
		}
		k.Units[j] = sum/float64(n) + 0.5
	}
}

// Tells reports whether there are enough profiles to tell what is unlike them.
func (k *Known) Tells() bool { return k != nil && k.Limit > 0 }

// validate reports what is wrong with k, which may be nil, if anything.
func (k *Known) validate() error {
	switch {
	case k == nil:
		return nil
	case k.Points < 1 || k.Points > profiled:
		return fmt.Errorf("known shapes: want 1 to %d points, got %d", profiled, k.Points)
	case len(k.Profiles)%profile != 0 || len(k.Profiles) < profile || len(k.Profiles) > mostKnown*profile:
		return fmt.Errorf("known shapes: want 1 to %d profiles of %d bytes, got %d bytes", mostKnown, profile, len(k.Profiles))
	case !(k.Limit >= 0 && k.Limit <= math.MaxUint16):
		return fmt.Errorf("known shapes: want a limit from 0 to %d, got %v", math.MaxUint16, k.Limit)
	case len(k.Units) != profile:
		return fmt.Errorf("known shapes: want %d units, got %d", profile, len(k.Units))
	}
	for i, u := range k.Units {
		if !(u >= 0.5 && u <= math.MaxUint16) {
			return fmt.Errorf("known shapes: want units from 0.5 to %d, got %v for number %d", math.MaxUint16, u, i)
		}
	}
	return nil
}

// Distance returns how far an example is from the nearest of the known shapes,
// where 1 is about as far as these are from each other, and how many of its
// points that rests on: with fewer than k.Points, it means little.
func (k *Known) Distance(e Example) (distance float64, points int) {
	c := draw(e, k.Points)
	_, distance = k.nearest(profileOf(c), -1)
	return distance, differing(c)
}

func (k *Known) at(i int) []byte { return k.Profiles[i*profile : (i+1)*profile] }

// nearest returns the known profile that is nearest to p, that of number but
// aside, and its distance; -1 if there is none.
func (k *Known) nearest(p []byte, but int) (number int, distance float64) {
	number, distance = -1, math.Inf(1)
	for i := range len(k.Profiles) / profile {
		if i == but {
			continue
		}
		sum := 0.0
		for j, x := range k.at(i) {
			sum += math.Abs(float64(p[j])-float64(x)) / k.Units[j]
		}
		if sum < distance*profile {
			number, distance = i, sum/profile
		}
	}
	return number, distance
}

// draw returns points of an example, the same each time.
func draw(e Example, n int) pointcloud.Cloud {
	return e.Points(n, rand.New(rand.NewPCG(0, 1)))
}

// differing returns how many of the points differ.
func differing(c pointcloud.Cloud) int {
	seen := make(map[[3]float32]bool, c.Len())
	for _, p := range c.Points {
		seen[p] = true
	}
	return len(seen)
}

// A spread counts values from 0 to 1 in steps of 1/255.
type spread struct {
	counts [256]int
	n      int
}

func (s *spread) add(x float64) {
	if !(x > 0) {
		x = 0
	}
	s.counts[uint8(math.Round(math.MaxUint8*min(x, 1)))]++
	s.n++
}

// quantiles appends the values that the middles of as many equal parts have.
func (s *spread) quantiles(to []byte) []byte {
	below, at := 0, 0
	for q := range levels {
		for rank := (2*q + 1) * s.n / (2 * levels); at < 255 && below+s.counts[at] <= rank; at++ {
			below += s.counts[at]
		}
		to = append(to, uint8(at))
	}
	return to
}

// profileOf returns the profile of a cloud.
func profileOf(c pointcloud.Cloud) []byte {
	c = pointcloud.Cloud{Points: c.UnitSphere().Points}.WithNormals(around)
	var m [measures]spread
	for i, p := range c.Points {
		m[0].add(length(p))
		m[1].add(math.Abs(float64(dot(p, c.Normals[i]))))
	}
	pair := func(m []spread, i, j int) {
		p, q := c.Points[i], c.Points[j]
		d := [3]float32{p[0] - q[0], p[1] - q[1], p[2] - q[2]}
		if far := length(d); far > 0 {
			m[0].add(far / 2)
			m[1].add(math.Abs(float64(dot(c.Normals[i], c.Normals[j]))))
			m[2].add(math.Abs(float64(dot(c.Normals[i], d))) / far)
		}
	}
	rng := rand.New(rand.NewPCG(0, 2))
	for range pairs {
		pair(m[2:5], rng.IntN(c.Len()), rng.IntN(c.Len()))
	}
	near := c.Neighbours(nearby + 1) // the point itself among them
	for i := range c.Points {
		for _, j := range near.Of(i) {
			pair(m[5:8], i, int(j))
		}
	}
	out := make([]byte, 0, profile)
	for i := range m {
		out = m[i].quantiles(out)
	}
	return out
}

func length(p [3]float32) float64 { return math.Sqrt(float64(dot(p, p))) }

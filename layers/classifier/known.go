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
	Points   int     `json:"points"`   // that a profile is taken from
	Limit    float64 `json:"limit"`    // distance beyond which a shape is unlike; 0 if there are too few to tell
	Profiles []byte  `json:"profiles"` // one after another
}

const (
	mostKnown = 2048 // profiles that are kept
	profiled  = 1024 // points that a profile is taken from, if there are as many
	pairs     = 4096 // pairs at random
	nearby    = 8    // neighbours of each point
	levels    = 16   // quantiles of each distribution
	measures  = 8    // distributions of a profile
	profile   = levels * measures
	miss      = 0.01 // share of shapes like those learned that are called unlike
)

// NewKnown profiles the training examples, or as many as are kept of them, and
// finds the distance beyond which a shape is unlike them. It depends on the
// examples alone. O(n²) time in their number.
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
	if len(examples) == 0 {
		return nil
	}
	n := len(examples)
	points := make([]int, n)
	parallel.Each(n, func(i int) { points[i] = differing(draw(examples[i], profiled)) })
	slices.Sort(points)
	k := &Known{Points: points[n/10], Profiles: make([]byte, n*profile)}
	parallel.Each(n, func(i int) { copy(k.at(i), profileOf(draw(examples[i], k.Points))) })
	nearest := make([]float64, n)
	parallel.Each(n, func(i int) { nearest[i] = k.nearest(k.at(i), i) })
	if limit := train.Conformal(nearest, miss); !math.IsInf(limit, 1) {
		k.Limit = limit
	}
	return k
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
	case !(k.Limit >= 0 && k.Limit <= 1):
		return fmt.Errorf("known shapes: want a limit from 0 to 1, got %v", k.Limit)
	}
	return nil
}

// Distance returns how far an example is from the nearest of the known shapes,
// from 0 to 1, and how many of its points that rests on: with fewer than
// k.Points, it means little.
func (k *Known) Distance(e Example) (distance float64, points int) {
	c := draw(e, k.Points)
	return k.nearest(profileOf(c), -1), differing(c)
}

func (k *Known) at(i int) []byte { return k.Profiles[i*profile : (i+1)*profile] }

// nearest returns the distance from a profile to the nearest known one, that of
// number but aside.
func (k *Known) nearest(p []byte, but int) float64 {
	least := math.MaxUint8 * profile
	for i := range len(k.Profiles) / profile {
		if i == but {
			continue
		}
		sum := 0
		for j, x := range k.at(i) {
			d := int(p[j]) - int(x)
			sum += max(d, -d)
		}
		least = min(least, sum)
	}
	return float64(least) / (math.MaxUint8 * profile)
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

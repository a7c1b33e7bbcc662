package classifier

import (
	"math"
	"math/rand/v2"
	"slices"

	"setwise/internal/parallel"
	"setwise/layers/train"
)

// Known is what a classifier keeps of the shapes that it learned from, to tell
// what is unlike all of them. See the manual of the package for the rule.
type Known struct {
	profiles [][]byte
	limit    float64
}

const (
	mostKnown  = 2048 // profiles that are kept
	profiled   = 1024 // points that a profile is taken from
	pairs = 4096
	around=16 // pairs of them
	levels     = 16   // quantiles of each distribution
	measures   = 8    // distributions of a profile
	profileLen = levels * measures
	missKnown  = 0.01 // share of shapes like those learned that are called unlike
)

// NewKnown profiles examples, at most 2,048 of them, picked at random, and
// finds the distance beyond which a shape is unlike them. The result depends on
// the examples alone. O(n²) time in their number.
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
	k := &Known{profiles: make([][]byte, len(examples))}
	parallel.Each(len(examples), func(i int) { k.profiles[i] = profile(examples[i]) })
	nearest := make([]float64, len(examples))
	parallel.Each(len(examples), func(i int) { nearest[i] = k.nearest(k.profiles[i], i) })
	k.limit = train.Conformal(nearest, missKnown)
	return k
}

// Tells reports whether there are enough profiles to tell what is unlike them.
func (k *Known) Tells() bool { return k != nil && !math.IsInf(k.limit, 1) }

// nearest returns the distance from a profile to the nearest known one, that of
// number but aside.
func (k *Known) nearest(p []byte, but int) float64 {
	least := math.MaxInt
	for i, q := range k.profiles {
		if i == but {
			continue
		}
		sum := 0
		for j := range p {
			d := int(p[j]) - int(q[j])
			sum += max(d, -d)
		}
		least = min(least, sum)
	}
	return float64(least) / (math.MaxUint8 * profileLen)
}

// profile returns quantiles of how points are spread in an example: see the
// manual of the package.
func profile(e Example) []byte {
	rng := rand.New(rand.NewPCG(1, 0))
	c := e.Points(profiled, rng).UnitSphere()
	c.Normals = nil
	c = c.WithNormals(around)
	var m [measures][]float64
	for i, p := range c.Points {
		m[0] = append(m[0], length(p))
		m[1] = append(m[1], abs(dot(p, c.Normals[i])))
	}
	add := func(at, i, j int) {
		p, q := c.Points[i], c.Points[j]
		d := [3]float32{p[0] - q[0], p[1] - q[1], p[2] - q[2]}
		far := length(d)
		if far == 0 {
			return
		}
		m[at] = append(m[at], far/2)
		m[at+1] = append(m[at+1], abs(dot(c.Normals[i], c.Normals[j])))
		m[at+2] = append(m[at+2], abs(dot(c.Normals[i], d))/far)
	}
	for range pairs {
		i, j := rng.IntN(c.Len()), rng.IntN(c.Len())
		add(2, i, j)
	}
	r := c.Neighbours(9)
	for i := range c.Points {
		for _, j := range r.Of(i) {
			add(5, i, int(j))
		}
	}
	out := make([]byte, 0, profileLen)
	for _, values := range m {
		slices.Sort(values)
		for q := range levels {
			x := 0.
			if len(values) > 0 {
				x = values[(2*q+1)*len(values)/(2*levels)]
			}
			out = append(out, uint8(math.Round(math.MaxUint8*min(max(x, 0), 1))))
		}
	}
	return out
}

func length(p [3]float32) float64 { return math.Sqrt(float64(dot(p, p))) }
func abs(x float32) float64       { return math.Abs(float64(x)) }

package pointcloud

import (
	"iter"
	"math"

	"setwise/set"
)

// NewCloud returns the cloud of some places, with an origin if their coordinates
// need one: see "Large coordinates" in the package comment. A place that is not
// finite becomes a point that is not. O(places).
func NewCloud(places [][3]float64) Cloud {
	c := Cloud{Points: make([][3]float32, len(places))}
	var p Places
	for i, x := range places {
		c.Points[i] = p.Add(x)
	}
	c.Origin = p.Settle(c.Points)
	return c
}

// Place returns where point i of c is: Origin + Points[i], in float64.
func (c Cloud) Place(i int) [3]float64 { return plus(c.Origin, wide(c.Points[i])) }

// Place returns where vertex i of m is: Origin + Vertices[i], in float64.
func (m Mesh) Place(i int) [3]float64 { return plus(m.Origin, wide(m.Vertices[i])) }

// WithOrigin returns c measured from another origin: all points are where they
// were, up to one rounding to float32. From the zero origin coordinates are what
// programs see that know no other, and as coarse.
func (c Cloud) WithOrigin(origin [3]float64) Cloud {
	out := c.Clone()
	remeasure(out.Points, c.Origin, origin)
	out.Origin = origin
	return out
}

// WithOrigin returns m measured from another origin: see [Cloud.WithOrigin].
func (m Mesh) WithOrigin(origin [3]float64) Mesh {
	out := m.Clone()
	remeasure(out.Vertices, m.Origin, origin)
	out.Origin = origin
	return out
}

func remeasure(points [][3]float32, from, to [3]float64) {
	if from == to {
		return
	}
	d := sub(from, to)
	for i, p := range points {
		points[i] = narrow(plus(wide(p), d))
	}
}

// together returns two clouds measured from one origin: along each axis that of
// the two which is farther from zero, for coordinates that need no origin may be
// measured from any.
func together(a, b Cloud) (Cloud, Cloud) {
	if a.Origin == b.Origin {
		return a, b
	}
	o := a.Origin
	for k, x := range b.Origin {
		if math.Abs(x) > math.Abs(o[k]) || x == -o[k] && x > 0 {
			o[k] = x
		}
	}
	return a.WithOrigin(o), b.WithOrigin(o)
}

// move moves points, measured from an origin, by a motion or another map R x + T
// of places, and returns the origin from which they are measured then: where the
// old one is moved to, in whole numbers and without those that float32 has no
// need of.
func (m Rigid) move(points [][3]float32, from [3]float64) (to [3]float64) {
	if from != ([3]float64{}) {
		to, m.T = settle(plus(m.R.of(from), m.T))
	}
	for i, p := range points {
		points[i] = narrow(plus(m.R.of(wide(p)), m.T))
	}
	return to
}

func plus(a, b [3]float64) [3]float64 { return [3]float64{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

// Large is from where on a coordinate is large: there, the steps of float32 are a
// thousandth or more. Smaller coordinates are what they are in float32.
const Large = 1 << 13

// tooLarge is from where on float64 has whole numbers alone, and an origin would be
// of no use.
const tooLarge = 1 << 53

// Relative returns a coordinate as it is measured from an origin: in float32, to
// which one that is not large is rounded first.
func Relative(x, origin float64) float32 {
	if math.Abs(x) < Large {
		x = float64(float32(x))
	}
	return float32(x - origin)
}

// useful reports whether an origin is large enough, and not too large.
func useful(o float64) bool { return math.Abs(o) >= Large && math.Abs(o) < tooLarge }

// settle returns a place as an origin, in whole numbers and without those that
// float32 has no need of, and what is left of it.
func settle(place [3]float64) (origin, rest [3]float64) {
	for k, x := range place {
		if o := math.Round(x); useful(o) {
			origin[k] = o
		}
		rest[k] = x - origin[k]
	}
	return origin, rest
}

// Places finds the origin of points that come one after the other, for whoever
// reads a format of her own: see "Large coordinates" in the package comment, and
// [NewCloud] where all places are at hand. It takes memory, 24 bytes a point, from
// the first point on of which float32 loses something. The zero value is ready to
// use.
type Places struct {
	n     int
	loses [3]bool        // axes along which float32 loses something
	first int            // the first point in slabs
	slabs [][][3]float64 // points from there on
}

const (
	firstSlab = 64
	mostSlab  = 1 << 14 // points, 384 KiB
)

// lost is whether float32 loses something of a coordinate that matters.
func lost(x float64) bool { return useful(x) && float64(float32(x)) != x }

// Add adds the next point, and returns it as it is to be kept until all are settled:
// the nearest float32. O(1).
func (p *Places) Add(place [3]float64) [3]float32 {
	if p.slabs != nil || lost(place[0]) || lost(place[1]) || lost(place[2]) {
		p.keep(place)
	}
	p.n++
	return narrow(place)
}

func (p *Places) keep(place [3]float64) {
	for k, x := range place {
		p.loses[k] = p.loses[k] || lost(x)
	}
	last := len(p.slabs) - 1
	switch {
	case last < 0:
		p.first = p.n
		fallthrough
	case len(p.slabs[last]) == cap(p.slabs[last]):
		room := min(max(p.n-p.first, firstSlab), mostSlab)
		p.slabs = append(p.slabs, make([][3]float64, 0, room))
		last++
	}
	p.slabs[last] = append(p.slabs[last], place)
}

// Settle returns the origin of the points that were added, measures them from it
// where they are kept, and forgets them. If none was added, as nobody needs to where
// float32 has all that there is, the origin is zero. It panics with a
// [*set.ShapeError] if there are other than as many points as were added. O(points).
func (p *Places) Settle(points [][3]float32) (origin [3]float64) {
	if p.n != 0 && len(points) != p.n {
		panic(set.Mismatch("pointcloud.Places", "the %d points that were added, got %d", p.n, len(points)))
	}
	for k := range origin {
		o := p.origin(points, k)
		if o == 0 {
			continue
		}
		origin[k] = o
		for i, x := range p.along(points, k) {
			points[i][k] = Relative(x, o)
		}
	}
	*p = Places{}
	return origin
}

// origin returns the origin along an axis: the median as a whole number, if that
// is large, something is lost without it, and it lies four times nearer to most
// points than zero does; else 0.
func (p *Places) origin(points [][3]float32, k int) float64 {
	if !p.loses[k] {
		return 0
	}
	o := math.Round(p.median(points, k))
	if !useful(o) {
		return 0
	}
	nearer := 0
	for _, x := range p.along(points, k) {
		if 4*math.Abs(x-o) <= math.Abs(x) {
			nearer++
		}
	}
	if 2*nearer <= p.n {
		return 0
	}
	return o
}

// along returns the coordinates of all points along an axis, with their numbers.
func (p *Places) along(points [][3]float32, k int) iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) {
		for i := range p.first {
			if !yield(i, float64(points[i][k])) {
				return
			}
		}
		i := p.first
		for _, slab := range p.slabs {
			for _, place := range slab {
				x := place[k]
				if math.Abs(x) < Large {
					x = float64(points[i][k])
				}
				if !yield(i, x) {
					return
				}
				i++
			}
		}
	}
}

// median returns the median of the coordinates along an axis, the lower of two,
// by counting 16 bits of them at a time from the highest.
func (p *Places) median(points [][3]float32, k int) float64 {
	count := make([]int, 1<<16)
	rank, found := (p.n-1)/2, uint64(0)
	for shift := 48; shift >= 0; shift -= 16 {
		clear(count)
		for _, x := range p.along(points, k) {
			if key := ascending(x); key>>(shift+16) == found {
				count[key>>shift&(1<<16-1)]++
			}
		}
		digit := 0
		for ; rank >= count[digit]; digit++ {
			rank -= count[digit]
		}
		found = found<<16 | uint64(digit)
	}
	if found>>63 == 0 {
		return math.Float64frombits(^found)
	}
	return math.Float64frombits(found &^ (1 << 63))
}

// ascending maps numbers to integers that are ordered like them.
func ascending(x float64) uint64 {
	b := math.Float64bits(x)
	if b>>63 == 1 {
		return ^b
	}
	return b | 1<<63
}

package pointcloud

import (
	"cmp"
	"math"
	"slices"

	"setwise/internal/elementary"
	"setwise/internal/kernel"
	"setwise/set"
)

// A Neighbour is a point that was found near a place: its index in the cloud,
// and its squared distance.
type Neighbour struct {
	Index   int32
	Squared float64
}

// order compares neighbours by distance and then by index.
func (a Neighbour) order(b Neighbour) int {
	return cmp.Or(cmp.Compare(a.Squared, b.Squared), cmp.Compare(a.Index, b.Index))
}

// Nearest appends to into the k points nearest to q, nearest first, those
// equally far by index; all points if there are fewer than k. Nothing is near a
// place that is not finite. It panics with a [*set.ShapeError] for a negative k.
// It allocates nothing if into has room for k more, or, for a k above 64, for
// 2 k. O(log(points) + k) time for most clouds and places.
func (t *Tree) Nearest(q [3]float32, k int, into []Neighbour) []Neighbour {
	if k < 0 {
		panic(set.Mismatch("pointcloud.Tree.Nearest", "k of 0 or more, got %d", k))
	}
	return t.nearest(q, k, math.Inf(1), into)
}

// Within appends to into the points no farther than radius from q, a distance
// of radius included, nearest first, those equally far by index. Of more than
// most points it takes the nearest; 0 stands for no limit. Nothing is near a
// place that is not finite. It panics with a [*set.ShapeError] if radius or most
// is negative or NaN.
func (t *Tree) Within(q [3]float32, radius float64, most int, into []Neighbour) []Neighbour {
	within("Tree.Within", radius, most)
	return t.nearest(q, limit(most, len(t.points)), radius*radius, into)
}

// First appends to into the points no farther than radius from q in the order
// of their indices. Of more than most points it takes the first ones, as the
// ball query of PointNet++ does (C. R. Qi and others, 2017), which leaves out a
// distance of radius itself; 0 stands for no limit. In all else it is like
// [Tree.Within].
func (t *Tree) First(q [3]float32, radius float64, most int, into []Neighbour) []Neighbour {
	within("Tree.First", radius, most)
	s := search{tree: t, k: limit(most, len(t.points)), squared: radius * radius, first: true}
	return s.find(q, into)
}

func (t *Tree) nearest(q [3]float32, k int, squared float64, into []Neighbour) []Neighbour {
	s := search{tree: t, k: k, squared: squared}
	return s.find(q, into)
}

// within panics if an operation cannot search a ball of some radius for most points.
func within(op string, radius float64, most int) {
	if !(radius >= 0) {
		panic(set.Mismatch("pointcloud."+op, "a radius of 0 or more, got %v", radius))
	}
	if most < 0 {
		panic(set.Mismatch("pointcloud."+op, "most of 0 or more, got %d", most))
	}
}

// limit returns most, or n for no limit.
func limit(most, n int) int {
	if most == 0 {
		return n
	}
	return most
}

// sorted is the largest k for which neighbours are kept sorted while they are
// found. More are gathered and now and then sorted and cut to k.
const sorted = 64

// A search looks for the k points nearest to places, or first in the cloud. It
// can be used for one place after another.
type search struct {
	tree    *Tree
	k       int
	squared float64 // the squared distance up to which to look
	first   bool    // order by index alone

	q     [3]float32
	place [4]float64 // q, and a zero so that a mask bounds the axis
	off   [4]float64 // squared distances along the axes from q to the node
	near  []Neighbour
	worst Neighbour // the last neighbour that could still matter
	gate  float32   // never below worst.Squared, for distances in float32

	at [bucket + kernel.Slack]int32 // of a leaf, the points within the gate
	d  [bucket + kernel.Slack]float32
}

// find appends what is near q to into.
func (s *search) find(q [3]float32, into []Neighbour) []Neighbour {
	t := s.tree
	s.k = min(s.k, len(t.points))
	if s.k == 0 || !elementary.FiniteVector(q) {
		return into
	}
	s.q, s.near = q, into[len(into):] // where append will find them in place
	s.reach(Neighbour{math.MaxInt32, s.squared})
	for i, x := range q {
		s.place[i] = float64(x)
		d := max(float64(t.box.Min[i])-s.place[i], s.place[i]-float64(t.box.Max[i]), 0)
		s.off[i] = d * d
	}
	s.walk(0)
	if s.k > sorted || s.first {
		s.cut()
	}
	return append(into, s.near...)
}

// walk visits the leaves under a node that may hold a neighbour, the nearer side
// first. Distances to nodes are taken as those to points are, and rounding keeps
// order, so none of a node's points is nearer than the node.
func (s *search) walk(at int32) {
	n := &s.tree.nodes[at]
	if n.axis < 0 {
		a, b := int(n.a), int(n.b)
		if n.axis == equal {
			b = min(b, a+s.k)
		}
		s.scan(a, b)
		return
	}
	axis := n.axis & 3
	x := s.place[axis]
	near, far := at+1, n.a
	off, gap := float64(n.above)-x, x-float64(n.below)
	if gap >= off {
		near, far, off = far, near, gap
	}
	s.walk(near)
	old := s.off[axis]
	s.off[axis] = off * off
	if s.off[0]+s.off[1]+s.off[2] <= s.worst.Squared {
		s.walk(far)
	}
	s.off[axis] = old
}

// scan looks at points a to b of the tree. Most are too far even in float32,
// whose rounding the gate allows for; the others are measured in float64.
func (s *search) scan(a, b int) {
	t := s.tree
	for ; a < b; a += bucket {
		e := min(a+bucket, b)
		n := kernel.Within(s.at[:], s.d[:], t.x[a:e], t.y[a:e], t.z[a:e], s.q, s.gate)
		for i, d := range s.d[:n] {
			if d <= s.gate { // which has closed since
				p := a + int(s.at[i])
				s.offer(Neighbour{t.index[p], squared(t.points[p], s.q)})
			}
		}
	}
}

// squared returns the squared distance of p and q.
func squared(p, q [3]float32) float64 {
	x, y, z := float64(p[0])-float64(q[0]), float64(p[1])-float64(q[1]), float64(p[2])-float64(q[2])
	// Conversions keep processors that can from rounding product and sum as one.
	return float64(x*x) + float64(y*y) + float64(z*z)
}

// offer takes a point among the neighbours if it belongs there.
func (s *search) offer(p Neighbour) {
	if s.first {
		if p.Squared <= s.squared && p.Index <= s.worst.Index {
			s.gather(p)
		}
		return
	}
	if p.Squared > s.worst.Squared || p.Squared == s.worst.Squared && p.Index > s.worst.Index {
		return
	}
	if s.k > sorted {
		s.gather(p)
		return
	}
	at := len(s.near)
	if at < s.k {
		s.near = append(s.near, p)
	} else {
		at--
	}
	near := s.near
	for ; at > 0; at-- {
		last := near[at-1]
		if last.Squared <= p.Squared && (last.Squared < p.Squared || last.Index < p.Index) {
			break
		}
		near[at] = last
	}
	near[at] = p
	if len(near) == s.k {
		s.reach(near[s.k-1])
	}
}

// gather appends a point, and sorts and cuts when there are twice as many as wanted.
func (s *search) gather(p Neighbour) {
	s.near = append(s.near, p)
	if len(s.near) >= 2*s.k && s.k < len(s.tree.points) {
		s.cut()
	}
}

// cut sorts the neighbours and leaves k.
func (s *search) cut() {
	if s.first {
		slices.SortFunc(s.near, func(a, b Neighbour) int { return cmp.Compare(a.Index, b.Index) })
	} else {
		slices.SortFunc(s.near, Neighbour.order)
	}
	if len(s.near) < s.k {
		return
	}
	s.near = s.near[:s.k]
	if last := s.near[s.k-1]; s.first {
		s.worst.Index = last.Index
	} else {
		s.reach(last)
	}
}

// reach takes p for the last neighbour that could still matter. The gate is
// what float32 could make of its distance, and more: three squares of
// differences and their sum err by less than 1e-6 of it, and by less than 1e-44
// where they underflow.
func (s *search) reach(p Neighbour) {
	s.worst = p
	s.gate = float32(float64(p.Squared*(1+1e-6)) + 1e-44)
}

package pointcloud

import (
	"errors"
	"fmt"
	"math"

	"setwise/internal/elementary"
)

// Farthest returns the indices of k points of c that lie far from one another,
// by farthest point sampling: the first is given, and each that follows is the
// one farthest from those chosen before it,
//
//	s[0] = first
//	s[j] = the i not chosen yet with the largest min over m < j of |p[i] - p[s[m]]|
//
// of points equally far the one of lower index (T. F. Gonzalez, "Clustering to
// minimize the maximum intercluster distance", 1985; Y. Eldar and others, "The
// farthest point strategy for progressive image sampling", 1997). They come in
// the order in which they are chosen, so a prefix is the sample of fewer points,
// and [Cloud.Select] makes a cloud of them:
//
//	indices, err := cloud.Farthest(1024, 0) // or cloud.Outermost() for 0
//	if err != nil { ... }
//	cloud = cloud.Select(indices...)
//
// Distances are those of [Tree], in float64, and the result is that of
// [FarthestBy] with their squares, index for index. Where all that is left
// equals points chosen before, as in a cloud whose points are all equal, the
// rest come by index. Clouds on a line or a plane, and coordinates as large as
// float32 holds, are like any other. k may be 0, for no points.
//
// It is an error if k is negative or more than there are points, if k is not 0
// and there is no point first, or if a coordinate is not finite. O((points + k)
// log(points)) time for most clouds.
func (c Cloud) Farthest(k, first int) ([]int, error) {
	t, err := NewTree(c.Points)
	if err != nil {
		return nil, err
	}
	return t.Farthest(k, first)
}

// Outermost returns the index of the point farthest from the centroid of c, a
// place to begin [Cloud.Farthest] that does not depend on which point is stored
// first; of points equally far the lowest. The mean and the squared distances
// are taken in float64. The mean is rounded, and how depends on the order of
// the points: see [Cloud.Canonical] where the last digit may decide. No points,
// or a coordinate that is not finite, give -1, which no point has. O(points).
func (c Cloud) Outermost() int {
	center := c.mean()
	at, far := -1, math.Inf(-1)
	for i, p := range c.Points {
		if !elementary.FiniteVector(p) {
			return -1
		}
		d := sub(wide(p), center)
		if squared := dot(d, d); squared > far {
			at, far = i, squared
		}
	}
	return at
}

// FarthestBy is farthest point sampling of n things by any distance: see
// [Cloud.Farthest]. It calls distance(i, j) with an i not chosen yet and the j
// chosen last, and knows nothing else of it: it need not be symmetric, may be
// negative or infinite, and may be squared or not, for only its order counts.
// It is an error if k is negative or more than n, if n is 2^31 or more, if k is
// not 0 and first is not among the n or distance is nil, or if a distance is NaN.
// O(n k) calls.
func FarthestBy(n, k, first int, distance func(i, j int) float64) ([]int, error) {
	if err := farthest(n, k, first); err != nil {
		return nil, err
	}
	if n > mostPoints {
		return nil, fmt.Errorf("pointcloud: want at most %d things to choose from, got %d", mostPoints, n)
	}
	if k > 0 && distance == nil {
		return nil, errors.New("pointcloud: want a distance to choose by, got nil")
	}
	near := make([]float64, n) // the distance to the nearest one chosen
	for i := range near {
		near[i] = math.Inf(1)
	}
	chosen := make([]bool, n)
	out := make([]int, 0, k)
	for j := first; len(out) < k; {
		out, chosen[j] = append(out, j), true
		next := -1
		for i := range near {
			if chosen[i] {
				continue
			}
			d := distance(i, j)
			if d != d {
				return nil, fmt.Errorf("pointcloud: want numbers for distances, got NaN between %d and %d", i, j)
			}
			near[i] = min(near[i], d)
			if next < 0 || near[i] > near[next] {
				next = i
			}
		}
		j = next
	}
	return out, nil
}

// farthest reports whether k of n points can be chosen, beginning with first.
func farthest(n, k, first int) error {
	switch {
	case k < 0 || k > n:
		return fmt.Errorf("pointcloud: want 0 to %d farthest points of as many, got %d", n, k)
	case k > 0 && (first < 0 || first >= n):
		return fmt.Errorf("pointcloud: want a first point from 0 to %d, got %d", n-1, first)
	}
	return nil
}

// Farthest is [Cloud.Farthest] for the points of the tree.
func (t *Tree) Farthest(k, first int) ([]int, error) {
	if err := farthest(t.Len(), k, first); err != nil {
		return nil, err
	}
	if k == 0 {
		return []int{}, nil
	}
	out := t.different(k, first)
	if len(out) == k {
		return out, nil
	}
	// All others equal a point that was chosen.
	chosen := make([]bool, t.Len())
	for _, i := range out {
		chosen[i] = true
	}
	for i := 0; len(out) < k; i++ {
		if !chosen[i] {
			out = append(out, i)
		}
	}
	return out, nil
}

// different returns up to k points, of which there is one, in the order in which
// they are chosen: all at different places.
func (t *Tree) different(k, first int) []int {
	out := make([]int, 0, k)
	for s := t.spread(first); len(out) < k && s.next().squared > 0; s.choose() {
		out = append(out, int(s.next().index))
	}
	return out
}

// A spread is farthest point sampling under way. Every node of the tree knows
// its farthest point, so the next to choose is the root's, and a choice is made
// known only to the nodes that are nearer to it than their farthest point: no
// other has a point that comes nearer. (Buckets of points that know their
// farthest are those of M. Han and others, "QuickFPS", 2023.)
type spread struct {
	tree    *Tree
	squared []float64  // of each point, to the nearest one chosen
	far     []farPoint // of each node

	at  [4]float64 // the point chosen last, as in a search
	off [4]float64
}

// A farPoint is a point, its squared distance to the nearest one chosen, and
// its place in the tree.
type farPoint struct {
	squared float64
	index   int32
	place   int32
}

// before reports whether p is to be chosen before q.
func (p farPoint) before(q farPoint) bool {
	return p.squared > q.squared || p.squared == q.squared && p.index < q.index
}

// spread begins a sampling of t, which is not empty, that will choose a given
// point first.
func (t *Tree) spread(first int) *spread {
	s := &spread{tree: t, squared: make([]float64, len(t.points)), far: make([]farPoint, len(t.nodes))}
	for i := range s.squared {
		s.squared[i] = math.Inf(1)
	}
	for i := range s.far {
		s.far[i].squared = math.Inf(1)
	}
	for place, i := range t.index {
		if int(i) == first {
			s.far[0] = farPoint{math.Inf(1), i, int32(place)}
		}
	}
	return s
}

// next returns the point to choose next. If its distance is 0, all points are
// chosen or equal to one that is.
func (s *spread) next() farPoint { return s.far[0] }

// choose chooses the next point, whose distance is more than 0.
func (s *spread) choose() {
	for i, x := range s.tree.points[s.next().place] {
		s.at[i], s.off[i] = float64(x), 0
	}
	s.update(0)
}

// update tells a node of the point chosen last. As in a search, the distance to
// the node is kept up to date axis by axis, and is none but 0 for the root,
// which holds the point.
func (s *spread) update(id int32) {
	n := &s.tree.nodes[id]
	if n.axis < 0 {
		s.far[id] = s.scan(int(n.a), int(n.b))
		return
	}
	axis := n.axis & 3
	x := s.at[axis]
	near, far := id+1, n.a
	off, gap := float64(n.above)-x, x-float64(n.below)
	if gap >= off {
		near, far, off = far, near, gap
	}
	if s.distance() < s.far[near].squared {
		s.update(near)
	}
	old := s.off[axis]
	s.off[axis] = off * off
	if s.distance() < s.far[far].squared {
		s.update(far)
	}
	s.off[axis] = old
	s.far[id] = s.far[near]
	if s.far[far].before(s.far[near]) {
		s.far[id] = s.far[far]
	}
}

func (s *spread) distance() float64 { return s.off[0] + s.off[1] + s.off[2] }

// scan updates the points of a leaf and returns the farthest.
func (s *spread) scan(a, b int) farPoint {
	far, best := a, math.Inf(-1)
	x, y, z := s.at[0], s.at[1], s.at[2]
	points, index := s.tree.points[a:b], s.tree.index[a:b]
	near := s.squared[a:b]
	for i := range near {
		p := &points[i]
		dx, dy, dz := float64(p[0])-x, float64(p[1])-y, float64(p[2])-z
		d := float64(dx*dx) + float64(dy*dy) + float64(dz*dz) // as in squared
		if d < near[i] {
			near[i] = d
		}
		if d = near[i]; d > best || d == best && index[i] < s.tree.index[far] {
			far, best = a+i, d
		}
	}
	return farPoint{best, s.tree.index[far], int32(far)}
}

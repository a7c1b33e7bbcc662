package pointcloud

import (
	"fmt"

	"setwise/internal/elementary"
	"setwise/internal/parallel"
	"setwise/set"
)

// Neighbours returns the k nearest neighbours of each point of c as a relation:
// see [Tree.Neighbours]. It panics with a [*set.ShapeError] for a negative k
// and for points that are not finite.
func (c Cloud) Neighbours(k int) *set.Relation { return c.Tree().Neighbours(k) }

// Ball returns the neighbours of each point of c within a radius as a relation:
// see [Tree.Ball]. It panics with a [*set.ShapeError] if radius or most is
// negative or NaN, and for points that are not finite.
func (c Cloud) Ball(radius float64, most int) *set.Relation { return c.Tree().Ball(radius, most) }

// FirstBall returns the neighbours of each point of c that come first within a
// radius as a relation: see [Tree.FirstBall]. It panics with a
// [*set.ShapeError] if radius or most is negative or NaN, and for points that
// are not finite.
func (c Cloud) FirstBall(radius float64, most int) *set.Relation {
	return c.Tree().FirstBall(radius, most)
}

// Neighbours relates each point of the tree to the k points nearest to it,
// nearest first, those equally far by index; to all points if there are fewer
// than k. A point is a neighbour of itself, and its first one unless equal
// points have lower indices: where k of those do, it is not among them.
//
//	batch := pointcloud.Batch(cloud)
//	batch.Relations = append(batch.Relations, cloud.Neighbours(16))
//
// Clouds side by side are made one batch, relations included, by [set.Concat].
// The work is shared among the cores; the result does not depend on how. It
// panics with a [*set.ShapeError] for a negative k.
// O(points (log(points) + k)) time for most clouds.
func (t *Tree) Neighbours(k int) *set.Relation {
	if k < 0 {
		panic(set.Mismatch("pointcloud.Neighbours", "k of 0 or more, got %d", k))
	}
	n := t.Len()
	k = min(k, n)
	r := &set.Relation{Offsets: make(set.Offsets, n+1), Index: make([]int32, n*k)}
	for i := range r.Offsets {
		r.Offsets[i] = i * k
	}
	t.each(t, k, func(i int, near []Neighbour) {
		for j, p := range near {
			r.Index[i*k+j] = p.Index
		}
	})
	return r
}

// NearestAll returns the k points nearest to each of many places, nearest
// first, those equally far by index: for place i
//
//	near[i*m : (i+1)*m], where m = min(k, t.Len())
//
// It is like [Tree.Nearest] for each place, at a third of the time or less, for
// it looks at places that lie close together at once. The work is shared among
// the cores; the result does not depend on how. It is an error if a place is not
// finite; the error names the first such place. No places, no points, or a k of
// 0 give nothing. It panics with a [*set.ShapeError] for a negative k.
// O(places (log(places) + log(points) + k)) time for most clouds.
func (t *Tree) NearestAll(places [][3]float32, k int) ([]Neighbour, error) {
	if k < 0 {
		panic(set.Mismatch("pointcloud.Tree.NearestAll", "k of 0 or more, got %d", k))
	}
	for i, p := range places {
		if !elementary.FiniteVector(p) {
			return nil, fmt.Errorf("pointcloud: place %d: want finite coordinates, got %v", i, p)
		}
	}
	of, err := NewTree(places)
	if err != nil {
		return nil, err
	}
	k = min(k, t.Len())
	all := make([]Neighbour, len(places)*k)
	t.each(of, k, func(i int, near []Neighbour) { copy(all[i*k:], near) })
	return all, nil
}

// Ball relates each point of the tree to the points no farther than radius from
// it, a distance of radius included, nearest first, those equally far by index.
// Of more than most points it takes the nearest; 0 stands for no limit. A point
// is a neighbour of itself, as in [Tree.Neighbours]. The work is shared among
// the cores; the result does not depend on how. It panics with a
// [*set.ShapeError] if radius or most is negative or NaN. Without a limit it
// takes memory for all pairs that there are.
func (t *Tree) Ball(radius float64, most int) *set.Relation {
	within("Ball", radius, most)
	return t.ball(search{tree: t, k: limit(most, t.Len()), squared: radius * radius})
}

// FirstBall is like [Tree.Ball] but takes the points that come first in the
// cloud, in that order, as [Tree.First] does.
func (t *Tree) FirstBall(radius float64, most int) *set.Relation {
	within("FirstBall", radius, most)
	return t.ball(search{tree: t, k: limit(most, t.Len()), squared: radius * radius, first: true})
}

// ball runs a search for each point.
func (t *Tree) ball(s search) *set.Relation {
	const block = 1024 // points of the tree, side by side
	n := t.Len()
	found := make([][]int32, (n+block-1)/block)
	r := &set.Relation{Offsets: make(set.Offsets, n+1)}
	parallel.Each(len(found), func(b int) {
		s := s
		var near []Neighbour
		for at := b * block; at < min((b+1)*block, n); at++ {
			near = s.find(t.points[at], near[:0])
			for _, p := range near {
				found[b] = append(found[b], p.Index)
			}
			r.Offsets[t.index[at]+1] = len(near)
		}
	})
	for i := range n {
		r.Offsets[i+1] += r.Offsets[i]
	}
	r.Index = make([]int32, r.Offsets[n])
	parallel.Each(len(found), func(b int) {
		rest := found[b]
		for at := b * block; at < min((b+1)*block, n); at++ {
			rest = rest[copy(r.Of(int(t.index[at])), rest):]
		}
	})
	return r
}

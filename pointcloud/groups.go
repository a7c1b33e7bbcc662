package pointcloud

import (
	"fmt"
	"math"
	"strings"

	"setwise/internal/parallel"
	"setwise/set"
)

// Groups says how local groups are found in a cloud: which of its points are
// centres, and which points are near each of them. It is plain data, and what it
// finds is data too, a [set.Relation], made once from places and shared by all
// layers that ask for it.
//
//	Groups{Centres: 96, Near: 16}                // the 16 points nearest to each of 96 that lie far apart
//	Groups{Centres: 96, Near: 32, Radius: 0.2}   // at most 32, and none farther than 0.2
//	Groups{Cell: 0.05, Radius: 0.1}              // a centre in each voxel, all points within 0.1
//	Groups{Near: 20}                             // every point is a centre
//
// Clouds are the sets of a batch, of which the first three columns are places:
// see [Batch]. Everything is a function of the set: points are put in order
// first, by place and, of equal places, by their other columns, and the point that
// comes first in this order wins a tie. So the order of storage changes nothing,
// not a bit.
//
// A cloud may have fewer points than are asked for, one, or none: then there are
// fewer centres and neighbours, or none. Centres lie at different places, so that a
// cloud whose points are all equal has one.
type Groups struct {
	// Centres is the largest number of centres of a cloud, which are those of
	// farthest point sampling ([Cloud.Farthest]) beginning with the point that is
	// farthest from the mean. 0: every point is a centre.
	Centres int `json:"centres,omitempty"`

	// Random takes the centres at random instead: those whose places have the
	// smallest hash. The same cloud has the same ones every time, whatever is
	// beside it; other draws of a shape's points have others.
	Random bool `json:"random,omitempty"`

	// Cell takes a centre in each voxel of this size instead, the point nearest
	// to the mean of those in the voxel: see [Cloud.Voxels]. 0: no voxels.
	Cell float64 `json:"cell,omitempty"`

	// Near is the largest number of points of a group, the nearest to its
	// centre, which is one of them unless that many lie at its very place.
	// 0: no limit, and there is a Radius.
	Near int `json:"near,omitempty"`

	// Radius is how far a point of a group may lie from the centre, Radius
	// itself included. 0: any distance.
	Radius float64 `json:"radius,omitempty"`
}

// Validate reports what is wrong with g, if anything.
func (g Groups) Validate() error {
	within := func(x float64) bool { return x >= 0 && x <= math.MaxFloat32 }
	switch {
	case g.Centres < 0 || g.Centres > mostPoints:
		return set.Mismatch("pointcloud.Groups", "0 to %d Centres, got %d", mostPoints, g.Centres)
	case !within(g.Cell) || !within(g.Radius):
		return set.Mismatch("pointcloud.Groups", "a Cell and a Radius that are finite and 0 or more, got %v and %v", g.Cell, g.Radius)
	case g.Near < 0 || g.Near > mostPoints:
		return set.Mismatch("pointcloud.Groups", "0 to %d points Near, got %d", mostPoints, g.Near)
	case g.Cell > 0 && (g.Centres > 0 || g.Random):
		return set.Mismatch("pointcloud.Groups", "Centres by number or by Cell, got both")
	case g.Random && g.Centres == 0:
		return set.Mismatch("pointcloud.Groups", "a number of Random centres, got 0")
	case g.Near == 0 && g.Radius == 0:
		return set.Mismatch("pointcloud.Groups", "a number of points Near or a Radius, got neither")
	}
	return nil
}

// Every reports whether every point is a centre.
func (g Groups) Every() bool { return g.Centres == 0 && g.Cell == 0 }

// String says in words what g finds, such as "16 nearest to 96 farthest". It is
// the name of the relation, by which layers find what was made for them, and
// nothing that was made otherwise.
func (g Groups) String() string {
	var b strings.Builder
	if g.Near > 0 {
		fmt.Fprintf(&b, "%d nearest", g.Near)
	} else {
		b.WriteString("all")
	}
	if g.Radius > 0 {
		fmt.Fprintf(&b, " within %v", g.Radius)
	}
	switch {
	case g.Every():
		b.WriteString(" to each")
	case g.Cell > 0:
		fmt.Fprintf(&b, " to one a cell of %v", g.Cell)
	case g.Random:
		fmt.Fprintf(&b, " to %d random", g.Centres)
	default:
		fmt.Fprintf(&b, " to %d farthest", g.Centres)
	}
	return b.String()
}

// Relate finds the groups of every set of x, as a relation among its elements
// called g.String(): a centre is related to the points of its group, nearest
// first, an element that is no centre to none.
//
//	r, err := groups.Relate(batch)
//	if err != nil { ... }        // a place that is not finite
//	batch = batch.Relate(r)      // to be carried along by set.Concat, Select and Slice
//
// It stays right if places are turned, moved or scaled alike, and near enough if
// they are jittered. Sets are shared among the cores. It is an error if g is not
// valid, if elements have fewer than three columns, or if a place is not finite;
// the error names the element. O(points log(points) + pairs) for most clouds.
func (g Groups) Relate(x set.Batch) (*set.Relation, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	return relate(x, x.Offsets, g.String(), func(s int) ([][]int32, error) {
		p, err := placesOf(x, s)
		if err != nil {
			return nil, err
		}
		return p.rows(g.find(p))
	})
}

// relate returns a relation of the elements of x, of which find gives the pairs
// of those of a set: for each element numbers within the set of to.
func relate(x set.Batch, to set.Offsets, name string, find func(s int) ([][]int32, error)) (*set.Relation, error) {
	found, errs := make([][][]int32, x.Sets()), make([]error, x.Sets())
	parallel.Each(x.Sets(), func(s int) { found[s], errs[s] = find(s) })
	r := &set.Relation{Name: name, Offsets: make(set.Offsets, 1, x.Len()+1)}
	pairs := 0
	for s, rows := range found {
		if errs[s] != nil {
			return nil, errs[s]
		}
		for _, row := range rows {
			pairs += len(row)
			r.Offsets = append(r.Offsets, pairs)
		}
	}
	if to.Len() > mostPoints {
		return nil, fmt.Errorf("pointcloud: want at most %d elements to relate to, got %d", mostPoints, to.Len())
	}
	r.Index = make([]int32, 0, pairs)
	for s, rows := range found {
		for _, row := range rows {
			for _, j := range row {
				r.Index = append(r.Index, int32(to[s])+j)
			}
		}
	}
	return r, nil
}

// find returns, for each of the points p, in their order, those of its group,
// none unless it is a centre.
func (g Groups) find(p places) ([][]int32, error) {
	groups := make([][]int32, len(p.points))
	if len(groups) == 0 {
		return groups, nil
	}
	if g.Every() {
		tree, err := NewTree(p.points)
		if err != nil {
			return nil, err
		}
		r := tree.Neighbours(g.Near)
		if g.Radius > 0 {
			r = tree.Ball(g.Radius, g.Near)
		}
		for i := range groups {
			groups[i] = r.Of(i)
		}
		return groups, nil
	}
	centres, err := g.centres(p.points)
	if err != nil {
		return nil, err
	}
	at := make([][3]float32, len(centres))
	for i, c := range centres {
		at[i] = p.points[c]
	}
	lists, err := about(p.points, at, g.Near, g.Radius)
	for i, c := range centres {
		groups[c] = lists[i]
	}
	return groups, err
}

// orInf returns a radius, without bound for 0.
func orInf(radius float64) float64 {
	if radius == 0 {
		return math.Inf(1)
	}
	return radius
}

// about returns which of some points are near to each of some places: the most
// nearest, or all for 0, no farther than radius, or at any distance for 0.
func about(points, places [][3]float32, most int, radius float64) ([][]int32, error) {
	lists := make([][]int32, len(places))
	if most == 0 {
		t, err := NewTree(points)
		if err != nil {
			return nil, err
		}
		var near []Neighbour
		for i, p := range places {
			near = t.Within(p, orInf(radius), 0, near[:0])
			lists[i] = indices(make([]int32, 0, len(near)), near, math.Inf(1))
		}
		return lists, nil
	}
	most = min(most, len(points))
	near, err := nearestOf(points, places, most)
	if err != nil {
		return nil, err
	}
	limit := orInf(radius)
	all := make([]int32, len(near))
	for i := range lists {
		lo, hi := i*most, (i+1)*most
		lists[i] = indices(all[lo:lo:hi], near[lo:hi], limit*limit)
	}
	return lists, nil
}

// indices appends the indices of neighbours up to a squared distance.
func indices(to []int32, near []Neighbour, squared float64) []int32 {
	for _, n := range near {
		if n.Squared <= squared {
			to = append(to, n.Index)
		}
	}
	return to
}

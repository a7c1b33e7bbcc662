package pointcloud

import (
	"fmt"
	"math"
	"slices"

	"setwise/internal/elementary"
	"setwise/set"
)

// A Tree finds the points near a place without looking at all of them. It holds
// its own copy of the points, does not change, and is safe for concurrent use.
// The zero value is the tree of no points.
//
// Distances are taken in float64: the difference along each axis, its square,
// and the sum over x, y and z, each rounded once. Coordinates are float32, so
// none of these overflows or underflows, whatever the size of the cloud, and
// no step rounds in a way that depends on the machine. What is near is decided
// by that distance, and between points equally far by the lower index: the
// answer is exactly that of a search through all points.
//
// The tree is that of J. L. Bentley, "Multidimensional binary search trees used
// for associative searching" (1975), with points in its leaves alone, the split
// in the middle of the longest side of the points' box, and the distance to a
// box kept up to date axis by axis (S. Arya and D. M. Mount, "Algorithms for
// fast vector quantization", 1993). A split halves the longest side, so the
// depth is bounded by the range of float32, about 840, and is near log2(points)
// for most clouds. Points that are all equal are one leaf, sorted by index, of
// which a search looks at no more than it is asked for.
type Tree struct {
	points  [][3]float32 // leaf by leaf
	x, y, z []float32    // the same, apart
	index   []int32      // where the points were in the cloud
	nodes   []node       // a node's left child follows it
	box     Box
}

// A node is a leaf of points[a:b], or is split along an axis: its left child
// reaches up to below, its right child, number a, begins at above.
type node struct {
	below, above float32
	axis         int32 // or leaf, or equal
	a, b         int32
}

const (
	leaf  = -1 // the axis of a leaf
	equal = -2 // the axis of a leaf whose points are all equal, sorted by index

	bucket = 24 // the most points of a leaf, unless they are equal
)

// NewTree returns the tree of some points. It is an error if a coordinate is
// not finite; the error names the first such point. Any number of points may be
// equal, or lie on a line or a plane, and there may be none.
// O(points log(points)) time for most clouds, and about 32 bytes a point.
func NewTree(points [][3]float32) (*Tree, error) {
	if len(points) >= math.MaxInt32 {
		return nil, fmt.Errorf("pointcloud: want fewer than %d points for a tree, got %d", math.MaxInt32, len(points))
	}
	for i, p := range points {
		if !elementary.FiniteVector(p) {
			return nil, fmt.Errorf("pointcloud: point %d: want finite coordinates, got %v", i, p)
		}
	}
	t := &Tree{points: slices.Clone(points), index: make([]int32, len(points)), box: around(points)}
	for i := range t.index {
		t.index[i] = int32(i)
	}
	if len(points) > 0 {
		t.nodes = make([]node, 0, len(points)/bucket*3+1)
		t.build(0, len(points), t.box)
	}
	n := len(points)
	apart := make([]float32, 3*n)
	t.x, t.y, t.z = apart[:n:n], apart[n:2*n:2*n], apart[2*n:]
	for i, p := range t.points {
		t.x[i], t.y[i], t.z[i] = p[0], p[1], p[2]
	}
	return t, nil
}

// Tree returns the tree of the points of c. It panics with a
// [*set.ShapeError] where [NewTree] returns an error.
func (c Cloud) Tree() *Tree {
	t, err := NewTree(c.Points)
	if err != nil {
		panic(set.Mismatch("pointcloud.Tree", "finite points, got %v", err))
	}
	return t
}

// Len returns the number of points.
func (t *Tree) Len() int { return len(t.points) }

// build appends the nodes of points lo to hi, of which there is one or more,
// and whose box is given.
func (t *Tree) build(lo, hi int, box Box) {
	axis, side := 0, float64(-1)
	for k, s := range box.Size() {
		if s > side {
			axis, side = k, s
		}
	}
	if side == 0 && hi-lo > bucket {
		slices.Sort(t.index[lo:hi])
		t.nodes = append(t.nodes, node{axis: equal, a: int32(lo), b: int32(hi)})
		return
	}
	if hi-lo <= bucket {
		t.nodes = append(t.nodes, node{axis: leaf, a: int32(lo), b: int32(hi)})
		return
	}
	cut := float32(float64(box.Min[axis]) + float64(side/2))
	if cut <= box.Min[axis] { // the two ends are neighbouring numbers
		cut = box.Max[axis]
	}
	mid, left, right := t.part(lo, hi, axis, cut)
	n := len(t.nodes)
	t.nodes = append(t.nodes, node{below: left.Max[axis], above: right.Min[axis], axis: int32(axis)})
	t.build(lo, mid, left)
	t.nodes[n].a = int32(len(t.nodes))
	t.build(mid, hi, right)
}

// part brings those of points lo to hi that lie below cut along an axis to the
// front. It returns where the others begin, and the boxes of both, neither of
// which is empty if cut lies above the lowest point and not above the highest.
func (t *Tree) part(lo, hi, axis int, cut float32) (mid int, left, right Box) {
	left, right = hollow, hollow
	for lo < hi {
		if p := t.points[lo]; p[axis] < cut {
			left.stretch(p)
			lo++
			continue
		}
		hi--
		for lo < hi && t.points[hi][axis] >= cut {
			right.stretch(t.points[hi])
			hi--
		}
		right.stretch(t.points[lo])
		t.points[lo], t.points[hi] = t.points[hi], t.points[lo]
		t.index[lo], t.index[hi] = t.index[hi], t.index[lo]
	}
	return lo, left, right
}

// hollow is a box that becomes the box of the points it is stretched to.
var hollow = Box{
	Min: [3]float32{math.MaxFloat32, math.MaxFloat32, math.MaxFloat32},
	Max: [3]float32{-math.MaxFloat32, -math.MaxFloat32, -math.MaxFloat32},
}

// stretch makes b hold p, a finite point.
func (b *Box) stretch(p [3]float32) {
	for k, x := range p {
		if x < b.Min[k] {
			b.Min[k] = x
		}
		if x > b.Max[k] {
			b.Max[k] = x
		}
	}
}

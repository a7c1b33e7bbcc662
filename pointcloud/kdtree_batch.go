package pointcloud

import (
	"math"

	"setwise/internal/kernel"
	"setwise/internal/parallel"
)

// each calls f with each place's index and its k nearest points, as
// [Tree.Nearest] finds them. The places may be the tree itself. The calls come
// from several goroutines; near is used again for others.
func (t *Tree) each(places *Tree, k int, f func(i int, near []Neighbour)) {
	parallel.Range(len(places.nodes), 32, func(lo, hi int) {
		b := &batch{search: search{tree: t, k: min(k, t.Len()), squared: math.Inf(1)}, guess: math.Inf(1)}
		for i := range places.nodes[lo:hi] {
			if n := &places.nodes[lo+i]; n.axis < 0 {
				b.leaf(places, n, f)
			}
		}
	})
}

// A batch is a search for the points nearest to many places, those of a leaf
// of a tree of places at a time. Neighbouring leaves are much alike. So the
// distance within which those of one leaf found k points is, and some more, a
// guess for the next one. All points that near to any place of the leaf are
// gathered; for each place those within the guess are taken out, a few more
// than k, and ordered. Where that are fewer than k, or too many to be worth it,
// the place is searched for on its own: the guess decides about time alone.
type batch struct {
	search
	guess float64 // a squared distance

	gathered int // points
	x, y, z  [roomy]float32
	index    [roomy]int32 // in the cloud

	within  [roomy + kernel.Slack]int32 // those of the gathered within the guess
	squares [roomy + kernel.Slack]float32
	ranks   [few]int32
	ranked  [few]int32
}

const (
	roomy = 2048 // the most points to gather
	few   = 256  // the most points to order
	// A guess of spare times the mean squared distance of the k-th neighbours
	// makes 3 % of the places of a cloud of random points search on their own.
	spare = 1.5
)

// leaf calls f for the places of a leaf.
func (b *batch) leaf(places *Tree, n *node, f func(i int, near []Neighbour)) {
	leaf, index := places.points[n.a:n.b], places.index[n.a:n.b]
	if n.axis == equal {
		b.near = b.find(leaf[0], b.near[:0])
		for _, i := range index {
			f(int(i), b.near)
		}
		return
	}
	together := b.k > 0 && b.k <= sorted && b.gather(around(leaf))
	var sum float64
	for j, q := range leaf {
		if !together || !b.pick(q) {
			b.near = b.find(q, b.near[:0])
		}
		f(int(index[j]), b.near)
		if b.k > 0 {
			sum += b.near[b.k-1].Squared
		}
	}
	b.guess = spare * sum / float64(len(leaf))
}

// gather gathers the points within the guess of a box, and whole leaves, and
// reports whether it could.
func (b *batch) gather(box Box) bool {
	b.gathered = 0
	lo, hi := wide(box.Min), wide(box.Max)
	return !math.IsInf(b.guess, 1) && b.descend(0, &lo, &hi, [3]float64{})
}

// descend gathers the points under a node. Off are the squared distances along
// the axes from the box to the node: as for [search.walk], not above those of
// any places and points in them.
func (b *batch) descend(at int32, lo, hi *[3]float64, off [3]float64) bool {
	t := b.tree
	n := &t.nodes[at]
	if n.axis < 0 {
		first, last := n.a, n.b
		if n.axis == equal {
			last = min(last, first+int32(b.k))
		}
		g := b.gathered
		b.gathered += int(last - first)
		if b.gathered > roomy {
			return false
		}
		copy(b.x[g:], t.x[first:last])
		copy(b.y[g:], t.y[first:last])
		copy(b.z[g:], t.z[first:last])
		copy(b.index[g:], t.index[first:last])
		return true
	}
	old := off[n.axis]
	if d := lo[n.axis] - float64(n.below); d > 0 {
		off[n.axis] = max(old, d*d)
	}
	if off[0]+off[1]+off[2] <= b.guess && !b.descend(at+1, lo, hi, off) {
		return false
	}
	off[n.axis] = old
	if d := float64(n.above) - hi[n.axis]; d > 0 {
		off[n.axis] = max(old, d*d)
	}
	return off[0]+off[1]+off[2] > b.guess || b.descend(n.a, lo, hi, off)
}

// pick leaves in near what is nearest to q of what is gathered, and reports
// whether that is what is nearest to q at all.
func (b *batch) pick(q [3]float32) bool {
	b.near = b.near[:0]
	b.reach(Neighbour{math.MaxInt32, b.guess})
	g := b.gathered
	n := kernel.Within(b.within[:], b.squares[:], b.x[:g], b.y[:g], b.z[:g], q, b.gate)
	if n < b.k || n > few {
		return false
	}
	squares := b.squares[:n]
	kernel.Ranks(b.ranks[:], squares)
	clear(b.ranked[:n])
	for i, r := range b.ranks[:n] {
		for b.ranked[r] != 0 { // equal squares have equal ranks
			r++
		}
		b.ranked[r] = int32(i) + 1
	}
	for _, i := range b.ranked[:n] {
		if squares[i-1] > b.gate {
			break
		}
		p := b.within[i-1]
		b.offer(Neighbour{b.index[p], squared([3]float32{b.x[p], b.y[p], b.z[p]}, q)})
	}
	return len(b.near) == b.k
}

package pointcloud

import (
	"math"

	"setwise/internal/kernel"
)

// Of a few thousand points it takes less time to look at all of them than to
// build a tree. What is found is the same.

// apart returns the points with their coordinates apart.
func apart(points [][3]float32) (x, y, z []float32) {
	n := len(points)
	all := make([]float32, 3*n)
	x, y, z = all[:n:n], all[n:2*n:2*n], all[2*n:]
	for i, p := range points {
		x[i], y[i], z[i] = p[0], p[1], p[2]
	}
	return x, y, z
}

// farApart returns up to k of some points, at different places, by farthest
// point sampling as [Tree.Farthest] does it, beginning with the first.
func farApart(points [][3]float32, k, first int) []int {
	k = min(k, len(points))
	if len(points) > roomy {
		t, _ := NewTree(points) // which are finite
		return t.different(k, first)
	}
	x, y, z := apart(points)
	near := make([]float64, len(points))
	for i := range near {
		near[i] = math.Inf(1)
	}
	out := make([]int, 0, k)
	for next := first; len(out) < k; {
		out = append(out, next)
		next = kernel.Nearer(near, x, y, z, points[next])
		if near[next] == 0 {
			break // all others equal a point that was chosen
		}
	}
	return out
}

// nearestOf returns the k of some points nearest to each of some places, nearest
// first, those equally far by index: k lists one after another. k is not above
// the number of points.
func nearestOf(points, places [][3]float32, k int) ([]Neighbour, error) {
	if len(points) > roomy || k > sorted || k == 0 {
		t, err := NewTree(points)
		if err != nil {
			return nil, err
		}
		return t.NearestAll(places, k)
	}
	b := &batch{search: search{k: k}, guess: math.Inf(1), gathered: len(points)}
	for i, p := range points {
		b.x[i], b.y[i], b.z[i], b.index[i] = p[0], p[1], p[2], int32(i)
	}
	out := make([]Neighbour, 0, len(places)*k)
	for _, q := range places {
		b.around(q)
		out = append(out, b.near...)
		b.guess = 2 * b.near[k-1].Squared
	}
	return out, nil
}

// around leaves in near what is nearest to q of what is gathered, whatever the
// guess.
func (b *batch) around(q [3]float32) {
	for range 3 {
		if b.guess > 0 && !math.IsInf(b.guess, 1) && b.pick(q) {
			return
		}
		b.guess *= 2
	}
	b.near = b.near[:0]
	b.reach(Neighbour{math.MaxInt32, math.Inf(1)})
	for i := range b.gathered {
		b.offer(Neighbour{b.index[i], squared([3]float32{b.x[i], b.y[i], b.z[i]}, q)})
	}
}

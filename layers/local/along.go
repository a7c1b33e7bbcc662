package local

import (
	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
	"setwise/set/grad"
)

// A bond relates elements, divided into sets, to those of another batch: each
// to some of the set of the same number.
type bond struct {
	*set.Relation
	sets set.Offsets // of the elements
}

// longest returns the largest number of pairs of an element.
func (b bond) longest() int {
	most := 0
	for i := range b.Offsets.Sets() {
		most = max(most, b.Offsets[i+1]-b.Offsets[i])
	}
	return most
}

// pairs returns about how many pairs an element has.
func (b bond) pairs() int { return len(b.Index)/max(b.Offsets.Sets(), 1) + 1 }

// eachSet calls f for the elements lo up to hi of every set s. What f does for
// a set is its own: gradients of other sets lie elsewhere.
func (b bond) eachSet(dim int, f func(s, lo, hi int)) {
	n := b.sets.Sets()
	grad.Each(n, dim*(len(b.Index)/max(n, 1)+1), func(first, last int) {
		for s := first; s < last; s++ {
			f(s, b.sets[s], b.sets[s+1])
		}
	})
}

// maxAlong returns, for each element, the largest of those of x that it is
// related to, column by column: what Max makes of their Gather, and with its
// gradient, without holding them. O(pairs * x.Dim).
func maxAlong(t *grad.Tape, x grad.Value, b bond) grad.Value {
	d := x.Dim
	y := set.Batch{Dim: d, Values: t.Floats(b.sets.Len() * d), Offsets: b.sets}
	row := func(j int32) []float32 { return x.Values[int(j)*d : (int(j)+1)*d] }
	grad.Each(y.Len(), d*b.pairs(), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			top, near := y.Values[i*d:(i+1)*d], b.Of(i)
			if len(near) == 0 {
				clear(top)
				continue
			}
			copy(top, row(near[0]))
			for _, j := range near[1:] {
				kernel.Larger(top, top, row(j))
			}
		}
	})
	return t.Record(grad.Op{Name: "MaxAlong"}, y, func(dy []float32, din [][]float32) {
		ones, shares := t.Floats(d), t.Floats(b.sets.Sets()*d)
		for k := range ones {
			ones[k] = 1
		}
		b.eachSet(d, func(s, lo, hi int) {
			share := shares[s*d : (s+1)*d]
			for i := lo; i < hi; i++ {
				top, near := y.Values[i*d:(i+1)*d], b.Of(i)
				clear(share)
				for _, j := range near {
					kernel.AddEqual(share, ones, row(j), top)
				}
				for k, ties := range share {
					share[k] = dy[i*d+k] / ties
				}
				for _, j := range near {
					kernel.AddEqual(din[0][int(j)*d:(int(j)+1)*d], share, row(j), top)
				}
			}
		})
	}, x)
}

// meet returns a set for each element i, in which there is
//
//	max(a_j + c_i, 0)
//
// for each j that it is related to, in order. c has an element for each of
// them. O(pairs * a.Dim).
func meet(t *grad.Tape, a, c grad.Value, b bond) grad.Value {
	d := a.Dim
	y := set.Batch{Dim: d, Values: t.Floats(len(b.Index) * d), Offsets: b.Offsets}
	grad.Each(b.Offsets.Sets(), d*b.pairs(), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			own := y.Set(i)
			for k, j := range b.Of(i) {
				copy(own[k*d:(k+1)*d], a.Values[int(j)*d:(int(j)+1)*d])
			}
			kernel.BiasReLU(own, len(own)/max(d, 1), d, c.Values[i*d:(i+1)*d])
		}
	})
	return t.Record(grad.Op{Name: "Meet"}, y, func(dy []float32, din [][]float32) {
		most := b.longest() * d
		memory := t.Floats(b.sets.Sets() * most)
		b.eachSet(d, func(s, lo, hi int) {
			for i := lo; i < hi; i++ {
				first, last := b.Offsets.Bounds(i)
				dz := memory[s*most:][:(last-first)*d]
				clear(dz)
				kernel.ReLUGrad(dz, dy[first*d:last*d], y.Set(i))
				if din[1] != nil {
					kernel.ColSum(din[1][i*d:(i+1)*d], dz, last-first, d)
				}
				if din[0] == nil {
					continue
				}
				for k, j := range b.Of(i) {
					kernel.AddTo(din[0][int(j)*d:(int(j)+1)*d], dz[k*d:(k+1)*d])
				}
			}
		})
	}, a, c)
}

// pieceOf is about how many pairs are worked on at a time where nothing is
// recorded: what a network makes of them stays in the cache of a core.
const pieceOf = 1024

// pooled returns what net makes of each element's own set of max(a_j + c_i, 0),
// which must be one element.
func pooled(t *grad.Tape, net func(*grad.Tape, grad.Value) grad.Value, a, c grad.Value, b bond) grad.Value {
	n := (len(b.Index) + pieceOf/2) / pieceOf
	if t.Recording() || t.Training() || n < 2 {
		return t.Regroup(one(net(t, meet(t, a, c, b)), b.sets.Len()), b.sets)
	}
	// Some elements at a time, with the same results.
	ends := make([]int, 1, n+1)
	for i := range b.sets.Len() {
		if b.Offsets[i+1]-b.Offsets[ends[len(ends)-1]] >= pieceOf {
			ends = append(ends, i+1)
		}
	}
	if ends[len(ends)-1] < b.sets.Len() {
		ends = append(ends, b.sets.Len())
	}
	results, width := make([][]float32, len(ends)-1), make([]int, len(ends)-1)
	parallel.Each(len(results), func(p int) {
		lo, hi := ends[p], ends[p+1]
		part := bond{&set.Relation{Offsets: make(set.Offsets, hi-lo+1), Index: b.Index[b.Offsets[lo]:b.Offsets[hi]]}, set.Offsets{0, hi - lo}}
		for i := range part.Offsets {
			part.Offsets[i] = b.Offsets[lo+i] - b.Offsets[lo]
		}
		own := c
		own.Values, own.Offsets = c.Values[lo*c.Dim:hi*c.Dim], part.sets
		grad.Scratch(func(t *grad.Tape) {
			y := one(net(t, meet(t, a, own, part)), hi-lo)
			results[p], width[p] = append(results[p], y.Values...), y.Dim
		})
	})
	y := set.Batch{Dim: width[0], Values: t.Floats(b.sets.Len() * width[0]), Offsets: b.sets}
	at := 0
	for _, r := range results {
		at += copy(y.Values[at:], r)
	}
	return grad.Const(y)
}

// one returns y if it has one element for each of n groups.
func one(y grad.Value, n int) grad.Value {
	for i := range y.Sets() {
		if y.Offsets.Size(i) != 1 {
			panic(set.Mismatch("local.Group", "a Net that pools each group into one element, got %d", y.Offsets.Size(i)))
		}
	}
	if y.Sets() != n {
		panic(set.Mismatch("local.Group", "a Net that gives a set for each of %d groups, got %d", n, y.Sets()))
	}
	return y
}

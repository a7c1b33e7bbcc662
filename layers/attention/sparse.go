package attention

import (
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// Sparse lets head h see along Patterns[h modulo len(Patterns)] only. Without
// patterns it is [Full]. O(pairs * width).
type Sparse struct{ Patterns []Pattern }

// A Pattern says which elements know which.
type Pattern interface {
	// Relate returns the elements of to that each element of from may see: to
	// is from where a set attends to itself. It panics with a [*set.ShapeError]
	// if they lack what the pattern needs.
	Relate(from, to set.Batch) *set.Relation

	// Ordered reports whether the relation depends on the order in which the
	// elements of a set are stored.
	Ordered() bool
}

// New implements [Mechanism]. There is nothing to learn.
func (s Sparse) New(int, int, *rand.Rand) Mixer { return s }

// Ordered reports whether any of the patterns is.
func (s Sparse) Ordered() bool {
	for _, p := range s.Patterns {
		if p != nil && p.Ordered() {
			return true
		}
	}
	return false
}

// Pools reports whether there are no patterns: a relation is one of the
// elements themselves, not of seeds that are the same for every set.
func (s Sparse) Pools() bool { return len(s.Patterns) == 0 }

// Mix implements [Mixer].
func (s Sparse) Mix(t *grad.Tape, in Inputs) grad.Value {
	a := in.Attention()
	for i, p := range s.Patterns {
		if p == nil {
			panic(set.Mismatch("attention.Sparse", "patterns, got nil for number %d", i))
		}
		a.Along = append(a.Along, p.Relate(in.From, in.To))
	}
	return t.Attend(in.Query, in.Key, in.Value, a)
}

// Edges follows the relation of the queries' batch that has this name: the
// edges of a graph, the neighbours of a point. It may lead to another batch,
// that of the keys.
type Edges struct{ Name string }

// Relate returns the relation of from that e names.
func (e Edges) Relate(from, _ set.Batch) *set.Relation {
	r := from.Relation(e.Name)
	if r == nil {
		panic(set.Mismatch("attention.Edges", "a batch with a relation called %q, got one with %d relations, none of that name", e.Name, len(from.Relations)))
	}
	return r
}

// Ordered returns false: relations belong to the elements.
func (Edges) Ordered() bool { return false }

// Window sees the elements at most Radius places away in the order of
// storage: local attention in one dimension, for text and for clouds sorted
// along a curve.
type Window struct{ Radius int }

// Relate returns the neighbours in order of storage. The sets of to must be as
// large as those of from. It panics with a [*set.ShapeError] if they are not, and
// for a negative Radius.
func (w Window) Relate(from, to set.Batch) *set.Relation {
	if w.Radius < 0 {
		panic(set.Mismatch("attention.Window", "a Radius of 0 or more, got %d", w.Radius))
	}
	w.Radius = min(w.Radius, from.Len())
	r := &set.Relation{Offsets: make(set.Offsets, 1, from.Len()+1)}
	for s := range from.Sets() {
		lo, hi := from.Offsets.Bounds(s)
		if s >= to.Sets() || to.Offsets[s+1] != hi {
			panic(set.Mismatch("attention.Window", "sets that attend to sets of the same size, got others in set %d", s))
		}
		for i := lo; i < hi; i++ {
			for j := max(lo, i-w.Radius); j <= min(hi-1, i+w.Radius); j++ {
				r.Index = append(r.Index, int32(j))
			}
			r.Offsets = append(r.Offsets, len(r.Index))
		}
	}
	return r
}

// Ordered returns true.
func (Window) Ordered() bool { return true }

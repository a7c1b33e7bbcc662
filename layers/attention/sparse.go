package attention

import (
	"setwise/set"
	"setwise/set/grad"
)

// Sparse lets head h see along Patterns[h modulo len(Patterns)] only. Without
// patterns it is [Full]. O(pairs * width).
type Sparse struct{ Patterns []Pattern }

// A Pattern derives a relation from the structure of a batch.
type Pattern interface {
	// Relate returns the elements that each element of b may see. It panics
	// with a [*set.ShapeError] if b lacks what the pattern needs.
	Relate(b set.Batch) *set.Relation

	// Ordered reports whether the relation depends on the order in which the
	// elements of a set are stored.
	Ordered() bool
}

// Ordered reports whether any of the patterns is.
func (s Sparse) Ordered() bool {
	for _, p := range s.Patterns {
		if p != nil && p.Ordered() {
			return true
		}
	}
	return false
}

// Mix implements [Mechanism]. Queries must be as many as keys.
func (s Sparse) Mix(t *grad.Tape, heads int, q, k, v grad.Value) grad.Value {
	along := make([]*set.Relation, len(s.Patterns))
	for i, p := range s.Patterns {
		if p == nil {
			panic(set.Mismatch("attention.Sparse", "patterns, got nil for number %d", i))
		}
		along[i] = p.Relate(k.Batch)
	}
	return t.Attend(q, k, v, grad.Attention{Heads: heads, Along: along})
}

// Edges follows one of the batch's own relations: the edges of a graph, the
// neighbours of a point.
type Edges struct{ Relation int }

// Relate returns the relation of b that e names by its number.
func (e Edges) Relate(b set.Batch) *set.Relation {
	if e.Relation < 0 || e.Relation >= len(b.Relations) {
		panic(set.Mismatch("attention.Edges", "a batch with relation %d, got one with %d relations", e.Relation, len(b.Relations)))
	}
	return b.Relations[e.Relation]
}

// Ordered returns false: relations belong to the elements.
func (Edges) Ordered() bool { return false }

// Window sees the elements at most Radius places away in the order of
// storage: local attention in one dimension, for text and for clouds sorted
// along a curve.
type Window struct{ Radius int }

// Relate returns the neighbours in order of storage. It panics with a
// [*set.ShapeError] for a negative Radius.
func (w Window) Relate(b set.Batch) *set.Relation {
	if w.Radius < 0 {
		panic(set.Mismatch("attention.Window", "a Radius of 0 or more, got %d", w.Radius))
	}
	w.Radius = min(w.Radius, b.Len())
	r := &set.Relation{Offsets: make(set.Offsets, 1, b.Len()+1)}
	for s := range b.Sets() {
		lo, hi := b.Offsets.Bounds(s)
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

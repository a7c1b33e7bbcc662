// Package attention holds the ways in which elements of a set may attend to
// one another. A [Mechanism] is what stands between the projections of a
// multi-head layer: it has the queries, keys and values of all heads, and
// returns what each query gathers.
//
// [Full] attention lets every query see its whole set; [Sparse] attention
// follows a relation, which a [Pattern] finds in the batch.
package attention

import "setwise/set/grad"

// A Mechanism mixes values within each set.
type Mechanism interface {
	// Mix returns, for every query, what it gathers from the values v of its
	// own set, separately in each of the heads. q, k and v have one width,
	// which heads divides. q has the sets of k and v, or a single set that
	// meets each of theirs.
	Mix(t *grad.Tape, heads int, q, k, v grad.Value) grad.Value

	// Ordered reports whether the result depends on the order in which the
	// elements of a set are stored. Package layertest holds mechanisms to it.
	Ordered() bool
}

// Full lets every query see its whole set, weighed by a softmax of dot
// products (Vaswani et al. 2017). O(queries * keys * width) time, and no more
// memory than queries and keys take.
type Full struct {
	Scale float32 // of the dot products, finite and not negative; 0 means 1/√(width of a head)
}

// Ordered returns false: the elements of a set are treated alike.
func (Full) Ordered() bool { return false }

// Mix implements [Mechanism].
func (f Full) Mix(t *grad.Tape, heads int, q, k, v grad.Value) grad.Value {
	return t.Attend(q, k, v, grad.Attention{Heads: heads, Scale: f.Scale})
}

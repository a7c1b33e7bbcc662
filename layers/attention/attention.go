// Package attention holds the ways in which elements may attend to one
// another.
//
// A [Mechanism] is a description, plain data that JSON can carry. Its New makes
// a [Mixer], with weights of its own if it learns any, for each layer anew. The
// mixer stands between the projections of a multi-head layer: it is given the
// queries, keys and values of all heads and where they come from ([Inputs]), and
// returns what each query gathers.
//
// [Full] attention lets every query see its whole set; [Sparse] attention
// follows relations, which a [Pattern] finds in a batch or takes from it.
//
// A mechanism is used by writing it into [setwise/layers.Block]. One of your own
// implements Mechanism; what its mixers learn is in exported fields, where
// [setwise/layers.Params] finds it. Mixers are only read, by any number of
// goroutines at once, and what they return is on the tape, as all values are.
package attention

import (
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// A Mechanism describes a way to attend.
type Mechanism interface {
	// New returns a mixer for elements of width dim in so many heads, which
	// divide dim. Weights are drawn with rng.
	New(dim, heads int, rng *rand.Rand) Mixer

	// Ordered reports whether the result depends on the order in which the
	// elements of a set are stored. Package layertest holds mechanisms to it.
	Ordered() bool

	// Pools reports whether queries may be a single set that meets each set of
	// keys, as seeds and inducing points are. ISAB and PMA refuse a mechanism
	// that cannot.
	Pools() bool
}

// A Mixer mixes values within each set. Its parameters, if any, are in
// exported fields.
type Mixer interface {
	// Mix returns, for every query, what it gathers from the values of its own
	// set, separately in each head. What a mixer is told and cannot heed it
	// refuses: see [Inputs.Refuse].
	Mix(t *grad.Tape, in Inputs) grad.Value
}

// Inputs are what a mixer works on. Queries, keys and values have one width.
// Queries have the sets of keys, or are a single set that meets each of them:
// seeds and inducing points are such.
type Inputs struct {
	Query, Key, Value grad.Value

	// From and To are the elements that queries, and keys and values, were
	// made of: where relations and places are to be found.
	From, To set.Batch

	Heads    int
	Scale    float32 // of dot products; never 0
	Residual bool    // add the queries to what they gather
	Causal   bool    // a query sees nothing after its own place: see [grad.Attention]

	// Bias, unless it is none, is added to the scaled dot products, as in
	// [grad.Attention].
	Bias grad.Value
}

// Attention returns what in says as the engine wants it.
func (in Inputs) Attention() grad.Attention {
	return grad.Attention{Heads: in.Heads, Scale: in.Scale, Residual: in.Residual, Causal: in.Causal, Bias: in.Bias}
}

// Refuse panics with a [*set.ShapeError] if in has a bias, or is causal, which
// the named mechanism cannot heed.
func (in Inputs) Refuse(mechanism string) {
	if in.Causal {
		panic(set.Mismatch("attention."+mechanism, "attention in any order, got causal attention"))
	}
	if !in.Bias.IsNone() {
		panic(set.Mismatch("attention."+mechanism, "attention without a bias, got one"))
	}
}

// Full lets every query see its whole set, weighed by a softmax of dot
// products (Vaswani et al. 2017). O(queries * keys * width) time, and no more
// memory than queries and keys take.
type Full struct{}

// New implements [Mechanism]. There is nothing to learn.
func (Full) New(int, int, *rand.Rand) Mixer { return Full{} }

// Ordered returns false: the elements of a set are treated alike.
func (Full) Ordered() bool { return false }

// Pools returns true.
func (Full) Pools() bool { return true }

// Mix implements [Mixer].
func (Full) Mix(t *grad.Tape, in Inputs) grad.Value {
	return t.Attend(in.Query, in.Key, in.Value, in.Attention())
}

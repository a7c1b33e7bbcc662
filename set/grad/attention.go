package grad

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"setwise/internal/attend"
	"setwise/set"
)

// Attention says how queries gather from keys and values. The zero value is
// one head over whole sets.
type Attention struct {
	Heads    int     // at least 1; must divide the width. 0 means 1
	Scale    float32 // of the dot products; 0 means 1/√(width of a head)
	Residual bool    // add the queries to what they gather

	// Causal lets a query see keys up to its own place in the order of
	// storage: query i of n sees the keys up to number i+m-n of m, so that
	// the last of both are at one place, and the queries of a step of
	// decoding, which are the last ones, see what they see in the whole, with
	// the same bits. Half the pairs are half the work.
	Causal bool

	// Along are relations from queries to keys: head h sees Along[h modulo
	// len(Along)] only. Without any, heads see whole sets.
	Along []*set.Relation

	// Bias, unless it is none, is added to the scaled dot products: an
	// element of width Heads for each pair of a query and a key of its set,
	// set by set and query by query; or, of relations Along, for each of
	// their pairs, relation after relation, of width Heads/len(Along): column
	// c of a pair of Along[r] is for head c*len(Along)+r. It takes what memory
	// it takes, queries times keys.
	Bias Value
}

// String tells the fields that are set, but for the numbers of the bias.
func (a Attention) String() string {
	parts := []string{fmt.Sprintf("heads %d", max(a.Heads, 1))}
	if a.Scale != 0 {
		parts = append(parts, fmt.Sprintf("scale %.4g", a.Scale))
	}
	if a.Residual {
		parts = append(parts, "residual")
	}
	if a.Causal {
		parts = append(parts, "causal")
	}
	if len(a.Along) > 0 {
		parts = append(parts, fmt.Sprintf("along %d relations", len(a.Along)))
	}
	if !a.Bias.IsNone() {
		parts = append(parts, "bias")
	}
	return strings.Join(parts, ", ")
}

// Attend lets every element of q gather the values of its own set in k and v,
// weighed by a softmax of scaled dot products, separately in each head (Vaswani
// et al. 2017). q, k and v have one width, and k and v the same sets. q has as
// many sets as they have, or one set, which then meets each of theirs:
// inducing points and seeds are such. The result has a row for each query and
// set. A query that sees nothing gathers zero.
//
// Nothing as large as queries times keys is held: O(queries + keys) memory,
// O(queries * keys * width) time.
func (t *Tape) Attend(q, k, v Value, a Attention) Value {
	heads := a.Heads
	if heads == 0 {
		heads = 1
	}
	if heads < 0 || !(a.Scale >= 0 && a.Scale <= math.MaxFloat32) {
		panic(set.Mismatch("grad.Attend", "0 heads or more and a finite scale of 0 or more, got %d and %v", a.Heads, a.Scale))
	}
	if q.Dim != k.Dim || k.Dim != v.Dim {
		panic(set.Mismatch("grad.Attend", "queries, keys and values of one width, got %d, %d and %d", q.Dim, k.Dim, v.Dim))
	}
	if q.Dim%heads != 0 || q.Dim == 0 {
		panic(set.Mismatch("grad.Attend", "queries of a positive width that %d heads divide, got %d", heads, q.Dim))
	}
	shared := q.Sets() == 1 && k.Sets() != 1
	if k.Len() != v.Len() || !shared && q.Sets() != k.Sets() {
		panic(set.Mismatch("grad.Attend", "as many sets of keys as of queries and as many values as keys, got %d, %d sets and %d, %d elements",
			k.Sets(), q.Sets(), v.Len(), k.Len()))
	}
	if several := max(len(a.Along), 1); !a.Bias.IsNone() && (heads%several != 0 || a.Bias.Dim != heads/several) {
		panic(set.Mismatch("grad.Attend", "a bias of width %d heads / %d relations, got %d", heads, several, a.Bias.Dim))
	}
	scale := a.Scale
	if scale == 0 {
		scale = float32(1 / math.Sqrt(float64(q.Dim/heads)))
	}
	problem := attend.Problem{
		Heads: heads, Dim: q.Dim, Queries: q.Offsets, Keys: k.Offsets, Shared: shared,
		Scale: scale, Residual: a.Residual, Causal: a.Causal, Bias: a.Bias.Values,
	}
	if len(a.Along) > 0 {
		return t.attendAlong(q, k, v, problem, a)
	}
	return t.attendWhole(q, k, v, problem, a)
}

// attendWhole is Attend to whole sets.
func (t *Tape) attendWhole(q, k, v Value, problem attend.Problem, a Attention) Value {
	if problem.Bias != nil && problem.Pairs() != a.Bias.Len() {
		panic(set.Mismatch("grad.Attend", "a bias for each of %d pairs of a query and a key, got %d", problem.Pairs(), a.Bias.Len()))
	}
	if k.Sets() == 0 {
		return Const(set.Batch{Dim: q.Dim, Offsets: k.Offsets})
	}
	y := q.Batch
	if problem.Shared {
		y = set.Batch{Dim: q.Dim, Offsets: t.Offsets(k.Sets())}
		for i := range y.Offsets {
			y.Offsets[i] = i * q.Len()
		}
	}
	y = t.Like(y, q.Dim)
	done := &attended{problem: problem}
	var state *attend.State
	if t.Recording() {
		n := y.Len() * problem.Heads
		state = &done.state
		*state = attend.State{Top: t.Floats(n), Inverse: t.Floats(n), Mixed: y.Values}
		if a.Residual {
			state.Mixed = t.Floats(len(y.Values))
		}
	}
	queries, keys, values := q.Values, k.Values, v.Values
	if y.Len() > 0 {
		attend.Forward(&done.problem, y.Values, queries, keys, values, state)
	}
	return t.Record(t.attends(a), y, func(dy []float32, din [][]float32) {
		var sums []float32
		if done.problem.Shared {
			sums = t.Floats(len(dy))
		}
		attend.Backward(&done.problem, attendGradients(din), dy, queries, keys, values, &done.state, sums)
	}, q, k, v, a.Bias)
}

// attended is what the gradient of attention needs to know of it.
type attended struct {
	problem attend.Problem
	state   attend.State
}

// attends names the operation, with what it was told where that is recorded.
func (t *Tape) attends(a Attention) Op {
	if !t.Recording() {
		return Op{Name: "Attend"}
	}
	return Op{"Attend", a}
}

func attendGradients(din [][]float32) attend.Gradients {
	return attend.Gradients{Queries: din[0], Keys: din[1], Values: din[2], Bias: din[3]}
}

func (t *Tape) attendAlong(q, k, v Value, problem attend.Problem, a Attention) Value {
	sparse := attend.Sparse{Problem: problem}
	pairs := 0
	for _, r := range a.Along {
		if r == nil {
			panic(set.Mismatch("grad.Attend", "relations, got nil"))
		}
		if problem.Shared || r.Offsets.Sets() != q.Len() {
			panic(set.Mismatch("grad.Attend", "relations of %d queries, got one of %d", q.Len(), r.Offsets.Sets()))
		}
		if r.To != nil && !slices.Equal(r.To, k.Offsets) {
			panic(set.Mismatch("grad.Attend", "relations to the sets of the keys, got one to others"))
		}
		if err := r.Validate(q.Offsets, k.Offsets); err != nil {
			panic(set.Mismatch("grad.Attend", "relations within sets, got one that is not: %v", err))
		}
		if a.Causal && !a.Bias.IsNone() {
			panic(set.Mismatch("grad.Attend", "relations that are in causal order themselves where there is a bias, got Causal beside them"))
		}
		if a.Causal {
			r = causal(r, q.Offsets, k.Offsets)
		}
		sparse.Along = append(sparse.Along, attend.Relation{Offsets: r.Offsets, Index: r.Index})
		pairs += len(r.Index)
	}
	if problem.Bias != nil && pairs != a.Bias.Len() {
		panic(set.Mismatch("grad.Attend", "a bias for each of %d pairs of the relations, got %d", pairs, a.Bias.Len()))
	}
	y := t.Like(q.Batch, q.Dim)
	sparse.Forward(y.Values, q.Values, k.Values, v.Values)
	return t.Record(t.attends(a), y, func(dy []float32, din [][]float32) {
		sparse.Backward(attendGradients(din), dy, q.Values, k.Values, v.Values)
	}, q, k, v, a.Bias)
}

// causal returns the pairs of r whose key is not after the place of the query.
func causal(r *set.Relation, queries, keys set.Offsets) *set.Relation {
	out := &set.Relation{Offsets: make(set.Offsets, 1, len(r.Offsets))}
	for s := range queries.Sets() {
		lo, hi := queries.Bounds(s)
		for i := lo; i < hi; i++ {
			for _, j := range r.Of(i) {
				if int(j) <= keys[s+1]-(hi-i) {
					out.Index = append(out.Index, j)
				}
			}
			out.Offsets = append(out.Offsets, len(out.Index))
		}
	}
	return out
}

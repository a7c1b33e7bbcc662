package layers

import (
	"setwise/set"
	"setwise/set/grad"
)

// Weights returns how much each element of x attends to each element of its
// set in y: the softmax that [MultiHead.Attend] weighs values with where there
// is no mechanism of another kind. The result has a set for each element of x,
// in order; where x is a single set that meets each set of y, for each element
// and set of y. It has an element for each element of y that this one sees, of
// one column a head: positive numbers that sum to one over the set. O(pairs *
// width) time and memory.
func (m *MultiHead) Weights(t *grad.Tape, x, y grad.Value) grad.Value {
	q, k := in("Query", m.Query, t, x), in("Key", m.Key, t, y)
	q = spread(t, q, k)
	heads := m.heads(q.Dim)
	if q.Sets() != k.Sets() {
		panic(set.Mismatch("layers.MultiHead", "as many sets of queries as of keys, got %d and %d", q.Sets(), k.Sets()))
	}
	var queries, keys []int32
	pairs := set.Offsets{0}
	for s := range q.Sets() {
		lo, hi := q.Offsets.Bounds(s)
		klo, khi := k.Offsets.Bounds(s)
		for i := lo; i < hi; i++ {
			last := khi
			if m.Causal {
				last = max(khi-(hi-i)+1, klo)
			}
			for j := klo; j < last; j++ {
				queries, keys = append(queries, int32(i)), append(keys, int32(j))
			}
			pairs = append(pairs, len(keys))
		}
	}
	sum := set.New(heads, q.Dim) // of the columns of a head, times the scale
	for c := range q.Dim {
		sum.Row(c)[c/(q.Dim/heads)] = m.scale(q.Dim)
	}
	dots := t.Multiply(t.Gather(q, queries, pairs), t.Gather(k, keys, pairs))
	return t.Softmax(t.Affine(dots, grad.Const(sum), grad.Value{}))
}

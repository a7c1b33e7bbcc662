package set

import "fmt"

// A Relation gives every element of a batch the elements that it is related
// to: the edges of a graph, the nearest neighbours in a cloud, the adjoining
// patches of an image. Element i is related to those numbered
// Index[Offsets[i]:Offsets[i+1]], counted across the whole batch.
type Relation struct {
	Offsets Offsets
	Index   []int32
}

// Of returns the elements that element i is related to, sharing memory. It
// panics with a [*ShapeError] if there is no element i.
func (r *Relation) Of(i int) []int32 {
	if i < 0 || i >= len(r.Offsets)-1 {
		r.Offsets.noSet(i)
	}
	return r.Index[r.Offsets[i]:r.Offsets[i+1]]
}

// Validate reports whether r relates each of the elements of from to elements
// of to that belong to the set of the same number. O(elements + pairs).
func (r *Relation) Validate(from, to Offsets) error {
	if r == nil {
		return Mismatch("set.Relation", "a relation, got nil")
	}
	for _, o := range []Offsets{r.Offsets, from, to} {
		if err := o.Validate(); err != nil {
			return fmt.Errorf("relation: %w", err)
		}
	}
	if r.Offsets.Sets() != from.Len() || r.Offsets.Len() != len(r.Index) || from.Sets() != to.Sets() {
		return Mismatch("set.Relation", "%d elements with %d pairs over %d sets, got %d with %d over %d",
			from.Len(), r.Offsets.Len(), from.Sets(), r.Offsets.Sets(), len(r.Index), to.Sets())
	}
	for s := range from.Sets() {
		lo, hi := from.Bounds(s)
		klo, khi := to.Bounds(s)
		for i := lo; i < hi; i++ {
			for _, j := range r.Of(i) {
				if int(j) < klo || int(j) >= khi {
					return Mismatch("set.Relation", "element %d of set %d to know elements %d to %d, got %d", i, s, klo, khi, j)
				}
			}
		}
	}
	return nil
}

// slice returns the relation among the elements from lo up to hi, renumbered.
func (r *Relation) slice(lo, hi int) *Relation {
	o := r.Offsets[lo : hi+1]
	out := &Relation{Offsets: make(Offsets, len(o)), Index: append([]int32(nil), r.Index[o[0]:o[hi-lo]]...)}
	for i, at := range o {
		out.Offsets[i] = at - o[0]
	}
	for i := range out.Index {
		out.Index[i] -= int32(lo)
	}
	return out
}

// pick returns the relation among the elements of chosen sets, renumbered.
func (r *Relation) pick(o Offsets, sets []int) *Relation {
	out := &Relation{Offsets: Offsets{0}}
	base := 0
	for _, s := range sets {
		lo, hi := o.Bounds(s)
		for i := lo; i < hi; i++ {
			for _, j := range r.Of(i) {
				out.Index = append(out.Index, j+int32(base-lo))
			}
			out.Offsets = append(out.Offsets, len(out.Index))
		}
		base += hi - lo
	}
	return out
}

// permute returns r after element i of the batch became element to[i].
func (r *Relation) permute(from, to []int) *Relation {
	out := &Relation{Offsets: make(Offsets, 1, len(r.Offsets)), Index: make([]int32, 0, len(r.Index))}
	for _, old := range from {
		for _, j := range r.Of(old) {
			out.Index = append(out.Index, int32(to[j]))
		}
		out.Offsets = append(out.Offsets, len(out.Index))
	}
	return out
}

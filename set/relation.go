package set

import (
	"fmt"
	"slices"
)

// A Relation gives every element of a batch the elements that it is related
// to: the edges of a graph, the nearest neighbours in a cloud, the adjoining
// patches of an image. Element i is related to those numbered
// Index[Offsets[i]:Offsets[i+1]], counted across the whole batch: its pairs.
//
// Functions of this package that take batches apart and put them together
// carry relations along, with all that they hold.
type Relation struct {
	Name    string // by which layers find it among those of a batch; may be empty
	Offsets Offsets
	Index   []int32

	// To, unless it is nil, divides the elements of another batch, in which
	// Index counts: set s of this batch is then related to elements of set s
	// of that one.
	To Offsets

	// Features holds Width numbers for each pair: distances, types of edges.
	Width    int
	Features []float32
}

// Of returns the elements that element i is related to, sharing memory. It
// panics with a [*ShapeError] if there is no element i.
func (r *Relation) Of(i int) []int32 {
	if i < 0 || i >= len(r.Offsets)-1 {
		r.Offsets.noSet(i)
	}
	return r.Index[r.Offsets[i]:r.Offsets[i+1]]
}

// Feature returns the features of pair number i, sharing memory.
func (r *Relation) Feature(i int) []float32 {
	return r.Features[i*r.Width : (i+1)*r.Width : (i+1)*r.Width]
}

// target returns the offsets in which Index counts, given those of the batch
// that has r.
func (r *Relation) target(own Offsets) Offsets {
	if r.To != nil {
		return r.To
	}
	return own
}

// Validate reports whether r relates each of the elements of from to elements
// of to that belong to the set of the same number, where to is r.To if that is
// set. O(elements + pairs).
func (r *Relation) Validate(from, to Offsets) error {
	if r == nil {
		return Mismatch("set.Relation", "a relation, got nil")
	}
	for _, o := range []Offsets{r.Offsets, from, to} {
		if err := o.Validate(); err != nil {
			return fmt.Errorf("relation: %w", err)
		}
	}
	if err := r.To.Validate(); err != nil {
		return fmt.Errorf("relation: %w", err)
	}
	to = r.target(to)
	if r.Offsets.Sets() != from.Len() || r.Offsets.Len() != len(r.Index) || from.Sets() != to.Sets() {
		return Mismatch("set.Relation", "%d elements with %d pairs over %d sets%s, got %d with %d over %d",
			from.Len(), r.Offsets.Len(), from.Sets(), r.called(), r.Offsets.Sets(), len(r.Index), to.Sets())
	}
	if r.Width < 0 || len(r.Features) != r.Width*len(r.Index) {
		return Mismatch("set.Relation", "%d features for each of %d pairs%s, got %d numbers", r.Width, len(r.Index), r.called(), len(r.Features))
	}
	for s := range from.Sets() {
		lo, hi := from.Bounds(s)
		klo, khi := to.Bounds(s)
		for i := lo; i < hi; i++ {
			for _, j := range r.Of(i) {
				if int(j) < klo || int(j) >= khi {
					return Mismatch("set.Relation", "element %d of set %d to know elements %d to %d%s, got %d", i, s, klo, khi, r.called(), j)
				}
			}
		}
	}
	return nil
}

// called names r in an error, if it has a name.
func (r *Relation) called() string {
	if r.Name == "" {
		return ""
	}
	return " of relation " + r.Name
}

// pick returns the relation among the elements of chosen sets, renumbered.
func (r *Relation) pick(own Offsets, sets []int) *Relation {
	to := r.target(own)
	out := &Relation{Name: r.Name, Width: r.Width, Offsets: Offsets{0}}
	base := 0 // of the target set in the result
	ends := Offsets{0}
	for _, s := range sets {
		lo, hi := own.Bounds(s)
		tlo, thi := to.Bounds(s)
		for i := lo; i < hi; i++ {
			out.add(r, i, base-tlo)
		}
		base += thi - tlo
		ends = append(ends, base)
	}
	if r.To != nil {
		out.To = ends
	}
	return out
}

// add adds the pairs of element i of r, whose targets move by shift.
func (r *Relation) add(from *Relation, i, shift int) {
	lo, hi := from.Offsets.Bounds(i)
	for _, j := range from.Index[lo:hi] {
		r.Index = append(r.Index, j+int32(shift))
	}
	r.Features = append(r.Features, from.Features[lo*from.Width:hi*from.Width]...)
	r.Offsets = append(r.Offsets, len(r.Index))
}

// permute returns r after element i of the batch became element to[i].
func (r *Relation) permute(from, to []int) *Relation {
	out := &Relation{Name: r.Name, Width: r.Width, To: r.To, Offsets: make(Offsets, 1, len(r.Offsets)), Index: make([]int32, 0, len(r.Index))}
	for _, old := range from {
		out.add(r, old, 0)
	}
	if r.To == nil {
		for i, j := range out.Index {
			out.Index[i] = int32(to[j])
		}
	}
	return out
}

// join adds the pairs of another relation of the same kind, the elements of
// which follow after base others.
func (r *Relation) join(next *Relation, base int) {
	if next.Name != r.Name || next.Width != r.Width || (next.To == nil) != (r.To == nil) {
		panic(Mismatch("set.Concat", "relation %q with %d features a pair, got %q with %d, or one of them to another batch", r.Name, r.Width, next.Name, next.Width))
	}
	pairs := len(r.Index)
	for _, o := range next.Offsets[1:] {
		r.Offsets = append(r.Offsets, pairs+o)
	}
	if r.To != nil {
		base = r.To.Len()
		for _, o := range next.To[1:] {
			r.To = append(r.To, base+o)
		}
	}
	for _, j := range next.Index {
		r.Index = append(r.Index, j+int32(base))
	}
	r.Features = append(r.Features, next.Features...)
}

// beginning returns a relation of no elements that is otherwise like r.
func (r *Relation) beginning() *Relation {
	out := &Relation{Name: r.Name, Width: r.Width, Offsets: Offsets{0}}
	if r.To != nil {
		out.To = Offsets{0}
	}
	return out
}

// Relation returns the relation of that name, nil if b has none.
func (b Batch) Relation(name string) *Relation {
	i := slices.IndexFunc(b.Relations, func(r *Relation) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return b.Relations[i]
}

// Relate returns b with one more relation, in place of one of the same name.
// Names are not compared if they are empty. It shares all else with b, and does
// not look at r: see [Relation.Validate].
func (b Batch) Relate(r *Relation) Batch {
	kept := slices.DeleteFunc(slices.Clone(b.Relations), func(x *Relation) bool { return x.Name == r.Name && r.Name != "" })
	b.Relations = append(kept, r)
	return b
}

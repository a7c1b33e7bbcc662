package pointcloud

import (
	"fmt"
	"strings"

	"setwise/set"
)

// A Grouping is the groups that [Groups] found in a batch, as layers read them.
type Grouping struct {
	// Centres are the elements of the batch that are centres: of each set in the
	// order of their places, by x, of equal x by y, then by z; if every point is a
	// centre, in the order of storage.
	Centres []int32

	// Sets divides the centres as the batch divides its elements.
	Sets set.Offsets

	// Near relates centre i, which is element Centres[i], to the elements of
	// the batch in its group, nearest first.
	Near *set.Relation

	// Relations are those of the centres among themselves that were made
	// beforehand: see [Prepare].
	Relations []*set.Relation
}

// Of returns the groups of a batch: those of its relation called g.String(), if
// there is one, so that nothing is searched for twice, and otherwise newly found
// ones, with the errors of [Groups.Relate]. The result shares memory with x.
func (g Groups) Of(x set.Batch) (Grouping, error) {
	r := x.Relation(g.String())
	if r == nil {
		var err error
		if r, err = g.Relate(x); err != nil {
			return Grouping{}, err
		}
	}
	if r.To != nil {
		return Grouping{}, fmt.Errorf("pointcloud: want relation %q among the elements of a batch, got one to another batch", r.Name)
	}
	if g.Every() {
		all := Grouping{Centres: make([]int32, x.Len()), Sets: x.Offsets, Near: r, Relations: x.Relations}
		for i := range all.Centres {
			all.Centres[i] = int32(i)
		}
		return all, nil
	}
	return g.compact(x, r), nil
}

// compact returns the groups of a relation of which only centres have pairs.
func (g Groups) compact(x set.Batch, r *set.Relation) Grouping {
	out := Grouping{Sets: make(set.Offsets, 1, len(x.Offsets))}
	for s := range x.Sets() {
		lo, hi := x.Offsets.Bounds(s)
		first := len(out.Centres)
		for i := lo; i < hi; i++ {
			if r.Offsets[i+1] > r.Offsets[i] {
				out.Centres = append(out.Centres, int32(i))
			}
		}
		sortByPlace(x, out.Centres[first:])
		out.Sets = append(out.Sets, len(out.Centres))
	}
	out.Near = of(r, out.Centres)
	out.Near.To = x.Offsets
	var number []int32 // of each element among the centres
	for _, later := range x.Relations {
		name, ok := strings.CutPrefix(later.Name, r.Name+"/")
		if !ok {
			continue
		}
		if number == nil {
			number = out.numbers(x.Len())
		}
		among := of(later, out.Centres)
		among.Name = name
		for i, j := range among.Index {
			among.Index[i] = number[j]
		}
		out.Relations = append(out.Relations, among)
	}
	return out
}

// numbers returns the number of each of n elements among the centres, -1 for
// those that are none.
func (g Grouping) numbers(n int) []int32 {
	number := make([]int32, n)
	for i := range number {
		number[i] = -1
	}
	for i, row := range g.Centres {
		number[row] = int32(i)
	}
	return number
}

// of returns the pairs of some elements of r.
func of(r *set.Relation, elements []int32) *set.Relation {
	pairs := 0
	for _, i := range elements {
		pairs += r.Offsets[i+1] - r.Offsets[i]
	}
	out := &set.Relation{Name: r.Name, Offsets: make(set.Offsets, 1, len(elements)+1), Index: make([]int32, 0, pairs)}
	for _, i := range elements {
		out.Index = append(out.Index, r.Of(int(i))...)
		out.Offsets = append(out.Offsets, len(out.Index))
	}
	return out
}

// Prepare finds the groups of several stages ahead of a training, so that no
// layer has to: those of the first among the elements of x, those of each stage
// that follows among the centres of the one before. If back is not 0, it also
// relates the elements of each stage to the back centres nearest to them, for the
// way back: see [Groups.Back].
//
// All of it hangs on x, and is carried along by set.Concat, Select, Slice and
// Shuffle: a relation of the second stage has the name of the first before its
// own, "16 nearest to 96 farthest/12 nearest to 32 farthest", and relates the
// elements of x that are its centres. What x has of it already stays.
//
// Errors are those of [Groups.Relate].
func Prepare(x set.Batch, back int, stages ...Groups) (set.Batch, error) {
	if len(stages) == 0 {
		return x, nil
	}
	g := stages[0]
	if x.Relation(g.String()) == nil {
		r, err := g.Relate(x)
		if err != nil {
			return x, err
		}
		x = x.Relate(r)
	}
	if back != 0 && !g.Every() {
		r, err := g.Back(x, back)
		if err != nil {
			return x, err
		}
		x = x.Relate(r)
	}
	at, err := g.Of(x)
	if err != nil {
		return x, err
	}
	if g.Every() {
		return Prepare(x, back, stages[1:]...)
	}
	centres, err := Prepare(at.places(x), back, stages[1:]...)
	if err != nil {
		return x, err
	}
	for _, r := range centres.Relations {
		x = x.Relate(at.lift(r, g.String()+"/"+r.Name, x.Len()))
	}
	return x, nil
}

// places returns the places of the centres as a batch, with the relations that
// centres have.
func (g Grouping) places(x set.Batch) set.Batch {
	b := set.Batch{Dim: 3, Values: make([]float32, 0, 3*len(g.Centres)), Offsets: g.Sets, Relations: g.Relations}
	for _, row := range g.Centres {
		at := placeOf(x, int(row))
		b.Values = append(b.Values, at[:]...)
	}
	return b
}

// lift returns a relation among the centres as one among the n elements of the
// batch, under another name.
func (g Grouping) lift(r *set.Relation, name string, n int) *set.Relation {
	out := &set.Relation{Name: name, Offsets: make(set.Offsets, 1, n+1), Index: make([]int32, 0, len(r.Index))}
	for _, i := range g.numbers(n) {
		if i >= 0 {
			for _, j := range r.Of(int(i)) {
				out.Index = append(out.Index, g.Centres[j])
			}
		}
		out.Offsets = append(out.Offsets, len(out.Index))
	}
	return out
}

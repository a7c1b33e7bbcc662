package set

import "math"

// Offsets divides a run of elements into consecutive sets: set i owns the
// elements from Offsets[i] up to Offsets[i+1]. The first offset is 0, and n
// sets take n+1 offsets. The zero value describes no sets.
type Offsets []int

// Sizes returns the offsets of consecutive sets with the given sizes. It panics
// with a [*ShapeError] for a negative size, and for more elements than an int
// can count.
func Sizes(n ...int) Offsets {
	o := make(Offsets, len(n)+1)
	for i, k := range n {
		if k < 0 || o[i] > math.MaxInt-k {
			panic(Mismatch("set.Sizes", "sizes of 0 or more, and %d elements in all, got %d after %d elements", math.MaxInt, k, o[i]))
		}
		o[i+1] = o[i] + k
	}
	return o
}

// Sets returns the number of sets.
func (o Offsets) Sets() int { return max(len(o)-1, 0) }

// Len returns the number of elements in all sets together.
func (o Offsets) Len() int {
	if len(o) == 0 {
		return 0
	}
	return o[len(o)-1]
}

// Bounds returns the half-open range of elements that set i owns. It panics with
// a [*ShapeError] if there is no set i.
func (o Offsets) Bounds(i int) (lo, hi int) {
	if i < 0 || i >= len(o)-1 {
		o.noSet(i)
	}
	return o[i], o[i+1]
}

// noSet panics for want of set i, and stands apart so that what needs it is
// inlined.
func (o Offsets) noSet(i int) {
	panic(Mismatch("set.Offsets", "a set from 0 to %d, got %d", o.Sets()-1, i))
}

// noElement panics for want of element i.
func (o Offsets) noElement(i int) {
	panic(Mismatch("set.Offsets", "an element from 0 to %d, got %d", o.Len()-1, i))
}

// Validate reports whether o begins with 0 and never decreases.
func (o Offsets) Validate() error {
	if len(o) > 0 && o[0] != 0 {
		return Mismatch("set.Offsets", "a first offset of 0, got %d", o[0])
	}
	for i := range o.Sets() {
		if o[i+1] < o[i] {
			return Mismatch("set.Offsets", "offsets that never decrease, got %d after %d at %d", o[i+1], o[i], i+1)
		}
	}
	return nil
}

// Size returns how many elements set i has. It panics as Bounds does.
func (o Offsets) Size(i int) int {
	lo, hi := o.Bounds(i)
	return hi - lo
}

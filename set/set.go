// Package set holds the one kind of data this library knows: a batch of sets.
//
// A point cloud is a set of points, a graph a set of nodes that know their
// neighbours, an image a set of patches, a sentence a set of tokens. All of
// them become a [Batch]: the elements of every set, one after another, and
// [Offsets] that say where each set begins. Sets of different sizes, empty
// ones included, sit side by side without padding or masks.
//
//	b := set.Of(2,
//		[]float32{0, 0, 1, 1, 2, 2}, // a set of three points in the plane
//		[]float32{},                 // the empty set
//		[]float32{5, 5},             // a set of one point
//	)
//
// A set may come with a [Relation], which says which of its elements know
// which others, or elements of another batch.
//
// A batch is a few slices, and what is made of one often shares them: copies,
// [Batch.Clone] but for the values, and the parts that [Batch.At], [Batch.Slice],
// [Batch.Set] and [Batch.Row] give. [Of], [Concat] and [Batch.Select] copy, relations
// too. So whoever changes a batch in place takes care that nobody else reads it;
// functions of this package do not change what they are given.
//
// Mistakes in shape panic with a [*ShapeError]; [Try] turns the panic into an
// error, and [Batch.Validate] checks what comes from outside.
package set

import (
	"iter"
	"math"
	"math/rand/v2"
	"slices"
)

// A Batch is a batch of sets of float32 vectors, all of width Dim. Element i
// is Values[i*Dim : (i+1)*Dim]. The order of elements within a set carries no
// meaning; the order of the sets does.
//
// Copies of a Batch share their values. A Batch is safe for concurrent reads.
// The zero value holds no sets.
type Batch struct {
	Dim     int
	Values  []float32
	Offsets Offsets

	// Relations, if any, say which elements know which others. Attention may
	// be told to follow them.
	Relations []*Relation
}

// mostNumbers is how many numbers a new batch may hold: 64 GiB of them.
const mostNumbers = 1 << 34

// New returns a batch of zeroed sets with the given sizes. It panics with a
// [*ShapeError] for a negative width or size, and for more than 2^34 numbers.
func New(dim int, sizes ...int) Batch {
	if dim < 0 {
		panic(Mismatch("set.New", "a width of 0 or more, got %d", dim))
	}
	o := Sizes(sizes...)
	if float64(o.Len())*float64(dim) > mostNumbers {
		panic(Mismatch("set.New", "at most %d numbers, got %d elements of width %d", int64(mostNumbers), o.Len(), dim))
	}
	return Batch{Dim: dim, Values: make([]float32, o.Len()*dim), Offsets: o}
}

// Of copies sets of elements of width dim into a batch. It panics with a
// [*ShapeError] if dim is not positive or the length of a set is not a
// multiple of it.
func Of(dim int, sets ...[]float32) Batch {
	if dim <= 0 {
		panic(Mismatch("set.Of", "a positive width, got %d", dim))
	}
	sizes := make([]int, len(sets))
	for i, s := range sets {
		if len(s)%dim != 0 {
			panic(Mismatch("set.Of", "a multiple of %d values in set %d, got %d", dim, i, len(s)))
		}
		sizes[i] = len(s) / dim
	}
	return Batch{Dim: dim, Values: slices.Concat(sets...), Offsets: Sizes(sizes...)}
}

// Concat returns the sets of all the given batches, in order, in memory of
// their own. Batches of no sets are passed over; all others must have the same
// width and the same number of relations. It panics with a [*ShapeError]
// otherwise, for a batch whose values do not fit its offsets, and for a relation
// among more elements than an int32 can number.
func Concat(batches ...Batch) Batch {
	out := Batch{Offsets: Offsets{0}}
	var elements, sets int
	for i, b := range batches {
		if err := b.check(); err != nil {
			panic(Mismatch("set.Concat", "batches that are well formed, got number %d, of which %v", i, err))
		}
		elements += len(b.Values)
		sets += b.Sets()
	}
	out.Values = make([]float32, 0, elements)
	out.Offsets = slices.Grow(out.Offsets, sets)
	for _, b := range batches {
		if b.Sets() == 0 {
			continue
		}
		base := out.Len()
		if out.Sets() == 0 {
			out.Dim = b.Dim
			for _, r := range b.Relations {
				out.Relations = append(out.Relations, r.beginning())
			}
		}
		if b.Dim != out.Dim || len(b.Relations) != len(out.Relations) {
			panic(Mismatch("set.Concat", "width %d and %d relations, got %d and %d",
				out.Dim, len(out.Relations), b.Dim, len(b.Relations)))
		}
		if len(b.Relations) > 0 && base+b.Len() > math.MaxInt32 {
			panic(Mismatch("set.Concat", "at most %d elements with relations, got %d", math.MaxInt32, base+b.Len()))
		}
		for i, r := range b.Relations {
			out.Relations[i].join(r, base)
		}
		for _, o := range b.Offsets[1:] {
			out.Offsets = append(out.Offsets, base+o)
		}
		out.Values = append(out.Values, b.Values...)
	}
	return out
}

// Sets returns the number of sets.
func (b Batch) Sets() int { return b.Offsets.Sets() }

// Len returns the number of elements in all sets together.
func (b Batch) Len() int { return b.Offsets.Len() }

// Row returns element i of the batch, sharing its memory. It panics with a
// [*ShapeError] if there is none.
func (b Batch) Row(i int) []float32 {
	if i < 0 || i >= b.Len() {
		b.Offsets.noElement(i)
	}
	return b.Values[i*b.Dim : (i+1)*b.Dim : (i+1)*b.Dim]
}

// Set returns the values of set i, sharing its memory. It panics with a
// [*ShapeError] if there is none.
func (b Batch) Set(i int) []float32 {
	lo, hi := b.Offsets.Bounds(i)
	return b.Values[lo*b.Dim : hi*b.Dim : hi*b.Dim]
}

// Part returns the numbers of d that belong to set i, sharing its memory, where
// d has as many as b, as the gradient of b does. A nil d has none, and nil is
// returned.
func (b Batch) Part(d []float32, i int) []float32 {
	if d == nil {
		return nil
	}
	lo, hi := b.Offsets.Bounds(i)
	return d[lo*b.Dim : hi*b.Dim]
}

// At returns set i as a batch of one. It shares the values of b, and copies
// its relations. It panics with a [*ShapeError] if there is no set i.
func (b Batch) At(i int) Batch {
	if i < 0 || i >= b.Sets() {
		b.Offsets.noSet(i)
	}
	return b.Slice(i, i+1)
}

// Slice returns the sets from lo up to hi, without hi. It shares the values of
// b, and copies its relations. It panics with a [*ShapeError] unless
// 0 <= lo <= hi <= b.Sets().
func (b Batch) Slice(lo, hi int) Batch {
	if lo < 0 || hi < lo || hi > b.Sets() {
		panic(Mismatch("set.Batch", "sets within 0 to %d, got %d to %d", b.Sets(), lo, hi))
	}
	if len(b.Offsets) == 0 {
		return b // of no sets
	}
	o := b.Offsets[lo : hi+1]
	first, last := o[0], o[hi-lo]
	out := Batch{Dim: b.Dim, Values: b.Values[first*b.Dim : last*b.Dim : last*b.Dim], Offsets: make(Offsets, len(o))}
	for i, at := range o {
		out.Offsets[i] = at - first
	}
	if len(b.Relations) > 0 {
		sets := make([]int, hi-lo)
		for i := range sets {
			sets[i] = lo + i
		}
		for _, r := range b.Relations {
			out.Relations = append(out.Relations, r.pick(b.Offsets, sets))
		}
	}
	return out
}

// All iterates over the sets in order, each as a batch of one.
func (b Batch) All() iter.Seq2[int, Batch] {
	return func(yield func(int, Batch) bool) {
		for i := range b.Sets() {
			if !yield(i, b.At(i)) {
				return
			}
		}
	}
}

// Select returns a copy of the numbered sets, in the order given. A number may
// come more than once; one that b does not have panics with a [*ShapeError].
func (b Batch) Select(sets ...int) Batch {
	out := Batch{Dim: b.Dim, Offsets: make(Offsets, 1, len(sets)+1)}
	for _, s := range sets {
		out.Values = append(out.Values, b.Set(s)...)
		lo, hi := b.Offsets.Bounds(s)
		out.Offsets = append(out.Offsets, out.Len()+hi-lo)
	}
	if len(b.Relations) > 0 && out.Len() > math.MaxInt32 {
		panic(Mismatch("set.Batch", "at most %d elements with relations, got %d", math.MaxInt32, out.Len()))
	}
	for _, r := range b.Relations {
		out.Relations = append(out.Relations, r.pick(b.Offsets, sets))
	}
	return out
}

// Clone returns a copy with values of its own. It shares offsets and relations
// with b.
func (b Batch) Clone() Batch {
	b.Values = slices.Clone(b.Values)
	return b
}

// Shuffle returns the same sets with the elements of each in a random order,
// and the number in b of each of its elements. Relations are carried along, and
// offsets are shared. It panics with a [*ShapeError] without a source of chance.
func (b Batch) Shuffle(rng *rand.Rand) (shuffled Batch, from []int) {
	if rng == nil {
		panic(Mismatch("set.Shuffle", "a source of chance, got nil"))
	}
	from = make([]int, b.Len())
	for i := range from {
		from[i] = i
	}
	for i := range b.Sets() {
		lo, hi := b.Offsets.Bounds(i)
		own := from[lo:hi]
		rng.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
	}
	shuffled = Batch{Dim: b.Dim, Values: make([]float32, len(b.Values)), Offsets: b.Offsets}
	to := make([]int, len(from))
	for i, j := range from {
		copy(shuffled.Row(i), b.Row(j))
		to[j] = i
	}
	for _, r := range b.Relations {
		shuffled.Relations = append(shuffled.Relations, r.permute(from, to))
	}
	return shuffled, from
}

// Validate reports whether b is well formed, relations included. Batches made
// by this library are; those filled in from outside should be checked once.
func (b Batch) Validate() error {
	if err := b.check(); err != nil {
		return err
	}
	for _, r := range b.Relations {
		if err := r.Validate(b.Offsets, b.Offsets); err != nil {
			return err
		}
	}
	return nil
}

// check is Validate but for what relations hold.
func (b Batch) check() error {
	if err := b.Offsets.Validate(); err != nil {
		return err
	}
	n := len(b.Values)
	if b.Dim < 0 || b.Dim == 0 && n != 0 || b.Dim > 0 && (n%b.Dim != 0 || n/b.Dim != b.Len()) {
		return Mismatch("set.Batch", "values for %d elements of width %d, got %d", b.Len(), b.Dim, n)
	}
	for i, r := range b.Relations {
		if r == nil || r.Offsets.Sets() != b.Len() || r.Offsets.Len() != len(r.Index) {
			return Mismatch("set.Batch", "relation %d to be one of %d elements, got another or nil", i, b.Len())
		}
	}
	return nil
}

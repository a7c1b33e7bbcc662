// Package layertest checks layers of anybody's making against what this
// library promises of its own.
//
// [All] runs every check on a layer and some sets that it can take:
//
//	func TestMine(t *testing.T) {
//		rng := rand.New(rand.NewPCG(1, 2))
//		layertest.All(t, NewMine(3, rng), layertest.Elements, layertest.Sample(3, rng))
//	}
//
// The kind says what becomes of the elements: each is changed ([Elements]),
// each set is pooled ([Pool]), or they are read in order ([Sequence]).
//
// The checks can also be called one by one, and return an error that says what
// is wrong and where:
//
//   - [Equivariant]: shuffled elements give the same results, shuffled.
//   - [Invariant]: shuffled elements give the same result.
//   - [Alone]: a set gives the same bits alone and at any place in any batch.
//   - [Corners]: empty sets, single elements and duplicates give finite
//     numbers and finite gradients.
//   - [Pure]: a forward pass changes neither layer nor input, gives the same
//     bits again, and the same bits whether memory is new or used.
//   - [Gradients]: gradients agree with finite differences.
//   - [Concurrent]: many goroutines may use one layer. Run it under go test
//     -race.
//   - [Pair]: all of these for a pair, sets that look at other sets.
//   - [Ordered]: an attention mechanism tells the truth about its dependence on
//     the order of storage.
//
// Numbers that are compared after elements changed places may differ by
// [Tolerance] times the largest of them, for sums then have another order. All
// other comparisons are of bits.
//
// A check that passes has found nothing wrong with these sets and this
// shuffle. Layers with randomness, such as dropout, are checked as they are in
// inference; the check of gradients holds the randomness fixed.
package layertest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"setwise/layers"
	"setwise/set"
)

// Tolerance is how far numbers may be apart that are added up in another
// order, as a part of the largest of them.
const Tolerance = 1e-5

// Kind says what a layer makes of the elements of a set.
type Kind int

// The kinds of layers.
const (
	// Elements: every element is changed, seeing the others of its set or
	// not; shuffling the input shuffles the output. There may be several
	// elements in the place of one.
	Elements Kind = iota

	// Pool: each set becomes some elements that do not depend on the order in
	// which its own are stored.
	Pool

	// Sequence: the order of storage matters, as it does for text.
	Sequence
)

// Sample returns sets of elements of width dim drawn from a standard normal
// distribution: several sizes, an empty set, a set of one, and a set in which
// elements are repeated.
func Sample(dim int, rng *rand.Rand) set.Batch {
	b := set.New(dim, 7, 0, 1, 4, 19, 2)
	for i := range b.Values {
		b.Values[i] = float32(rng.NormFloat64())
	}
	repeated := b.Set(3)
	copy(repeated[2*dim:], repeated[:2*dim])
	return b
}

// All runs every check of a layer of this kind on x and sets made from it, and
// reports to t what fails. x should hold sets of several sizes; [Sample] makes
// such. The layer must be differentiable in x; for one that is not, such as an
// embedding of tokens, call the other checks by themselves.
func All(t testing.TB, l layers.Layer, kind Kind, x set.Batch) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	check := func(name string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	switch kind {
	case Elements:
		check("equivariant", Equivariant(l, x, rng))
	case Pool:
		check("invariant", Invariant(l, x, rng))
	}
	company, _ := x.Shuffle(rng)
	check("alone", Alone(l, x, company))
	check("corners", Corners(l, x))
	check("pure", Pure(l, x))
	check("concurrent", Concurrent(l, x))
	model, f := With(l, x)
	check("gradients", Gradients(model, f))
}

// apply runs l for inference and checks that what comes of it is well formed
// and has a set for each set of x.
func apply(l layers.Layer, x set.Batch) (y set.Batch, err error) {
	if e := set.Try(func() { y = layers.Apply(l, x) }); e != nil {
		return y, e
	}
	return y, formed(x, y)
}

// formed reports whether y is well formed and has a set for each set of x.
func formed(x, y set.Batch) error {
	if err := y.Validate(); err != nil {
		return fmt.Errorf("result: %w", err)
	}
	if y.Sets() != x.Sets() {
		return fmt.Errorf("want a set for each of %d sets, got %d", x.Sets(), y.Sets())
	}
	return nil
}

// largest returns the largest magnitude among xs, NaN if there is one among
// them.
func largest(xs []float32) float64 {
	m := 0.0
	for _, x := range xs {
		m = max(m, math.Abs(float64(x)))
	}
	return m
}

// sameBits returns the first place where a and b differ, -1 if there is none.
func sameBits(a, b []float32) int {
	for i := range min(len(a), len(b)) {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}

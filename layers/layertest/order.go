package layertest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/set"
)

// shuffles is how many orders are tried.
const shuffles = 3

// Equivariant returns an error unless shuffling the elements of each set of x
// shuffles the elements that l gives in the same way. A layer may give several
// elements for each; they then move together.
func Equivariant(l layers.Layer, x set.Batch, rng *rand.Rand) error {
	y, err := apply(l, x)
	if err != nil {
		return err
	}
	each, err := ratio(x, y)
	if err != nil {
		return err
	}
	allowed := Tolerance * largest(y.Values)
	for range shuffles {
		shuffled, from := x.Shuffle(rng)
		z, err := apply(l, shuffled)
		if err != nil {
			return err
		}
		if err := sameSizes(y, z); err != nil {
			return err
		}
		w := each * y.Dim
		for i, j := range from {
			if at, off := apart(y.Values[j*w:(j+1)*w], z.Values[i*w:(i+1)*w]); !(off <= allowed) {
				return fmt.Errorf("element %d, moved to place %d: number %d: want %g as before, got %g",
					j, i, at, y.Values[j*w+at], z.Values[i*w+at])
			}
		}
	}
	return nil
}

// ratio returns how many elements y has for each of x, the same in every set.
func ratio(x, y set.Batch) (int, error) {
	if x.Len() == 0 {
		return 0, errors.New("want at least one element to shuffle, got none")
	}
	each := y.Len() / x.Len()
	for s := range x.Sets() {
		lo, hi := x.Offsets.Bounds(s)
		ylo, yhi := y.Offsets.Bounds(s)
		if yhi-ylo != each*(hi-lo) || each == 0 {
			return 0, fmt.Errorf("set %d: want as many elements as there are, %d, or a multiple that all sets share, got %d",
				s, hi-lo, yhi-ylo)
		}
	}
	return each, nil
}

// Invariant returns an error unless shuffling the elements of each set of x
// leaves what l gives as it was.
func Invariant(l layers.Layer, x set.Batch, rng *rand.Rand) error {
	y, err := apply(l, x)
	if err != nil {
		return err
	}
	allowed := Tolerance * largest(y.Values)
	for range shuffles {
		shuffled, _ := x.Shuffle(rng)
		z, err := apply(l, shuffled)
		if err != nil {
			return err
		}
		if err := sameSizes(y, z); err != nil {
			return err
		}
		if at, off := apart(y.Values, z.Values); !(off <= allowed) {
			return fmt.Errorf("%s: want %g as before the shuffle, got %g", place(y, at), y.Values[at], z.Values[at])
		}
	}
	return nil
}

// Ordered returns an error unless m.Ordered says rightly whether the result of
// m depends on the order in which elements are stored. Queries, keys and values
// of the given number of heads are made of x, whose width the heads must
// divide, and which must have the relations that m reads. Sets of x should be
// so large that the order can matter: larger than a window, for one.
func Ordered(m attention.Mechanism, x set.Batch, heads int, rng *rand.Rand) error {
	var l layers.Layer
	if err := set.Try(func() {
		l = layers.NewMultiHead(x.Dim, x.Dim, layers.Block{Dim: x.Dim, Heads: heads, Mechanism: m}, rng)
	}); err != nil {
		return err
	}
	if _, err := apply(l, x); err != nil {
		return err
	}
	err := Equivariant(l, x, rng)
	switch {
	case !m.Ordered() && err != nil:
		return fmt.Errorf("Ordered is false, but order matters: %w", err)
	case m.Ordered() && err == nil:
		return errors.New("Ordered is true, but the order of these sets does not matter")
	}
	return nil
}

func sameSizes(y, z set.Batch) error {
	if y.Dim != z.Dim {
		return fmt.Errorf("want width %d as before the shuffle, got %d", y.Dim, z.Dim)
	}
	for s := range y.Sets() {
		if y.Offsets[s+1] != z.Offsets[s+1] {
			return fmt.Errorf("set %d: want the same number of elements after the shuffle, got %d elements up to it instead of %d",
				s, z.Offsets[s+1], y.Offsets[s+1])
		}
	}
	return nil
}

// apart returns where two equally long slices differ most, and by how much:
// NaN if there is one.
func apart(a, b []float32) (at int, off float64) {
	for i, x := range a {
		d := math.Abs(float64(x) - float64(b[i]))
		if math.IsNaN(d) {
			return i, d
		}
		if d > off {
			at, off = i, d
		}
	}
	return at, off
}

// place describes where number i of y is.
func place(y set.Batch, i int) string {
	element := i / max(y.Dim, 1)
	for s := range y.Sets() {
		if lo, hi := y.Offsets.Bounds(s); element >= lo && element < hi {
			return fmt.Sprintf("set %d, element %d, column %d", s, element-lo, i%y.Dim)
		}
	}
	return fmt.Sprintf("number %d", i)
}

package train

import (
	"math/rand/v2"

	"setwise/set"
)

// A Sampler decides in which order examples are taken.
type Sampler interface {
	// Order returns n numbers from 0 to n-1 for one epoch, which are taken in
	// consecutive minibatches. A number may come more than once.
	Order(n, epoch int, rng *rand.Rand) []int
}

// Shuffled takes every example once, in a new random order each epoch.
type Shuffled struct{}

// Order implements [Sampler].
func (Shuffled) Order(n, _ int, rng *rand.Rand) []int { return rng.Perm(n) }

// Balanced draws n examples with replacement so that every class comes equally
// often on average. Classes holds the class of each example; Order panics with
// a [*set.ShapeError] if it holds fewer.
type Balanced struct{ Classes []int }

// Order implements [Sampler].
func (b Balanced) Order(n, _ int, rng *rand.Rand) []int {
	if len(b.Classes) < n {
		panic(set.Mismatch("train.Balanced", "a class for each of %d examples, got %d", n, len(b.Classes)))
	}
	members := map[int][]int{}
	var classes []int
	for i, c := range b.Classes[:n] {
		if members[c] == nil {
			classes = append(classes, c)
		}
		members[c] = append(members[c], i)
	}
	order := make([]int, n)
	for i := range order {
		of := members[classes[rng.IntN(len(classes))]]
		order[i] = of[rng.IntN(len(of))]
	}
	return order
}

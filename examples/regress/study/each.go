package study

import (
	"math/rand/v2"
	"slices"

	"setwise/set/grad"
)

// Each calls f for every number below n, on all processors.
func Each(n int, f func(i int)) {
	const costly = 1 << 20 // each is worth a part of its own
	grad.Each(n, costly, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			f(i)
		}
	})
}

// Portions calls f for so many of some things at a time, on all processors, with
// the place of the first of them.
func Portions[T any](things []T, size int, f func(at int, some []T)) {
	portions := slices.Collect(slices.Chunk(things, size))
	Each(len(portions), func(i int) { f(i*size, portions[i]) })
}

// Shuffled returns things in another order.
func Shuffled[T any](things []T, rng *rand.Rand) []T {
	things = slices.Clone(things)
	rng.Shuffle(len(things), func(i, j int) { things[i], things[j] = things[j], things[i] })
	return things
}

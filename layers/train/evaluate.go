package train

import (
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// Evaluate returns the mean loss over examples without training, in parts of
// size examples, of one if size is 0. Where the loss draws, as some do when they
// are only evaluated, it draws the same every time. It returns 0 for no examples,
// and panics with a [*set.ShapeError] for a negative size and a loss that is not
// one number. That of a [Joint] loss depends on size, for it compares what is in
// a part.
func Evaluate[E any, L interface{ Each[E] | Joint[E] }](loss L, examples []E, size int) float64 {
	given("train.Evaluate", "a loss", loss != nil)
	if size < 0 {
		panic(set.Mismatch("train.Evaluate", "a size of 0 or more, got %d", size))
	}
	size = min(max(size, 1), max(len(examples), 1))
	t := grad.NewScratch(rand.New(rand.NewPCG(1, 1)))
	var total float64
	for lo := 0; lo < len(examples); lo += size {
		part := examples[lo:min(lo+size, len(examples))]
		l := Joint[E](loss)(t, part)
		if len(l.Values) != 1 {
			panic(set.Mismatch("train.Evaluate", "a loss of one number, got %d", len(l.Values)))
		}
		total += float64(l.Values[0]) * float64(len(part))
		t.Reset()
	}
	return total / float64(max(len(examples), 1))
}

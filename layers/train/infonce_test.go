package train_test

import (
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// infoNCE is the mean loss of finding the partner of each of n embeddings among
// all, in both directions, by their dot products.
func infoNCE(t *grad.Tape, x, y grad.Value) grad.Value {
	n := x.Len()
	partner := make([]int, n)
	for i := range partner {
		partner[i] = i
	}
	x, y = t.Regroup(x, set.Offsets{0, n}), t.Regroup(y, set.Offsets{0, n})
	forth, back := loss.CrossEntropy(t, t.Dots(x, y), partner, 0), loss.CrossEntropy(t, t.Dots(y, x), partner, 0)
	return t.Scale(t.Add(forth, back), 0.5)
}

package layers

import (
	"sync"

	"setwise/internal/parallel"
	"setwise/set"
	"setwise/set/grad"
)

// pieces are tapes for pieces, apart from those of [grad.Scratch] for whole
// sets, so that the large ones are found again.
var pieces = sync.Pool{New: func() any { return grad.NewScratch(nil) }}

// pieceRows is about how many elements are in a piece: enough for the shared
// parts of a product to pay, few enough to stay in the cache of a core.
const pieceRows = 512

// several reports whether to take some elements of x at a time: if t does not
// record, and x is a set of many.
func several(t *grad.Tape, x grad.Value) bool {
	return !t.Recording() && !t.Training() && x.Sets() == 1 && piecesOf(x) > 1
}

func piecesOf(x grad.Value) int { return (x.Len() + pieceRows/2) / pieceRows }

// inPieces returns f(t, x), where f treats every element for itself, without
// relations, and gives as many elements, of width dim. f is called for some
// elements at a time, on all processors: what it makes on the way stays in the
// caches, and takes no memory that grows with the set.
func inPieces(t *grad.Tape, x grad.Value, dim int, f func(t *grad.Tape, x grad.Value) grad.Value) grad.Value {
	y, n := t.Like(x.Batch, dim), piecesOf(x)
	parallel.Each(n, func(i int) {
		lo, hi := i*x.Len()/n, (i+1)*x.Len()/n
		piece := set.Batch{Dim: x.Dim, Values: x.Values[lo*x.Dim : hi*x.Dim], Offsets: set.Offsets{0, hi - lo}}
		t := pieces.Get().(*grad.Tape)
		copy(y.Values[lo*dim:hi*dim], f(t, grad.Const(piece)).Values)
		t.Reset()
		pieces.Put(t)
	})
	return grad.Const(y)
}

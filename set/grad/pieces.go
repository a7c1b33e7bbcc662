package grad

import (
	"sync"

	"setwise/internal/parallel"
	"setwise/set"
)

var scratches = sync.Pool{New: func() any { return NewScratch() }}

// Scratch calls f with a tape of [NewScratch] whose memory is used again for
// later calls, so nothing that f makes with it may be used afterwards. It may be
// called from any number of goroutines at once.
func Scratch(f func(t *Tape)) {
	t := scratches.Get().(*Tape)
	f(t)
	t.Reset()
	scratches.Put(t)
}

// pieceRows is the least number of elements of a piece: enough for the shared
// parts of a product to pay, few enough to stay in the cache of a core.
const pieceRows = 1024

// InPieces returns f(t, x), where f treats every element for itself, without
// relations, and gives as many elements, of width dim. If t does not record and
// x is a set of many elements, f is called for some of them at a time, on all
// processors: what it makes on the way then stays in the caches, and takes no
// memory that grows with the set.
func (t *Tape) InPieces(x Value, dim int, f func(t *Tape, x Value) Value) Value {
	n := x.Len() / pieceRows
	if t.Recording() || x.Sets() != 1 || n < 2 {
		return f(t, x)
	}
	y := t.Like(x.Batch, dim)
	parallel.Each(n, func(i int) {
		lo, hi := i*x.Len()/n, (i+1)*x.Len()/n
		piece := set.Batch{Dim: x.Dim, Values: x.Values[lo*x.Dim : hi*x.Dim], Offsets: set.Offsets{0, hi - lo}}
		Scratch(func(t *Tape) { copy(y.Values[lo*dim:hi*dim], f(t, Const(piece)).Values) })
	})
	return Const(y)
}

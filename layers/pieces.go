package grad

import (
	"sync"

	"setwise/internal/parallel"
	"setwise/set"
)

// Tapes for whole sets and those for pieces are kept apart, so that the large
// ones are found again.
var scratches, pieces tapes

type tapes struct{ sync.Pool }

// use calls f with a scratch tape that is used again.
func (p *tapes) use(f func(t *Tape)) {
	t, _ := p.Get().(*Tape)
	if t == nil {
		t = NewScratch()
	}
	f(t)
	t.Reset()
	p.Put(t)
}

// Scratch calls f with a tape of [NewScratch] whose memory is used again for
// later calls, so nothing that f makes with it may be used afterwards. It may be
// called from any number of goroutines at once.
func Scratch(f func(t *Tape)) { scratches.use(f) }

// pieceRows is about how many elements are in a piece: enough for the shared
// parts of a product to pay, few enough to stay in the cache of a core.
const pieceRows = 512

// InPieces returns f(t, x), where f treats every element for itself, without
// relations, and gives as many elements, of width dim. If t does not record and
// x is a set of many elements, f is called for some of them at a time, on all
// processors: what it makes on the way then stays in the caches, and takes no
// memory that grows with the set.
func (t *Tape) InPieces(x Value, dim int, f func(t *Tape, x Value) Value) Value {
	n := (x.Len() + pieceRows/2) / pieceRows
	if t.Recording() || x.Sets() != 1 || n < 2 {
		return f(t, x)
	}
	y := t.Like(x.Batch, dim)
	parallel.Each(n, func(i int) {
		lo, hi := i*x.Len()/n, (i+1)*x.Len()/n
		piece := set.Batch{Dim: x.Dim, Values: x.Values[lo*x.Dim : hi*x.Dim], Offsets: set.Offsets{0, hi - lo}}
		pieces.use(func(t *Tape) { copy(y.Values[lo*dim:hi*dim], f(t, Const(piece)).Values) })
	})
	return Const(y)
}

package grad

import "slices"

// An arena hands out memory that is given back all at once. After the first
// few rounds it holds what a round needs: one slab for small pieces, and a
// block for each large one, which the next round uses for one about as large.
type arena[T any] struct {
	slabs [][]T // the last one is in use
	used  int   // of the last slab
	total int   // of all slabs

	blocks, free [][]T // given out, and left from the round before
}

const (
	slabLen  = 1 << 12
	blockLen = 1 << 20 // from here on pieces are blocks
	lineLen  = 16      // numbers of a cache line, so that rows of different owners never share one
)

// get returns n numbers, which are not cleared.
func (a *arena[T]) get(n int) []T {
	if n >= blockLen {
		return a.block(n)[:n:n]
	}
	size := (n + lineLen - 1) &^ (lineLen - 1)
	if len(a.slabs) == 0 || a.used+size > len(a.slabs[len(a.slabs)-1]) {
		slab := make([]T, max(size, a.total, slabLen))
		a.slabs = append(a.slabs, slab)
		a.total += len(slab)
		a.used = 0
	}
	s := a.slabs[len(a.slabs)-1][a.used : a.used+n : a.used+n]
	a.used += size
	return s
}

// block returns a block of n numbers or somewhat more.
func (a *arena[T]) block(n int) []T {
	best := -1
	for i, b := range a.free {
		if len(b) >= n && len(b) <= n+n/4 && (best < 0 || len(b) < len(a.free[best])) {
			best = i
		}
	}
	var b []T
	if best >= 0 {
		b = a.free[best]
		a.free = slices.Delete(a.free, best, best+1)
	} else {
		b = make([]T, n+n/16)
	}
	a.blocks = append(a.blocks, b)
	return b
}

// release takes the block that x is the beginning of out of the arena. It
// reports whether there is one.
func (a *arena[T]) release(x []T) bool {
	for i, b := range a.blocks {
		if len(x) > 0 && &x[0] == &b[0] {
			a.blocks = slices.Delete(a.blocks, i, i+1)
			return true
		}
	}
	return false
}

// reset takes back everything. If there were several slabs, the next round
// gets one that is as large as all of them. Blocks that this round had no use
// for are let go.
func (a *arena[T]) reset() {
	if len(a.slabs) > 1 {
		a.slabs = append(a.slabs[:0:0], make([]T, a.total))
	}
	a.used = 0
	clear(a.free)
	a.blocks, a.free = a.free[:0], a.blocks
}

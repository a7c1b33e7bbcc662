package grad

// An arena hands out memory that is given back all at once. After the first
// few rounds it holds one slab as large as a round needs.
type arena struct {
	slabs [][]float32 // the last one is in use
	used  int         // of the last slab
	total int         // of all slabs
}

const (
	slabFloats = 1 << 15
	lineFloats = 16 // a cache line, so that rows of different owners never share one
)

// get returns n numbers, which are not cleared.
func (a *arena) get(n int) []float32 {
	size := (n + lineFloats - 1) &^ (lineFloats - 1)
	if len(a.slabs) == 0 || a.used+size > len(a.slabs[len(a.slabs)-1]) {
		slab := make([]float32, max(size, a.total, slabFloats))
		a.slabs = append(a.slabs, slab)
		a.total += len(slab)
		a.used = 0
	}
	s := a.slabs[len(a.slabs)-1][a.used : a.used+n : a.used+n]
	a.used += size
	return s
}

// reset takes back everything. If there were several slabs, the next round
// gets one that is as large as all of them.
func (a *arena) reset() {
	if len(a.slabs) > 1 {
		a.slabs = append(a.slabs[:0:0], make([]float32, a.total))
	}
	a.used = 0
}

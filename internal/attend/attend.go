// Package attend is attention over ragged sets, forward and backward, on bare
// slices.
//
// For every set and head, with the queries Q, keys K and values V of that head
// (Vaswani et al. 2017),
//
//	A = softmax(scale Q Kᵀ) V
//
// computed block by block of queries and keys with an online softmax, so that
// no matrix of queries by keys is ever held. An output is always summed over
// its keys in the same order, whatever else is in the batch and however many
// processors work, so its bits depend on its own set alone.
//
// Work is handed out by set, head and block of queries. [Sparse] attention,
// where each query has keys of its own, goes query by query.
package attend

import (
	"math"
	"sync"

	"setwise/internal/kernel"
	"setwise/internal/parallel"
)

const (
	queryBlock = 96  // queries in a tile of scores; products are 12 rows high
	keyBlock   = 256 // keys in a tile of scores
	workGrain  = 1 << 16
)

// Shape says which queries meet which keys. Rows of queries, keys, values and
// outputs are Dim wide; head h owns columns h*Dim/Heads up to (h+1)*Dim/Heads.
type Shape struct {
	Heads, Dim int
	Queries    []int // offsets of the sets of queries; only two if Shared
	Keys       []int // offsets of the sets of keys
	Shared     bool  // one set of queries meets every set of keys
	Scale      float32
	Residual   bool // the queries are added to the output
}

// Sets returns the number of sets of outputs.
func (s *Shape) Sets() int { return len(s.Keys) - 1 }

// Outputs returns the number of rows of the output.
func (s *Shape) Outputs() int {
	if s.Shared {
		return s.Sets() * s.Queries[1]
	}
	return s.Queries[len(s.Queries)-1]
}

func (s *Shape) width() int { return s.Dim / s.Heads }

// bounds returns where set i finds its queries, where it writes its outputs,
// how many there are, and its keys.
func (s *Shape) bounds(i int) (q, y, n, k, m int) {
	if s.Shared {
		n = s.Queries[1]
		q, y = 0, i*n
	} else {
		q, n = s.Queries[i], s.Queries[i+1]-s.Queries[i]
		y = q
	}
	return q, y, n, s.Keys[i], s.Keys[i+1] - s.Keys[i]
}

// A task is a block of queries of one set and head.
type task struct{ set, head, from, to int }

// scratch is what one worker needs.
type scratch struct {
	scores, grads        [queryBlock * keyBlock]float32
	top, sum, fix, delta [queryBlock]float32
}

var (
	scratches = sync.Pool{New: func() any { return new(scratch) }}
	taskLists = sync.Pool{New: func() any { return new([]task) }}
)

// run calls f for every task that split makes of a set with n queries and m
// keys, on all processors if the work is worth it.
func (s *Shape) run(split int, f func(t task, w *scratch)) {
	list := taskLists.Get().(*[]task)
	tasks := (*list)[:0]
	work := 0
	for i := range s.Sets() {
		_, _, n, _, m := s.bounds(i)
		work += n * (m + 1) * s.Dim
		step := max(split, 1)
		if split == 0 {
			step = max(n, 1)
		}
		for h := range s.Heads {
			for from := 0; from < n; from += step {
				tasks = append(tasks, task{i, h, from, min(from+step, n)})
			}
		}
	}
	// Neighbouring tasks are dealt out together where each is small.
	each := max(1, min(workGrain*len(tasks)/max(work, 1), len(tasks)))
	parallel.Each((len(tasks)+each-1)/each, func(i int) {
		w := scratches.Get().(*scratch)
		for _, t := range tasks[i*each : min((i+1)*each, len(tasks))] {
			f(t, w)
		}
		scratches.Put(w)
	})
	*list = tasks
	taskLists.Put(list)
}

// State is what Backward needs to know of Forward: for every output and head
// the largest scaled score and one over the sum of exponentials, each
// Outputs x Heads, and the output before the residual was added.
type State struct {
	Top, Inverse []float32
	Mixed        []float32
}

// Forward writes the output of attention to y. state may be nil;
// otherwise its slices must have the right lengths, and Mixed is y where there
// is no residual.
func Forward(s *Shape, y, q, k, v []float32, state *State) {
	s.run(queryBlock, func(t task, w *scratch) { s.forward(t, w, y, q, k, v, state) })
}

func (s *Shape) forward(t task, w *scratch, y, q, k, v []float32, state *State) {
	q0, y0, _, k0, m := s.bounds(t.set)
	d, width := s.Dim, s.width()
	col, n := t.head*width, t.to-t.from
	at := func(x []float32, row int) []float32 { return x[row*d+col:] }
	qs, out := at(q, q0+t.from), at(y, y0+t.from)
	if state != nil {
		out = at(state.Mixed, y0+t.from)
	}
	top, sum, fix := w.top[:n], w.sum[:n], w.fix[:n]
	for i := range top {
		top[i], sum[i] = float32(math.Inf(-1)), 0
	}
	if m == 0 {
		for i := range n {
			clear(out[i*d : i*d+width])
		}
	}
	for j := 0; j < m; j += keyBlock {
		keys := min(keyBlock, m-j)
		kernel.Gemm(false, true, n, keys, width, 1, qs, d, at(k, k0+j), d, false, w.scores[:], keyBlock)
		kernel.SoftmaxRows(w.scores[:], n, keys, keyBlock, s.Scale, top, sum, fix)
		if j > 0 {
			kernel.ScaleRows(out, n, width, d, fix)
		}
		kernel.Gemm(false, false, n, width, keys, 1, w.scores[:], keyBlock, at(v, k0+j), d, j > 0, out, d)
	}
	for i, total := range sum {
		fix[i] = 0
		if total > 0 {
			fix[i] = 1 / total
		}
	}
	kernel.ScaleRows(out, n, width, d, fix)
	if state != nil {
		for i := range n {
			r := (y0+t.from+i)*s.Heads + t.head
			state.Top[r], state.Inverse[r] = top[i], fix[i]
		}
	}
	if s.Residual {
		sums := at(y, y0+t.from)
		for i := range n {
			row := i * d
			kernel.Add(sums[row:row+width], out[row:row+width], qs[row:row+width])
		}
	}
}

// Backward adds to dq, dk and dv what the gradient dy of the output gives
// them. Any of the three may be nil. Where queries are shared, dq gathers the
// sets in their order. sums holds Outputs x Dim numbers of scratch if queries
// are shared and dq is not nil.
func Backward(s *Shape, dq, dk, dv, dy, q, k, v []float32, state *State, sums []float32) {
	own := dq
	if s.Shared && dq != nil {
		own = sums[:s.Outputs()*s.Dim]
		clear(own)
	}
	s.run(0, func(t task, w *scratch) {
		for from := 0; from < t.to; from += queryBlock {
			block := task{t.set, t.head, from, min(from+queryBlock, t.to)}
			s.backward(block, w, own, dk, dv, dy, q, k, v, state)
		}
	})
	if s.Shared && dq != nil {
		n := s.Queries[1] * s.Dim
		for i := range s.Sets() {
			kernel.AddTo(dq[:n], own[i*n:(i+1)*n])
		}
	}
}

func (s *Shape) backward(t task, w *scratch, dq, dk, dv, dy, q, k, v []float32, state *State) {
	q0, y0, _, k0, m := s.bounds(t.set)
	d, width := s.Dim, s.width()
	col, n := t.head*width, t.to-t.from
	at := func(x []float32, row int) []float32 { return x[row*d+col:] }
	qs, dys := at(q, q0+t.from), at(dy, y0+t.from)
	if s.Residual && dq != nil {
		to := at(dq, y0+t.from)
		for i := range n {
			kernel.AddTo(to[i*d:i*d+width], dys[i*d:i*d+width])
		}
	}
	if m == 0 {
		return
	}
	top, inverse, delta := w.top[:n], w.sum[:n], w.delta[:n]
	for i := range n {
		r := (y0+t.from+i)*s.Heads + t.head
		top[i], inverse[i] = state.Top[r], state.Inverse[r]
	}
	kernel.RowDots(delta, dys, at(state.Mixed, y0+t.from), n, width, d, d)
	// One key only: its probability is 1 whatever query and key are, so their
	// gradients are exactly zero.
	scored := m > 1 && (dq != nil || dk != nil)
	for j := 0; j < m; j += keyBlock {
		keys := min(keyBlock, m-j)
		kernel.Gemm(false, true, n, keys, width, 1, qs, d, at(k, k0+j), d, false, w.scores[:], keyBlock)
		kernel.ProbRows(w.scores[:], n, keys, keyBlock, s.Scale, top)
		kernel.ScaleRows(w.scores[:], n, keys, keyBlock, inverse)
		if dv != nil {
			kernel.Gemm(true, false, keys, width, n, 1, w.scores[:], keyBlock, dys, d, true, at(dv, k0+j), d)
		}
		if !scored {
			continue
		}
		kernel.Gemm(false, true, n, keys, width, 1, dys, d, at(v, k0+j), d, false, w.grads[:], keyBlock)
		kernel.SoftmaxGradRows(w.grads[:], w.scores[:], n, keys, keyBlock, s.Scale, delta)
		if dq != nil {
			kernel.Gemm(false, false, n, width, keys, 1, w.grads[:], keyBlock, at(k, k0+j), d, true, at(dq, y0+t.from), d)
		}
		if dk != nil {
			kernel.Gemm(true, false, keys, width, n, 1, w.grads[:], keyBlock, qs, d, true, at(dk, k0+j), d)
		}
	}
}

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

// A Problem says which queries meet which keys. Rows of queries, keys, values and
// outputs are Dim wide; head h owns columns h*Dim/Heads up to (h+1)*Dim/Heads.
type Problem struct {
	Heads, Dim int
	Queries    []int // offsets of the sets of queries; only two if Shared
	Keys       []int // offsets of the sets of keys
	Shared     bool  // one set of queries meets every set of keys
	Scale      float32
	Residual   bool      // the queries are added to the output
	Causal     bool      // query i of n sees the keys up to number i+m-n of m: its own place, if the last of both are at one
	Bias       []float32 // added to scaled dot products: Heads for each pair of a query and a key, query by query; or nil
}

// Sets returns the number of sets of outputs.
func (s *Problem) Sets() int { return len(s.Keys) - 1 }

// Outputs returns the number of rows of the output.
func (s *Problem) Outputs() int {
	if s.Shared {
		return s.Sets() * s.Queries[1]
	}
	return s.Queries[len(s.Queries)-1]
}

func (s *Problem) width() int { return s.Dim / s.Heads }

// bounds returns where set i finds its queries, where it writes its outputs,
// how many there are, and its keys.
func (s *Problem) bounds(i int) (q, y, n, k, m int) {
	if s.Shared {
		n = s.Queries[1]
		q, y = 0, i*n
	} else {
		q, n = s.Queries[i], s.Queries[i+1]-s.Queries[i]
		y = q
	}
	return q, y, n, s.Keys[i], s.Keys[i+1] - s.Keys[i]
}

// Pairs returns the number of pairs of a query and a key.
func (s *Problem) Pairs() int {
	pairs := 0
	for i := range s.Sets() {
		_, _, n, _, m := s.bounds(i)
		pairs += n * m
	}
	return pairs
}

// pairs returns, where there is a bias, how many pairs there are before each
// set.
func (s *Problem) pairs() []int {
	if s.Bias == nil {
		return nil
	}
	before := make([]int, s.Sets())
	for i := range len(before) - 1 {
		_, _, n, _, m := s.bounds(i)
		before[i+1] = before[i] + n*m
	}
	return before
}

// A tile is a block of scores of a task: its queries, and n keys of the set from
// key number at. pair is the set's first pair, keys the number of its keys, and
// place where its query 0 is among them.
type tile struct {
	task
	pair, keys, place int
	at, n             int
}

// tile returns that of all the keys that a task has, of which its set has so
// many, and so many queries.
func (s *Problem) tile(t task, pairs []int, queries, keys int) tile {
	pair := 0
	if pairs != nil {
		pair = pairs[t.set]
	}
	return tile{t, pair, keys, keys - queries, 0, keys}
}

// reach returns how many of the m keys of its set the queries of a task see.
func (s *Problem) reach(t task, n, m int) int {
	if s.Causal {
		return min(max(t.to+m-n, 0), m)
	}
	return m
}

// score writes the scores of a tile, and returns what they are still to be
// multiplied by: the scale, or 1 if there is a bias on top of it.
func (s *Problem) score(t *tile, scores, q, k []float32) float32 {
	rows, scale, rest := t.to-t.from, float32(1), s.Scale
	if s.Bias != nil {
		scale, rest = s.Scale, 1
	}
	kernel.Gemm(false, true, rows, t.n, s.width(), scale, q, s.Dim, k, s.Dim, false, scores, keyBlock)
	if s.Bias != nil {
		s.biases(t, func(score, bias int) { scores[score] += s.Bias[bias] })
	}
	if s.Causal {
		t.hide(scores)
	}
	return rest
}

// hide takes the keys after the own place of each query out of a tile.
func (t *tile) hide(scores []float32) {
	for i := range t.to - t.from {
		seen := max(t.from+i+t.place+1-t.at, 0)
		for j := seen; j < t.n; j++ {
			scores[i*keyBlock+j] = float32(math.Inf(-1))
		}
	}
}

// biases calls f with the place of every score of a tile and that of its bias.
func (s *Problem) biases(t *tile, f func(score, bias int)) {
	for i := range t.to - t.from {
		first := t.pair + (t.from+i)*t.keys + t.at
		for j := range t.n {
			f(i*keyBlock+j, (first+j)*s.Heads+t.head)
		}
	}
}

// A task is a block of queries of one set and head, and, if they meet their
// keys in parts, one of those.
type task struct{ set, head, from, to, part int }

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
// keys, on all processors if the work is worth it. split is 0 for one task a
// head, and otherwise the number of queries of a task, whose keys are parted.
func (s *Problem) run(split int, f func(t task, w *scratch)) {
	list := taskLists.Get().(*[]task)
	tasks := (*list)[:0]
	work := 0
	for i := range s.Sets() {
		_, _, n, _, m := s.bounds(i)
		work += n * (m + 1) * s.Dim
		step, several := split, 1
		if split == 0 {
			step = max(n, 1)
		} else {
			several = s.parts(n, m)
		}
		for h := range s.Heads {
			for from := 0; from < n; from += step {
				for p := range several {
					tasks = append(tasks, task{i, h, from, min(from+step, n), p})
				}
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
func Forward(s *Problem, y, q, k, v []float32, state *State) {
	sheaves, pairs := s.sheaves(), s.pairs()
	s.run(queryBlock, func(t task, w *scratch) { s.forward(t, w, pairs, sheaves, y, q, k, v, state) })
	for i, sheaf := range sheaves {
		if sheaf != nil {
			s.bind(i, sheaf, y, q, state)
		}
	}
}

func (s *Problem) forward(t task, w *scratch, pairs []int, sheaves [][]float32, y, q, k, v []float32, state *State) {
	q0, y0, queries, k0, m := s.bounds(t.set)
	d, width := s.Dim, s.width()
	col, n := t.head*width, t.to-t.from
	at := func(x []float32, row int) []float32 { return x[row*d+col:] }
	out, stride, first, last := at(y, y0+t.from), d, 0, s.reach(t, queries, m)
	if state != nil {
		out = at(state.Mixed, y0+t.from)
	}
	var own stalk
	if sheaves != nil && sheaves[t.set] != nil {
		own = s.stalk(sheaves[t.set], n, m, t.head, t.part)
		out, stride, first, last = own.sums, width, t.part*partOf(m), min((t.part+1)*partOf(m), m)
	}
	qs, top, sum, fix := at(q, q0+t.from), w.top[:n], w.sum[:n], w.fix[:n]
	for i := range top {
		top[i], sum[i] = float32(math.Inf(-1)), 0
	}
	if last == 0 {
		for i := range n {
			clear(out[i*stride : i*stride+width])
		}
	}
	block := s.tile(t, pairs, queries, m)
	for j := first; j < last; j += keyBlock {
		keys := min(keyBlock, last-j)
		block.at, block.n = j, keys
		scale := s.score(&block, w.scores[:], qs, at(k, k0+j))
		kernel.SoftmaxRows(w.scores[:], n, keys, keyBlock, scale, top, sum, fix)
		if j > first {
			kernel.ScaleRows(out, n, width, stride, fix)
		}
		kernel.Gemm(false, false, n, width, keys, 1, w.scores[:], keyBlock, at(v, k0+j), d, j > first, out, stride)
	}
	if own.sums != nil {
		copy(own.top, top)
		copy(own.sum, sum)
		return
	}
	s.finish(t, y0, out, qs, y, top, sum, state)
}

// finish divides the sums of a task by the sums of their weights, which it
// replaces by their inverses, keeps what Backward needs, and adds the residual.
func (s *Problem) finish(t task, y0 int, out, qs, y, top, sum []float32, state *State) {
	d, width, n := s.Dim, s.width(), t.to-t.from
	for i, total := range sum {
		sum[i] = 0
		if total > 0 {
			sum[i] = 1 / total
		}
	}
	kernel.ScaleRows(out, n, width, d, sum)
	if state != nil {
		for i := range n {
			r := (y0+t.from+i)*s.Heads + t.head
			state.Top[r], state.Inverse[r] = top[i], sum[i]
		}
	}
	if s.Residual {
		sums := y[(y0+t.from)*d+t.head*width:]
		for i := range n {
			row := i * d
			kernel.Add(sums[row:row+width], out[row:row+width], qs[row:row+width])
		}
	}
}

// Gradients are where Backward adds what it finds. Each may be nil.
type Gradients struct{ Queries, Keys, Values, Bias []float32 }

// Backward adds what the gradient dy of the output gives to queries, keys,
// values and bias. Where queries are shared, their gradient gathers the sets in
// their order; sums then holds Outputs x Dim numbers of scratch if it is asked
// for.
func Backward(s *Problem, d Gradients, dy, q, k, v []float32, state *State, sums []float32) {
	own, pairs := d, s.pairs()
	if s.Shared && d.Queries != nil {
		own.Queries = sums[:s.Outputs()*s.Dim]
		clear(own.Queries)
	}
	s.run(0, func(t task, w *scratch) {
		for from := 0; from < t.to; from += queryBlock {
			block := task{t.set, t.head, from, min(from+queryBlock, t.to), 0}
			s.backward(block, w, pairs, own, dy, q, k, v, state)
		}
	})
	if s.Shared && d.Queries != nil {
		n := s.Queries[1] * s.Dim
		for i := range s.Sets() {
			kernel.AddTo(d.Queries[:n], own.Queries[i*n:(i+1)*n])
		}
	}
}

func (s *Problem) backward(t task, w *scratch, pairs []int, g Gradients, dy, q, k, v []float32, state *State) {
	q0, y0, queries, k0, m := s.bounds(t.set)
	d, width := s.Dim, s.width()
	col, n := t.head*width, t.to-t.from
	at := func(x []float32, row int) []float32 { return x[row*d+col:] }
	qs, dys := at(q, q0+t.from), at(dy, y0+t.from)
	if s.Residual && g.Queries != nil {
		to := at(g.Queries, y0+t.from)
		for i := range n {
			kernel.AddTo(to[i*d:i*d+width], dys[i*d:i*d+width])
		}
	}
	seen := s.reach(t, queries, m)
	if seen == 0 {
		return
	}
	top, inverse, delta := w.top[:n], w.sum[:n], w.delta[:n]
	for i := range n {
		r := (y0+t.from+i)*s.Heads + t.head
		top[i], inverse[i] = state.Top[r], state.Inverse[r]
	}
	kernel.RowDots(delta, dys, at(state.Mixed, y0+t.from), n, width, d, d)
	// One key only: its probability is 1 whatever query, key and bias are, so
	// their gradients are exactly zero.
	scored := m > 1 && (g.Queries != nil || g.Keys != nil || g.Bias != nil)
	block := s.tile(t, pairs, queries, m)
	for j := 0; j < seen; j += keyBlock {
		keys := min(keyBlock, seen-j)
		block.at, block.n = j, keys
		scale := s.score(&block, w.scores[:], qs, at(k, k0+j))
		kernel.ProbRows(w.scores[:], n, keys, keyBlock, scale, top)
		kernel.ScaleRows(w.scores[:], n, keys, keyBlock, inverse)
		if g.Values != nil {
			kernel.Gemm(true, false, keys, width, n, 1, w.scores[:], keyBlock, dys, d, true, at(g.Values, k0+j), d)
		}
		if !scored {
			continue
		}
		kernel.Gemm(false, true, n, keys, width, 1, dys, d, at(v, k0+j), d, false, w.grads[:], keyBlock)
		kernel.SoftmaxGradRows(w.grads[:], w.scores[:], n, keys, keyBlock, scale, delta)
		if g.Bias != nil {
			s.biases(&block, func(score, bias int) { g.Bias[bias] += w.grads[score] })
		}
		rest := s.Scale / scale
		if g.Queries != nil {
			kernel.Gemm(false, false, n, width, keys, rest, w.grads[:], keyBlock, at(k, k0+j), d, true, at(g.Queries, y0+t.from), d)
		}
		if g.Keys != nil {
			kernel.Gemm(true, false, keys, width, n, rest, w.grads[:], keyBlock, qs, d, true, at(g.Keys, k0+j), d)
		}
	}
}

package grad

import (
	"slices"

	"setwise/internal/kernel"
	"setwise/internal/parallel"
	"setwise/set"
)

// Gather returns sets, divided by offsets, whose elements are the numbered
// elements of x, counted across the whole batch. A number may come any number of
// times. It is how elements get from one place to another: the embedding of
// tokens, the neighbours of points, messages along edges, the steps of a
// recurrent net. Relations are left behind. O(len(rows) * x.Dim).
func (t *Tape) Gather(x Value, rows []int32, offsets set.Offsets) Value {
	needOffsets("grad.Gather", offsets)
	if offsets.Len() != len(rows) {
		panic(set.Mismatch("grad.Gather", "%d numbers of elements, got %d", offsets.Len(), len(rows)))
	}
	n := x.Len()
	for i, r := range rows {
		if r < 0 || int(r) >= n {
			panic(set.Mismatch("grad.Gather", "numbers of elements from 0 to %d, got %d at %d", n-1, r, i))
		}
	}
	y := set.Batch{Dim: x.Dim, Values: t.Floats(len(rows) * x.Dim), Offsets: offsets}
	d := x.Dim
	parallel.Range(len(rows), grain(d), func(lo, hi int) {
		for i, r := range rows[lo:hi] {
			copy(y.Values[(lo+i)*d:(lo+i+1)*d], x.Values[int(r)*d:(int(r)+1)*d])
		}
	})
	op := Op{Name: "Gather"}
	if t.Recording() {
		op.With = rows
	}
	return t.Record(op, y, func(dy []float32, din [][]float32) { t.scatter(din[0], dy, rows, x.Len(), x.Dim) }, x)
}

// scatter adds row i of dy to row rows[i] of dx, of n rows of width dim, in
// the order of i.
func (t *Tape) scatter(dx, dy []float32, rows []int32, n, dim int) {
	if len(dy) < numbersAtOnce {
		for i, r := range rows {
			kernel.AddTo(dx[int(r)*dim:(int(r)+1)*dim], dy[i*dim:(i+1)*dim])
		}
		return
	}
	ends, order := t.byRow(rows, n)
	parallel.Range(n, grain(dim*(1+len(rows)/n)), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			for _, i := range order[ends[r]:ends[r+1]] {
				kernel.AddTo(dx[r*dim:(r+1)*dim], dy[int(i)*dim:(int(i)+1)*dim])
			}
		}
	})
}

// byRow sorts the places of rows by what they hold, numbers below n, and
// otherwise by order (counting sort): those of r are order[ends[r]:ends[r+1]].
func (t *Tape) byRow(rows []int32, n int) (ends, order []int32) {
	ends, order = t.Ints(n+2), t.Ints(len(rows))
	clear(ends)
	for _, r := range rows {
		ends[r+2]++
	}
	for r := range n {
		ends[r+2] += ends[r+1]
	}
	for i, r := range rows {
		order[ends[r+1]] = int32(i)
		ends[r+1]++
	}
	return ends, order
}

// Repeat returns n copies of the single set x: seeds and inducing points, one
// copy for every set of a batch.
func (t *Tape) Repeat(x Value, n int) Value {
	if x.Sets() != 1 {
		panic(set.Mismatch("grad.Repeat", "one set, got %d", x.Sets()))
	}
	if n < 0 || float64(n)*float64(len(x.Values)) > mostNumbers || int64(n) > mostNumbers {
		panic(set.Mismatch("grad.Repeat", "0 copies or more, of %d numbers in all at most, got %d of %d", int64(mostNumbers), n, len(x.Values)))
	}
	m := x.Len()
	rows, offsets := t.Ints(n*m), t.Offsets(n)
	for i := range rows {
		rows[i] = int32(i % m)
	}
	for i := range n {
		offsets[i+1] = (i + 1) * m
	}
	return t.Gather(x, rows, offsets)
}

// Spread gives every element of the sets in like the one element that its set
// has in x: a global feature beside the local ones.
func (t *Tape) Spread(x Value, like set.Offsets) Value {
	needOffsets("grad.Spread", like)
	if x.Sets() != like.Sets() {
		panic(set.Mismatch("grad.Spread", "%d sets, got %d", like.Sets(), x.Sets()))
	}
	rows := t.Ints(like.Len())
	for s := range like.Sets() {
		if x.Offsets.Size(s) != 1 {
			panic(set.Mismatch("grad.Spread", "one element in set %d, got %d", s, x.Offsets.Size(s)))
		}
		for i := like[s]; i < like[s+1]; i++ {
			rows[i] = int32(s)
		}
	}
	return t.Gather(x, rows, like)
}

// Stack puts the sets of several values one after another into one batch. All
// must have the same width, and the same number of relations, which are carried
// along as by [set.Concat].
func (t *Tape) Stack(xs ...Value) Value {
	batches, dim, total := make([]set.Batch, len(xs)), 0, 0
	for i, x := range xs {
		if i > 0 && x.Dim != dim {
			panic(set.Mismatch("grad.Stack", "values of width %d, got %d", dim, x.Dim))
		}
		dim, total = x.Dim, total+len(x.Values)
		batches[i] = set.Batch{Offsets: x.Offsets, Relations: x.Relations}
	}
	y := set.Concat(batches...)
	y.Dim, y.Values = dim, t.Floats(total)
	at := 0
	for _, x := range xs {
		at += copy(y.Values[at:], x.Values)
	}
	return t.Record(Op{Name: "Stack"}, y, func(dy []float32, din [][]float32) {
		at := 0
		for i, x := range xs {
			if din[i] != nil {
				kernel.AddTo(din[i], dy[at:at+len(x.Values)])
			}
			at += len(x.Values)
		}
	}, xs...)
}

// Regroup returns the elements of x, in their order, as the sets that offsets
// make of them. Relations are left behind. The result shares the values of x.
func (t *Tape) Regroup(x Value, offsets set.Offsets) Value {
	needOffsets("grad.Regroup", offsets)
	if offsets.Len() != x.Len() {
		panic(set.Mismatch("grad.Regroup", "offsets of %d elements, got %d", x.Len(), offsets.Len()))
	}
	y := set.Batch{Dim: x.Dim, Values: x.Values, Offsets: offsets}
	return t.Record(Op{Name: "Regroup"}, y, func(dy []float32, din [][]float32) { kernel.AddTo(din[0], dy) }, x)
}

// Unite returns the unions: set i of the result has the elements of set i of
// each of xs, one value after another. All have the same width and as many sets,
// but for values of one set, which become part of every union: class tokens,
// latent elements. Relations are left behind.
func (t *Tape) Unite(xs ...Value) Value {
	if len(xs) == 0 {
		panic(set.Mismatch("grad.Unite", "at least one value, got none"))
	}
	sets := 0
	for _, x := range xs {
		sets = max(sets, x.Sets())
	}
	offsets := t.Offsets(sets)
	var rows []int32
	for s := range sets {
		base := 0
		for _, x := range xs {
			if x.Sets() != sets && x.Sets() != 1 {
				panic(set.Mismatch("grad.Unite", "values of %d sets or of one, got %d", sets, x.Sets()))
			}
			lo, hi := x.Offsets.Bounds(min(s, x.Sets()-1))
			for i := lo; i < hi; i++ {
				rows = append(rows, int32(base+i))
			}
			base += x.Len()
		}
		offsets[s+1] = len(rows)
	}
	plain := slices.Clone(xs)
	for i := range plain {
		plain[i].Relations = nil
	}
	return t.Gather(t.Stack(plain...), rows, offsets)
}

// Join puts the elements of several values side by side: element i of the
// result is element i of all of xs, one after another. All must have as many
// elements; the sets, and their relations, are those of the first.
func (t *Tape) Join(xs ...Value) Value {
	if len(xs) == 0 {
		panic(set.Mismatch("grad.Join", "at least one value, got none"))
	}
	dim := 0
	for _, x := range xs {
		if x.Len() != xs[0].Len() {
			panic(set.Mismatch("grad.Join", "%d elements, got %d", xs[0].Len(), x.Len()))
		}
		dim += x.Dim
	}
	y := t.Like(xs[0].Batch, dim)
	at := 0
	for _, x := range xs {
		for i := range x.Len() {
			copy(y.Values[i*dim+at:], x.Values[i*x.Dim:(i+1)*x.Dim])
		}
		at += x.Dim
	}
	return t.Record(Op{Name: "Join"}, y, func(dy []float32, din [][]float32) {
		at := 0
		for k, x := range xs {
			if din[k] != nil {
				for i := range x.Len() {
					kernel.AddTo(din[k][i*x.Dim:(i+1)*x.Dim], dy[i*dim+at:i*dim+at+x.Dim])
				}
			}
			at += x.Dim
		}
	}, xs...)
}

// Columns returns the columns lo up to hi of every element of x.
func (t *Tape) Columns(x Value, lo, hi int) Value {
	if lo < 0 || hi < lo || hi > x.Dim {
		panic(set.Mismatch("grad.Columns", "columns within 0 to %d, got %d to %d", x.Dim, lo, hi))
	}
	y := t.Like(x.Batch, hi-lo)
	for i := range x.Len() {
		copy(y.Values[i*(hi-lo):(i+1)*(hi-lo)], x.Values[i*x.Dim+lo:])
	}
	return t.Record(Op{"Columns", [2]int{lo, hi}}, y, func(dy []float32, din [][]float32) {
		for i := range x.Len() {
			kernel.AddTo(din[0][i*x.Dim+lo:i*x.Dim+hi], dy[i*(hi-lo):(i+1)*(hi-lo)])
		}
	}, x)
}

// Unfold turns every element of x, of width n*d, into n elements of width d of
// the same set, in order. Relations are left behind. The result shares the
// values of x.
func (t *Tape) Unfold(x Value, n int) Value {
	if n <= 0 || x.Dim%n != 0 {
		panic(set.Mismatch("grad.Unfold", "a width that %d divides, got %d", n, x.Dim))
	}
	y := set.Batch{Dim: x.Dim / n, Values: x.Values, Offsets: t.Offsets(x.Sets())}
	for i, o := range x.Offsets {
		y.Offsets[i] = o * n
	}
	return t.Record(Op{"Unfold", n}, y, func(dy []float32, din [][]float32) { kernel.AddTo(din[0], dy) }, x)
}

package grad

import (
	"iter"

	"setwise/internal/parallel"
	"setwise/set"
)

// An Op says what an operation is.
type Op struct {
	Name string // in the field's words, such as "Affine" or "Attend"
	With any    // what else it was told: numbers, an [Attention], the rows of a Gather; to be printed with %+v; nil for nothing
}

// A Back passes a gradient back: given that of an operation's result, it adds
// to the gradient of each input, as many numbers as the input has. That of an
// input that is a constant is nil. It does not change dy, and keeps neither.
type Back func(dy []float32, din [][]float32)

// A note says how the gradient of out passes to the inputs of an operation,
// which are those of the tape from first on, up to those of the next note.
type note struct {
	op    Op
	out   *node
	y     set.Batch
	first int
	back  Back
}

// source is the step of a node that no note made: an input or a parameter.
const source = -1

// Record is how an operation joins the tape: y is its result, in are its
// inputs, and back adds to the gradient of each input, given that of y. back is
// called once for every loss that is differentiated and depends on y.
//
// Where t does not record, or all inputs are constants, the result is a
// constant. Record panics with a [*set.ShapeError] if an input belongs to
// another tape that records, or to a tape that was reset since.
func (t *Tape) Record(op Op, y set.Batch, back Back, in ...Value) Value {
	depends := false
	for i := range in {
		v := &in[i]
		if v.tape != nil {
			t.own(op, v)
		}
		depends = depends || v.node != nil
	}
	if t == nil {
		return Value{Batch: y}
	}
	if !depends {
		return Value{Batch: y, tape: t, round: t.round}
	}
	out := t.nodes.get()
	out.step = int32(len(t.notes))
	t.notes = append(t.notes, note{op, out, y, len(t.inputs), back})
	t.inputs = append(t.inputs, in...)
	return Value{Batch: y, node: out, tape: t, round: t.round}
}

// own panics unless v, a value of some tape, can be an input on t.
func (t *Tape) own(op Op, v *Value) {
	switch {
	case v.round != v.tape.round:
		panic(set.Mismatch("grad."+op.Name, "values of the present round, got one from before its tape was reset"))
	case v.node != nil && v.tape != t:
		panic(set.Mismatch("grad."+op.Name, "values of one tape, got one of another: make it a constant with Detach, or use its tape"))
	}
}

// Each calls f for parts of n rows on all processors, of which each row costs
// about so many multiplications: few that cost little are not shared out. What
// f does for a row must not depend on the part it is in.
func Each(n, cost int, f func(lo, hi int)) { parallel.Range(n, grain(cost), f) }

// grain returns how many rows, each costing the given number of
// multiplications, are worth handing to another worker.
func grain(cost int) int { return max(1, 1<<17/max(cost, 1)) }

// A Step is one operation that a tape recorded.
type Step struct {
	Op  Op
	Out set.Batch
	In  []Source
}

// A Source is what an operation read: the result of an earlier step, a
// parameter, or a batch that is neither.
type Source struct {
	Step  int    // the number of the step, or -1
	Param *Param // or nil
	set.Batch
}

// Steps walks over the operations that t recorded since it was reset, in
// their order, with their numbers. What depends on constants alone is not among
// them.
func (t *Tape) Steps() iter.Seq2[int, Step] {
	return func(yield func(int, Step) bool) {
		if !t.Recording() {
			return
		}
		for i, n := range t.notes {
			s := Step{Op: n.op, Out: n.y}
			last := len(t.inputs)
			if i+1 < len(t.notes) {
				last = t.notes[i+1].first
			}
			for _, v := range t.inputs[n.first:last] {
				from := Source{Step: source, Batch: v.Batch}
				if v.node != nil {
					from.Step, from.Param = int(v.node.step), v.node.param
				}
				s.In = append(s.In, from)
			}
			if !yield(i, s) {
				return
			}
		}
	}
}

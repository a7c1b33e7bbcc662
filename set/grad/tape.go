// Package grad differentiates functions of sets.
//
// A [Tape] applies operations to [Value]s, batches of sets, and writes down
// how each one passes its gradient back; [Tape.Gradients] plays the notes in
// reverse. A nil *Tape applies the same operations and writes nothing: that is
// inference.
//
//	t := grad.NewTape(rng)
//	y := t.ReLU(t.Affine(grad.Const(batch), weight, bias))
//	g := t.Gradients(t.SquaredError(t.Mean(y), target))
//	g.Of(weight) // d loss / d weight, as many numbers as the weight has
//
// The operations are coarse: a layer of attention is a handful of notes, so
// the tape costs nothing beside the arithmetic. Gradients live outside the
// parameters, which a forward pass only reads: any number of tapes, each of its
// own goroutine, may share one model.
//
// Elements are always summed in the same order, so the result of an operation
// on a set does not depend on the other sets of the batch, nor on how many
// processors share the work. Empty sets are sets: attention over nothing adds
// zero, sums and means of nothing are zero.
//
// Operations whose arguments do not fit together panic with a
// [*set.ShapeError].
package grad

import (
	"math/rand/v2"

	"setwise/set"
)

// A Value is a batch of sets that may remember how it was computed.
type Value struct {
	set.Batch
	node *node // nil: a constant
}

// A node is the place where the gradient of a value gathers. kept gradients
// outlive the note that reads them.
type node struct {
	grad  []float32
	kept  bool
	param *Param // nil unless the value is a parameter
}

// Const returns b as a value that depends on no parameter. It panics with a
// [*set.ShapeError] if b is not well formed, as [set.Batch.Validate] has it.
func Const(b set.Batch) Value {
	needBatch("grad.Const", b)
	return Value{Batch: b}
}

// A Tape records operations on values. It belongs to one goroutine. A nil
// *Tape is valid, records nothing, and disables dropout.
type Tape struct {
	rng    *rand.Rand
	still  bool // records nothing
	notes  []note
	inputs []input // of all notes, one after another
	nodes  nodes
	params map[*Param]*parameter
	memory arena
	into   *Gradients          // of the pass under way
	din    [][]float32         // what the last note of a pass was given
	spare  map[int][][]float32 // gradients that have been read, by length
}

// A note says how the gradient of out passes to the inputs of an operation,
// which are those of the tape from first on, up to those of the next note.
type note struct {
	out   *node
	first int
	back  func(dy []float32, din [][]float32)
}

// An input is a value that an operation read: its node, and how many numbers it
// has.
type input struct {
	node *node
	n    int
}

// A parameter is what a tape knows of one.
type parameter struct {
	node    node
	offsets set.Offsets
	used    bool // since the tape was reset
}

// nodes hands out nodes, all of which are given back at once.
type nodes struct {
	slabs [][]node
	used  int
}

const slabNodes = 64

func (s *nodes) get() *node {
	if s.used == len(s.slabs)*slabNodes {
		s.slabs = append(s.slabs, make([]node, slabNodes))
	}
	n := &s.slabs[s.used/slabNodes][s.used%slabNodes]
	*n = node{}
	s.used++
	return n
}

// NewTape returns an empty tape. Layers that need chance, such as dropout,
// take it from rng; without dropout rng may be nil.
func NewTape(rng *rand.Rand) *Tape {
	return &Tape{rng: rng, params: map[*Param]*parameter{}}
}

// NewScratch returns a tape that records nothing, as a nil tape does, and
// keeps the memory of its results for use again after [Tape.Reset]. It suits a
// program that answers many questions.
func NewScratch() *Tape { return &Tape{still: true} }

// Recording reports whether t writes down what it does. It is false for a nil
// tape.
func (t *Tape) Recording() bool { return t != nil && !t.still }

// Rand returns the tape's source of chance, and nil for a tape that does not
// record.
func (t *Tape) Rand() *rand.Rand {
	if !t.Recording() {
		return nil
	}
	return t.rng
}

// Reseed replaces the tape's source of chance. A nil tape has none, and stays
// without.
func (t *Tape) Reseed(rng *rand.Rand) {
	if t != nil {
		t.rng = rng
	}
}

// Reset empties the tape and makes its memory ready for use again. Values and
// gradients that came from the tape must not be used afterwards.
func (t *Tape) Reset() {
	if t == nil {
		return
	}
	clear(t.notes)
	t.notes, t.inputs, t.nodes.used = t.notes[:0], t.inputs[:0], 0
	for p, own := range t.params {
		if !own.used {
			delete(t.params, p)
		}
		own.used = false
	}
	for n, s := range t.spare {
		t.spare[n] = s[:0]
	}
	t.memory.reset()
}

// Like returns a batch of width dim, with the sets and relations of x, for
// the result of an operation. What its values hold is not defined.
func (t *Tape) Like(x set.Batch, dim int) set.Batch {
	return set.Batch{Dim: dim, Values: t.Floats(x.Len() * dim), Offsets: x.Offsets, Relations: x.Relations}
}

// Floats returns n numbers of memory that lasts until the tape is reset. What
// they hold is not defined. It panics with a [*set.ShapeError] for an n that is
// negative or above 2^34.
func (t *Tape) Floats(n int) []float32 {
	if n < 0 || int64(n) > mostNumbers {
		panic(set.Mismatch("grad.Floats", "0 to %d numbers, got %d", int64(mostNumbers), n))
	}
	if t == nil {
		return make([]float32, n)
	}
	return t.memory.get(n)
}

// Detach returns a batch in memory that lasts beyond the tape's, for results. b
// must not be used any more.
func (t *Tape) Detach(b set.Batch) set.Batch {
	if t != nil && t.memory.release(b.Values) {
		return b
	}
	return b.Clone()
}

// Input returns b as a value whose gradient can be asked for, by
// [Gradients.At].
func (t *Tape) Input(b set.Batch) Value {
	needBatch("grad.Input", b)
	if !t.Recording() {
		return Const(b)
	}
	n := t.nodes.get()
	n.kept = true
	return Value{Batch: b, node: n}
}

// Param returns the rows of p as one set.
func (t *Tape) Param(p *Param) Value {
	needParams("grad.Param", p)
	if !t.Recording() {
		return constant(set.Batch{Dim: p.Cols, Values: p.Data, Offsets: set.Offsets{0, p.Rows}})
	}
	own := t.params[p]
	if own == nil || own.offsets[1] != p.Rows {
		own = &parameter{node: node{kept: true, param: p}, offsets: set.Offsets{0, p.Rows}}
		t.params[p] = own
	}
	own.used = true
	return Value{Batch: set.Batch{Dim: p.Cols, Values: p.Data, Offsets: own.offsets}, node: &own.node}
}

// Record is how an operation joins the tape: y is its result, in are its
// inputs, and back adds to the gradient of each input, given that of y. The
// gradient of an input that is a constant is passed to back as nil. back is
// called once for every loss that is differentiated and depends on y.
func (t *Tape) Record(y set.Batch, back func(dy []float32, din [][]float32), in ...Value) Value {
	if !t.Recording() {
		return constant(y)
	}
	for _, v := range in {
		if v.node != nil {
			return Value{Batch: y, node: t.note(back, in)}
		}
	}
	return constant(y)
}

// constant is Const for what an operation made.
func constant(y set.Batch) Value { return Value{Batch: y} }

// note writes a note and returns the node of its result.
func (t *Tape) note(back func(dy []float32, din [][]float32), in []Value) *node {
	out := t.nodes.get()
	t.notes = append(t.notes, note{out, len(t.inputs), back})
	for _, v := range in {
		t.inputs = append(t.inputs, input{v.node, len(v.Values)})
	}
	return out
}

// Gradients differentiates a loss, which must be one set of one number.
func (t *Tape) Gradients(loss Value) *Gradients {
	g := &Gradients{}
	t.GradientsInto(g, loss)
	return g
}

// GradientsInto is [Tape.Gradients] into memory that g already has. What g held
// is forgotten.
func (t *Tape) GradientsInto(g *Gradients, loss Value) {
	if len(loss.Values) != 1 {
		panic(set.Mismatch("grad.Gradients", "a loss of one number, got %d", len(loss.Values)))
	}
	t.back(g, loss, []float32{1})
}

// GradientsFrom passes the gradient dy of some loss with respect to y back to
// all that y was computed from. It may be called again, for another value or
// another dy, and begins afresh each time: gradients that came before keep what
// they hold of parameters, and lose what they hold of inputs.
func (t *Tape) GradientsFrom(y Value, dy []float32) *Gradients {
	if len(dy) != len(y.Values) {
		panic(set.Mismatch("grad.GradientsFrom", "%d numbers, got %d", len(y.Values), len(dy)))
	}
	g := &Gradients{}
	t.back(g, y, dy)
	return g
}

// back plays the notes in reverse.
func (t *Tape) back(g *Gradients, y Value, dy []float32) {
	g.Reset()
	if y.node == nil || !t.Recording() {
		return
	}
	t.forget()
	t.into = g
	y.node.grad = nil
	copy(t.gradient(input{y.node, len(y.Values)}), dy)
	din := t.din
	next := len(t.inputs)
	for i := len(t.notes) - 1; i >= 0; i-- {
		n := &t.notes[i]
		in := t.inputs[n.first:next]
		next = n.first
		if n.out.grad == nil {
			continue // no path to the loss
		}
		din = din[:0]
		for _, v := range in {
			din = append(din, t.gradient(v))
		}
		n.back(n.out.grad, din)
		if !n.out.kept && n.out != y.node {
			t.recycle(n.out.grad)
			n.out.grad = nil
		}
	}
	t.into, t.din = nil, din[:0]
}

// forget makes every node of the tape ready for another pass.
func (t *Tape) forget() {
	for _, p := range t.params {
		p.node.grad = nil
	}
	for _, n := range t.notes {
		n.out.grad = nil
	}
	for _, v := range t.inputs {
		if v.node != nil {
			v.node.grad = nil
		}
	}
}

// gradient returns where the gradient of v gathers, nil if v is a constant.
func (t *Tape) gradient(v input) []float32 {
	if v.node == nil {
		return nil
	}
	if v.node.grad == nil {
		if p := v.node.param; p != nil {
			v.node.grad = t.into.slot(p)
		} else if s := t.spare[v.n]; len(s) > 0 {
			v.node.grad = s[len(s)-1]
			t.spare[v.n] = s[:len(s)-1]
		} else {
			v.node.grad = t.memory.get(v.n)
		}
		clear(v.node.grad)
	}
	return v.node.grad
}

// recycle lets the next gradient of the same size use this one's memory, which
// is still in the cache.
func (t *Tape) recycle(g []float32) {
	if t.spare == nil {
		t.spare = map[int][][]float32{}
	}
	t.spare[len(g)] = append(t.spare[len(g)], g)
}

// Package grad differentiates functions of sets.
//
// A [Tape] applies operations to [Value]s, batches of sets, and writes down
// how each one passes its gradient back; [Tape.Gradients] plays the notes in
// reverse. A nil *Tape applies the same operations and writes nothing: that is
// inference.
//
//	t := grad.NewTape(rng)
//	y := t.ReLU(t.Affine(grad.Const(batch), t.Param(weight), t.Param(bias)))
//	g := t.Gradients(loss.SquaredError(t, t.Mean(y), target))
//	g.Of(weight) // d loss / d weight, as many numbers as the weight has
//
// # Weights
//
// Operations take values only, and a weight becomes one by [Tape.Param]. So a
// weight can be learned, computed from others (a low-rank adapter, tied,
// averaged), frozen ([Param].Frozen: a constant, whose gradient nobody
// computes), or be data ([Const]). Gradients live outside the parameters, which
// a forward pass only reads: any number of tapes, each of its own goroutine, may
// share one model, as long as nobody trains it.
//
// # What a tape says
//
// Three things, apart from each other:
//
//   - whether it records ([Tape.Recording]): a tape of [NewTape] does, one of
//     [NewScratch] and a nil tape do not;
//   - whether it trains ([Tape.Training]): dropout falls only where it does. A
//     tape of NewTape does unless [Tape.Train] says otherwise, so that the
//     gradients of inference, for saliency say, can be had too;
//   - where chance comes from ([Tape.Rand]): an argument of both, for inference
//     may draw too, when it samples.
//
// # Memory
//
// The results of a tape are in its memory, which [Tape.Reset] takes back for
// the next round: a training step allocates next to nothing after the first.
// Values of a tape must not be used after Reset, nor on another tape: both panic
// with a [*set.ShapeError] that says so, where the value is a result of an
// operation on a tape. What is to last is taken out with [Tape.Keep], or
// copied. [Tape.Detach] makes a constant of a value, through which no gradient
// passes.
//
// [Gradients] of parameters are in memory of their own, and outlive the tape;
// those of inputs last until the next pass back or Reset.
//
// Arguments of an operation may be the same value, and results may share
// memory with arguments (Regroup and Unfold do, and Dropout where nobody
// trains). Slices that are arguments, such as rows, offsets and relations, are
// kept, not copied. So nobody writes to what was handed to an operation, or came
// from one, before the tape is reset.
//
// # Operations
//
// They are coarse: a layer of attention is a handful of notes, so the tape
// costs nothing beside the arithmetic. Beside arithmetic there is one way to
// rearrange elements, [Tape.Gather], which takes any rows of a value into any
// sets; [Tape.Stack] puts batches one after another, [Tape.Regroup] divides the
// same elements into other sets, and [Tape.Unite] makes unions.
//
// Elements are always summed in the same order, so the result of an operation
// on a set does not depend on the other sets of the batch, nor on how many
// processors share the work. Empty sets are sets: attention over nothing adds
// zero, sums and means of nothing are zero.
//
// Operations whose arguments do not fit together panic with a
// [*set.ShapeError].
//
// An operation of one's own has what those here have: it joins the tape by
// [Tape.Record], under a name, takes memory from [Tape.Like] and
// [Tape.Floats], and shares work over processors with [Each]. [Tape.Steps]
// walks over what was recorded. Losses are in package [setwise/set/grad/loss].
package grad

import (
	"math/rand/v2"
	"slices"

	"setwise/set"
)

// A Tape records operations on values. It belongs to one goroutine. A nil
// *Tape is valid: it records nothing, does not train, and has no source of
// chance.
type Tape struct {
	rng    *rand.Rand
	still  bool // records nothing
	trains bool
	round  uint32
	notes  []note
	inputs []Value // of all notes, one after another
	nodes  nodes
	params map[*Param]*parameter
	memory arena[float32]
	ints   arena[int32]
	places arena[int]
	into   *Gradients          // of the pass under way
	din    [][]float32         // what the last note of a pass was given
	spare  map[int][][]float32 // gradients that have been read, by length
}

// A parameter is what a tape knows of one.
type parameter struct {
	node    node
	offsets set.Offsets
	used    bool // since the tape was reset
}

// NewTape returns an empty tape that records and trains. Layers that need
// chance, such as dropout, take it from rng, which otherwise may be nil.
func NewTape(rng *rand.Rand) *Tape {
	return &Tape{rng: rng, trains: true, params: map[*Param]*parameter{}}
}

// NewScratch returns a tape that neither records nor trains, as a nil tape
// does, and keeps the memory of its results for use again after [Tape.Reset]. It
// suits a program that answers many questions. rng is for what draws at
// inference too, and may be nil.
func NewScratch(rng *rand.Rand) *Tape {
	return &Tape{rng: rng, still: true, params: map[*Param]*parameter{}}
}

// Recording reports whether t writes down what it does. It is false for a nil
// tape.
func (t *Tape) Recording() bool { return t != nil && !t.still }

// Training reports whether layers are to behave as in training, where that
// differs: see [Tape.Dropout]. It is false for a nil tape.
func (t *Tape) Training() bool { return t != nil && t.trains }

// Train says whether t trains from now on, whether or not it records.
func (t *Tape) Train(on bool) { t.trains = on }

// Rand returns the tape's source of chance. It panics with a [*set.ShapeError]
// if there is none, as for a nil tape.
func (t *Tape) Rand() *rand.Rand {
	if t == nil || t.rng == nil {
		panic(set.Mismatch("grad.Rand", "a tape with a source of chance, got none"))
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
// gradients of inputs that came from the tape must not be used afterwards.
func (t *Tape) Reset() {
	if t == nil {
		return
	}
	clear(t.notes)
	t.notes, t.inputs, t.nodes.used = t.notes[:0], t.inputs[:0], 0
	t.round++
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
	t.ints.reset()
	t.places.reset()
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

// Ints returns n numbers of memory that lasts until the tape is reset, for the
// rows of [Tape.Gather] say. What they hold is not defined.
func (t *Tape) Ints(n int) []int32 {
	if t == nil {
		return make([]int32, n)
	}
	return t.ints.get(n)
}

// Offsets returns the offsets of n sets, in memory that lasts until the tape
// is reset. The first is 0, and what the others hold is not defined.
func (t *Tape) Offsets(n int) set.Offsets {
	if t == nil {
		return make(set.Offsets, n+1)
	}
	o := t.places.get(n + 1)
	o[0] = 0
	return o
}

// Keep returns a batch in memory that lasts beyond the tape's, for results. b
// must not be used any more.
func (t *Tape) Keep(b set.Batch) set.Batch {
	if t == nil || !t.memory.release(b.Values) {
		b.Values = slices.Clone(b.Values)
	}
	b.Offsets = slices.Clone(b.Offsets)
	return b
}

// Detach returns x as a constant: no gradient passes through it.
func (t *Tape) Detach(x Value) Value {
	x.node = nil
	return x
}

// Input returns b as a value whose gradient can be asked for, by
// [Gradients.At]. Where t does not record it is a constant. It panics as [Const]
// does.
func (t *Tape) Input(b set.Batch) Value {
	needBatch("grad.Input", b)
	if !t.Recording() {
		return Const(b)
	}
	n := t.nodes.get()
	n.kept, n.step = true, source
	return Value{Batch: b, node: n, tape: t, round: t.round}
}

// Param returns the rows of p as one set: a constant if p is frozen.
func (t *Tape) Param(p *Param) Value {
	needParam(p)
	if t == nil {
		return Value{Batch: set.Batch{Dim: p.Cols, Values: p.Data, Offsets: set.Offsets{0, p.Rows}}}
	}
	own := t.params[p]
	if own == nil || own.offsets[1] != p.Rows {
		own = &parameter{node: node{kept: true, param: p, step: source}, offsets: set.Offsets{0, p.Rows}}
		t.params[p] = own
	}
	own.used = true
	b := set.Batch{Dim: p.Cols, Values: p.Data, Offsets: own.offsets}
	if t.still || p.Frozen {
		return Value{Batch: b}
	}
	return Value{Batch: b, node: &own.node, tape: t, round: t.round}
}

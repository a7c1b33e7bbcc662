package grad

import "setwise/set"

// A Value is a batch of sets that may remember how it was computed. The zero
// Value is none: an operation leaves an argument out that says it may be none.
//
// A value that a tape made shares the tape's memory: it is good until
// [Tape.Reset], and used afterwards, or on another tape, it panics with a
// [*set.ShapeError].
type Value struct {
	set.Batch
	node  *node  // nil: a constant
	tape  *Tape  // whose memory it is in; nil: nobody's
	round uint32 // of that tape
}

// A node is the place where the gradient of a value gathers. kept gradients
// outlive the note that reads them.
type node struct {
	grad  []float32
	kept  bool
	param *Param // nil unless the value is a parameter
	step  int32  // the number of the note that made it
}

// Const returns b as a value that depends on no parameter. The memory is b's,
// and operations only read it. It panics with a [*set.ShapeError] if b is not
// well formed, as [set.Batch.Validate] has it.
func Const(b set.Batch) Value {
	needBatch("grad.Const", b)
	return Value{Batch: b}
}

// IsNone reports whether v is the zero Value.
func (v Value) IsNone() bool { return v.Dim == 0 && v.Offsets == nil && v.Values == nil }

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

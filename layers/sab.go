package layers

import (
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// Blocks on sets name the MABs inside them alike: elements read from others
// (Read), and seeds or inducing points have the set written into them (Write).

// SAB is self-attention within each set: SAB(X) = MAB(X, X). O(n²) time in the
// size of a set, O(n) memory.
type SAB struct{ Read *MAB }

// NewSAB returns a block from elements of width in to elements of width b.Dim.
func NewSAB(in int, b Block, rng *rand.Rand) *SAB {
	need("layers.NewSAB", argument{"in", in, 0})
	m := NewMAB(in, in, b, rng)
	if m.Pre {
		m.NormY = m.NormX // one norm: queries and keys are the same elements
	}
	return &SAB{m}
}

// Forward returns the elements of x, changed by what they gather from each
// other.
func (s *SAB) Forward(t *grad.Tape, x grad.Value) grad.Value { return between("Read", s.Read, t, x, x) }

// ISAB is self-attention through a few learned inducing points I, in time
// linear in the size of a set:
//
//	ISAB(X) = MAB(X, MAB(I, X))
//
// Write is the inner block, Read the outer one.
type ISAB struct {
	Inducing    *grad.Param
	Write, Read *MAB
}

// NewISAB returns a block with the given number of inducing points, from
// elements of width in to elements of width b.Dim. Inducing points are drawn
// uniformly within ±√(6/(b.Dim (points+1))), as in the authors' code. It panics
// with a [*set.ShapeError] if b has a mechanism that cannot pool, or is causal.
func NewISAB(in, points int, b Block, rng *rand.Rand) *ISAB {
	need("layers.NewISAB", argument{"in", in, 0}, argument{"points", points, 1})
	b.must()
	b.mustPool("layers.NewISAB")
	return &ISAB{
		Inducing: learned(points, b.Dim, rng),
		Write:    learnedQueries(NewMAB(b.Dim, in, b, rng)),
		Read:     NewMAB(in, b.Dim, b, rng),
	}
}

// Forward returns the elements of x, changed by what they gather from each
// other through the inducing points.
func (i *ISAB) Forward(t *grad.Tape, x grad.Value) grad.Value {
	return between("Read", i.Read, t, x, i.write(t, x))
}

func (i *ISAB) write(t *grad.Tape, x grad.Value) grad.Value {
	defer set.Within("Write")
	return i.Write.summarise(t, t.Param(i.Inducing), x)
}

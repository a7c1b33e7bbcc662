package layers

import (
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// MAB is the multi-head attention block of the Set Transformer (Lee et al.
// 2019) as its authors coded it. The residual starts from the projected queries
// Q = X·W_Q, and A is multi-head attention without an output projection:
//
//	H         = Norm1(Q + A(Q, Y))
//	MAB(X, Y) = Norm2(H + rFF(H))
//
// With norms before instead of after (NormPre, NormSet),
//
//	H         = X + A(NormX(X), NormY(Y))
//	MAB(X, Y) = H + rFF(Norm1(H))
//
// where X, if it does not have the width of the block, is replaced by Q in the
// residual, and inputs of another width are not normed. Norms that a block does
// not have are nil. Dropout falls on what A and rFF add.
type MAB struct {
	NormX, NormY *Norm
	Attn         *MultiHead
	Norm1        *Norm
	FF           *FeedForward
	Norm2        *Norm
	Pre          bool // norms come before
	Dropout      Dropout
}

// NewMAB returns a block from elements of width x that attend to elements of
// width y. What comes out is as wide as b.Dim.
func NewMAB(x, y int, b Block, rng *rand.Rand) *MAB {
	m := &MAB{Attn: newMultiHead("layers.NewMAB", x, y, b, rng), FF: NewFeedForward(b.Dim, b.Hidden, rng), Dropout: Dropout(b.Dropout)}
	norm := NewNorm
	if b.Norm == NormSet {
		norm = NewSetNorm
	}
	switch b.Norm {
	case NormPost:
		m.Norm1, m.Norm2 = norm(b.Dim), norm(b.Dim)
	case NormPre, NormSet:
		m.Pre, m.Norm1 = true, norm(b.Dim)
		if x == b.Dim {
			m.NormX = norm(x)
		}
		if y == b.Dim {
			m.NormY = norm(y)
		}
	}
	return m
}

// Attend returns the elements of x, changed by what they gather from y. x has
// as many sets as y, or one, which then meets each set of y.
func (m *MAB) Attend(t *grad.Tape, x, y grad.Value) grad.Value {
	m.must()
	k, v := m.Attn.memory(t, m.NormY.Forward(t, y))
	attend := func(t *grad.Tape, x grad.Value) grad.Value {
		return m.finish(t, m.gather(t, x, func(t *grad.Tape, q grad.Value, residual bool) grad.Value {
			return m.Attn.mix(t, q, k, v, residual)
		}))
	}
	if m.Attn.Mechanism != nil || k.Sets() != 1 || m.NormX.overSet() || m.Norm1.overSet() || m.Norm2.overSet() {
		return attend(t, x)
	}
	return t.InPieces(x, k.Dim, attend)
}

// must panics unless m has its parts.
func (m *MAB) must() {
	if m == nil || m.Attn == nil {
		panic(set.Mismatch("layers.MAB", "a block with attention, got nil"))
	}
}

// summarise is Attend for queries that are parameters, a single set that meets
// every set of y.
func (m *MAB) summarise(t *grad.Tape, queries *grad.Param, y grad.Value) grad.Value {
	m.must()
	y = m.NormY.Forward(t, y)
	return m.finish(t, m.gather(t, t.Param(queries), func(t *grad.Tape, q grad.Value, residual bool) grad.Value {
		return m.Attn.summarise(t, q, y, residual)
	}))
}

// finish applies the feed-forward part.
func (m *MAB) finish(t *grad.Tape, h grad.Value) grad.Value {
	if m.Pre {
		return t.Add(h, m.Dropout.Forward(t, m.FF.Forward(t, m.Norm1.Forward(t, h))))
	}
	h = m.Norm1.Forward(t, h)
	return m.Norm2.Forward(t, t.Add(h, m.Dropout.Forward(t, m.FF.Forward(t, h))))
}

// mixer is a way for queries q to gather, and to be added if residual.
type mixer func(t *grad.Tape, q grad.Value, residual bool) grad.Value

// gather returns the residual plus what attention adds to it.
func (m *MAB) gather(t *grad.Tape, x grad.Value, mix mixer) grad.Value {
	q := m.Attn.Query.Forward(t, m.NormX.Forward(t, x))
	residual := q
	if m.Pre && x.Dim == q.Dim {
		residual = x
	} else if m.Dropout == 0 {
		return mix(t, q, true)
	}
	z := mix(t, q, false)
	return t.Add(spread(t, residual, z), m.Dropout.Forward(t, z))
}

// SAB is self-attention within each set: SAB(X) = MAB(X, X). O(n²) time in the
// size of a set, O(n) memory.
type SAB struct{ *MAB }

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
func (s *SAB) Forward(t *grad.Tape, x grad.Value) grad.Value { return s.Attend(t, x, x) }

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
// uniformly within ±√(6/(b.Dim (points+1))), as in the authors' code.
func NewISAB(in, points int, b Block, rng *rand.Rand) *ISAB {
	need("layers.NewISAB", argument{"in", in, 0}, argument{"points", points, 1})
	b.must()
	return &ISAB{
		Inducing: learned(points, b.Dim, rng),
		Write:    learnedQueries(NewMAB(b.Dim, in, b.full(), rng)),
		Read:     NewMAB(in, b.Dim, b.full(), rng),
	}
}

// Forward returns the elements of x, changed by what they gather from each
// other through the inducing points.
func (i *ISAB) Forward(t *grad.Tape, x grad.Value) grad.Value {
	return i.Read.Attend(t, x, i.Write.summarise(t, i.Inducing, x))
}

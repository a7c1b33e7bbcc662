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

// Attend implements [Pair]: it returns the elements of x, changed by what they
// gather from y. x has as many sets as y, or one, which then meets each set of
// y.
func (m *MAB) Attend(t *grad.Tape, x, y grad.Value) grad.Value {
	return m.Over(t, x, m.Keep(t, y), grad.Value{})
}

// Keep projects the elements of y, for [MAB.Over].
func (m *MAB) Keep(t *grad.Tape, y grad.Value) Kept {
	m.must()
	y = normed("NormY", m.NormY, t, y)
	defer set.Within("Attn")
	return m.Attn.Keep(t, y)
}

// Over is Attend to what was kept of y, with a bias for each pair of an element
// of x and one of y as [grad.Attention] has it, which may be none.
func (m *MAB) Over(t *grad.Tape, x grad.Value, y Kept, bias grad.Value) grad.Value {
	if m.divisible(y, bias) && several(t, x) {
		return m.inPieces(t, x, y)
	}
	return m.over(t, x, y, bias)
}

func (m *MAB) over(t *grad.Tape, x grad.Value, y Kept, bias grad.Value) grad.Value {
	h := m.plus(t, x, func(q grad.Value, residual bool) grad.Value {
		return m.Attn.mix(t, q, x.Batch, y, bias, residual)
	})
	return m.finish(t, h)
}

// plus returns the residual plus what attention adds to it, given a function by
// which queries gather.
func (m *MAB) plus(t *grad.Tape, x grad.Value, gather func(q grad.Value, residual bool) grad.Value) grad.Value {
	normal := normed("NormX", m.NormX, t, x)
	defer set.Within("Attn")
	q := in("Query", m.Attn.Query, t, normal)
	residual := q
	if m.Pre && x.Dim == q.Dim {
		residual = x
	} else if m.Dropout == 0 {
		return gather(q, true) // which is the same, and one operation
	}
	z := gather(q, false)
	return t.Add(spread(t, residual, z), m.Dropout.Forward(t, z))
}

// finish applies the feed-forward part.
func (m *MAB) finish(t *grad.Tape, h grad.Value) grad.Value {
	if m.Pre {
		return t.Add(h, m.Dropout.Forward(t, in("FF", m.FF, t, normed("Norm1", m.Norm1, t, h))))
	}
	h = normed("Norm1", m.Norm1, t, h)
	return normed("Norm2", m.Norm2, t, t.Add(h, m.Dropout.Forward(t, in("FF", m.FF, t, h))))
}

// must panics unless m has its parts.
func (m *MAB) must() {
	if m == nil || m.Attn == nil {
		panic(set.Mismatch("layers.MAB", "a block with attention, got nil"))
	}
}

package layers

import (
	"math"
	"math/rand/v2"

	"setwise/layers/attention"
	"setwise/set"
	"setwise/set/grad"
)

// MultiHead is multi-head attention (Vaswani et al. 2017): queries from X
// gather from keys and values of Y,
//
//	MultiHead(X, Y) = concat_h(softmax(Scale · Q_h K_hᵀ) V_h) W
//	Q = Query(X), K = Key(Y), V = Value(Y)
//
// with W the linear layer Out, left out if that is nil.
type MultiHead struct {
	Heads             int     // must divide the width of queries; 0 means 1
	Scale             float32 // of the dot products; 0 means 1/√(width of a head)
	Causal            bool    // elements see none after their own place: see [grad.Attention]
	Query, Key, Value *Linear
	Out               *Linear
	Mixer             attention.Mixer // nil means [attention.Full]
}

// NewMultiHead returns attention from elements of width x to those of width y,
// of which it makes elements of width b.Dim. It has an Out.
func NewMultiHead(x, y int, b Block, rng *rand.Rand) *MultiHead {
	m := newMultiHead("layers.NewMultiHead", x, y, b, rng)
	m.Out = NewLinear(b.Dim, b.Dim, rng)
	return m
}

func newMultiHead(op string, x, y int, b Block, rng *rand.Rand) *MultiHead {
	need(op, argument{"x", x, 0}, argument{"y", y, 0})
	b.must()
	m := &MultiHead{
		Heads:  b.heads(),
		Scale:  b.scale(),
		Causal: b.Causal,
		Query:  NewLinear(x, b.Dim, rng),
		Key:    NewLinear(y, b.Dim, rng),
		Value:  NewLinear(y, b.Dim, rng),
	}
	if b.Mechanism != nil {
		m.Mixer = b.Mechanism.New(b.Dim, b.heads(), rng)
	}
	return m
}

// Attend implements [Pair]: it returns, for every element of x, what it gathers
// from y. x has as many sets as y, or one, which then meets each set of y.
func (m *MultiHead) Attend(t *grad.Tape, x, y grad.Value) grad.Value {
	return m.Over(t, x, m.Keep(t, y), grad.Value{})
}

// Forward is self-attention: every element of x gathers from its own set.
func (m *MultiHead) Forward(t *grad.Tape, x grad.Value) grad.Value { return m.Attend(t, x, x) }

// Over is Attend to what was kept of y, with a bias for each pair of an element
// of x and one of y as [grad.Attention] has it, which may be none.
func (m *MultiHead) Over(t *grad.Tape, x grad.Value, y Kept, bias grad.Value) grad.Value {
	z := m.mix(t, in("Query", m.Query, t, x), x.Batch, y, bias, false)
	if m.Out == nil {
		return z
	}
	return in("Out", m.Out, t, z)
}

// Kept is what attention needs of the elements that are attended to: their
// keys and values, and the elements themselves. It lasts as long as its tape's
// memory. Where elements come one after another, as in step-by-step decoding,
// each is projected once.
type Kept struct {
	Key, Value grad.Value
	Of         set.Batch
}

// Keep projects the elements of y.
func (m *MultiHead) Keep(t *grad.Tape, y grad.Value) Kept {
	return Kept{in("Key", m.Key, t, y), in("Value", m.Value, t, y), y.Batch}
}

// And returns k with more elements after those of each set.
func (k Kept) And(t *grad.Tape, more Kept) Kept {
	var still *grad.Tape // places are not differentiated
	return Kept{
		t.Unite(k.Key, more.Key), t.Unite(k.Value, more.Value),
		still.Unite(grad.Const(k.Of), grad.Const(more.Of)).Batch,
	}
}

// mix returns what the queries q, made of x, gather from y, and adds the
// queries themselves if residual.
func (m *MultiHead) mix(t *grad.Tape, q grad.Value, x set.Batch, y Kept, bias grad.Value, residual bool) grad.Value {
	inputs := attention.Inputs{
		Query: q, Key: y.Key, Value: y.Value, From: x, To: y.Of,
		Heads: m.heads(q.Dim), Scale: m.scale(q.Dim), Residual: residual, Causal: m.Causal, Bias: bias,
	}
	if m.Mixer == nil {
		return attention.Full{}.Mix(t, inputs)
	}
	return m.Mixer.Mix(t, inputs)
}

// heads returns how many heads there are for queries of the given width.
func (m *MultiHead) heads(dim int) int {
	n := m.Heads
	if n == 0 {
		n = 1
	}
	if n < 0 || dim <= 0 || dim%n != 0 {
		panic(set.Mismatch("layers.MultiHead", "queries of a width that %d heads divide, got %d", n, dim))
	}
	return n
}

// scale returns the factor on dot products of queries of the given width.
func (m *MultiHead) scale(dim int) float32 {
	if !(m.Scale >= 0 && m.Scale <= math.MaxFloat32) {
		panic(set.Mismatch("layers.MultiHead", "a finite Scale of 0 or more, got %v", m.Scale))
	}
	if m.Scale == 0 {
		return float32(1 / math.Sqrt(float64(dim/m.heads(dim))))
	}
	return m.Scale
}

// spread repeats x once for each set of like if it is a single set.
func spread(t *grad.Tape, x, like grad.Value) grad.Value {
	if x.Sets() == 1 && like.Sets() != 1 {
		return t.Repeat(x, like.Sets())
	}
	return x
}

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
	Heads             int     // must divide the width of queries, keys and values; 0 means 1
	Scale             float32 // of the dot products, finite and not negative; 0 means 1/√(width of a head)
	Query, Key, Value *Linear
	Out               *Linear
	Mechanism         attention.Mechanism // nil means attention.Full
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
	return &MultiHead{
		Heads:     b.heads(),
		Scale:     b.scale(),
		Query:     NewLinear(x, b.Dim, rng),
		Key:       NewLinear(y, b.Dim, rng),
		Value:     NewLinear(y, b.Dim, rng),
		Mechanism: b.Mechanism,
	}
}

// Attend returns, for every element of x, what it gathers from y. x has as
// many sets as y, or one, which then meets each set of y.
func (m *MultiHead) Attend(t *grad.Tape, x, y grad.Value) grad.Value {
	k, v := m.memory(t, y)
	z := m.mix(t, m.Query.Forward(t, x), k, v, false)
	if m.Out == nil {
		return z
	}
	return m.Out.Forward(t, z)
}

// Forward is self-attention: every element of x gathers from its own set.
func (m *MultiHead) Forward(t *grad.Tape, x grad.Value) grad.Value { return m.Attend(t, x, x) }

// memory returns the keys and the values of y.
func (m *MultiHead) memory(t *grad.Tape, y grad.Value) (k, v grad.Value) {
	return m.Key.Forward(t, y), m.Value.Forward(t, y)
}

// mix returns what the queries q gather from values, and adds the queries
// themselves if residual.
func (m *MultiHead) mix(t *grad.Tape, q, k, v grad.Value, residual bool) grad.Value {
	if m.Mechanism == nil {
		return t.Attend(q, k, v, grad.Attention{Heads: m.Heads, Scale: m.Scale, Residual: residual})
	}
	// A mechanism divides by the square root of a head's width of its own
	// accord.
	scaled, heads := q, m.heads(q.Dim)
	if by := m.scale(q.Dim) / usualScale(q.Dim/heads); by != 1 {
		scaled = t.Scale(q, by)
	}
	z := m.Mechanism.Mix(t, heads, scaled, k, v)
	if residual {
		z = t.Add(spread(t, q, z), z)
	}
	return z
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
		return usualScale(dim / m.heads(dim))
	}
	return m.Scale
}

// usualScale returns 1/√(width of a head).
func usualScale(width int) float32 { return float32(1 / math.Sqrt(float64(width))) }

// summarise is mix for a single set of queries, the same for all sets of y.
// Where they are few it spares the projection of every element of y; a bias of
// the keys, which changes nothing, then has no gradient.
func (m *MultiHead) summarise(t *grad.Tape, q, y grad.Value, residual bool) grad.Value {
	// Multiplications for each element of y, either way. Equal counts are not
	// worth it, for each set has some work of its own.
	heads := m.heads(q.Dim)
	projecting := y.Dim*q.Dim + q.Len()*q.Dim
	sparing := heads * q.Len() * y.Dim
	if m.Mechanism != nil || 4*sparing > 3*projecting {
		k, v := m.memory(t, y)
		return m.mix(t, q, k, v, residual)
	}
	if m.Key == nil || m.Value == nil {
		panic(set.Mismatch("layers.MultiHead", "a Key and a Value, got nil"))
	}
	met := t.Attend(t.KeyQueries(q, m.Key.Weight, heads), y, y, grad.Attention{Scale: m.scale(q.Dim)})
	z := t.HeadValues(met, m.Value.Weight, m.Value.Bias, heads, y.Offsets)
	if residual {
		z = t.Add(spread(t, q, z), z)
	}
	return z
}

// spread repeats x once for each set of like if it is a single set.
func spread(t *grad.Tape, x, like grad.Value) grad.Value {
	if x.Sets() == 1 && like.Sets() != 1 {
		return t.Repeat(x, like.Sets())
	}
	return x
}

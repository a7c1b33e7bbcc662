package layers

import (
	"setwise/set"
	"setwise/set/grad"
)

// Faster ways to the results of a MAB, to the bit or nearly.

// divisible reports whether the elements of x make no difference to each other
// when they attend to y.
func (m *MAB) divisible(y Kept, bias grad.Value) bool {
	together := m.NormX.overSet() || m.Norm1.overSet() || m.Norm2.overSet()
	return m.Attn.Mixer == nil && !m.Attn.Causal && bias.IsNone() && !together && y.Key.Sets() == 1
}

// inPieces is Over for some elements of x at a time.
func (m *MAB) inPieces(t *grad.Tape, x grad.Value, y Kept) grad.Value {
	return inPieces(t, x, y.Key.Dim, func(t *grad.Tape, x grad.Value) grad.Value { return m.over(t, x, y, grad.Value{}) })
}

// summarise is Attend for queries that are a single set, the same for every set
// of y. Where they are few it spares the projection of every element of y; a
// bias of the keys, which changes nothing, then has no gradient.
func (m *MAB) summarise(t *grad.Tape, queries, y grad.Value) grad.Value {
	// Multiplications for each element of y, either way. Equal counts are not
	// worth it, for each set has some work of its own.
	m.must()
	if m.Attn.Query == nil || m.Attn.Query.Weight == nil {
		panic(set.Mismatch("layers.MultiHead", "a Query, got nil"))
	}
	width, n := m.Attn.Query.Weight.Cols, queries.Len()
	projecting := y.Dim*width + n*width
	sparing := m.Attn.heads(width) * n * y.Dim
	if m.Attn.Mixer != nil || m.Attn.Causal || 4*sparing > 3*projecting {
		return m.Attend(t, queries, y)
	}
	y = normed("NormY", m.NormY, t, y)
	return m.finish(t, m.plus(t, queries, func(q grad.Value, residual bool) grad.Value {
		z := m.Attn.folded(t, q, y)
		if residual {
			z = t.Add(spread(t, q, z), z)
		}
		return z
	}))
}

// folded returns what a single set of queries gathers from the elements of y
// themselves, instead of keys and values of each.
func (m *MultiHead) folded(t *grad.Tape, q, y grad.Value) grad.Value {
	key, value, heads := m.Key.weight("Key", t, y), m.Value.weight("Value", t, y), m.heads(q.Dim)
	met := t.Attend(keyQueries(t, q, key, heads), y, y, grad.Attention{Scale: m.scale(q.Dim)})
	defer set.Within("Value")
	return headValues(t, met, value, orNone(t, m.Value.Bias), heads, y.Offsets)
}

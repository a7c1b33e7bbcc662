package layers

import "setwise/set/grad"

// Norm moves elements to mean 0 and variance 1 before it multiplies their
// columns by Gain and adds Bias: each element for itself (layer norm, Ba et al.
// 2016), or all numbers of a set together if OverSet (set norm, Zhang et al.
// 2022). A nil *Norm returns its input.
//
// Layer norm of elements of width 1 leaves nothing of them; use it on what a
// linear layer gives, not on raw numbers.
type Norm struct {
	Gain, Bias *grad.Param
	OverSet    bool
}

// NewNorm returns a layer norm with gains 1 and biases 0.
func NewNorm(dim int) *Norm {
	need("layers.NewNorm", argument{"dim", dim, 0})
	return &Norm{Gain: grad.Filled(1, dim, 1), Bias: grad.NewParam(1, dim)}
}

// NewSetNorm returns a set norm with gains 1 and biases 0.
func NewSetNorm(dim int) *Norm {
	need("layers.NewSetNorm", argument{"dim", dim, 0})
	n := NewNorm(dim)
	n.OverSet = true
	return n
}

// Forward returns the normed elements.
func (n *Norm) Forward(t *grad.Tape, x grad.Value) grad.Value {
	switch {
	case n == nil:
		return x
	case n.OverSet:
		return t.SetNorm(x, t.Param(n.Gain), t.Param(n.Bias))
	}
	return t.LayerNorm(x, t.Param(n.Gain), t.Param(n.Bias))
}

// normed applies a norm that a layer calls by a name, if it has it.
func normed(name string, n *Norm, t *grad.Tape, x grad.Value) grad.Value {
	if n == nil {
		return x
	}
	return in(name, n, t, x)
}

// overSet reports whether elements are normed together.
func (n *Norm) overSet() bool { return n != nil && n.OverSet }

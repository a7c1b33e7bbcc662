package layers

import (
	"math"
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// Linear maps every element x to x·Weight + Bias. Weight is in x out, so that
// PyTorch's nn.Linear.weight is its transpose. A nil Bias is left out.
type Linear struct{ Weight, Bias *grad.Param }

// NewLinear returns a linear layer with weights and biases drawn uniformly
// within ±1/√in, as PyTorch's nn.Linear does.
func NewLinear(in, out int, rng *rand.Rand) *Linear {
	need("layers.NewLinear", argument{"in", in, 0}, argument{"out", out, 0})
	limit := float32(1 / math.Sqrt(float64(max(in, 1))))
	return &Linear{Weight: grad.Uniform(in, out, limit, rng), Bias: grad.Uniform(1, out, limit, rng)}
}

// Forward returns x·Weight + Bias.
func (l *Linear) Forward(t *grad.Tape, x grad.Value) grad.Value {
	l.must()
	return t.Affine(x, t.Param(l.Weight), orNone(t, l.Bias))
}

func (l *Linear) must() {
	if l == nil {
		panic(set.Mismatch("layers.Linear", "a layer, got nil"))
	}
}

// weight returns the weight of a layer that another one calls by a name, and
// panics unless it is one for the elements of x.
func (l *Linear) weight(name string, t *grad.Tape, x grad.Value) grad.Value {
	defer set.Within(name)
	l.must()
	w := t.Param(l.Weight)
	needWidth("layers.Linear", "elements", w.Len(), x)
	return w
}

// orNone returns p as a value, none if it is nil.
func orNone(t *grad.Tape, p *grad.Param) grad.Value {
	if p == nil {
		return grad.Value{}
	}
	return t.Param(p)
}

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

// FeedForward changes every element by itself: the rFF of the Set Transformer,
//
//	max(x·In, 0)        if Out is nil
//	max(x·In, 0)·Out    otherwise
//
// where In and Out are linear layers.
type FeedForward struct {
	In  *Linear
	Out *Linear
}

// NewFeedForward returns a feed-forward layer from width dim to width dim,
// with one hidden layer of the given width, or with none if hidden is 0.
func NewFeedForward(dim, hidden int, rng *rand.Rand) *FeedForward {
	need("layers.NewFeedForward", argument{"dim", dim, 0}, argument{"hidden", hidden, 0})
	if hidden == 0 {
		return &FeedForward{In: NewLinear(dim, dim, rng)}
	}
	return &FeedForward{In: NewLinear(dim, hidden, rng), Out: NewLinear(hidden, dim, rng)}
}

// Forward returns the changed elements.
func (f *FeedForward) Forward(t *grad.Tape, x grad.Value) grad.Value {
	if f == nil || f.In == nil {
		panic(set.Mismatch("layers.FeedForward", "a layer, got nil"))
	}
	h := f.hidden(t, x)
	if f.Out == nil {
		return h
	}
	return in("Out", f.Out, t, h)
}

func (f *FeedForward) hidden(t *grad.Tape, x grad.Value) grad.Value {
	defer set.Within("In")
	return t.AffineReLU(x, t.Param(f.In.Weight), orNone(t, f.In.Bias))
}

package layers

import (
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

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

package layers

import (
	"math/rand/v2"

	"setwise/set/grad"
)

// Conv convolves every element by itself, as a picture, with kernels of 3 x 3
// pixels:
//
//	Conv(x)[r, c] = Bias + Σ_ij x[r·Stride + i - 1, c·Stride + j - 1] · Weight_ij
//
// where pixels beyond the edges are zero. An element is Height rows of Width
// pixels, the channels of a pixel side by side, and becomes ⌈Height/Stride⌉ rows
// of ⌈Width/Stride⌉ pixels. Weight is 9·in x out: row (3i + j)·in + c is for
// channel c of pixel i, j. PyTorch's Conv2d.weight is it with its axes permuted to
// (column, channel, i, j). A nil Bias is left out.
//
// Sets of pictures are what it is for. Networks of convolutions often have batch
// norms in between, with which the result of an element depends on all others of
// the batch: they are not functions of sets, and this library has none. A [Norm]
// as wide as a picture norms each by itself.
type Conv struct {
	Weight, Bias          *grad.Param
	Height, Width, Stride int
}

// NewConv returns a convolution of pictures of the given height and width, with
// in channels, to pictures with out channels. Weights and biases are drawn
// uniformly within ±1/√(9 in), as PyTorch's nn.Conv2d does.
func NewConv(height, width, in, out, stride int, rng *rand.Rand) *Conv {
	need("layers.NewConv", argument{"height", height, 1}, argument{"width", width, 1}, argument{"in", in, 1}, argument{"out", out, 1}, argument{"stride", stride, 1})
	l := NewLinear(9*in, out, rng)
	return &Conv{Weight: l.Weight, Bias: l.Bias, Height: height, Width: width, Stride: stride}
}

// Forward returns the convolved pictures.
func (c *Conv) Forward(t *grad.Tape, x grad.Value) grad.Value {
	return convolve(t, x, c.Height, c.Width, c.Stride, t.Param(c.Weight), orNone(t, c.Bias))
}

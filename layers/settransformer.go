package layers

import (
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// SetTransformer is the model of Lee et al. (2019): an encoder of ISABs or
// SABs, a pool by attention, a decoder of SABs, and a linear head. Input is a
// layer before them, nil for none.
type SetTransformer struct {
	Input   Layer
	Encoder Stack
	Pool    *PMA
	Decoder Stack
	Head    *Linear
	Dropout Dropout // before and after the pool
	Config  Config
}

// New returns the model that c describes.
func (c Config) New(rng *rand.Rand) (*SetTransformer, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	m := &SetTransformer{Config: c, Dropout: Dropout(c.Dropout)}
	in, b := c.In, c.block()
	if c.Fourier > 0 {
		f := Fourier{Bands: c.Fourier}
		m.Input, in = f, f.Dim(in)
	}
	for range orElse(c.Blocks, 2) {
		if c.Inducing > 0 {
			m.Encoder = append(m.Encoder, NewISAB(in, c.Inducing, b, rng))
		} else {
			m.Encoder = append(m.Encoder, NewSAB(in, b, rng))
		}
		in = c.Dim
	}
	m.Pool = NewPMA(orElse(c.Seeds, 1), b, rng)
	for range c.Decoder {
		m.Decoder = append(m.Decoder, NewSAB(c.Dim, b, rng))
	}
	m.Head = NewLinear(c.Dim, c.Out, rng)
	return m, nil
}

// NewSetTransformer returns the model that c describes. It panics with a
// [*set.ShapeError] if c is not valid.
func NewSetTransformer(c Config, rng *rand.Rand) *SetTransformer {
	m, err := c.New(rng)
	if err != nil {
		panic(set.Mismatch("layers.NewSetTransformer", "a valid configuration, got %v", err))
	}
	return m
}

// Forward returns, for every set, as many elements of width Config.Out as
// there are seeds.
func (m *SetTransformer) Forward(t *grad.Tape, x grad.Value) grad.Value {
	x = m.Dropout.Forward(t, in("Encoder", &m.Encoder, t, m.input(t, x)))
	x = m.Dropout.Forward(t, in("Pool", m.Pool, t, x))
	return in("Head", m.Head, t, in("Decoder", &m.Decoder, t, x))
}

// input applies the layer before the encoder, if there is one.
func (m *SetTransformer) input(t *grad.Tape, x grad.Value) grad.Value {
	if m.Input == nil {
		return x
	}
	return in("Input", m.Input, t, x)
}

// Attention returns how much the pool attends to each element of x: for each
// an element of width heads * seeds, positive numbers that sum to one over each
// set in every column.
func (m *SetTransformer) Attention(x set.Batch) set.Batch {
	v := grad.Const(x)
	return m.Pool.Weights(nil, in("Encoder", &m.Encoder, nil, m.input(nil, v))).Batch
}

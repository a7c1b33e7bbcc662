package layers

import (
	"fmt"
	"math"
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// DeepSets is ρ(pool φ(x)): a network on every element, a pool, and a network
// on what comes of it (Zaheer et al. 2017).
type DeepSets struct {
	Phi  Layer
	Pool Layer // Mean, Sum or Max
	Rho  Layer
}

// NewDeepSets returns a model from elements of width in to one element of
// width out for each set, with layers hidden layers of width dim on either side
// of the pool, ReLUs between them.
func NewDeepSets(in, dim, out, layers int, pool Layer, rng *rand.Rand) *DeepSets {
	need("layers.NewDeepSets", argument{"in", in, 0}, argument{"dim", dim, 0}, argument{"out", out, 0}, argument{"layers", layers, 0})
	present("layers.NewDeepSets", pool)
	return &DeepSets{Phi: perceptron(in, dim, dim, layers, rng), Pool: pool, Rho: perceptron(dim, dim, out, layers, rng)}
}

// perceptron returns hidden layers of width dim with ReLUs, and a linear layer.
func perceptron(in, dim, out, hidden int, rng *rand.Rand) Stack {
	var s Stack
	for range hidden {
		s = append(s, NewLinear(in, dim, rng), ReLU)
		in = dim
	}
	return append(s, NewLinear(in, out, rng))
}

// Forward returns one element for each set.
func (d *DeepSets) Forward(t *grad.Tape, x grad.Value) grad.Value {
	present("layers.DeepSets", d.Phi, d.Pool, d.Rho)
	return in("Rho", d.Rho, t, in("Pool", d.Pool, t, in("Phi", d.Phi, t, x)))
}

// Config describes a [SetTransformer], and is saved as JSON beside its
// weights. In, Out and Dim have no defaults.
type Config struct {
	In  int `json:"in"`  // width of the elements of a set
	Out int `json:"out"` // width of what comes out for each seed: classes, or numbers to predict
	Dim int `json:"dim"` // width inside

	Heads    int     `json:"heads,omitempty"`    // 0 means 4; must divide Dim
	Hidden   int     `json:"hidden,omitempty"`   // hidden layer of feed-forward parts; 0 means none
	Norm     Norming `json:"norm,omitempty"`     // "" none, "post", "pre", "set"
	Scale    Scaling `json:"scale,omitempty"`    // "" √Dim, "head" √(Dim/Heads)
	Dropout  float32 `json:"dropout,omitempty"`  // within blocks and around the pool
	Fourier  int     `json:"fourier,omitempty"`  // bands of Fourier features of the input
	Blocks   int     `json:"blocks,omitempty"`   // of the encoder; 0 means 2
	Inducing int     `json:"inducing,omitempty"` // points of each ISAB; 0 means SAB instead
	Seeds    int     `json:"seeds,omitempty"`    // of the PMA; 0 means 1
	Decoder  int     `json:"decoder,omitempty"`  // SABs after the pool
}

// A Config may come from a file, so its sizes are bounded, each by itself and
// by the memory that the parameters take.
const (
	limit       = 1 << 16
	mostNumbers = 1 << 28
)

// Validate reports what is wrong with c, if anything.
func (c Config) Validate() error {
	for _, f := range []struct {
		name  string
		value int
		least int
	}{
		{"in", c.In, 1}, {"out", c.Out, 1}, {"dim", c.Dim, 1}, {"heads", c.Heads, 0}, {"hidden", c.Hidden, 0},
		{"fourier", c.Fourier, 0}, {"blocks", c.Blocks, 0}, {"inducing", c.Inducing, 0}, {"seeds", c.Seeds, 0}, {"decoder", c.Decoder, 0},
	} {
		if f.value < f.least || f.value > limit {
			return fmt.Errorf("layers: config: want %s from %d to %d, got %d", f.name, f.least, limit, f.value)
		}
	}
	if c.Fourier > mostBands || c.Blocks > 256 || c.Decoder > 256 {
		return fmt.Errorf("layers: config: want at most 64 Fourier bands and 256 blocks, got %d and %d + %d", c.Fourier, c.Blocks, c.Decoder)
	}
	if err := c.block().check(); err != nil {
		return fmt.Errorf("layers: config: %w", err)
	}
	if n := c.numbers(); n > mostNumbers {
		return fmt.Errorf("layers: config: want at most %d numbers in the parameters, got %.3g", mostNumbers, n)
	}
	return nil
}

// Count returns how many numbers the parameters of the model hold that c, if it
// is valid, describes, without building it. A configuration from a file can be
// compared so with the weights in the file before memory is taken for them.
func (c Config) Count() int { return int(min(c.numbers(), math.MaxInt32)) }

// numbers is Count, for sizes within the limits.
func (c Config) numbers() float64 {
	d, h, points := float64(c.Dim), float64(c.Hidden), float64(c.Inducing)
	linear := func(in, out float64) float64 { return float64((in + 1) * out) }
	feedForward := linear(d, d)
	if h > 0 {
		feedForward = linear(d, h) + linear(h, d)
	}
	// norm is that of elements of a width before a block, if it has one.
	norm := func(width float64) float64 {
		if width != d || c.Norm != NormPre && c.Norm != NormSet {
			return 0
		}
		return 2 * d
	}
	// mab is a block but for its norms before attention.
	mab := func(x, y float64) float64 {
		within := map[Norming]float64{NormPost: 2, NormPre: 1, NormSet: 1}[c.Norm]
		return linear(x, d) + linear(y, d) + linear(y, d) + feedForward + float64(2*within*d)
	}
	total, in := 0.0, float64(Fourier{Bands: c.Fourier}.Dim(c.In))
	for range orElse(c.Blocks, 2) {
		if points > 0 {
			total += float64(points*d) + mab(d, in) + norm(in) + mab(in, d) + norm(in) + norm(d)
		} else {
			total += mab(in, in) + norm(in)
		}
		in = d
	}
	total += float64(float64(orElse(c.Seeds, 1))*d) + mab(d, d) + norm(d)
	total += float64(float64(c.Decoder) * (mab(d, d) + norm(d)))
	return total + linear(d, float64(c.Out))
}

func (c Config) block() Block {
	return Block{Dim: c.Dim, Heads: c.Heads, Hidden: c.Hidden, Norm: c.Norm, Scale: c.Scale, Dropout: c.Dropout}
}

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
// [*set.ShapeError] if there is none.
func NewSetTransformer(c Config, rng *rand.Rand) *SetTransformer {
	m, err := c.New(rng)
	if err != nil {
		panic(set.Mismatch("layers.NewSetTransformer", "a valid configuration, got %v", err))
	}
	return m
}

func orElse(x, otherwise int) int {
	if x == 0 {
		return otherwise
	}
	return x
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

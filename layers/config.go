package layers

import (
	"fmt"
	"math"
)

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
	mostSize    = 1 << 16
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
		if f.value < f.least || f.value > mostSize {
			return fmt.Errorf("layers: config: want %s from %d to %d, got %d", f.name, f.least, mostSize, f.value)
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

func orElse(x, otherwise int) int {
	if x == 0 {
		return otherwise
	}
	return x
}

package layers

import (
	"math"

	"setwise/layers/attention"
	"setwise/set"
)

// Norming says where the norms of an attention block stand.
type Norming string

// The normings. Pre and Set leave a clean path from input to output, which
// suits deep models; queries that are learned, as inducing points and seeds
// are, are not normed by them.
const (
	NormNone Norming = ""     // no norms, as the authors' scripts leave it
	NormPost Norming = "post" // layer norms after each residual, the authors' option ln
	NormPre  Norming = "pre"  // layer norms before attention and before the feed-forward layer
	NormSet  Norming = "set"  // set norms in the places of pre (Zhang et al. 2022)
)

// Scaling says what the logits of attention are divided by.
type Scaling string

// The scalings.
const (
	ScaleWidth Scaling = ""     // √Dim, as the authors' code does
	ScaleHead  Scaling = "head" // √(Dim/Heads), as Vaswani et al. (2017) and most others do
)

// Block describes the attention blocks of a model. Blocks of one model usually
// share it. Only Dim has no default.
type Block struct {
	Dim       int                 // width of the elements inside and after
	Heads     int                 // 0 means 4; must divide Dim
	Hidden    int                 // width of a hidden layer in the feed-forward part; 0 means none, as the authors have it
	Norm      Norming             // NormNone
	Scale     Scaling             // ScaleWidth
	Dropout   float32             // probability, on what attention and feed-forward add; 0
	Causal    bool                // elements see none after their own place, in the order of storage
	Mechanism attention.Mechanism // nil means attention.Full
}

func (b Block) heads() int {
	if b.Heads == 0 {
		return 4
	}
	return b.Heads
}

// check returns an error unless b is a block that can be built.
func (b Block) check() error {
	switch {
	case b.heads() < 0:
		return set.Mismatch("layers.Block", "Heads of at least 0, got %d", b.Heads)
	case b.Dim <= 0 || b.Dim > mostWidth || b.Dim%b.heads() != 0:
		return set.Mismatch("layers.Block", "a positive Dim that %d heads divide, got %d", b.heads(), b.Dim)
	case b.Hidden < 0 || b.Hidden > mostWidth:
		return set.Mismatch("layers.Block", "a Hidden from 0 to %d, got %d", mostWidth, b.Hidden)
	case !(b.Dropout >= 0 && b.Dropout < 1):
		return set.Mismatch("layers.Block", "a Dropout of at least 0 and below 1, got %v", b.Dropout)
	}
	switch b.Norm {
	case NormNone, NormPost, NormPre, NormSet:
	default:
		return set.Mismatch("layers.Block", `a Norm of "", "post", "pre" or "set", got %q`, string(b.Norm))
	}
	if b.Scale != ScaleWidth && b.Scale != ScaleHead {
		return set.Mismatch("layers.Block", `a Scale of "" or "head", got %q`, string(b.Scale))
	}
	return nil
}

// must panics with the error of check.
func (b Block) must() {
	if err := b.check(); err != nil {
		panic(err)
	}
}

// scale returns the factor on dot products.
func (b Block) scale() float32 {
	n := b.Dim
	if b.Scale == ScaleHead {
		n /= b.heads()
	}
	return float32(1 / math.Sqrt(float64(n)))
}

// mustPool panics, in the name of op, unless learned queries can attend to sets
// as b says.
func (b Block) mustPool(op string) {
	switch {
	case b.Causal:
		panic(set.Mismatch(op, "a block that is not causal: its own queries have no place among the elements"))
	case b.Mechanism != nil && !b.Mechanism.Pools():
		panic(set.Mismatch(op, "a mechanism by which learned queries can meet a set, got %T", b.Mechanism))
	}
}

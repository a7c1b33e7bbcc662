package layers

import (
	"math/rand/v2"

	"setwise/set/grad"
)

// Mean, Sum and Max pool each set into one element, column by column.
var (
	Mean Func = (*grad.Tape).Mean
	Sum  Func = (*grad.Tape).Sum
	Max  Func = (*grad.Tape).Max
)

// DotPool pools each set by dot products with a learned query q, the simplest
// attention there is (Yang et al. 2018, Ilse et al. 2018):
//
//	DotPool(X) = Σ_i softmax_i(q·x_i / √d) x_i
//
// It gives one element for each set, zero for an empty one. O(n d).
type DotPool struct{ Query *grad.Param }

// NewDotPool returns a pool of elements of width dim. The query is drawn as
// the seed of a [PMA] is.
func NewDotPool(dim int, rng *rand.Rand) *DotPool {
	need("layers.NewDotPool", argument{"dim", dim, 1})
	return &DotPool{learned(1, dim, rng)}
}

// Forward returns one element for each set.
func (p *DotPool) Forward(t *grad.Tape, x grad.Value) grad.Value {
	q := t.Param(p.Query)
	needWidth("layers.DotPool", "elements", q.Dim, x)
	return t.Attend(q, x, x, grad.Attention{})
}

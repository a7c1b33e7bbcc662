package layers

import (
	"math/rand/v2"

	"setwise/set/grad"
)

// Equivariant changes every element by itself and by what is common to its set
// (Zaheer et al. 2017, equation 4):
//
//	y_i = Own(x_i) - Shared(pool(X))
//
// where Own and Shared are linear layers and pool is [Mean] or [Max]. It is the
// cheapest layer in which elements hear of each other. O(n in out).
type Equivariant struct {
	Pool        Layer
	Own, Shared *Linear
}

// NewEquivariant returns a layer from elements of width in to elements of
// width out. Weights are drawn as [NewLinear] does; Shared has no bias, for Own
// has one.
func NewEquivariant(in, out int, pool Layer, rng *rand.Rand) *Equivariant {
	need("layers.NewEquivariant", argument{"in", in, 0}, argument{"out", out, 0})
	present("layers.NewEquivariant", pool)
	e := &Equivariant{Pool: pool, Own: NewLinear(in, out, rng), Shared: NewLinear(in, out, rng)}
	e.Shared.Bias = nil
	return e
}

// Forward returns the changed elements.
func (e *Equivariant) Forward(t *grad.Tape, x grad.Value) grad.Value {
	present("layers.Equivariant", e.Pool)
	common := t.Scale(in("Shared", e.Shared, t, in("Pool", e.Pool, t, x)), -1)
	return t.Add(in("Own", e.Own, t, x), t.Spread(common, x.Offsets))
}

package layers

import (
	"math/rand/v2"

	"setwise/set/grad"
	"setwise/set/grad/loss"
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

// EM refines the mixture of Gaussians that Net finds for each set by Steps of
// expectation maximisation on the elements of the set itself: see
// [loss.EMStep]. Net gives components of width 1 + 2d for elements of width
// d.
type EM struct {
	Net   Layer
	Steps int
}

// Forward returns the refined components.
func (e *EM) Forward(t *grad.Tape, x grad.Value) grad.Value {
	present("layers.EM", e.Net)
	need("layers.EM", argument{"Steps", e.Steps, 0})
	m := in("Net", e.Net, t, x)
	for range e.Steps {
		m = loss.EMStep(t, m, x)
	}
	return m
}

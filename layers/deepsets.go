package layers

import (
	"math/rand/v2"

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

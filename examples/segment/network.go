package main

import (
	"math/rand/v2"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// A network gives each point a logit for each part.
type network struct {
	Point, Global, Head layers.Stack
}

func newNetwork(in, dim, out int, rng *rand.Rand) *network {
	return &network{
		Point:  layers.Stack{layers.NewLinear(in, dim, rng), layers.ReLU, layers.NewLinear(dim, 2*dim, rng), layers.ReLU},
		Global: layers.Stack{layers.NewLinear(2*dim, 8*dim, rng), layers.ReLU, layers.Max},
		Head:   layers.Stack{layers.NewLinear(10*dim, 4*dim, rng), layers.ReLU, layers.NewLinear(4*dim, out, rng)},
	}
}

// countNetwork returns how many numbers a network has.
func countNetwork(in, dim, out int) int {
	return (in+1)*dim + (dim+1)*2*dim + (2*dim+1)*8*dim + (10*dim+1)*4*dim + (4*dim+1)*out
}

// prepare finds what the network needs of the places of points.
func (n *network) prepare(x set.Batch) (set.Batch, error) { return x, nil }

// Forward implements [layers.Layer].
func (n *network) Forward(t *grad.Tape, x grad.Value) grad.Value {
	h := n.Point.Forward(t, x)
	g := n.Global.Forward(t, h)
	return n.Head.Forward(t, t.Join(h, t.Spread(g, h.Offsets)))
}

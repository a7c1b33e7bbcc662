package main

import (
	"math"
	"math/rand/v2"
	"strings"

	"setwise/layers"
	"setwise/layers/local"
	"setwise/pointcloud"
)

// networkOf describes a network for elements of width in that gives each a logit
// for each of out parts: see [local.Network]. Every point looks at those around it,
// and is then seen as one of a group, and of a group of groups.
func networkOf(in, dim, out int) local.Config {
	return local.Config{
		In: in, Out: out, Points: true,
		Stages: []local.Stage{
			{Groups: pointcloud.Groups{Near: 12}, Unit: 0.2, Points: []int{dim}, Dim: 2 * dim},
			{Groups: pointcloud.Groups{Centres: 128, Near: 16}, Unit: 0.35, Points: []int{2 * dim}, Dim: 4 * dim},
			{Groups: pointcloud.Groups{Centres: 32, Near: 12}, Unit: 0.7, Points: []int{4 * dim}, Dim: 8 * dim},
		},
		Dim: 8 * dim, Back: 2 * dim, Hidden: 4 * dim,
	}
}

// newNetwork returns a network with weights drawn as suits one with ReLUs and
// without norms, uniformly within ±√(6/inputs) (K. He and others, 2015), so that
// what passes through its layers becomes neither large nor small. Narrower ones
// take several times as many steps to the same loss here.
func newNetwork(in, dim, out int, rng *rand.Rand) *local.Network {
	m := local.NewNetwork(networkOf(in, dim, out), rng)
	for name, p := range layers.Params(m) {
		switch {
		case strings.HasSuffix(name, ".Bias"):
			clear(p.Data)
		case !strings.HasPrefix(name, "Out."):
			for i := range p.Data {
				p.Data[i] *= float32(math.Sqrt(6))
			}
		}
	}
	return m
}

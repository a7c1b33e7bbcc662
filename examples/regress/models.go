package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"setwise/layers"
)

// shape says how large the models of a comparison are. A model is named after
// its encoder and its pool, such as "isab32+pma".
type shape struct {
	in, dim, out int  // widths of the elements of sets, inside, and of what comes of them
	phi, rho     int  // hidden layers of a network on every element, and of one on what was pooled
	linear       bool // is there a linear layer after the hidden layers of phi?
	seeds        int  // elements that come of a set
	decoder      int  // SABs after a PMA
	norm         layers.Norming
}

// model returns the named model: from sets of elements of width in to seeds
// elements of width out for each set.
//
//	encoders: rff (a network on every element), rffp-mean and rffp-max (the same
//	          of equivariant layers), sab, isab16 (or any number of inducing points)
//	pools:    mean, sum, max, dotprod, pma; pool is mean
func (s shape) model(name string, rng *rand.Rand) layers.Layer {
	encoder, pool, _ := strings.Cut(name, "+")
	block := layers.Block{Dim: s.dim, Heads: 4, Norm: s.norm}
	var m layers.Stack
	switch points, isab := strings.CutPrefix(encoder, "isab"); {
	case isab:
		n, err := strconv.Atoi(points)
		if err != nil {
			panic(fmt.Sprintf("model %q: want isab with a number", name))
		}
		m = append(m, layers.NewISAB(s.in, n, block, rng), layers.NewISAB(s.dim, n, block, rng))
	case encoder == "sab":
		m = append(m, layers.NewSAB(s.in, block, rng), layers.NewSAB(s.dim, block, rng))
	default:
		m = s.network(encoder, rng)
	}
	if pool == "pma" {
		m = append(m, layers.NewPMA(s.seeds, block, rng))
		for range s.decoder {
			m = append(m, layers.NewSAB(s.dim, block, rng))
		}
		return append(m, layers.NewLinear(s.dim, s.out, rng))
	}
	switch pool {
	case "sum":
		m = append(m, layers.Sum)
	case "max":
		m = append(m, layers.Max)
	case "dotprod":
		m = append(m, layers.NewDotPool(s.dim, rng))
	default:
		m = append(m, layers.Mean)
	}
	for range s.rho {
		m = append(m, hidden(s.dim, s.dim, rng))
	}
	return append(m, layers.NewLinear(s.dim, s.seeds*s.out, rng), layers.Unfold(s.seeds))
}

// network returns layers that change every element.
func (s shape) network(kind string, rng *rand.Rand) layers.Stack {
	var m layers.Stack
	in := s.in
	for range s.phi {
		switch kind {
		case "rffp-mean":
			m = append(m, layers.NewEquivariant(in, s.dim, layers.Mean, rng), layers.ReLU)
		case "rffp-max":
			m = append(m, layers.NewEquivariant(in, s.dim, layers.Max, rng), layers.ReLU)
		default:
			m = append(m, hidden(in, s.dim, rng))
		}
		in = s.dim
	}
	if s.linear {
		m = append(m, layers.NewLinear(in, s.dim, rng))
	}
	return m
}

// hidden returns a hidden layer.
func hidden(in, out int, rng *rand.Rand) layers.Layer {
	return &layers.FeedForward{In: layers.NewLinear(in, out, rng)}
}

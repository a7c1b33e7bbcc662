package main

import (
	"fmt"
	"math"
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
	he           bool // do hidden layers begin as He et al. (2015) have it? else as linear layers do
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
		m = append(m, s.hidden(s.dim, rng))
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
			m = append(m, s.equivariant(in, layers.Mean, rng))
		case "rffp-max":
			m = append(m, s.equivariant(in, layers.Max, rng))
		default:
			m = append(m, s.hidden(in, rng))
		}
		in = s.dim
	}
	if s.linear {
		m = append(m, layers.NewLinear(in, s.dim, rng))
	}
	return m
}

// hidden returns a hidden layer of width dim.
func (s shape) hidden(in int, rng *rand.Rand) layers.Layer {
	l := hidden(in, s.dim, rng)
	s.enlarge(l.In)
	return l
}

// equivariant returns a hidden layer that hears of the whole set.
func (s shape) equivariant(in int, pool layers.Layer, rng *rand.Rand) layers.Layer {
	l := layers.NewEquivariant(in, s.dim, pool, rng)
	s.enlarge(l.Own, l.Shared)
	return layers.Stack{l, layers.ReLU}
}

// enlarge makes weights that are uniform within ±√(1/in), as those of linear
// layers are, uniform within ±√(6/in) as He et al. (2015) have it, so that many
// layers with ReLUs keep the size of what goes through them.
func (s shape) enlarge(ls ...*layers.Linear) {
	if !s.he {
		return
	}
	for _, l := range ls {
		for i := range l.Weight.Data {
			l.Weight.Data[i] *= float32(math.Sqrt(6))
		}
	}
}

// hidden returns a hidden layer.
func hidden(in, out int, rng *rand.Rand) *layers.FeedForward {
	return &layers.FeedForward{In: layers.NewLinear(in, out, rng)}
}

// Package models makes the models that the tasks compare: an encoder of the elements
// of a set and a pooling, such as isab32+pma.
package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"setwise/layers"
)

// A Shape says how large the models of a comparison are. A model is named after
// its encoder and its pool, such as "isab32+pma".
type Shape struct {
	In, Dim, Out int  // widths of the elements of sets, inside, and of what comes of them
	Phi, Rho     int  // hidden layers of a network on every element, and of one on what was pooled
	Linear       bool // is there a linear layer after the hidden layers of Phi?
	Seeds        int  // elements that come of a set
	Decoder      int  // SABs after a PMA
	Norm         layers.Norming
	He           bool // do hidden layers begin as He et al. (2015) have it? else as linear layers do
}

// Model returns the named model: from sets of elements of width In to Seeds
// elements of width Out for each set. The name is known to be one of a task's.
//
//	encoders: rff (a network on every element), rffp-mean and rffp-max (the same
//	          of equivariant layers), sab, isab16 (or any number of inducing points)
//	pools:    mean, sum, max, dotprod, pma; pool is mean
func (s Shape) Model(name string, rng *rand.Rand) layers.Layer {
	encoder, pool, _ := strings.Cut(name, "+")
	block := layers.Block{Dim: s.Dim, Heads: 4, Norm: s.Norm}
	var m layers.Stack
	switch points, isab := strings.CutPrefix(encoder, "isab"); {
	case isab:
		n, err := strconv.Atoi(points)
		if err != nil {
			panic(fmt.Sprintf("model %q: want isab with a number", name))
		}
		m = append(m, layers.NewISAB(s.In, n, block, rng), layers.NewISAB(s.Dim, n, block, rng))
	case encoder == "sab":
		m = append(m, layers.NewSAB(s.In, block, rng), layers.NewSAB(s.Dim, block, rng))
	default:
		m = s.network(encoder, rng)
	}
	if pool == "pma" {
		m = append(m, layers.NewPMA(s.Seeds, block, rng))
		for range s.Decoder {
			m = append(m, layers.NewSAB(s.Dim, block, rng))
		}
		return append(m, layers.NewLinear(s.Dim, s.Out, rng))
	}
	switch pool {
	case "sum":
		m = append(m, layers.Sum)
	case "max":
		m = append(m, layers.Max)
	case "dotprod":
		m = append(m, layers.NewDotPool(s.Dim, rng))
	default:
		m = append(m, layers.Mean)
	}
	for range s.Rho {
		m = append(m, s.hidden(s.Dim, rng))
	}
	return append(m, layers.NewLinear(s.Dim, s.Seeds*s.Out, rng), layers.Unfold(s.Seeds))
}

// network returns layers that change every element.
func (s Shape) network(kind string, rng *rand.Rand) layers.Stack {
	var m layers.Stack
	in := s.In
	for range s.Phi {
		switch kind {
		case "rffp-mean":
			m = append(m, s.equivariant(in, layers.Mean, rng))
		case "rffp-max":
			m = append(m, s.equivariant(in, layers.Max, rng))
		default:
			m = append(m, s.hidden(in, rng))
		}
		in = s.Dim
	}
	if s.Linear {
		m = append(m, layers.NewLinear(in, s.Dim, rng))
	}
	return m
}

// hidden returns a hidden layer of width Dim.
func (s Shape) hidden(in int, rng *rand.Rand) layers.Layer {
	l := Hidden(in, s.Dim, rng)
	s.enlarge(l.In)
	return l
}

// equivariant returns a hidden layer that hears of the whole set.
func (s Shape) equivariant(in int, pool layers.Layer, rng *rand.Rand) layers.Layer {
	l := layers.NewEquivariant(in, s.Dim, pool, rng)
	s.enlarge(l.Own, l.Shared)
	return layers.Stack{l, layers.ReLU}
}

// enlarge makes weights that are uniform within ±√(1/in), as those of linear
// layers are, uniform within ±√(6/in) as He et al. (2015) have it, so that many
// layers with ReLUs keep the size of what goes through them.
func (s Shape) enlarge(ls ...*layers.Linear) {
	if !s.He {
		return
	}
	for _, l := range ls {
		for i := range l.Weight.Data {
			l.Weight.Data[i] *= float32(math.Sqrt(6))
		}
	}
}

// Hidden returns a hidden layer: a linear one and ReLU.
func Hidden(in, out int, rng *rand.Rand) *layers.FeedForward {
	return &layers.FeedForward{In: layers.NewLinear(in, out, rng)}
}

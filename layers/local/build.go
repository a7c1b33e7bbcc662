package local

import (
	"math"
	"math/rand/v2"

	"setwise/layers"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// New returns the network that c describes. The weights of linear layers before
// a ReLU are drawn uniformly within ±√(6/in), and their biases are 0 (He et al.
// 2015, arXiv:1502.01852), so that numbers keep their size through all stages, for
// there are no norms. All others are drawn as package layers does.
func (c Config) New(rng *rand.Rand) (*Network, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	m := &Network{Config: c, Dropout: layers.Dropout(c.Dropout)}
	c = c.filled()
	in := c.In
	var before []int // widths of what the stages that reduce are given
	var reduced []pointcloud.Groups
	for _, s := range c.Stages {
		if !s.Groups.Every() {
			before, reduced = append(before, in), append(reduced, s.Groups)
		}
		var g *Group
		g, in = s.build(in, rng)
		m.Stages = append(m.Stages, g)
	}
	if c.Blocks > 0 {
		b, width := layers.Block{Dim: c.Dim, Heads: c.Heads}, in
		for range c.Blocks {
			m.Tokens = append(m.Tokens, layers.NewSAB(width, b, rng))
			width = c.Dim
		}
		m.Pool = layers.NewPMA(1, b, rng)
	} else {
		m.Tokens, m.Pool = layers.Stack{rising(in, in, c.Dim, rng), layers.ReLU}, layers.Max
	}
	out := c.Dim
	if c.Points {
		coarse := wide + 2*c.Dim
		m.Back = make([]*Interpolate, len(before))
		for i := len(before) - 1; i >= 0; i-- {
			both := before[i] + coarse
			m.Back[i] = &Interpolate{
				Groups: reduced[i], Skip: rising(both, before[i], c.Back, rng), Coarse: rising(both, coarse, c.Back, rng),
				Net: layers.Stack{rising(c.Back, c.Back, c.Back, rng), layers.ReLU},
			}
			m.Back[i].Coarse.Bias = nil
			coarse = wide + c.Back
		}
		out = coarse - wide
	}
	m.Head = &layers.FeedForward{In: rising(out, out, c.Hidden, rng)}
	m.Out = layers.NewLinear(c.Hidden, c.Out, rng)
	return m, nil
}

// NewNetwork returns the network that c describes. It panics with a
// [*set.ShapeError] if c is not valid.
func NewNetwork(c Config, rng *rand.Rand) *Network {
	m, err := c.New(rng)
	if err != nil {
		panic(set.Mismatch("local.NewNetwork", "a valid configuration, got %v", err))
	}
	return m
}

// build returns the stage for elements of width in, and the width of what it
// makes.
func (s Stage) build(in int, rng *rand.Rand) (*Group, int) {
	g := &Group{Groups: s.Groups, Unit: s.Unit}
	var each, net layers.Stack
	if len(s.Points) > 0 {
		each, in = perceptron(in, s.Points, rng)
		g.Each, in = each, wide+in
	}
	g.First, in = rising(in, in, s.Dim, rng), s.Dim
	if len(s.Pairs) > 0 {
		net, in = perceptron(in, s.Pairs, rng)
		g.Net = append(net, layers.Max)
	}
	return g, wide + in
}

// perceptron returns linear layers with ReLUs, and the width of what comes out.
func perceptron(in int, widths []int, rng *rand.Rand) (layers.Stack, int) {
	var s layers.Stack
	for _, n := range widths {
		s, in = append(s, rising(in, in, n, rng), layers.ReLU), n
	}
	return s, in
}

// rising returns a linear layer before a ReLU, of numbers that are sums over
// fan inputs altogether.
func rising(fan, in, out int, rng *rand.Rand) *layers.Linear {
	return &layers.Linear{Weight: grad.Uniform(in, out, float32(math.Sqrt(6/float64(fan))), rng), Bias: grad.NewParam(1, out)}
}

package local

import (
	"math"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// Settle changes the weights of a new network so that what comes before each of
// its ReLUs has mean 0 and deviation 1 in every column, over the clouds x, as batch
// norms would have it, but once, before training: data-dependent initialization
// (Krähenbühl et al. 2016, arXiv:1511.06856; Salimans and Kingma 2016). Without
// it largest numbers of groups, which are all positive, drown what tells groups
// apart. Columns that are the same everywhere keep their weights and come to 0.
func (m *Network) Settle(x set.Batch) {
	v := grad.Const(x)
	var before []grad.Value
	for _, s := range m.Stages {
		before = append(before, v)
		v = s.settle(v)
	}
	tokens := settle(m.Tokens, v)
	y := m.Pool.Forward(nil, tokens)
	if len(m.Back) == 0 {
		settleOne(m.Head.In, m.Head.In.Forward(nil, y))
	}
}

// settle settles a stage and returns what it gives.
func (g *Group) settle(x grad.Value) grad.Value {
	if each, ok := g.Each.(layers.Stack); ok {
		settle(each, x)
	}
	if net := g.Net; net == nil {
		at, near := groupsOf("local.Settle", g.Groups, x)
		unit := unitOf("local.Settle", g.Unit, g.Groups)
		var f grad.Value
		if g.Each != nil {
			f = g.Each.Forward(nil, x)
		}
		p := chosen(nil, places(nil, x), at, g.Groups.Every())
		var t *grad.Tape
		weight := t.Param(g.First.Weight)
		z := t.Add(maxAlong(t, g.points(t, relative(t, x, f, unit), weight), near), shift(t, p, weight, unit))
		settleOne(g.First, z)
	}
	return g.Forward(nil, x)
}

// settle settles the linear layers of a stack that have a ReLU after them, and
// returns what the stack gives.
func settle(s layers.Stack, x grad.Value) grad.Value {
	for _, l := range s {
		if linear, ok := l.(*layers.Linear); ok {
			settleOne(linear, linear.Forward(nil, x))
		}
		x = l.Forward(nil, x)
	}
	return x
}

// settleOne brings what a linear layer gives, z, or the largest of it, to mean 0
// and deviation 1.
func settleOne(l *layers.Linear, z grad.Value) {
	n := float64(z.Len())
	if n == 0 {
		return
	}
	for j := range z.Dim {
		var mean, square float64
		for i := range z.Len() {
			mean += float64(z.Values[i*z.Dim+j]) / n
		}
		for i := range z.Len() {
			d := float64(z.Values[i*z.Dim+j]) - mean
			square += float64(d*d) / n
		}
		scale := 1.0
		if square > 1e-12 {
			scale = 1 / math.Sqrt(square)
		}
		for i := range l.Weight.Rows {
			l.Weight.Data[i*l.Weight.Cols+j] *= float32(scale)
		}
		l.Bias.Data[j] = float32((float64(l.Bias.Data[j]) - mean) * scale)
	}
}

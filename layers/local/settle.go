package local

import (
	"math"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// Settle changes the weights of a network that is new so that what comes before
// each of its ReLUs has mean 0 and deviation 1 in every column, over the clouds x:
// once, before training, what batch norms would do in every step (data-dependent
// initialization, Krähenbühl et al. 2016, arXiv:1511.06856). Largest numbers of
// groups are positive all of them, and what they have in common would otherwise
// drown what tells them apart. A few dozen clouds of the training part suffice.
//
// A column that is the same everywhere keeps its weights, and comes to 0. The way
// back to points, and blocks of attention, stay as they are. Settle panics with a
// [*set.ShapeError] as Forward does, and takes as long.
func (m *Network) Settle(x set.Batch) {
	v := grad.Const(x)
	for _, s := range m.Stages {
		v = s.settle(v)
	}
	y := m.Pool.Forward(nil, settleAll(m.Tokens, v))
	if !m.Config.Points {
		settle(m.Head.In, m.Head.In.Forward(nil, y))
	}
}

// settle settles a stage and returns what it gives then.
func (g *Group) settle(x grad.Value) grad.Value {
	const op = "local.Settle"
	needLinear(op, "First", g.First)
	at, near := groupsOf(op, g.Groups, x)
	unit := unitOf(op, g.Unit, g.Groups)
	var none *grad.Tape
	var f grad.Value
	if each, ok := g.Each.(layers.Stack); ok {
		f = settleAll(each, x)
	} else if g.Each != nil {
		f = g.Each.Forward(none, x)
	}
	p := chosen(none, places(none, x), at, g.Groups.Every())
	weight := none.Param(g.First.Weight)
	a, c := g.points(none, relative(none, x, f, unit), weight), shift(none, p, weight, unit)
	if net, ok := g.Net.(layers.Stack); ok {
		settle(g.First, sums(a, c, near))
		settleAll(net, none.ReLU(sums(g.points(none, relative(none, x, f, unit), weight), shift(none, p, weight, unit), near)))
	} else {
		settle(g.First, none.Add(maxAlong(none, a, near), c))
	}
	return g.Forward(none, x)
}

// sums returns a set for each element i, of a_j + c_i for each j it is related to.
func sums(a, c grad.Value, b bond) grad.Value {
	y := set.Batch{Dim: a.Dim, Offsets: b.Offsets}
	for i := range b.Offsets.Sets() {
		own := c.Row(i)
		for _, j := range b.Of(i) {
			for k, x := range a.Row(int(j)) {
				y.Values = append(y.Values, x+own[k])
			}
		}
	}
	return grad.Const(y)
}

// settleAll settles the linear layers of a stack before its ReLUs, and returns
// what it gives then.
func settleAll(s layers.Stack, x grad.Value) grad.Value {
	for _, l := range s {
		if linear, ok := l.(*layers.Linear); ok {
			settle(linear, linear.Forward(nil, x))
		}
		x = l.Forward(nil, x)
	}
	return x
}

// settle brings what becomes of a linear layer, z, which moves and grows as its
// columns do, to mean 0 and deviation 1.
func settle(l *layers.Linear, z grad.Value) {
	n := float64(z.Len())
	for j := range z.Dim {
		var mean, square float64
		for i := range z.Len() {
			mean += float64(z.Row(i)[j]) / n
		}
		for i := range z.Len() {
			d := float64(z.Row(i)[j]) - mean
			square += float64(d*d) / n
		}
		scale := 1.0
		if square > 1e-12 {
			scale = 1 / math.Sqrt(square)
		}
		for i := range l.Weight.Rows {
			l.Weight.Data[i*l.Weight.Cols+j] *= float32(scale)
		}
		if l.Bias != nil {
			l.Bias.Data[j] = float32((float64(l.Bias.Data[j]) - mean) * scale)
		}
	}
}

package local

import (
	"strconv"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// Network is a network of local groups for clouds: PointNet++ (Qi et al. 2017)
// in outline, without batch norms, so that a cloud gives the same bits alone and in
// company. Its stages make ever fewer and wider tokens, each of a part of the
// cloud, of which all are pooled:
//
//	tokens  = Tokens(Stages(x))          a linear layer, or SABs
//	overall = Pool(tokens)               Max, or a PMA
//	y       = Out(Dropout(Head(overall)))     one element for each set
//
// With Config.Points there is an answer for every point. Tokens, beside what is
// common to all of them, go back the way they came, from centres to the points
// that these were chosen from, with what those knew:
//
//	z = [p, tokens, overall]
//	z = Back[k](input of stage k, z)     for each stage that chose centres, the last first
//	y = Out(Dropout(Head(z without p)))  one element for each point
//
// A set without elements has no tokens, and zero or what a PMA's seeds make of
// nothing for its overall.
type Network struct {
	Stages  []*Group
	Tokens  layers.Stack
	Pool    layers.Layer
	Back    []*Interpolate // nil unless there is an answer for every point
	Head    *layers.FeedForward
	Out     *layers.Linear
	Dropout layers.Dropout
	Config  Config
}

// Forward returns an element for every set of x, or, with Config.Points, for
// every element.
func (m *Network) Forward(t *grad.Tape, x grad.Value) grad.Value {
	needPlaces("local.Network", x)
	if m.Pool == nil || m.Head == nil || m.Out == nil {
		panic(set.Mismatch("local.Network", "a Pool, a Head and an Out, got nil"))
	}
	var before []grad.Value // what the stages that choose centres were given
	for i, s := range m.Stages {
		if s == nil {
			panic(set.Mismatch("local.Network", "stages, got nil for number %d", i))
		}
		if !s.Groups.Every() {
			before = append(before, x)
		}
		x = in("Stages."+strconv.Itoa(i), s, t, x)
	}
	tokens := in("Tokens", m.Tokens, t, x)
	y := in("Pool", m.Pool, t, tokens)
	if m.Config.Points {
		y = m.back(t, before, t.Join(places(t, x), tokens, t.Spread(y, tokens.Offsets)))
	}
	return in("Out", m.Out, t, m.Dropout.Forward(t, in("Head", m.Head, t, y)))
}

// back returns what the points of the first stage know of centres z of the last.
func (m *Network) back(t *grad.Tape, before []grad.Value, z grad.Value) grad.Value {
	if len(before) != len(m.Back) {
		panic(set.Mismatch("local.Network", "a way Back for each of %d stages that choose centres, got %d", len(before), len(m.Back)))
	}
	for i := len(before) - 1; i >= 0; i-- {
		z = m.step(t, i, before[i], z)
	}
	return t.Columns(z, wide, z.Dim)
}

func (m *Network) step(t *grad.Tape, i int, x, z grad.Value) grad.Value {
	defer set.Within("Back." + strconv.Itoa(i))
	return m.Back[i].Attend(t, x, z)
}

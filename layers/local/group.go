package local

import (
	"math/rand/v2"
	"strconv"

	"setwise/layers"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// Group makes an element of each local group: the set abstraction of PointNet++
// (Qi et al. 2017, arXiv:1706.02413). With the centre i and the points j of its
// group N(i),
//
//	f_j  = Each([p_j, x_j])
//	h_ij = max(First([(p_j - p_i)/r, f_j]), 0)
//	y_i  = [p_i, Net({h_ij : j in N(i)})]
//
// where p is the place and x the features of an element, and First a linear
// layer. Each is a layer of any kind that changes elements, nil for f = x. Net
// sees each group as a set of its own and pools it into one element: a Stack of
// linear layers that ends with layers.Max is the network of PointNet++, a PMA is
// attention within the group. Without a Net the largest number of each column is
// taken, and then First costs once a point and not once a pair, for
//
//	max_j (a_j + c_i) = max_j a_j + c_i
//
// and nothing is held for pairs: O(points * in * out + pairs * out). With one,
// its layers work on every pair.
//
// The elements of the result are the centres: of every set in the order of their
// places, so that the result is a function of the set, bit for bit; or, where
// every point is a centre, the elements as they come.
type Group struct {
	Groups pointcloud.Groups
	Unit   float32 // r, about as long as groups are wide; 0 means Groups.Radius, or 1 without one
	Each   layers.Layer
	First  *layers.Linear
	Net    layers.Layer
}

// NewGroup returns a stage without Each and Net that makes elements of width 3 +
// out of elements of width in, places included. It panics with a
// [*set.ShapeError] if groups are not valid.
func NewGroup(in, out int, groups pointcloud.Groups, rng *rand.Rand) *Group {
	need("local.NewGroup", "in", in, wide)
	need("local.NewGroup", "out", out, 1)
	needGroups(groups)
	return &Group{Groups: groups, First: layers.NewLinear(in, out, rng)}
}

// needGroups panics unless groups are valid.
func needGroups(g pointcloud.Groups) {
	if err := g.Validate(); err != nil {
		panic(err)
	}
}

// Forward returns an element for each centre.
func (g *Group) Forward(t *grad.Tape, x grad.Value) grad.Value {
	const op = "local.Group"
	needLinear(op, "First", g.First)
	at, near := groupsOf(op, g.Groups, x)
	unit := unitOf(op, g.Unit, g.Groups)
	var f grad.Value
	if g.Each != nil {
		f = same(in("Each", g.Each, t, x), x.Len(), op)
	}
	p := chosen(t, places(t, x), at, g.Groups.Every())
	weight := t.Param(g.First.Weight)
	a := g.points(t, relative(t, x, f, unit), weight)
	return t.Join(p, gathered(t, g.Net, a, shift(t, p, weight, unit), near))
}

// points returns what First makes of every point.
func (g *Group) points(t *grad.Tape, x, weight grad.Value) grad.Value {
	defer set.Within("First")
	return t.Affine(x, weight, orNone(t, g.First.Bias))
}

// orNone returns p as a value, none if it is nil.
func orNone(t *grad.Tape, p *grad.Param) grad.Value {
	if p == nil {
		return grad.Value{}
	}
	return t.Param(p)
}

// gathered returns what net makes of max(a_j + c_i, 0), the largest without one.
func gathered(t *grad.Tape, net layers.Layer, a, c grad.Value, near bond) grad.Value {
	if net == nil {
		return t.ReLU(t.Add(maxAlong(t, a, near), c))
	}
	return pooled(t, func(t *grad.Tape, x grad.Value) grad.Value { return in("Net", net, t, x) }, a, c, near)
}

// Scales puts several stages of the same centres side by side, which see groups
// of different widths: the grouping in several scales of PointNet++. The result
// has the place of each centre, and the features of all stages in their order.
// The Groups of all must be the same but for Near and Radius.
type Scales []*Group

// Forward returns an element for each centre.
func (s Scales) Forward(t *grad.Tape, x grad.Value) grad.Value {
	var parts []grad.Value
	var relations []*set.Relation
	for i, g := range s {
		if g == nil || !sameCentres(g.Groups, s[0].Groups) {
			panic(set.Mismatch("local.Scales", "stages of the same centres, got another or nil at %d", i))
		}
		y := in(strconv.Itoa(i), g, t, x)
		if !g.Groups.Every() || i == 0 {
			relations = append(relations, y.Relations...)
		}
		if i > 0 {
			y = t.Columns(y, wide, y.Dim)
		}
		parts = append(parts, y)
	}
	if len(parts) == 0 {
		panic(set.Mismatch("local.Scales", "a stage or more, got none"))
	}
	parts[0].Relations = relations
	return t.Join(parts...)
}

// sameCentres reports whether groups differ in who is near alone.
func sameCentres(a, b pointcloud.Groups) bool {
	a.Near, a.Radius, b.Near, b.Radius = 0, 0, 0, 0
	return a == b
}

package local

import (
	"math/rand/v2"

	"setwise/layers"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// EdgeConv is the edge convolution of DGCNN (Wang et al. 2019,
// arXiv:1801.07829). With the centre i and the points j of its group N(i), and
// whole elements x, places included,
//
//	h_ij = max(Own(x_i) + Edge(x_j - x_i), 0)
//	y_i  = [p_i, Net({h_ij : j in N(i)})]
//
// where Own and Edge are linear layers. Net pools as that of [Group] does, the
// largest number of each column without one, and then both linear layers cost
// once a point.
//
// Neighbours are those in space, found once and shared by all layers that ask for
// the same ones. The authors find them anew in the features of every layer, at
// the cost of comparing all points with all.
type EdgeConv struct {
	Groups    pointcloud.Groups
	Own, Edge *layers.Linear
	Net       layers.Layer
}

// NewEdgeConv returns a layer without a Net that makes elements of width 3 + out
// of elements of width in, places included. Edge has no bias, for Own has one. It
// panics with a [*set.ShapeError] if groups are not valid.
func NewEdgeConv(in, out int, groups pointcloud.Groups, rng *rand.Rand) *EdgeConv {
	need("local.NewEdgeConv", "in", in, wide)
	need("local.NewEdgeConv", "out", out, 1)
	needGroups(groups)
	e := &EdgeConv{Groups: groups, Own: layers.NewLinear(in, out, rng), Edge: layers.NewLinear(in, out, rng)}
	e.Edge.Bias = nil
	return e
}

// Forward returns an element for each centre.
func (e *EdgeConv) Forward(t *grad.Tape, x grad.Value) grad.Value {
	const op = "local.EdgeConv"
	needLinear(op, "Own", e.Own)
	needLinear(op, "Edge", e.Edge)
	if e.Edge.Bias != nil {
		panic(set.Mismatch(op, "an Edge without a Bias, which Own has, got one"))
	}
	at, near := groupsOf(op, e.Groups, x)
	a := in("Edge", e.Edge, t, x)
	own := chosen(t, x, at, e.Groups.Every())
	c := t.Sub(in("Own", e.Own, t, own), chosen(t, a, at, e.Groups.Every()))
	return t.Join(places(t, own), gathered(t, e.Net, a, c, near))
}

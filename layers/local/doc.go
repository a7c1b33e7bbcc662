// Package local has layers that look at the neighbourhoods of points, of which
// models of clouds such as PointNet++ and DGCNN are made.
//
// # Elements have places
//
// There is one convention: the first three columns of an element are its place.
// Every layer here takes elements [p, x], where p is the place and x its
// features, which there may be none of, and gives elements [p, h]. So stages
// stand one after another, and what comes of them reaches attention with its
// place:
//
//	parts := pointcloud.Groups{Centres: 96, Near: 16}
//	model := layers.Stack{
//		local.NewGroup(6, 64, parts, rng),    // 96 centres, each with what its 16 nearest points are like
//		layers.NewSAB(3+64, block, rng),      // parts see one another: 96² pairs, not 1,024²
//		layers.NewPMA(1, block, rng),
//		layers.NewLinear(block.Dim, classes, rng),
//	}
//
// [Group] makes an element of each local group and [Scales] of several groups
// about one centre. [EdgeConv] and [Attention] do so in other ways. Where
// Groups.Every, every point is a centre and stays. [Interpolate], and Attention as
// a Pair, go the way back, from centres to all points, and [Placed] puts any layer
// between. [Config] describes a whole [Network], which tells what a cloud is, or
// each of its points.
//
// # Groups are data
//
// Which points are centres, and which are near them, is no part of a layer but of
// the batch: a relation that [pointcloud.Groups] makes from places. A layer takes
// the relation of the batch that has the name of its Groups (Groups.String), and
// where there is none finds the groups by itself. So they can be found once, ahead of a training or in
// parallel with it, and shared by all layers, forward and backward, and they stay
// right when clouds are turned, moved or scaled alike afterwards:
//
//	batch, err := config.Prepare(batch) // or pointcloud.Prepare
//
// # Promises
//
// Every layer is a function of the set, exactly: the order of storage changes no
// bit of what a group gives, not even where distances are equal or points coincide.
// A set gives the same bits alone, in any batch, and on any number of cores. Empty
// sets give none, and clouds with fewer points than are asked for have smaller
// groups, down to a single point, which is its own. There are no batch norms.
//
// A place that is not finite, or a batch too narrow to have places, panics with a
// [*set.ShapeError] that names the element.
//
// Relative places are in a unit, about the width of a group: clouds of which the
// places are far from zero, or of another size, are to be brought to the unit
// sphere first, for p_j - p_i is taken from two products, each rounded to float32.
package local

package local

import (
	"math/rand/v2"

	"setwise/layers"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// Interpolate gives features of centres back to all points, beside features
// that these have of their own: the feature propagation of PointNet++ (Qi et al.
// 2017). As a Pair it takes points x and the centres y, and with the Near centres
// c nearest to point i
//
//	w_ic = 1/|p_i - p_c|²
//	h_i  = max(Skip(x_i) + sum_c w_ic Coarse(y_c) / sum_c w_ic, 0)
//	z_i  = [p_i, Net(h_i)]
//
// where Skip and Coarse are linear layers of whole elements, places included. A
// point that lies where centres do takes the mean of these alone. Coarse costs once
// a centre, for it is linear. A Net changes elements; nil stands for none. A set
// without centres gets what Skip gives.
//
// The way back can be found beforehand: see [pointcloud.Prepare].
type Interpolate struct {
	Groups       pointcloud.Groups // of the stage that made the centres
	Near         int               // 0 means 3
	Skip, Coarse *layers.Linear
	Net          layers.Layer
}

// NewInterpolate returns a layer without a Net from points of width x and
// centres of width y, places included, to points of width 3 + out. Coarse has no
// bias, for Skip has one. It panics with a [*set.ShapeError] if groups are not
// valid.
func NewInterpolate(x, y, out int, groups pointcloud.Groups, rng *rand.Rand) *Interpolate {
	need("local.NewInterpolate", "x", x, wide)
	need("local.NewInterpolate", "y", y, wide)
	need("local.NewInterpolate", "out", out, 1)
	needGroups(groups)
	l := &Interpolate{Groups: groups, Skip: layers.NewLinear(x, out, rng), Coarse: layers.NewLinear(y, out, rng)}
	l.Coarse.Bias = nil
	return l
}

// Attend implements [layers.Pair]: it returns the elements of x.
func (l *Interpolate) Attend(t *grad.Tape, x, y grad.Value) grad.Value {
	const op = "local.Interpolate"
	needLinear(op, "Skip", l.Skip)
	needLinear(op, "Coarse", l.Coarse)
	near := backTo(op, l.Groups, x, y, l.near())
	coarse := interpolate(t, in("Coarse", l.Coarse, t, y), places(t, x), places(t, y), near)
	h := t.ReLU(t.Add(in("Skip", l.Skip, t, x), coarse))
	if l.Net != nil {
		h = same(in("Net", l.Net, t, h), x.Len(), op)
	}
	return t.Join(places(t, x), h)
}

func (l *Interpolate) near() int {
	if l.Near == 0 {
		return 3
	}
	return l.Near
}

// backTo returns the centres y nearest to the elements of x.
func backTo(op string, g pointcloud.Groups, x, y grad.Value, k int) bond {
	needPlaces(op, x)
	needPlaces(op, y)
	r, err := g.BackTo(x.Batch, y.Batch, k)
	if err == nil {
		err = r.Validate(x.Offsets, y.Offsets)
	}
	if err != nil {
		panic(set.Mismatch(op, "points and the centres among them, got ones of which %v", err))
	}
	return bond{r, x.Offsets}
}

package local

import (
	"math"

	"setwise/layers"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// wide is how many columns a place takes.
const wide = 3

// groupsOf returns the groups of x, found or made before.
func groupsOf(op string, g pointcloud.Groups, x grad.Value) (pointcloud.Grouping, bond) {
	needPlaces(op, x)
	at, err := g.Of(x.Batch)
	if err == nil {
		err = at.Near.Validate(at.Sets, x.Offsets)
	}
	if err != nil {
		panic(set.Mismatch(op, "elements of which local groups can be found, got ones of which %v", err))
	}
	return at, bond{at.Near, at.Sets}
}

func needPlaces(op string, x grad.Value) {
	if x.Dim < wide {
		panic(set.Mismatch(op, "elements whose first three columns are a place, got width %d", x.Dim))
	}
}

// needLinear panics without a linear layer of a name.
func needLinear(op, name string, l *layers.Linear) {
	if l == nil || l.Weight == nil {
		panic(set.Mismatch(op, "a linear layer %s with a Weight, got nil", name))
	}
}

// unitOf returns the unit of relative places.
func unitOf(op string, unit float32, g pointcloud.Groups) float32 {
	const least = 1e-30 // of which the inverse is finite
	if unit == 0 {
		unit = float32(g.Radius)
	}
	if unit == 0 && g.Radius == 0 {
		return 1
	}
	if !(unit >= least && unit <= math.MaxFloat32) {
		panic(set.Mismatch(op, "a Unit from %v up to all of float32, got %v", least, unit))
	}
	return unit
}

// in applies a layer under a name, which an error then tells.
func in(name string, l layers.Layer, t *grad.Tape, x grad.Value) grad.Value {
	defer set.Within(name)
	return l.Forward(t, x)
}

// places returns the places of elements.
func places(t *grad.Tape, x grad.Value) grad.Value { return t.Columns(x, 0, wide) }

// chosen returns the numbered elements of x, as sets, with relations of their
// own: x itself if that is all of them.
func chosen(t *grad.Tape, x grad.Value, at pointcloud.Grouping, every bool) grad.Value {
	if every {
		return x
	}
	y := t.Gather(x, at.Centres, at.Sets)
	y.Relations = at.Relations
	return y
}

// relative returns elements whose places are in a unit, and their features, if
// they are not nil those of f.
func relative(t *grad.Tape, x, f grad.Value, unit float32) grad.Value {
	if f.IsNone() {
		if unit == 1 {
			return x
		}
		f = t.Columns(x, wide, x.Dim)
	}
	return t.Join(t.Scale(places(t, x), 1/unit), f)
}

// shift returns what moving the places of elements p to zero adds to products
// with a weight, whose first rows are for places in a unit.
func shift(t *grad.Tape, p, weight grad.Value, unit float32) grad.Value {
	rows := t.Gather(weight, []int32{0, 1, 2}, set.Offsets{0, wide})
	return t.Affine(t.Scale(p, -1/unit), rows, grad.Value{})
}

// Placed applies a layer of any kind to whole elements and puts their places
// before what it gives:
//
//	y_i = [p_i, Layer(x)_i]
//
// So attention, norms and feed-forward layers stand between layers of this
// package. Layer must give as many elements as it gets.
type Placed struct{ Layer layers.Layer }

// Forward returns the changed elements.
func (p Placed) Forward(t *grad.Tape, x grad.Value) grad.Value {
	needPlaces("local.Placed", x)
	if p.Layer == nil {
		panic(set.Mismatch("local.Placed", "a layer, got nil"))
	}
	return t.Join(places(t, x), same(in("Layer", p.Layer, t, x), x.Len(), "local.Placed"))
}

// same returns y if it has n elements.
func same(y grad.Value, n int, op string) grad.Value {
	if y.Len() != n {
		panic(set.Mismatch(op, "a layer that gives an element for each of %d, got %d", n, y.Len()))
	}
	return y
}

// need panics unless an argument of a constructor is in its range.
func need(op, name string, value, least int) {
	if value < least || value > mostWidth {
		panic(set.Mismatch(op, "%s from %d to %d, got %d", name, least, mostWidth, value))
	}
}

const mostWidth = 1 << 30

package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"setwise/io/dataset"
	"setwise/pointcloud"
	"setwise/set"
)

// features say what the model sees of a shape, and are saved with it: Points
// points, each with its coordinates after the cloud was moved into the unit
// sphere, and turned to its principal axes if shapes come in any position; its
// normal; two numbers that no turn changes, the squared distance from the centre
// and how far the normal points outwards; and the extra numbers of the shape,
// scaled. A number that is taken in logarithm, for it differs by factors from
// shape to shape, may be a size: with it come the coordinates as they stand in
// the data, measured from zero, multiplied by it, in units of their typical lengths.
type features struct {
	Points  int            `json:"points"`
	Columns []string       `json:"columns,omitempty"` // what the extra numbers are
	Scaler  dataset.Scaler `json:"scaler,omitempty"`
	Unit    float64        `json:"unit"` // typical coordinate in the data
	Turn    string         `json:"turn"` // how shapes are turned while training: none, x, y, z or free
}

// newFeatures returns features for a model that learns from these shapes.
func newFeatures(o options, columns []string, known []dataset.Shape) features {
	f := features{Points: o.points, Columns: columns, Scaler: dataset.NewScaler(known), Unit: 1, Turn: o.turn}
	var squares, n float64
	for _, s := range known {
		for i := range s.Cloud.Points {
			for _, x := range s.Cloud.Place(i) {
				squares, n = squares+x*x, n+1
			}
		}
	}
	if squares > 0 {
		f.Unit = math.Sqrt(squares / n)
	}
	return f
}

// width returns the width of an element.
func (f features) width() int {
	n := 8 + len(f.Columns)
	for _, scale := range f.Scaler {
		if scale.Log {
			n += 3
		}
	}
	return n
}

// augment returns how shapes vary while training.
func (f features) augment() (pointcloud.Augment, error) {
	a := pointcloud.Augment{Scale: [2]float32{0.87, 1.15}}
	switch f.Turn {
	case "none":
	case "x", "y", "z":
		a.Axis[f.Turn[0]-'x'], a.Angle = 1, math.Pi
	case "free": // elements brings all clouds into one position
	default:
		return a, fmt.Errorf("-turn: want none, x, y, z or free, got %q", f.Turn)
	}
	return a, nil
}

// draw returns points of s as a set, varied by a.
func (f features) draw(s dataset.Shape, a pointcloud.Augment, rng *rand.Rand) set.Batch {
	return f.elements(a.Apply(s.Points(f.Points, rng), rng), s.Extra)
}

// elements returns the set that stands for a cloud of a shape with some extra
// numbers.
func (f features) elements(c pointcloud.Cloud, extra []float64) set.Batch {
	values := make([]float32, 0, c.Len()*f.width())
	shared := f.Scaler.Apply(extra)
	var sizes []float32
	for i, scale := range f.Scaler {
		if scale.Log {
			sizes = append(sizes, float32(math.Exp(math.Log(max(extra[i], scale.Least))-scale.Mean)/f.Unit))
		}
	}
	unit := c.UnitSphere()
	if f.Turn == "free" {
		unit = unit.Transform(unit.PrincipalAxes())
	}
	stands := c.WithOrigin([3]float64{})
	for i, p := range unit.Points {
		n := unit.Normals[i]
		values = append(values, p[0], p[1], p[2], dot(p, p), n[0], n[1], n[2], dot(p, n))
		values = append(values, shared...)
		for _, size := range sizes {
			q := stands.Points[i]
			values = append(values, q[0]*size, q[1]*size, q[2]*size)
		}
	}
	return set.Of(f.width(), values)
}

func dot(a, b [3]float32) float32 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

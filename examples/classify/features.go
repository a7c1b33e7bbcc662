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
// scaled.
type features struct {
	Points  int            `json:"points"`
	Columns []string       `json:"columns,omitempty"` // what the extra numbers are
	Scaler  dataset.Scaler `json:"scaler,omitempty"`
	Turn    string         `json:"turn"` // how shapes are turned while training: none, x, y, z or free
}

// width returns the width of an element.
func (f features) width() int { return 8 + len(f.Columns) }

// augment returns how shapes vary while training.
func (f features) augment() (pointcloud.Augment, error) {
	a := pointcloud.Augment{Scale: [2]float32{0.8, 1.25}}
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
	return f.elements(a.Apply(s.Points(f.Points, rng), rng), f.Scaler.Apply(s.Extra))
}

// elements returns the set that stands for a cloud of a shape with some scaled
// extra numbers.
func (f features) elements(c pointcloud.Cloud, extra []float32) set.Batch {
	c = c.UnitSphere()
	if f.Turn == "free" {
		c = c.Transform(c.PrincipalAxes())
	}
	values := make([]float32, 0, c.Len()*f.width())
	for i, p := range c.Points {
		n := c.Normals[i]
		values = append(values, p[0], p[1], p[2], dot(p, p), n[0], n[1], n[2], dot(p, n))
		values = append(values, extra...)
	}
	return set.Of(f.width(), values)
}

func dot(a, b [3]float32) float32 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

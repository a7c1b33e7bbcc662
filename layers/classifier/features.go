package classifier

import (
	"fmt"
	"math"
	"math/rand/v2"

	"setwise/internal/elementary"
	"setwise/pointcloud"
	"setwise/set"
)

// Features say what the model sees of a shape, and are saved with it: Points
// points or, of a cloud that has not as many, all; each with its coordinates after the cloud was moved into the unit
// sphere, and turned to its principal axes if shapes come in any position; its
// normal; two numbers that no turn changes, the squared distance from the centre
// and how far the normal points outwards; and the extra numbers of the shape,
// scaled. A number that is taken in logarithm, for it differs by factors from
// shape to shape, may be a size: with it come the coordinates as they stand in
// the data multiplied by it, in units of their typical lengths.
type Features struct {
	Points  int      `json:"points"`
	Columns []string `json:"columns,omitempty"` // what the extra numbers are
	Scaler  Scaler   `json:"scaler,omitempty"`  // one for each column
	Unit    float64  `json:"unit"`              // typical coordinate in the data
	Turn    string   `json:"turn"`              // how shapes are turned while training: none, x, y, z or free
}

const (
	mostPoints  = 1 << 20
	mostColumns = 1 << 10
)

// A Source gives n points of a shape, with a normal for each. A surface does, by
// drawing from it anew each time; a cloud gives fewer if it has not as many.
type Source interface {
	Points(n int, rng *rand.Rand) pointcloud.Cloud
}

// An Example is a shape as training and testing see it, with its extra numbers.
type Example struct {
	Source
	Extra []float64
}

// Validate reports what is wrong with f, if anything: it may come from a file, so a
// shape has at most 2^20 points, and 1,024 columns.
func (f Features) Validate() error {
	if f.Points < 1 || f.Points > mostPoints {
		return fmt.Errorf("want 1 to %d points of a shape, got %d", mostPoints, f.Points)
	}
	if len(f.Columns) > mostColumns {
		return fmt.Errorf("want at most %d columns of extra numbers, got %d", mostColumns, len(f.Columns))
	}
	if err := distinct("column", f.Columns); err != nil {
		return err
	}
	if len(f.Scaler) != len(f.Columns) {
		return fmt.Errorf("want a scale for each of %d columns, got %d", len(f.Columns), len(f.Scaler))
	}
	for i, s := range f.Scaler {
		if err := s.validate(); err != nil {
			return fmt.Errorf("column %.100q: %w", f.Columns[i], err)
		}
	}
	if !(f.Unit > 0 && f.Unit <= math.MaxFloat32) {
		return fmt.Errorf("want a unit above 0, got %v", f.Unit)
	}
	_, err := f.Augment()
	return err
}

// Width returns the width of an element.
func (f Features) Width() int {
	n := 8 + len(f.Columns)
	for _, scale := range f.Scaler {
		if scale.Log {
			n += 3
		}
	}
	return n
}

// Augment returns how shapes vary while training: each axis is scaled by itself,
// up to 75 % of the points are left out, so that the model knows thin scans, and
// shapes are turned about the axis of Turn. Where they come in any position, which
// tells nothing about them, up to 40 % of the points are cut away by a plane before,
// so that it knows parts of shapes too, and what they make of the principal axes.
func (f Features) Augment() (pointcloud.Augment, error) {
	a := pointcloud.Augment{Dropout: 0.75, Scale: [2]float32{0.87, 1.15}}
	switch f.Turn {
	case "none":
	case "x", "y", "z":
		a.Axis[f.Turn[0]-'x'], a.Angle = 1, math.Pi
	case "free": // Elements brings all clouds into one position
		a.Cut = 0.4
	default:
		return a, fmt.Errorf("want shapes turned none, x, y, z or free, got %.100q", f.Turn)
	}
	return a, nil
}

// Draw returns points of an example as a set, varied by a. It panics as
// Elements does.
func (f Features) Draw(e Example, a pointcloud.Augment, rng *rand.Rand) set.Batch {
	return f.Elements(a.Apply(e.Points(f.Points, rng), rng), e.Extra)
}

// Elements returns the set that stands for a cloud of a shape with some extra
// numbers. It panics with a [*set.ShapeError] if points have no normals, or if
// there are not as many numbers as columns.
func (f Features) Elements(c pointcloud.Cloud, extra []float64) set.Batch {
	if len(c.Normals) != c.Len() {
		panic(set.Mismatch("classifier.Features", "a normal for each of %d points, got %d", c.Len(), len(c.Normals)))
	}
	values := make([]float32, 0, c.Len()*f.Width())
	shared := f.Scaler.Apply(extra)
	var sizes []float32
	for i, scale := range f.Scaler {
		if scale.Log {
			ratio := elementary.Log(max(extra[i], scale.Least)) - scale.Mean // of x to the typical one
			sizes = append(sizes, float32(elementary.Exp(min(ratio, elementary.Log(farthest)))/f.Unit))
		}
	}
	fromZero := c.WithOrigin([3]float64{}).Points // as they stand in the data
	unit := c.UnitSphere()
	if f.Turn == "free" {
		unit = unit.Transform(unit.PrincipalAxes())
	}
	for i, p := range unit.Points {
		n := unit.Normals[i]
		values = append(values, p[0], p[1], p[2], dot(p, p), n[0], n[1], n[2], dot(p, n))
		values = append(values, shared...)
		for _, size := range sizes {
			q := fromZero[i]
			values = append(values, q[0]*size, q[1]*size, q[2]*size)
		}
	}
	return set.Of(f.Width(), values)
}

func dot(a, b [3]float32) float32 {
	return float32(a[0]*b[0]) + float32(a[1]*b[1]) + float32(a[2]*b[2])
}

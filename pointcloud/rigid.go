package pointcloud

import (
	"fmt"
	"math"
)

// Rigid is a motion of space that keeps distances: x goes to R x + T, with R a
// rotation. An R of zeros counts as no rotation, so the zero Rigid moves
// nothing.
type Rigid struct {
	R Matrix
	T [3]float64
}

// Apply returns c moved: its points, rounded once, and its normals, which turn.
// What is moved are true places, and so is the origin if c has one. A point that is not finite becomes one that is not, and the empty cloud stays so.
func (m Rigid) Apply(c Cloud) Cloud {
	out := c.Clone()
	r := m.rotation()
	out.Origin = Rigid{r, m.T}.move(out.Points, c.Origin)
	for i, n := range c.Normals {
		out.Normals[i] = narrow(r.of(wide(n)))
	}
	return out
}

// Then returns the motion that does m first and then next.
func (m Rigid) Then(next Rigid) Rigid {
	return Rigid{R: next.rotation().Mul(m.rotation()), T: next.of(m.T)}
}

// Inverse returns the motion that undoes m.
func (m Rigid) Inverse() Rigid {
	r := m.rotation()
	back := Rigid{R: Matrix{{r[0][0], r[1][0], r[2][0]}, {r[0][1], r[1][1], r[2][1]}, {r[0][2], r[1][2], r[2][2]}}}
	back.T = back.R.of([3]float64{-m.T[0], -m.T[1], -m.T[2]})
	return back
}

// of returns R x + T.
func (m Rigid) of(x [3]float64) [3]float64 {
	y := m.rotation().of(x)
	return [3]float64{y[0] + m.T[0], y[1] + m.T[1], y[2] + m.T[2]}
}

// check reports whether m is a motion: a rotation, up to rounding, and a finite
// translation.
func (m Rigid) check() error {
	r := m.rotation()
	turns := r.Det() > 0
	for i := range 3 {
		for j := range 3 {
			turns = turns && math.Abs(dot(r[i], r[j])-identity[i][j]) <= 1e-4
		}
	}
	if !turns {
		return fmt.Errorf("want a rotation, got %.4g", m.R)
	}
	if d := m.T; !(math.Abs(d[0])+math.Abs(d[1])+math.Abs(d[2]) <= math.MaxFloat64) {
		return fmt.Errorf("want a finite translation, got %.4g", d)
	}
	return nil
}

func (m Rigid) rotation() Matrix {
	if m.R == (Matrix{}) {
		return identity
	}
	return m.R
}

// measured returns the motion m, of points that are measured from one origin, as
// that of points measured from another: R (x + d) + T - d with d from the old
// origin to the new.
func (m Rigid) measured(from, to [3]float64) Rigid {
	if to != from {
		d := sub(to, from)
		m.T = sub(m.of(d), d)
	}
	return m
}

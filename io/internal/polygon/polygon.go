// Package polygon cuts polygons in space into triangles.
//
// Readers make a fan of each polygon, around its first corner: n-2 triangles,
// which are right where all of the polygon is seen from that corner, as in
// every convex one. [Fans] finds the others, once all vertices are known, and
// cuts these by ears: a corner that sticks out, with no other corner within the
// triangle of it and its neighbours, is cut off, and so on with what is left.
//
// A polygon is looked at along the axis that it faces most, so it need not be
// quite flat. One that has no area, or of which no ears can be cut as it crosses
// itself, stays the fan.
package polygon

import (
	"fmt"
	"math"
)

// Fans are the polygons of more than three corners among the triangles of a
// mesh, each of which is a fan there. The zero value has none.
type Fans struct{ fans []fan }

// A fan is the first of its triangles, and how many there are.
type fan struct{ first, n int32 }

// Add notes that the n triangles from first on are the fan of one polygon. It is
// called in the order of first.
func (f *Fans) Add(first, n int) {
	if n > 1 {
		f.fans = append(f.fans, fan{int32(first), int32(n)})
	}
}

// Cut replaces the triangles of fans that are not right by others of the same
// corners, in place. In parallel, each a slice as long as faces, corners are put
// into the same order as those of faces. It takes time linear in the corners of
// the fans that are right, and an error says that the others have too many corners
// to be cut within some seconds.
func (f *Fans) Cut(faces [][3]int32, vertices [][3]float32, parallel ...[][3]int32) error {
	left := mostTests
	for _, f := range f.fans {
		triangles := faces[f.first:][:f.n]
		v := look(triangles, vertices)
		if v.fanIsRight() {
			continue
		}
		c := cutter{points: v.points(), area: v.area, left: left}
		cut, err := c.ears()
		if err != nil {
			return fmt.Errorf("the face of triangles %d to %d: %w", f.first, f.first+f.n-1, err)
		}
		left = c.left
		if cut == nil {
			continue
		}
		reorder(triangles, cut)
		for _, p := range parallel {
			reorder(p[f.first:][:f.n], cut)
		}
	}
	return nil
}

// corner returns corner k of the polygon of a fan.
func corner(fan [][3]int32, k int) int32 {
	if k < 2 {
		return fan[0][k]
	}
	return fan[k-2][2]
}

// reorder replaces a fan by triangles that name its corners by their numbers in
// the polygon.
func reorder(fan [][3]int32, cut [][3]int32) {
	corners := make([]int32, len(fan)+2)
	for k := range corners {
		corners[k] = corner(fan, k)
	}
	for i, t := range cut {
		fan[i] = [3]int32{corners[t[0]], corners[t[1]], corners[t[2]]}
	}
}

// mostTests bounds the corners that are compared with ears, over all polygons.
const mostTests = 1 << 27

// A view is a polygon that is looked at along an axis.
type view struct {
	fan      [][3]int32
	vertices [][3]float32
	x, y     int     // the other two
	turned   bool    // so that corners are counterclockwise
	area     float64 // twice that which is seen
}

// A point is a corner as it is seen, from the first.
type point struct{ x, y float64 }

// look looks at a polygon along the axis that it faces most.
func look(fan [][3]int32, vertices [][3]float32) view {
	var normal [3]float64
	for i := range normal {
		v := view{fan: fan, vertices: vertices, x: (i + 1) % 3, y: (i + 2) % 3}
		a, b := v.point(0), v.point(1)
		for k := range fan {
			c := v.point(k + 2)
			normal[i] += twice(a, b, c)
			b = c
		}
	}
	axis := 0
	for i := range normal {
		if math.Abs(normal[i]) > math.Abs(normal[axis]) {
			axis = i
		}
	}
	return view{fan, vertices, (axis + 1) % 3, (axis + 2) % 3, normal[axis] < 0, math.Abs(normal[axis])}
}

// point returns corner k as it is seen.
func (v *view) point(k int) point {
	p, first := &v.vertices[corner(v.fan, k)], &v.vertices[v.fan[0][0]]
	q := point{float64(p[v.x]) - float64(first[v.x]), float64(p[v.y]) - float64(first[v.y])}
	if v.turned {
		q.x = -q.x
	}
	return q
}

// points returns all corners.
func (v *view) points() []point {
	points := make([]point, len(v.fan)+2)
	for k := range points {
		points[k] = v.point(k)
	}
	return points
}

// flat is the part of the area of a polygon that a triangle may be wrong by.
const flat = 1e-6

// fanIsRight reports whether no triangle of the fan is turned round, or nothing
// can be better as the polygon has no area.
func (v *view) fanIsRight() bool {
	if v.area == 0 {
		return true
	}
	a, b := v.point(0), v.point(1)
	for k := range v.fan {
		c := v.point(k + 2)
		if twice(a, b, c) < -flat*v.area {
			return false
		}
		b = c
	}
	return true
}

// twice returns twice the area of a triangle, which is negative clockwise.
func twice(a, b, c point) float64 { return float64((b.x-a.x)*(c.y-a.y)) - float64((b.y-a.y)*(c.x-a.x)) }

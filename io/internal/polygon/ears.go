package polygon

import "fmt"

// A cutter cuts one polygon.
type cutter struct {
	points []point // counterclockwise
	area   float64 // twice that of the polygon
	left   int     // corners that may yet be compared with ears
}

// A ring is a polygon from which ears are cut: the corners that are left, each
// with the numbers of those before and after it.
type ring struct {
	*cutter
	n             int // how many are left
	before, after []int
	inner         []int // corners that do not stick out, and perhaps some more
	cut           [][3]int32
}

// ears returns the triangles of the polygon, by the numbers of its corners, or nil
// if no way is found.
func (c *cutter) ears() ([][3]int32, error) {
	n := len(c.points)
	r := ring{cutter: c, before: make([]int, n), after: make([]int, n)}
	for i := range n {
		r.before[i], r.after[i] = (i+n-1)%n, (i+1)%n
	}
	for i := range n {
		if r.tip(i) <= 0 {
			r.inner = append(r.inner, i)
		}
	}
	at, passed, how := 0, 0, nothing
	for r.n = n; r.n > 3; {
		if c.left < 0 {
			return nil, fmt.Errorf("%d corners in a shape that is not convex: want fewer, or triangles", n)
		}
		if !r.isEar(at, how) {
			at = r.after[at]
			if passed++; passed > r.n {
				if how == rough {
					return nil, nil
				}
				how++
				passed = 0
			}
			continue
		}
		at = r.clip(at)
		if passed = 0; how != nothing {
			how = careful
		}
	}
	r.cut = append(r.cut, [3]int32{int32(r.before[at]), int32(at), int32(r.after[at])})
	return r.cut, nil
}

// clip cuts off a corner, and then those beside it of which that leaves nothing,
// and returns the one after them.
func (r *ring) clip(i int) int {
	for {
		b, a := r.before[i], r.after[i]
		r.cut = append(r.cut, [3]int32{int32(b), int32(i), int32(a)})
		r.after[b], r.before[a] = a, b
		r.after[i] = -1 // it is gone
		r.n--
		switch {
		case r.n == 3:
			return a
		case r.tip(a) == 0:
			i = a
		case r.tip(b) == 0:
			i = b
		default:
			return a
		}
	}
}

// tip returns twice the area of the triangle of corner i and its neighbours, 0 if
// that is next to nothing.
func (r *ring) tip(i int) float64 {
	area := twice(r.points[r.before[i]], r.points[i], r.points[r.after[i]])
	if max(area, -area) <= 1e-12*r.area {
		return 0
	}
	return area
}

// Ways to tell an ear, of which one is taken when the one before finds none.
const (
	nothing = iota // it has no area
	careful        // no corner is within its triangle or on the edge of it
	strict         // no corner is within its triangle
	rough          // its triangle is nearly nothing, as spikes are after rounding
)

// isEar reports whether corner i may be cut off: it sticks out, and is an ear.
// What has no area can be cut off anywhere.
func (r *ring) isEar(i, how int) bool {
	r.left--
	area := r.tip(i)
	switch {
	case how == rough:
		return max(area, -area) <= flat*r.area
	case how == nothing || area <= 0:
		return area == 0
	}
	a, b, c := r.points[r.before[i]], r.points[i], r.points[r.after[i]]
	kept := r.inner[:0]
	for k, j := range r.inner {
		if r.after[j] < 0 {
			continue
		}
		kept = append(kept, j)
		p := r.points[j]
		if p == a || p == b || p == c {
			continue
		}
		least := min(twice(a, b, p), twice(b, c, p), twice(c, a, p))
		if least > 0 || least == 0 && how == careful {
			kept = append(kept, r.inner[k+1:]...)
			r.left -= k
			r.inner = kept
			return false
		}
	}
	r.left -= len(r.inner)
	r.inner = kept
	return true
}

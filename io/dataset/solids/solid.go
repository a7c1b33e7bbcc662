package solids

import (
	"math"
	"slices"

	"setwise/internal/elementary"
)

type (
	v2 = [2]float64
	v3 = [3]float64
)

// A solid is a mesh in the making, of closed parts.
type solid struct {
	points []v3
	faces  [][3]int32
	of     []string // the names of the parts that faces belong to, as far as as gave them
}

// as returns s with all of its faces in the part of a name.
func (s solid) as(part string) solid {
	s.of = slices.Repeat([]string{part}, len(s.faces))
	return s
}

// add puts parts beside what s has.
func (s *solid) add(parts ...solid) {
	for _, p := range parts {
		if p.of != nil {
			s.of = append(s.of, make([]string, len(s.faces)-len(s.of))...)
			s.of = append(s.of, p.of...)
		}
		base := int32(len(s.points))
		s.points = append(s.points, p.points...)
		for _, f := range p.faces {
			s.faces = append(s.faces, [3]int32{f[0] + base, f[1] + base, f[2] + base})
		}
	}
}

// face adds a triangle.
func (s *solid) face(a, b, c int) { s.faces = append(s.faces, [3]int32{int32(a), int32(b), int32(c)}) }

// quad adds two triangles.
func (s *solid) quad(a, b, c, d int) {
	s.face(a, b, c)
	s.face(a, c, d)
}

// move returns s moved by d.
func (s solid) move(d v3) solid {
	out := solid{points: make([]v3, len(s.points)), faces: s.faces, of: s.of}
	for i, p := range s.points {
		out.points[i] = plus(p, d)
	}
	return out
}

// turn returns s turned counterclockwise in the plane of axis i towards axis
// j, by an angle in radians: 0, 1 about the z axis, 1, 2 about the x axis.
func (s solid) turn(i, j int, angle float64) solid {
	sin, cos := elementary.Sincos(angle)
	out := solid{points: make([]v3, len(s.points)), faces: s.faces, of: s.of}
	for k, p := range s.points {
		p[i], p[j] = float64(cos*p[i])-float64(sin*p[j]), float64(sin*p[i])+float64(cos*p[j])
		out.points[k] = p
	}
	return out
}

// revolve turns a profile of (radius, height) about the z axis, in n steps. A
// profile that begins on the axis must end there too, and runs up the outside;
// any other is a loop, counterclockwise with the radius to the right and the
// height up, and makes a ring.
func revolve(n int, profile ...v2) solid {
	var s solid
	first := make([]int, len(profile)) // of each ring
	for i, p := range profile {
		first[i] = len(s.points)
		if p[0] == 0 {
			s.points = append(s.points, v3{0, 0, p[1]})
			continue
		}
		for j := range n {
			sin, cos := elementary.Sincos(2 * math.Pi * float64(j) / float64(n))
			s.points = append(s.points, v3{p[0] * cos, p[0] * sin, p[1]})
		}
	}
	bands := len(profile) - 1
	if profile[0][0] != 0 {
		bands++
	}
	for i := range bands {
		k := (i + 1) % len(profile)
		lo, hi := first[i], first[k]
		for j := range n {
			next := (j + 1) % n
			switch {
			case profile[i][0] == 0:
				s.face(lo, hi+next, hi+j)
			case profile[k][0] == 0:
				s.face(lo+j, lo+next, hi)
			default:
				s.quad(lo+j, lo+next, hi+next, hi+j)
			}
		}
	}
	return s
}

// sweep carries an outline along a path, at right angles to it, and closes the
// ends. The outline is counterclockwise with the path coming towards the eye,
// and each of its points must be in sight of the path. If there is a hole, it
// has as many points as the outline, counterclockwise as well. Sizes, if any,
// scale the outline at each point of the path.
//
// The outline's x axis starts out along the world's x axis if the path goes
// straight up, and level otherwise; from there it turns no more than the path
// does.
func sweep(path []v3, outline, hole []v2, sizes ...float64) solid {
	var s solid
	n := len(outline)
	rows := 1
	if hole != nil {
		rows = 2
	}
	var x, y v3
	for i, p := range path {
		t := direction(path, i)
		if i == 0 {
			x = v3{1, 0, 0}
			if math.Abs(t[0]) > 1e-9 || math.Abs(t[1]) > 1e-9 {
				x = v3{-t[1], t[0], 0}
			}
		}
		d := dot(x, t)
		x = unit(along(x, -d, t))
		y = cross(t, x)
		size := 1.
		if sizes != nil {
			size = sizes[i]
		}
		for _, loop := range [][]v2{outline, hole}[:rows] {
			for _, q := range loop {
				a, b := size*q[0], size*q[1]
				s.points = append(s.points, along(along(p, a, x), b, y))
			}
		}
	}
	last := (len(path) - 1) * rows * n
	bottom, top := len(s.points), len(s.points)+1
	if hole == nil {
		s.points = append(s.points, path[0], path[len(path)-1])
	}
	for j := range n {
		k := (j + 1) % n
		for i := 0; i < last; i += rows * n {
			up := i + rows*n
			s.quad(i+j, i+k, up+k, up+j)
			if hole != nil {
				s.quad(i+n+k, i+n+j, up+n+j, up+n+k)
			}
		}
		if hole == nil {
			s.face(bottom, k, j)
			s.face(top, last+j, last+k)
		} else {
			s.quad(k, j, n+j, n+k)
			s.quad(last+j, last+k, last+n+k, last+n+j)
		}
	}
	return s
}

// direction returns where a path goes at point i, with length 1: halfway
// between the directions before and after.
func direction(path []v3, i int) v3 {
	var before, after v3
	if i > 0 {
		before = unit(minus(path[i], path[i-1]))
	}
	if i < len(path)-1 {
		after = unit(minus(path[i+1], path[i]))
	}
	return unit(plus(before, after))
}

// box returns a box of the given size, standing on the point at.
func box(at v3, x, y, z float64) solid {
	return sweep([]v3{at, {at[0], at[1], at[2] + z}}, rectangle(x, y), nil)
}

// rod returns a cylinder between two points.
func rod(a, b v3, radius float64, sides int) solid {
	return sweep([]v3{a, b}, circle(radius, sides), nil)
}

// disc returns a cylinder that stands on the point at.
func disc(at v3, radius, height float64, sides int) solid {
	return rod(at, v3{at[0], at[1], at[2] + height}, radius, sides)
}

// circle returns n points around the origin.
func circle(radius float64, n int) []v2 { return ellipse(radius, radius, n) }

// ellipse returns n points around the origin.
func ellipse(rx, ry float64, n int) []v2 {
	out := make([]v2, n)
	for i := range out {
		sin, cos := elementary.Sincos(2 * math.Pi * float64(i) / float64(n))
		out[i] = v2{rx * cos, ry * sin}
	}
	return out
}

// rectangle returns the corners of one about the origin.
func rectangle(x, y float64) []v2 {
	return []v2{{-x / 2, -y / 2}, {x / 2, -y / 2}, {x / 2, y / 2}, {-x / 2, y / 2}}
}

// arc returns n+1 points in the plane of the x and z axes around a center, at
// a distance of rx along x and rz along z, from one angle to another, in
// radians from x towards z.
func arc(center v3, rx, rz, start, end float64, n int) []v3 {
	out := make([]v3, n+1)
	for i := range out {
		sin, cos := elementary.Sincos(start + float64((end-start)*float64(i))/float64(n))
		out[i] = v3{center[0] + float64(rx*cos), center[1], center[2] + float64(rz*sin)}
	}
	return out
}

func plus(a, b v3) v3 { return along(a, 1, b) }

func minus(a, b v3) v3 { return along(a, -1, b) }

// along returns a moved along b, by times its length.
func along(a v3, by float64, b v3) v3 {
	return v3{a[0] + float64(by*b[0]), a[1] + float64(by*b[1]), a[2] + float64(by*b[2])}
}

func dot(a, b v3) float64 { return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2]) }

func cross(a, b v3) v3 {
	return v3{
		float64(a[1]*b[2]) - float64(a[2]*b[1]),
		float64(a[2]*b[0]) - float64(a[0]*b[2]),
		float64(a[0]*b[1]) - float64(a[1]*b[0]),
	}
}

func unit(a v3) v3 {
	n := math.Sqrt(dot(a, a))
	return v3{a[0] / n, a[1] / n, a[2] / n}
}

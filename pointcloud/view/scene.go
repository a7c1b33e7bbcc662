package view

import (
	"fmt"
	"math"
	"strings"

	"setwise/internal/elementary"
	"setwise/pointcloud"
)

// A panel is an item made ready: moved and scaled so that all it shows lies
// within distance 1 of the origin, and without the rest.
type panel struct {
	title  string
	own    bool // it has colours of its own
	dots   []dot
	facets []facet
	note   string // on what is left out
}

// A dot is a point. Its normal is zero if it is not known.
type dot struct {
	at, normal [3]float32
	color      rgb
}

// A facet is a face.
type facet struct {
	corners [3][3]float32
	color   rgb
}

// A scene is what both the picture and the page show.
type scene struct {
	Options
	legend legend
	panels []panel
}

// newScene checks options and items and makes them ready.
func newScene(o Options, items []Item) (*scene, error) {
	o, err := o.complete(len(items))
	if err != nil {
		return nil, err
	}
	for i, it := range items {
		if err := it.check(); err != nil {
			return nil, fmt.Errorf("view: item %d: %w", i, err)
		}
	}
	s := &scene{Options: o, legend: newLegend(o, items)}
	for _, it := range items {
		s.panels = append(s.panels, s.legend.panel(it))
	}
	return s, nil
}

// panel makes an item ready.
func (l legend) panel(it Item) panel {
	if cloud, mesh := it.Cloud.Origin, it.Mesh.Origin; cloud == ([3]float64{}) && mesh != cloud {
		it.Cloud = it.Cloud.WithOrigin(mesh)
	} else if mesh != cloud {
		it.Mesh = it.Mesh.WithOrigin(cloud)
	}
	faces := triangles(it.Mesh)
	frame := around(it.Cloud.Points, faces)
	p := panel{title: it.Title, own: it.Colors != nil}
	var lostPoints, lostFaces int
	for i, at := range it.Cloud.Points {
		if !whole(at) {
			lostPoints++
			continue
		}
		d := dot{at: frame.of(at), color: l.color(it, i, plain)}
		if len(it.Cloud.Normals) > 0 {
			d.normal = direction(it.Cloud.Normals[i])
		}
		p.dots = append(p.dots, d)
	}
	if it.Cloud.Len() > 0 {
		it = Item{} // its colours are those of points
	}
	for i, f := range faces {
		if !whole(f[:]...) {
			lostFaces++
			continue
		}
		p.facets = append(p.facets, facet{[3][3]float32{frame.of(f[0]), frame.of(f[1]), frame.of(f[2])}, l.color(it, i, stone)})
	}
	p.note = note(lostPoints, lostFaces)
	return p
}

// note says how much is left out.
func note(points, faces int) string {
	var lost []string
	for _, c := range []struct {
		n         int
		one, many string
	}{{points, "point", "points"}, {faces, "face", "faces"}} {
		switch {
		case c.n == 1:
			lost = append(lost, "1 "+c.one)
		case c.n > 1:
			lost = append(lost, fmt.Sprintf("%d %s", c.n, c.many))
		}
	}
	if lost == nil {
		return ""
	}
	return "left out: " + strings.Join(lost, " and ") + " not finite"
}

// triangles returns the corners of all faces.
func triangles(m pointcloud.Mesh) [][3][3]float32 {
	out := make([][3][3]float32, len(m.Faces))
	for i, f := range m.Faces {
		out[i] = [3][3]float32{m.Vertices[f[0]], m.Vertices[f[1]], m.Vertices[f[2]]}
	}
	return out
}

// A frame is the middle and the radius of what a panel shows.
type frame struct {
	center [3]float64
	radius float64
}

// around returns the frame of the finite points and faces: the middle of their
// box, and the distance of the farthest from there.
func around(points [][3]float32, faces [][3][3]float32) frame {
	inf := math.Inf(1)
	lo, hi := [3]float64{inf, inf, inf}, [3]float64{-inf, -inf, -inf}
	var f frame
	each(points, faces, func(p [3]float64) {
		for k, x := range p {
			lo[k], hi[k] = min(lo[k], x), max(hi[k], x)
		}
	})
	if lo[0] > hi[0] {
		return f
	}
	for k := range lo {
		f.center[k] = lo[k] + float64((hi[k]-lo[k])/2)
	}
	each(points, faces, func(p [3]float64) {
		d := [3]float64{p[0] - f.center[0], p[1] - f.center[1], p[2] - f.center[2]}
		f.radius = max(f.radius, math.Sqrt(dot3(d, d)))
	})
	return f
}

// each calls f for every finite point and every corner of a finite face.
func each(points [][3]float32, faces [][3][3]float32, f func([3]float64)) {
	for _, p := range points {
		if whole(p) {
			f(wide(p))
		}
	}
	for _, t := range faces {
		if whole(t[:]...) {
			f(wide(t[0]))
			f(wide(t[1]))
			f(wide(t[2]))
		}
	}
}

// of returns where a point comes to lie.
func (f frame) of(p [3]float32) [3]float32 {
	if f.radius == 0 {
		return [3]float32{}
	}
	for k, x := range p {
		p[k] = float32((float64(x) - f.center[k]) / f.radius)
	}
	return p
}

// whole reports whether all coordinates are finite.
func whole(points ...[3]float32) bool {
	for _, p := range points {
		if !elementary.FiniteVector(p) {
			return false
		}
	}
	return true
}

// direction returns a normal at length 1, or zero if it has no direction.
func direction(n [3]float32) [3]float32 {
	if !whole(n) {
		return [3]float32{}
	}
	v := normal(wide(n))
	return [3]float32{float32(v[0]), float32(v[1]), float32(v[2])}
}

func wide(p [3]float32) [3]float64 {
	return [3]float64{float64(p[0]), float64(p[1]), float64(p[2])}
}

func dot3(a, b [3]float64) float64 {
	return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2])
}

package stl

import (
	"fmt"
	"math"

	"setwise/internal/elementary"
	"setwise/pointcloud"
)

// A pile collects triangles of which nobody knows how many will come. It grows
// by slabs and never moves what it has.
type pile struct {
	most  int // triangles allowed, over all takes together
	taken int
	n     int // triangles here now
	slabs []*slab

	places  pointcloud.Places // of corners that come as text
	palette *palette          // for colours, if they are asked for
}

// A slab is room for a fixed number of triangles, three corners to each.
// Normals are made when the first is known that is not zero.
type slab struct {
	n       int
	corners [][3]float32
	normals [][3]float32
}

func newSlab(room int) *slab { return &slab{corners: make([][3]float32, 3*room)} }

// room returns the number of triangles that still fit.
func (s *slab) room() int { return len(s.corners)/3 - s.n }

// setNormal keeps the normal of triangle i, or the one that its corners have
// if v says nothing.
func (s *slab) setNormal(i int, v [3]float32) {
	if v == ([3]float32{}) || !elementary.FiniteVector(v) {
		v = normal(s.corners[3*i], s.corners[3*i+1], s.corners[3*i+2])
	}
	s.keepNormal(i, v)
}

// keepNormal keeps the normal of triangle i, unless it is zero.
func (s *slab) keepNormal(i int, v [3]float32) {
	if v == ([3]float32{}) {
		return
	}
	if s.normals == nil {
		s.normals = make([][3]float32, len(s.corners)/3)
	}
	s.normals[i] = v
}

const (
	firstSlab = 64
	mostSlab  = 1 << 16 // triangles, 3 MiB
)

// reserve makes room for exactly n triangles on an empty pile.
func (p *pile) reserve(n int) { p.slabs = []*slab{newSlab(n)} }

// top returns a slab with room for at least one more triangle.
func (p *pile) top() (*slab, error) {
	if p.taken+p.n >= p.most {
		return nil, fmt.Errorf("more than %d triangles: want no more, or a higher limit", p.most)
	}
	if len(p.slabs) > 0 {
		if s := p.slabs[len(p.slabs)-1]; s.room() > 0 {
			return s, nil
		}
	}
	s := newSlab(min(max(firstSlab, p.n), mostSlab))
	p.slabs = append(p.slabs, s)
	return s, nil
}

// add puts one triangle on the pile.
func (p *pile) add(n [3]float32, corners *[3][3]float64) error {
	s, err := p.top()
	if err != nil {
		return err
	}
	for i, place := range corners {
		s.corners[3*s.n+i] = p.places.Add(place)
	}
	if n == ([3]float32{}) || !elementary.FiniteVector(n) {
		n = normalOf(corners[0], corners[1], corners[2])
	}
	s.keepNormal(s.n, n)
	s.n++
	p.n++
	return nil
}

// take returns the triangles as a mesh and leaves the pile empty.
func (p *pile) take() pointcloud.Mesh {
	if p.n == 0 {
		return pointcloud.Mesh{}
	}
	var m pointcloud.Mesh
	if first := p.slabs[0]; first.n == p.n && first.room() == 0 {
		m.Vertices, m.Normals = first.corners, first.normals
		p.slabs = nil
	} else {
		p.copyTo(&m)
		first.n = 0
		clear(first.normals)
		p.slabs = p.slabs[:1]
	}
	m.Origin = p.places.Settle(m.Vertices)
	m.Faces = make([][3]int32, p.n)
	for i := range m.Faces {
		at := int32(3 * i)
		m.Faces[i] = [3]int32{at, at + 1, at + 2}
	}
	p.taken += p.n
	p.n = 0
	return m
}

// copyTo copies corners and normals to m, in memory of their exact size.
func (p *pile) copyTo(m *pointcloud.Mesh) {
	m.Vertices = make([][3]float32, 0, 3*p.n)
	at := 0
	for _, s := range p.slabs {
		m.Vertices = append(m.Vertices, s.corners[:3*s.n]...)
		if s.normals != nil {
			if m.Normals == nil {
				m.Normals = make([][3]float32, p.n)
			}
			copy(m.Normals[at:], s.normals[:s.n])
		}
		at += s.n
	}
}

// normal returns the unit normal of the triangle a, b, c, which is
// counterclockwise seen from outside; zero if the triangle has no area. It
// works in float64, where no float32 overflows.
func normal(a, b, c [3]float32) [3]float32 { return normalOf(wide(a), wide(b), wide(c)) }

func wide(v [3]float32) [3]float64 {
	return [3]float64{float64(v[0]), float64(v[1]), float64(v[2])}
}

func normalOf(a, b, c [3]float64) [3]float32 {
	var u, v [3]float64
	for k := range 3 {
		u[k], v[k] = b[k]-a[k], c[k]-a[k]
	}
	x := float64(u[1]*v[2]) - float64(u[2]*v[1])
	y := float64(u[2]*v[0]) - float64(u[0]*v[2])
	z := float64(u[0]*v[1]) - float64(u[1]*v[0])
	length := math.Sqrt(float64(x*x) + float64(y*y) + float64(z*z))
	if length == 0 {
		return [3]float32{}
	}
	return [3]float32{float32(x / length), float32(y / length), float32(z / length)}
}

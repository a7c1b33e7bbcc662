package ply

import (
	"fmt"
	"slices"

	"setwise/io/internal/column"
	"setwise/io/internal/polygon"
	"setwise/pointcloud"
)

// surface is the user who wants vertices and triangles.
type surface struct {
	points
	most     int // triangles
	vertices int // that will come
	faces    [][3]int32
	normals  [][3]float32 // of faces
	fans     polygon.Fans
}

func newSurface(l Limits) *surface {
	_, faces := l.Most()
	return &surface{points: points{bare: true}, most: faces}
}

// cornersOf returns the lane of the lists of corners that faces and strips have.
func cornersOf(t *column.Table) *column.Lane {
	for _, name := range [...]string{"vertex_indices", "vertex_index"} {
		if l := t.Lane(name); l != nil && l.List() {
			return l
		}
	}
	return nil
}

func (s *surface) start(tables []*column.Table, sure, text bool) error {
	if err := s.points.start(tables, sure, text); err != nil {
		return err
	}
	for _, t := range tables {
		switch {
		case is(t, "vertex"):
			s.vertices = t.Rows
		case is(t, "face"), is(t, "tristrips"):
			l := cornersOf(t)
			if l == nil && t.Rows > 0 {
				return fmt.Errorf("element %s: want a list vertex_indices or vertex_index, got none", t.Name)
			}
			if l == nil {
				continue
			}
			l.Skip = false
			if is(t, "face") && sure {
				s.faces = make([][3]int32, 0, min(t.Rows, s.most))
			}
			if is(t, "face") {
				t.Keep(normals)
			}
		}
	}
	return nil
}

func (s *surface) take(t *column.Table) (err error) {
	if !is(t, "face") && !is(t, "tristrips") || t.Rows == 0 {
		return s.points.take(t)
	}
	defer t.Empty()
	l := cornersOf(t)
	switch items := l.Values.Values().(type) {
	case []int8:
		err = triangles(s, t, l, items)
	case []uint8:
		err = triangles(s, t, l, items)
	case []int16:
		err = triangles(s, t, l, items)
	case []uint16:
		err = triangles(s, t, l, items)
	case []int32:
		err = triangles(s, t, l, items)
	case []uint32:
		err = triangles(s, t, l, items)
	default:
		err = fmt.Errorf("element %s: %s are of type %v: want integers", t.Name, l.Name, l.Values.Type())
	}
	return err
}

// triangles takes the triangles of all lists of items in a lane.
func triangles[T int8 | uint8 | int16 | uint16 | int32 | uint32](s *surface, t *column.Table, l *column.Lane, items []T) error {
	strips := is(t, "tristrips")
	n, hasNormals := t.Scalars(normals)
	var vectors [][3]float32
	if hasNormals && !strips {
		vectors = column.Directions(nil, n[0], n[1], n[2])
	}
	for i := range t.Held {
		corners, before := items[l.Offsets[i]:l.Offsets[i+1]], len(s.faces)
		for _, c := range corners {
			if uint64(int64(c)) >= uint64(s.vertices) && !(strips && c < 0) {
				return fmt.Errorf("%s %d has corner %d: want one of %d vertices", t.Name, t.Taken+i, c, s.vertices)
			}
		}
		if before+len(corners)-2 > s.most {
			return fmt.Errorf("%s %d has %d corners, after %d triangles: want at most %d triangles in all, or a higher limit",
				t.Name, t.Taken+i, len(corners), before, s.most)
		}
		if strips {
			s.faces = appendStrip(s.faces, corners)
		} else {
			s.faces = appendFan(s.faces, corners)
			s.fans.Add(before, len(s.faces)-before)
		}
		if vectors != nil {
			for range len(s.faces) - before {
				s.normals = append(s.normals, vectors[i])
			}
		}
	}
	return nil
}

// appendFan appends the triangles of a polygon.
func appendFan[T int8 | uint8 | int16 | uint16 | int32 | uint32](faces [][3]int32, corners []T) [][3]int32 {
	for k := 2; k < len(corners); k++ {
		faces = append(faces, [3]int32{int32(corners[0]), int32(corners[k-1]), int32(corners[k])})
	}
	return faces
}

// appendStrip appends the triangles of strips, between which there are negative
// corners.
func appendStrip[T int8 | uint8 | int16 | uint16 | int32 | uint32](faces [][3]int32, corners []T) [][3]int32 {
	faces = slices.Grow(faces, len(corners))
	begin := 0
	for k, c := range corners {
		if c < 0 {
			begin = k + 1
		}
		if k < begin+2 {
			continue
		}
		f := [3]int32{int32(corners[k-2]), int32(corners[k-1]), int32(c)}
		if (k-begin)%2 == 1 {
			f[0], f[1] = f[1], f[0]
		}
		if f[0] != f[1] && f[1] != f[2] && f[2] != f[0] {
			faces = append(faces, f)
		}
	}
	return faces
}

// result returns the mesh.
func (s *surface) result() (pointcloud.Mesh, error) {
	c := s.points.result()
	m := pointcloud.Mesh{Vertices: c.Points, Faces: s.faces, Normals: s.normals, Origin: c.Origin}
	if err := s.fans.Cut(m.Faces, m.Vertices); err != nil {
		return pointcloud.Mesh{}, err
	}
	if len(m.Faces) == 0 {
		m.Faces = nil
	}
	if len(m.Normals) != len(m.Faces) { // some are of strips
		m.Normals = nil
	}
	return m, nil
}

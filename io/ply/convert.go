package ply

import (
	"fmt"
	"math"
	"slices"

	"setwise/io/internal/column"
	"setwise/io/internal/text"
	"setwise/pointcloud"
	"setwise/set"
)

// OfMesh returns a binary file of a mesh: the element vertex with x, y and z, which
// are double if m has an origin, and face with vertex_indices and, if m has normals, nx, ny and nz. It is an error
// if m is not valid, see [pointcloud.Mesh.Validate].
func OfMesh(m pointcloud.Mesh) (*File, error) {
	if err := m.Validate(); err != nil {
		return nil, text.Prefix("ply", err)
	}
	vertex := Element{Name: "vertex", Rows: len(m.Vertices)}
	vertex.setPlaces(m.Vertices, m.Origin)
	corners := make([]int32, 0, 3*len(m.Faces))
	offsets := make(set.Offsets, 1, len(m.Faces)+1)
	for _, f := range m.Faces {
		corners = append(corners, f[:]...)
		offsets = append(offsets, len(corners))
	}
	face := Element{Name: "face", Rows: len(m.Faces), Properties: []Property{{"vertex_indices", corners, offsets}}}
	if m.Normals != nil {
		face.setVectors(normals, m.Normals)
	}
	return &File{Elements: []Element{vertex, face}}, nil
}

// OfCloud returns a binary file of a cloud: the element vertex with x, y and z,
// which are double if c has an origin, and, if c has normals, nx, ny and nz. It is an error if c is not valid, see
// [pointcloud.Cloud.Validate].
func OfCloud(c pointcloud.Cloud) (*File, error) {
	if err := c.Validate(); err != nil {
		return nil, text.Prefix("ply", err)
	}
	vertex := Element{Name: "vertex", Rows: len(c.Points)}
	vertex.setPlaces(c.Points, c.Origin)
	if c.Normals != nil {
		vertex.setVectors(normals, c.Normals)
	}
	return &File{Elements: []Element{vertex}}, nil
}

// setPlaces sets x, y and z to coordinates that were measured from an origin.
func (e *Element) setPlaces(points [][3]float32, origin [3]float64) {
	for k, values := range column.Coordinates(points, origin) {
		e.Set(axes[k], values)
	}
}

// setVectors sets three properties to the components of vectors.
func (e *Element) setVectors(names [3]string, vectors [][3]float32) {
	for k, values := range column.Components(vectors) {
		e.Set(names[k], values)
	}
}

// Mesh returns the triangles of the file, by the rules of the package comment.
func (f *File) Mesh() (pointcloud.Mesh, error) {
	s := newSurface(Limits{Points: math.MaxInt, Faces: math.MaxInt})
	if err := f.give(s); err != nil {
		return pointcloud.Mesh{}, err
	}
	m, err := s.result()
	return m, text.Prefix("ply", err)
}

// Cloud returns the vertices of the file, by the rules of the package comment.
func (f *File) Cloud() (pointcloud.Cloud, error) {
	var p points
	if err := f.give(&p); err != nil {
		return pointcloud.Cloud{}, err
	}
	return p.result(), nil
}

// give gives all rows of f to u.
func (f *File) give(u user) error {
	tables, err := f.tables()
	if err == nil {
		err = u.start(tables, true, false)
	}
	for _, t := range tables {
		if err != nil {
			break
		}
		err = u.take(t)
	}
	return text.Prefix("ply", err)
}

// tables returns the elements of f as tables with all rows in them, after it
// checked that a file can hold them.
func (f *File) tables() ([]*column.Table, error) {
	var tables []*column.Table
	for i := range f.Elements {
		e := &f.Elements[i]
		t := &column.Table{Name: e.Name, Rows: e.Rows, Held: e.Rows}
		if err := text.CheckWord(e.Name); err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		if slices.ContainsFunc(tables, func(other *column.Table) bool { return is(other, e.Name) }) {
			return nil, fmt.Errorf("a second element %q: want one of each name", e.Name)
		}
		if e.Rows < 0 || e.Rows > math.MaxInt32 {
			return nil, fmt.Errorf("element %s has %d rows: want from 0 to %d", e.Name, e.Rows, math.MaxInt32)
		}
		for k := range e.Properties {
			l, err := e.Properties[k].lane(e.Rows)
			if err != nil {
				return nil, fmt.Errorf("element %s, property %d: %w", e.Name, k, err)
			}
			if t.Has(l.Name) {
				return nil, fmt.Errorf("element %s: a second property %q: want one of each name", e.Name, l.Name)
			}
			t.Lanes = append(t.Lanes, l)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// lane returns a property of that many rows as a lane.
func (p *Property) lane(rows int) (column.Lane, error) {
	l := column.Lane{Name: p.Name, Values: p.column(), Per: 1, Offsets: p.Offsets}
	if err := text.CheckWord(p.Name); err != nil {
		return l, err
	}
	if l.Values == nil {
		return l, fmt.Errorf("%s has values of type %T: want a slice of a type that PLY has", p.Name, p.Values)
	}
	if p.Offsets == nil {
		if n := l.Values.Len(); n != rows {
			return l, fmt.Errorf("%s has %d values: want one for each of %d rows", p.Name, n, rows)
		}
		return l, nil
	}
	if err := p.Offsets.Validate(); err != nil {
		return l, fmt.Errorf("%s: %w", p.Name, err)
	}
	if len(p.Offsets) != rows+1 || p.Offsets.Len() != l.Values.Len() {
		return l, fmt.Errorf("%s has offsets of %d lists of %d items and %d values: want %d lists, and as many values as items",
			p.Name, p.Offsets.Sets(), p.Offsets.Len(), l.Values.Len(), rows)
	}
	l.Count = column.Uint8
	for i := range rows {
		lo, hi := p.Offsets.Bounds(i)
		switch n := hi - lo; {
		case n > math.MaxInt32:
			return l, fmt.Errorf("%s: list %d has %d items: want at most %d", p.Name, i, n, math.MaxInt32)
		case n > math.MaxUint8:
			l.Count = column.Int32
		}
	}
	return l, nil
}

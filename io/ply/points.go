package ply

import (
	"errors"
	"fmt"
	"strings"

	"setwise/internal/elementary"
	"setwise/io/internal/column"
	"setwise/pointcloud"
)

var (
	axes    = [3]string{"x", "y", "z"}
	normals = [3]string{"nx", "ny", "nz"}
)

// is reports whether a table has a name, in upper or lower case.
func is(t *column.Table, name string) bool { return strings.EqualFold(t.Name, name) }

// points is the user who wants the vertices, and their normals unless it is bare.
type points struct {
	bare   bool
	cloud  pointcloud.Cloud
	places pointcloud.Places
}

func (p *points) start(tables []*column.Table, sure, text bool) error {
	found := false
	for _, t := range tables {
		t.SkipAll()
		if !is(t, "vertex") {
			continue
		}
		found = t.KeepPlaces(axes, text)
		hasNormals := !p.bare && t.Keep(normals)
		if found && sure {
			p.cloud.Points = make([][3]float32, 0, t.Rows)
		}
		if hasNormals && sure {
			p.cloud.Normals = make([][3]float32, 0, t.Rows)
		}
	}
	if !found {
		return errors.New("want an element vertex with single numbers x, y and z, got none")
	}
	return nil
}

func (p *points) take(t *column.Table) error {
	defer t.Empty()
	if !is(t, "vertex") {
		return nil
	}
	c, _ := t.Scalars(axes)
	at := len(p.cloud.Points)
	p.cloud.Points = column.Vectors(p.cloud.Points, c[0], c[1], c[2])
	places := column.Places(c[0], c[1], c[2])
	for i, v := range p.cloud.Points[at:] {
		if !elementary.FiniteVector(v) {
			return fmt.Errorf("vertex %d is %v: want coordinates that are finite and within float32", t.Taken+i, v)
		}
		if places[0] != nil {
			p.places.Add([3]float64{places[0][i], places[1][i], places[2][i]})
		}
	}
	if c, ok := t.Scalars(normals); ok && !p.bare {
		p.cloud.Normals = column.Directions(p.cloud.Normals, c[0], c[1], c[2])
	}
	return nil
}

// result returns the cloud.
func (p *points) result() pointcloud.Cloud {
	c := p.cloud
	c.Origin = p.places.Settle(c.Points)
	if len(c.Points) == 0 {
		return pointcloud.Cloud{}
	}
	return c
}

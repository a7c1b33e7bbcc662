package xyz

import (
	"math"
	"slices"

	"setwise/io/internal/column"
)

var (
	pointNames  = []string{"x", "y", "z"}
	normalNames = [][]string{{"nx", "ny", "nz"}, {"normal_x", "normal_y", "normal_z"}}
)

// places returns where the wanted names are among all, or nil if one is
// missing or comes twice.
func places(names, wanted []string) []int {
	var at []int
	for _, w := range wanted {
		i := slices.Index(names, w)
		if i < 0 || slices.Contains(names[i+1:], w) {
			return nil
		}
		at = append(at, i)
	}
	return at
}

// file takes the rows apart into columns.
func (r *rows) file() File {
	point, normal, names := r.point, []int(nil), r.names
	if names != nil {
		point, normal = places(names, pointNames), r.normalNames() // also of a file without points
	} else {
		names = numbered(r.width)
		if r.width >= 6 && r.normals() {
			normal = []int{3, 4, 5}
			if r.width == 7 && r.whole(6) {
				names[6] = "label"
			}
		}
	}
	var t File
	var other []int
	for i, name := range names {
		if !slices.Contains(point, i) && !slices.Contains(normal, i) && !(r.n > 0 && r.text[i]) {
			other = append(other, i)
			t.Columns = append(t.Columns, Column{Name: name, Values: make([]float32, 0, r.n)})
		}
	}
	t.Cloud.Points = make([][3]float32, 0, r.n)
	if normal != nil {
		t.Cloud.Normals = make([][3]float32, 0, r.n)
	}
	for i, slab := range r.slabs {
		r.slabs[i] = nil
		t.append(slab, r.width, point, normal, other)
	}
	t.Cloud.Origin = r.places.Settle(t.Cloud.Points)
	return t
}

// append puts rows into their columns.
func (t *File) append(rows []float32, width int, point, normal, other []int) {
	c := &t.Cloud
	for row := range slices.Chunk(rows, width) {
		c.Points = append(c.Points, [3]float32{row[point[0]], row[point[1]], row[point[2]]})
		if normal != nil {
			n := [3]float32{row[normal[0]], row[normal[1]], row[normal[2]]}
			if n != n { // a component is NaN, so it says nothing
				n = [3]float32{}
			}
			c.Normals = append(c.Normals, n)
		}
		for k, i := range other {
			t.Columns[k].Values = append(t.Columns[k].Values, row[i])
		}
	}
}

// normals reports whether columns 3 to 5 look like normals.
func (r *rows) normals() bool {
	var n column.Normals
	for _, slab := range r.slabs {
		for row := range slices.Chunk(slab, r.width) {
			n.Look(row[3], row[4], row[5])
		}
	}
	return n.Found()
}

// whole reports whether all numbers of a column are whole.
func (r *rows) whole(at int) bool {
	for _, slab := range r.slabs {
		for row := range slices.Chunk(slab, r.width) {
			if v := float64(row[at]); v != math.Trunc(v) {
				return false
			}
		}
	}
	return true
}

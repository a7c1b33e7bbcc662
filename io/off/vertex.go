package off

import (
	"fmt"
	"math"

	"setwise/io/internal/column"
)

// vertex reads the line of a vertex: coordinates, a normal, a colour, a place
// in a texture.
func (t *reader) vertex(i int) error {
	place, err := t.Place(t.Next())
	if err != nil {
		return err
	}
	t.Mesh.Vertices = append(room(t.Mesh.Vertices, t.vertices), t.places.Add(place))
	if t.normals && !t.colors {
		n, err := t.Direction(t.Inline())
		if err != nil {
			return err
		}
		t.VertexNormals = append(room(t.VertexNormals, t.vertices), n)
	}
	var buf [9]float32
	rest, err := t.rest(buf[:0:t.mostMore(i)])
	if err != nil {
		return err
	}
	got := len(rest)
	if t.texture && got >= 2 {
		rest = rest[:got-2]
	}
	n := len(rest)
	switch {
	case t.normals && t.colors:
		if n != 6 && n != 7 || t.texture && got < 8 {
			return t.At(fmt.Errorf("vertex %d: want 3 numbers of a normal and 3 or 4 of a colour%s, got %d", i, t.also(), got))
		}
		t.keep(rest)
	case t.colors:
		if n != 3 && n != 4 || t.texture && got < 5 {
			return t.At(fmt.Errorf("vertex %d: want 3 or 4 numbers of a colour%s, got %d", i, t.also(), got))
		}
		t.ofVertices.Set(i, rest)
	case t.texture:
		if got != 2 {
			return t.At(fmt.Errorf("vertex %d: want 2 numbers of a texture, got %d", i, got))
		}
	case !t.normals:
		return t.unannounced(i, rest)
	}
	return nil
}

// mostMore returns how many numbers there may be after the coordinates of vertex
// i, and its normal if no colour is beside it.
func (t *reader) mostMore(i int) int {
	switch {
	case t.normals && t.colors:
		return 9
	case t.colors, t.texture:
		return 6
	case t.normals:
		return 0
	case i == 0:
		return 4
	}
	return t.more
}

// also names what follows the colour of a vertex.
func (t *reader) also() string {
	if t.texture {
		return " and 2 of a texture"
	}
	return ""
}

// unannounced takes what follows the coordinates of vertex i without a letter in
// the header: nothing, or as many numbers as in all lines, of a colour.
func (t *reader) unannounced(i int, rest []float32) error {
	if i == 0 {
		t.more = len(rest)
		if n := len(rest); n != 0 && n != 3 && n != 4 {
			return t.At(fmt.Errorf("vertex 0: want the end of the line after its coordinates, or 3 or 4 numbers of a colour, as in COFF, got %d", n))
		}
	}
	if len(rest) != t.more {
		return t.At(fmt.Errorf("vertex %d: want %d numbers after its coordinates, as vertex 0 has in a file that says OFF and not COFF, got %d", i, t.more, len(rest)))
	}
	if len(rest) > 0 {
		t.keep(rest)
	}
	return nil
}

// keep keeps numbers of which all vertices together tell what they are.
func (t *reader) keep(numbers []float32) {
	var more [7]float32
	copy(more[:], numbers)
	t.extras = append(room(t.extras, t.vertices), more)
	t.counts = append(room(t.counts, t.vertices), uint8(len(numbers)))
}

// settle gives the numbers that were kept to normals and colours. Some programs
// write the colour before the normal: the vectors tell. Without a letter for
// either, three numbers are a normal if they look like it, and else a colour.
func (t *reader) settle() error {
	both := t.normals && t.colors
	first := func(i int) []float32 { return t.extras[i][:3] }
	last := func(i int) []float32 { return t.extras[i][t.counts[i]-3 : t.counts[i]] }
	normal, color := first, func(i int) []float32 { return t.extras[i][3:t.counts[i]] }
	switch {
	case both && !t.unit(first) && t.unit(last):
		normal, color = last, func(i int) []float32 { return t.extras[i][:t.counts[i]-3] }
	case !both && t.more == 3 && t.unit(first):
		color = nil
	case !both:
		normal, color = nil, func(i int) []float32 { return t.extras[i][:t.counts[i]] }
	}
	for i := range t.extras {
		if normal != nil {
			n := [3]float32(normal(i))
			if length(n[:]) > math.MaxFloat32 || n != n { // not finite
				n = [3]float32{}
			}
			t.VertexNormals = append(room(t.VertexNormals, t.vertices), n)
		}
		if color != nil {
			for _, x := range color(i) {
				if !both && (x < 0 || x > 255) {
					return fmt.Errorf("vertex %d: %v after its coordinates: want a colour from 0 to 1 or 255, as in COFF, or the end of the line", i, color(i))
				}
			}
			t.ofVertices.Set(i, color(i))
		}
	}
	for i, n := range t.VertexNormals {
		if length(n[:]) > mostLength {
			return fmt.Errorf("vertex %d has the normal %v: want one that is not longer than %d, and a colour only where C is before OFF", i, n, mostLength)
		}
	}
	return nil
}

// mostLength is more than normals have that are not of unit length, and less than
// colours from 0 to 255.
const mostLength = 100

func length(v []float32) float64 {
	x, y, z := float64(v[0]), float64(v[1]), float64(v[2])
	return math.Sqrt(float64(x*x) + float64(y*y) + float64(z*z))
}

// unit reports whether the vectors that were kept look like normals.
func (t *reader) unit(of func(i int) []float32) bool {
	var n column.Normals
	for i := range t.extras {
		v := of(i)
		n.Look(v[0], v[1], v[2])
	}
	return n.Found()
}

package pointcloud

import (
	"math"
	"slices"

	"setwise/internal/elementary"
)

const (
	agree = 0.7 // the least cosine between a normal and that of the face, 45 degrees
	wrong = 0.1 // the most of the area on which normals may not agree
)

// given returns the normals of m as far as its faces bear them out. A normal may
// point to either side of its face: in files the corners are often in the wrong
// order, and then the normals tell inside from outside. But where it is zero, not
// finite or more than 45 degrees off the line that is at right angles to the face,
// it is replaced by that of the face, on the side on which most others are. All
// are replaced by those that the order of the corners gives if that would be more
// than a tenth of the area, or if all normals are one and the same and faces point
// elsewhere: they are placeholders.
func given(m Mesh) [][3]float32 {
	if m.Normals == nil {
		return nil
	}
	var all, off, turned float64 // areas
	bad, different, other := false, false, false
	var first [3]float32
	cosines := make([]float64, len(m.Faces))
	for i, n := range m.Normals {
		span := m.span(i)
		area := norm(span)
		if !elementary.FiniteVector(n) || n == ([3]float32{}) {
			cosines[i], bad = math.NaN(), true
			continue
		}
		if first == ([3]float32{}) {
			first = n
		}
		different = different || n != first
		if area == 0 {
			cosines[i] = 1 // nothing speaks against it
			continue
		}
		c := dot(unit(wide(n)), unit(span))
		cosines[i] = c
		all += area
		switch {
		case c <= -agree:
			turned += area
		case c < agree:
			off += area
			bad = true
		}
		other = other || c < agree
	}
	switch none := all == 0; {
	case !none && (off > wrong*all || !different && other && turned < all):
		return m.FaceNormals()
	case !bad:
		return m.Normals
	}
	side := 1.0
	if 2*turned > all {
		side = -1
	}
	out := slices.Clone(m.Normals)
	for i, c := range cosines {
		if !(math.Abs(c) >= agree) {
			n := unit(m.span(i))
			out[i] = narrow([3]float64{side * n[0], side * n[1], side * n[2]})
		}
	}
	return out
}

package off

import (
	"errors"
	"fmt"

	"setwise/io/internal/colors"
	"setwise/io/internal/number"
	"setwise/io/internal/polygon"
	"setwise/io/internal/source"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// A reader reads one file into an object.
type reader struct {
	*text.Scanner
	header
	mostFaces int
	Object
	places              pointcloud.Places
	ofVertices, ofFaces colors.List
	fans                polygon.Fans

	more   int // numbers after the coordinates of every vertex, if the header does not say which, or -1
	extras [][7]float32
	counts []uint8 // how many of these there are
}

func read(s *source.Stream, l Limits) (Object, error) {
	t := reader{Scanner: text.NewScanner(s, '#', 0), more: -1}
	_, t.mostFaces = l.Most()
	var err error
	if t.header, err = readHeader(t.Scanner, s, l); err != nil {
		return Object{}, err
	}
	for i := range t.vertices {
		if err := t.vertex(i); err != nil {
			return Object{}, err
		}
	}
	for range t.faces {
		if err := t.face(); err != nil {
			return Object{}, err
		}
	}
	if word := t.Next(); word != nil || t.Err() != nil {
		return Object{}, t.Wanted(fmt.Sprintf("the end of the file after %d vertices and %d faces", t.vertices, t.faces), word)
	}
	t.Mesh.Origin = t.places.Settle(t.Mesh.Vertices)
	if err := t.fans.Cut(t.Mesh.Faces, t.Mesh.Vertices); err != nil {
		return Object{}, err
	}
	if err := t.settle(); err != nil {
		return Object{}, err
	}
	t.VertexColors = t.ofVertices.Colors(len(t.Mesh.Vertices))
	t.FaceColors = t.ofFaces.Colors(len(t.Mesh.Faces))
	return t.Object, nil
}

// room returns s with room for one more element: it doubles, but takes no more
// than were promised until more than those come.
func room[T any](s []T, promised int) []T {
	if len(s) < cap(s) {
		return s
	}
	size := max(2*len(s), 1024)
	if len(s) < promised {
		size = min(size, promised)
	}
	return append(make([]T, 0, size), s...)
}

// rest appends what is left of the line to numbers, up to its capacity.
func (t *reader) rest(numbers []float32) ([]float32, error) {
	for word := t.Inline(); word != nil; word = t.Inline() {
		x, ok := number.Loose(word)
		if !ok {
			return nil, t.Wanted("a number", word)
		}
		if len(numbers) == cap(numbers) {
			return nil, t.Wanted("the end of the line", word)
		}
		numbers = append(numbers, x)
	}
	return numbers, t.Err()
}

var errColor = errors.New("want nothing after the corners, or 1, 3 or 4 numbers of a colour, got 2")

// face reads the line of a face: how many corners, which, and a colour.
func (t *reader) face() error {
	word := t.Next()
	corners, ok := number.Whole(word)
	if !ok || corners < 0 {
		return t.Wanted("the number of corners of a face", word)
	}
	before := len(t.Mesh.Faces)
	var first, last int32
	for k := range corners {
		word := t.Inline()
		v, ok := number.Whole(word)
		if !ok || v < 0 || v >= t.vertices {
			return t.Wanted(fmt.Sprintf("a corner among %d vertices", t.vertices), word)
		}
		c := int32(v)
		switch {
		case k == 0:
			first = c
		case k > 1:
			if len(t.Mesh.Faces) == t.mostFaces {
				return t.At(fmt.Errorf("more than %d triangles: want no more, or a higher limit", t.mostFaces))
			}
			t.Mesh.Faces = append(room(t.Mesh.Faces, t.faces), [3]int32{first, last, c})
		}
		last = c
	}
	t.fans.Add(before, len(t.Mesh.Faces)-before)
	var buf [4]float32
	color, err := t.rest(buf[:0])
	if err != nil {
		return err
	}
	if len(color) == 2 {
		return t.At(errColor)
	}
	if len(color) >= 3 {
		for i := before; i < len(t.Mesh.Faces); i++ {
			t.ofFaces.Set(i, color)
		}
	}
	return nil
}

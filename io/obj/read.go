package obj

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"

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
	mostPoints, mostFaces int
	Object
	places             pointcloud.Places
	colors             colors.List
	normals            [][3]float32
	corners            [][3]int32 // the normals of each triangle, unless bare
	bare               bool       // a corner of a triangle has no normal
	highest, highestVN place
	fans               polygon.Fans
	unknown            string // the first statement that OBJ does not have
}

// A place is a number that a face names, and the line.
type place struct{ number, line int }

// keywords are statements that a file may begin with.
var keywords = []string{
	"v", "vt", "vn", "vp", "f", "fo", "l", "p", "g", "o", "s", "mg", "usemtl", "mtllib", "usemap", "maplib",
	"bevel", "lod", "c_interp", "d_interp", "shadow_obj", "trace_obj", "call", "csh",
	"deg", "bmat", "step", "cstype", "curv", "curv2", "surf",
}

func read(s *source.Stream, l Limits) (Object, error) {
	if len(s.Head) == 0 {
		return Object{}, errors.New(`empty: want vertices, "v", and faces, "f"`)
	}
	t := reader{Scanner: text.NewScanner(s, '#', '\\')}
	t.mostPoints, t.mostFaces = l.Most()
	keyword := t.Next()
	switch {
	case t.Err() != nil:
		return Object{}, t.Err()
	case keyword == nil && !bytes.HasPrefix(bytes.TrimLeft(s.Head, "\ufeff \t\r\n"), []byte("#")):
		return Object{}, fmt.Errorf(`no statement, and begins with %.32q: want vertices, "v", and faces, "f"`, s.Head)
	case keyword != nil && !known(keyword):
		return Object{}, fmt.Errorf(`begins with %.32q: want vertices, "v", and faces, "f"`, s.Head)
	}
	for ; keyword != nil; keyword = t.Next() {
		if err := t.statement(keyword); err != nil {
			return Object{}, err
		}
	}
	if err := t.Err(); err != nil {
		return Object{}, err
	}
	if n := len(t.Mesh.Vertices); t.highest.number > n {
		return Object{}, fmt.Errorf("line %d: want a corner among %d vertices, got %d", t.highest.line, n, t.highest.number)
	}
	if n := len(t.normals); n > 0 && t.highestVN.number > n {
		return Object{}, fmt.Errorf("line %d: want a normal among %d, got %d", t.highestVN.line, n, t.highestVN.number)
	}
	if t.unknown != "" && len(t.Mesh.Vertices) == 0 {
		return Object{}, fmt.Errorf("no vertices, and %s, which OBJ does not have: want a statement \"v\"", t.unknown)
	}
	t.Mesh.Origin = t.places.Settle(t.Mesh.Vertices)
	if err := t.fans.Cut(t.Mesh.Faces, t.Mesh.Vertices, t.cornersOf()...); err != nil {
		return Object{}, err
	}
	t.settle()
	t.VertexColors = t.colors.Colors(len(t.Mesh.Vertices))
	return t.Object, nil
}

// known reports whether OBJ has a statement of that keyword.
func known(keyword []byte) bool {
	return slices.ContainsFunc(keywords, func(k string) bool { return text.Is(keyword, k) })
}

// cornersOf returns the normals of corners, if there are some.
func (t *reader) cornersOf() [][][3]int32 {
	if t.bare || len(t.corners) == 0 {
		return nil
	}
	return [][][3]int32{t.corners}
}

// statement reads the rest of a statement.
func (t *reader) statement(keyword []byte) error {
	switch {
	case text.Is(keyword, "v"):
		return t.vertex()
	case text.Is(keyword, "vn"):
		return t.normal()
	case text.Is(keyword, "f"), text.Is(keyword, "fo"):
		return t.face()
	}
	if c := keyword[0] | 0x20; c < 'a' || c > 'z' {
		return t.Wanted(`a statement, as "v" or "f"`, keyword)
	}
	if t.unknown == "" && len(t.Mesh.Vertices) == 0 && !known(keyword) {
		t.unknown = fmt.Sprintf("line %d has %.20q", t.Lines(), keyword)
	}
	t.Ignore(len(keyword))
	t.IgnoreLine()
	return nil
}

// vertex reads coordinates, and a weight or a colour.
func (t *reader) vertex() error {
	place, err := t.Place(t.Inline())
	if err != nil {
		return err
	}
	var more [4]float32
	n := 0
	for word := t.Inline(); word != nil; word = t.Inline() {
		x, ok := number.Loose(word)
		if !ok {
			return t.Wanted("a number", word)
		}
		if n == len(more) {
			return t.Wanted("the end of the line", word)
		}
		more[n] = x
		n++
	}
	if n == 2 && t.Err() == nil {
		return t.At(errors.New("want nothing after the coordinates, or 1 number of a weight, or 3 or 4 of a colour, got 2"))
	}
	if n >= 3 {
		t.colors.Set(len(t.Mesh.Vertices), more[:n])
	}
	if len(t.Mesh.Vertices) == t.mostPoints {
		return t.At(fmt.Errorf("more than %d vertices: want no more, or a higher limit", t.mostPoints))
	}
	t.Mesh.Vertices = append(t.Mesh.Vertices, t.places.Add(place))
	return nil
}

// normal reads a normal.
func (t *reader) normal() error {
	n, err := t.Direction(t.Inline())
	if err != nil {
		return err
	}
	if word := t.Inline(); word != nil {
		return t.Wanted("the end of the line", word)
	}
	if most := max(3*t.mostFaces, t.mostPoints); len(t.normals) == most {
		return t.At(fmt.Errorf("more than %d normals: want no more, or a higher limit", most))
	}
	t.normals = append(t.normals, n)
	return nil
}

// A corner of a face is a vertex and its normal, from 0. Without normal it is
// -1.
type corner struct{ vertex, normal int32 }

// face reads the corners of a face.
func (t *reader) face() error {
	var first, last corner
	n, before := 0, len(t.Mesh.Faces)
	for word := t.Inline(); word != nil; word = t.Inline() {
		c, err := t.corner(word)
		if err != nil {
			return err
		}
		switch {
		case n == 0:
			first = c
		case n > 1:
			if err := t.triangle(first, last, c); err != nil {
				return err
			}
		}
		last = c
		n++
	}
	if n == 0 {
		return t.Wanted("the corners of a face", nil)
	}
	t.fans.Add(before, len(t.Mesh.Faces)-before)
	return nil
}

var slash = []byte("/")

// corner takes apart a word that is vertex, vertex/texture, vertex//normal or
// vertex/texture/normal.
func (t *reader) corner(word []byte) (c corner, err error) {
	vertex, rest, _ := bytes.Cut(word, slash)
	_, normal, _ := bytes.Cut(rest, slash)
	v, ok := number.Whole(vertex)
	vn := 0
	if ok && len(normal) > 0 {
		vn, ok = number.Whole(normal)
	}
	if !ok {
		return c, t.Wanted("a corner, as 1, 1/2, 1//3 or 1/2/3", word)
	}
	if c.vertex, ok = t.index(v, len(t.Mesh.Vertices), &t.highest); !ok {
		return c, t.Wanted(fmt.Sprintf("a corner from 1 up, or back from -1 to -%d", len(t.Mesh.Vertices)), word)
	}
	c.normal = -1
	if len(normal) > 0 {
		if c.normal, ok = t.index(vn, len(t.normals), &t.highestVN); !ok {
			return c, t.Wanted(fmt.Sprintf("a normal from 1 up, or back from -1 to -%d", len(t.normals)), word)
		}
	}
	return c, nil
}

// index turns a number from 1, or back from -1 for the last so far, into one
// from 0, and notes the highest.
func (t *reader) index(n, sofar int, highest *place) (int32, bool) {
	if n < 0 {
		n += sofar + 1
	}
	if n < 1 || n > math.MaxInt32 {
		return 0, false
	}
	if n > highest.number {
		*highest = place{n, t.Lines()}
	}
	return int32(n - 1), true
}

func (t *reader) triangle(a, b, c corner) error {
	if len(t.Mesh.Faces) == t.mostFaces {
		return t.At(fmt.Errorf("more than %d triangles: want no more, or a higher limit", t.mostFaces))
	}
	t.Mesh.Faces = append(t.Mesh.Faces, [3]int32{a.vertex, b.vertex, c.vertex})
	if t.bare = t.bare || a.normal < 0 || b.normal < 0 || c.normal < 0; t.bare {
		t.corners = nil
	} else {
		t.corners = append(t.corners, [3]int32{a.normal, b.normal, c.normal})
	}
	return nil
}

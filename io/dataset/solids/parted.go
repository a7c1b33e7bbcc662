package solids

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"setwise/pointcloud"
)

// The classes whose parts are known, in alphabetical order, with their parts.
var parted = []struct {
	class string
	build func(*rand.Rand) solid
	parts []string
}{
	{"bolt", bolt, []string{"head", "shank"}},
	{"chair", chair, []string{"seat", "back", "legs", "arms"}},
	{"cup", cup, []string{"body", "handle"}},
	{"hammer", hammer, []string{"head", "handle"}},
	{"lamp", lamp, []string{"foot", "stem", "shade"}},
	{"table", table, []string{"top", "legs", "frame", "drawers"}},
	{"teapot", teapot, []string{"body", "handle", "spout", "lid"}},
	{"wheel", wheel, []string{"tyre", "hub", "spokes"}},
}

// PartedClasses returns the names of the classes whose parts are known, in
// alphabetical order.
func PartedClasses() []string {
	names := make([]string, len(parted))
	for i, p := range parted {
		names[i] = p.class
	}
	return names
}

// Parts returns the names of the parts of a class, nil if they are not known or
// there is no such class. A shape need not have all of them: few chairs have
// arms.
func Parts(class string) []string {
	for _, p := range parted {
		if p.class == class {
			return slices.Clone(p.parts)
		}
	}
	return nil
}

// A Parted is a shape whose parts are known. It is safe for concurrent use.
type Parted struct {
	Class   string
	Surface *pointcloud.Surface
	Of      []int32 // for each face of the surface its part, a number among Parts(Class)

	pieces []piece
	piece  []int32 // of each face
}

// NewParted returns a shape of a class whose parts are known. Of a class that
// [New] makes too it is the same mesh from the same rng. It is an error if there
// is no such class.
func NewParted(class string, rng *rand.Rand) (Parted, error) {
	for _, p := range parted {
		if p.class != class {
			continue
		}
		s := p.build(rng)
		surface, err := pointcloud.NewSurface(s.mesh())
		if err != nil {
			return Parted{}, fmt.Errorf("solids: %w", err)
		}
		of := make([]int32, len(s.of))
		for i, name := range s.of {
			of[i] = int32(slices.Index(p.parts, name))
		}
		out := Parted{Class: class, Surface: surface, Of: of}
		out.pieces, out.piece = pieces(surface.Mesh())
		return out, nil
	}
	return Parted{}, fmt.Errorf("solids: want a class of known parts, one of %s, got %.100q", strings.Join(PartedClasses(), ", "), class)
}

// Sample draws n points from the surface, evenly by area, with their normals and
// for each the part that it is of, a number among Parts(p.Class). Points that lie
// inside another piece of the shape or touch one, as those of a spoke within the
// hub or of the seat on a leg, are not drawn: nobody would see them. It panics as [pointcloud.Surface.Sample] does. It
// looks at all faces of a piece for each point in the box around it.
func (p Parted) Sample(n int, rng *rand.Rand) (pointcloud.Cloud, []int32) {
	cloud, parts := p.Surface.SampleFaces(n, rng)
	mesh, seen := p.Surface.Mesh(), 0
	for more, faces := cloud, parts; ; {
		for i, f := range faces {
			if p.hidden(&mesh, outside(more.Points[i], more.Normals[i]), f) {
				continue
			}
			cloud.Points[seen], cloud.Normals[seen], parts[seen] = more.Points[i], more.Normals[i], p.Of[f]
			seen++
		}
		if seen == n {
			return cloud, parts
		}
		more, faces = p.Surface.SampleFaces(n-seen, rng)
	}
}

// outside returns a point that is a little off its face.
func outside(at, normal [3]float32) [3]float32 {
	const off = 1e-4
	for k, x := range at {
		at[k] = float32(float64(x) + float64(off*float64(normal[k])))
	}
	return at
}

// hidden reports whether a point off a face lies inside another piece.
func (p Parted) hidden(m *pointcloud.Mesh, at [3]float32, face int32) bool {
	for i := range p.pieces {
		if int32(i) != p.piece[face] && p.pieces[i].within(m, at) {
			return true
		}
	}
	return false
}

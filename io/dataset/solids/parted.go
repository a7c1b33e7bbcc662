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
		return Parted{class, surface, of}, nil
	}
	return Parted{}, fmt.Errorf("solids: want a class of known parts, one of %s, got %.100q", strings.Join(PartedClasses(), ", "), class)
}

// Sample draws n points from the surface, evenly by area, with their normals and
// for each the part that it is of, a number among Parts(p.Class). Where parts run
// through each other there are points on what is hidden inside as well. It
// panics as [pointcloud.Surface.Sample] does.
func (p Parted) Sample(n int, rng *rand.Rand) (pointcloud.Cloud, []int32) {
	c, faces := p.Surface.SampleFaces(n, rng)
	for i, f := range faces {
		faces[i] = p.Of[f]
	}
	return c, faces
}

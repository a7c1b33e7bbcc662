// Package solids makes triangle meshes of furniture, vessels and machine parts,
// of any number and no two alike, so that shapes can be learned without
// downloading any.
//
//	mesh, err := solids.New("chair", rng)
//	err = solids.Write("shapes", solids.Options{Train: 100, Test: 20}, rng)
//
// There are twelve classes, which [Classes] names. A class is known by its
// form, not by its measures: every shape draws its proportions anew, and most
// classes come in several builds, such as chairs with a panel, slats or rails
// for a back, with arms or without. All stand upright, z pointing up, about
// the origin or above it, in no particular unit.
//
// # Shapes whose parts are known
//
// Of eight classes, [PartedClasses], it is known which part each face is of: the
// seat, the back, the legs and the arms of a chair. From these come clouds with a
// part for each point, to learn to tell parts apart:
//
//	chair, err := solids.NewParted("chair", rng)
//	cloud, parts := chair.Sample(1024, rng)  // solids.Parts("chair")[parts[i]] is what point i is of
//
// # Meshes
//
// A mesh consists of closed parts that may run through each other, as a
// chair's legs through its seat. Each part is watertight: every edge belongs
// to two faces, which run along it in opposite directions, and faces are
// counterclockwise seen from outside. Parts are made in two ways, by turning a
// profile about an axis and by sweeping an outline along a path. A mesh has
// from some dozens of triangles, where it is made of boards, to three thousand.
package solids

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"setwise/pointcloud"
)

// The classes, in alphabetical order.
var makers = []struct {
	class string
	build func(*rand.Rand) solid
}{
	{"bolt", bolt},
	{"bottle", bottle},
	{"bowl", bowl},
	{"chair", chair},
	{"cup", cup},
	{"elbow", elbow},
	{"gear", gear},
	{"lamp", lamp},
	{"shelf", shelf},
	{"spring", spring},
	{"table", table},
	{"wheel", wheel},
}

// Classes returns the names of the classes, in alphabetical order.
func Classes() []string {
	names := make([]string, len(makers))
	for i, m := range makers {
		names[i] = m.class
	}
	return names
}

// New returns a mesh of the class, with a normal for each face. It is an error
// if there is no such class.
func New(class string, rng *rand.Rand) (pointcloud.Mesh, error) {
	for _, m := range makers {
		if m.class == class {
			return m.build(rng).mesh(), nil
		}
	}
	return pointcloud.Mesh{}, unknown(class)
}

func unknown(class string) error {
	return fmt.Errorf("solids: want a class among %s, got %q", strings.Join(Classes(), ", "), class)
}

// between returns a number from lo to hi.
func between(rng *rand.Rand, lo, hi float64) float64 { return lo + float64((hi-lo)*rng.Float64()) }

// from returns a whole number from lo to hi, both included.
func from(rng *rand.Rand, lo, hi int) int { return lo + rng.IntN(hi-lo+1) }

// one returns true once in n times.
func one(rng *rand.Rand, n int) bool { return rng.IntN(n) == 0 }

// mesh returns s as a mesh.
func (s solid) mesh() pointcloud.Mesh {
	m := pointcloud.Mesh{Vertices: make([][3]float32, len(s.points)), Faces: slices.Clone(s.faces)}
	for i, p := range s.points {
		m.Vertices[i] = [3]float32{float32(p[0]), float32(p[1]), float32(p[2])}
	}
	m.Normals = m.FaceNormals()
	return m
}

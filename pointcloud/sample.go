package pointcloud

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"setwise/internal/elementary"
	"setwise/set"
)

// ErrNoArea is the error of drawing points from a mesh that has no faces, or
// none with an area.
var ErrNoArea = errors.New("pointcloud: want a mesh with some area, got none")

// Sample draws n points from the surface of m, each independently and evenly
// by area. Points of a mesh with normals carry the normals of their faces, as
// [NewSurface] describes. To draw from one mesh many times, make a [Surface]
// of it.
//
// The error is [ErrNoArea] for a mesh without area, or says which face has a
// corner that does not exist or is not finite, or that n is negative or 2^31 or
// more. O(faces + n).
func (m Mesh) Sample(n int, rng *rand.Rand) (Cloud, error) {
	if n < 0 {
		return Cloud{}, fmt.Errorf("pointcloud: want 0 points or more from a mesh, got %d", n)
	}
	if n > mostPoints {
		return Cloud{}, fmt.Errorf("pointcloud: want at most %d points from a mesh, got %d", mostPoints, n)
	}
	s, err := NewSurface(m)
	if err != nil {
		return Cloud{}, err
	}
	return s.Sample(n, rng), nil
}

// A Surface is a mesh made ready for drawing points from it. It shares memory
// with the mesh, which must not change, and is safe for concurrent use.
type Surface struct {
	mesh  Mesh
	area  float64
	picks []pick
}

// A pick decides on a face. Every face has one, and all are equally likely; it
// stays with its own face with a probability of keep/2^32, and turns to the
// other otherwise.
type pick struct {
	keep  uint32
	other int32
}

// NewSurface checks m and sums up the areas of its faces, in float64. Faces
// without area are allowed and never give a point. If m has normals, its
// points will carry them, as far as the faces bear them out: a normal in m that is
// zero, not finite or more than 45 degrees off its face, on either side, is
// replaced by that of the face, and all are by those that the order of the corners
// gives if that is more than a tenth of the area, or if all are the same though
// faces point elsewhere, as some programs write for want of better.
//
// The error is [ErrNoArea] for a mesh without area, or says which face has a
// corner that does not exist or is not finite. Vertices that no face uses are
// not looked at. O(faces) time, and 8 bytes a face.
func NewSurface(m Mesh) (*Surface, error) {
	if m.Normals != nil && len(m.Normals) != len(m.Faces) {
		return nil, fmt.Errorf("pointcloud: want a normal for each of %d faces, or none, got %d", len(m.Faces), len(m.Normals))
	}
	if len(m.Faces) > math.MaxInt32 {
		return nil, fmt.Errorf("pointcloud: want at most %d faces, got %d", math.MaxInt32, len(m.Faces))
	}
	s := &Surface{mesh: m}
	if !elementary.FiniteVector(m.Origin) {
		return nil, fmt.Errorf("pointcloud: want a finite origin of a mesh, got %v", m.Origin)
	}
	areas := make([]float64, len(m.Faces))
	for i, f := range m.Faces {
		if err := m.corners(i, f); err != nil {
			return nil, err
		}
		for _, v := range f {
			if !elementary.FiniteVector(m.Vertices[v]) {
				return nil, fmt.Errorf("pointcloud: face %d: want finite corners, got vertex %d at %v", i, v, m.Vertices[v])
			}
		}
		areas[i] = float64(norm(m.span(i)) / 2)
		s.area += areas[i]
	}
	if s.area == 0 {
		return nil, ErrNoArea
	}
	s.picks = alias(areas, s.area)
	s.mesh.Normals = given(m)
	return s, nil
}

// alias divides the weights, whose sum is total, among as many equally likely
// picks of at most two faces each: A. J. Walker's method, in the linear-time
// form of M. D. Vose, "A linear algorithm for generating random numbers with a
// given distribution" (1991).
func alias(weights []float64, total float64) []pick {
	n := len(weights)
	share := make([]float64, n) // in units of one pick
	largest := 0
	small, large := make([]int32, 0, n), make([]int32, 0, n)
	for i, w := range weights {
		share[i] = w / total * float64(n)
		if share[i] < 1 {
			small = append(small, int32(i))
		} else {
			large = append(large, int32(i))
		}
		if w > weights[largest] {
			largest = i
		}
	}
	picks := make([]pick, n)
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small, large = small[:len(small)-1], large[:len(large)-1]
		picks[s] = pick{keep: portion(share[s]), other: l}
		share[l] -= 1 - share[s]
		if share[l] < 1 {
			small = append(small, l)
		} else {
			large = append(large, l)
		}
	}
	// What is left is 1 up to rounding. It may still be a face of no area,
	// which must never come up: the rest of its pick is the largest face's.
	for _, i := range slices.Concat(small, large) {
		picks[i] = pick{keep: portion(share[i]), other: int32(largest)}
	}
	return picks
}

// portion returns p, from 0 to 1, in units of 2^-32.
func portion(p float64) uint32 { return uint32(min(math.Round(p*(1<<32)), math.MaxUint32)) }

// Area returns the area of the surface, in square units of the vertices.
func (s *Surface) Area() float64 { return s.area }

// Mesh returns the mesh of the surface, sharing memory.
func (s *Surface) Mesh() Mesh { return s.mesh }

// Sample draws n points from the surface, each independently: a face with a
// probability in proportion to its area, and within the face (a, b, c), evenly,
// the point
//
//	(1 - sqrt(u)) a + sqrt(u) (1 - v) b + sqrt(u) v c
//
// with u and v uniform on 0..1 (R. Osada and others, "Shape distributions",
// 2002). The points are in no order, so every part of the cloud is a sample of
// the whole surface. Sample takes two numbers from rng a point, O(1) time a
// point, and panics with a [*set.ShapeError] if n is negative or 2^31 or more.
func (s *Surface) Sample(n int, rng *rand.Rand) Cloud {
	if n < 0 || n > mostPoints {
		panic(set.Mismatch("pointcloud.Sample", "0 to %d points, got %d", mostPoints, n))
	}
	needChance("Sample", rng)
	if len(s.picks) == 0 {
		panic(set.Mismatch("pointcloud.Sample", "a surface that NewSurface made, got one without faces"))
	}
	c := Cloud{Points: make([][3]float32, n), Origin: s.mesh.Origin}
	if s.mesh.Normals != nil {
		c.Normals = make([][3]float32, n)
	}
	for i := range c.Points {
		// The product's high word is the face, and its low word is as random
		// as what is left of 64 bits: enough to decide on the other face.
		at, rest := bits.Mul64(rng.Uint64(), uint64(len(s.picks)))
		face := int32(at)
		if p := s.picks[at]; uint32(rest>>32) >= p.keep {
			face = p.other
		}
		r := rng.Uint64()
		root := math.Sqrt((float64(r>>32) + 0.5) / (1 << 32))
		v := float64((float64(uint32(r)) + 0.5) / (1 << 32))
		wa, wb, wc := 1-root, float64(root*(1-v)), float64(root*v)

		f := s.mesh.Faces[face]
		a, b, o := &s.mesh.Vertices[f[0]], &s.mesh.Vertices[f[1]], &s.mesh.Vertices[f[2]]
		for k := range 3 {
			c.Points[i][k] = float32(float64(wa*float64(a[k])) + float64(wb*float64(b[k])) + float64(wc*float64(o[k])))
		}
		if c.Normals != nil {
			c.Normals[i] = s.mesh.Normals[face]
		}
	}
	return c
}

// Pick returns n points of c. Up to as many as c has, they are different
// points, every choice equally likely, in random order. Beyond that points
// come more than once, as evenly as can be: each as often as n holds all of
// them, and the rest, chosen at random, once more.
//
// It is an error to ask the empty cloud for points, for a negative number, or for
// 2^31 or more. O(points + n).
func (c Cloud) Pick(n int, rng *rand.Rand) (Cloud, error) {
	needChance("Pick", rng)
	switch {
	case n < 0:
		return Cloud{}, fmt.Errorf("pointcloud: want 0 points or more of a cloud, got %d", n)
	case n > mostPoints:
		return Cloud{}, fmt.Errorf("pointcloud: want at most %d points of a cloud, got %d", mostPoints, n)
	case n > 0 && c.Len() == 0:
		return Cloud{}, errors.New("pointcloud: want a cloud with a point to pick, got the empty cloud")
	}
	chosen := make([]int, 0, n)
	for n > c.Len() && n-len(chosen) >= c.Len() {
		for i := range c.Points {
			chosen = append(chosen, i)
		}
	}
	// The rest are the head of a shuffle by R. A. Fisher and F. Yates.
	rest := make([]int32, c.Len())
	for i := range rest {
		rest[i] = int32(i)
	}
	for k := 0; len(chosen) < n; k++ {
		j := k + rng.IntN(len(rest)-k)
		rest[k], rest[j] = rest[j], rest[k]
		chosen = append(chosen, int(rest[k]))
	}
	return c.Select(chosen...), nil
}

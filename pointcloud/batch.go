package pointcloud

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"setwise/set"
)

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

// Batch returns the positions of the points, a set of width 3 for each cloud:
// x, y, z, measured from the origin of each. An empty cloud becomes the empty set.
func Batch(clouds ...Cloud) set.Batch {
	b := set.New(3, sizes(clouds)...)
	i := 0
	for _, c := range clouds {
		for _, p := range c.Points {
			i += copy(b.Values[i:], p[:])
		}
	}
	return b
}

// BatchNormals returns positions and normals of the points, a set of width 6
// for each cloud: x, y, z, nx, ny, nz, measured as by [Batch]. An empty cloud becomes the empty set. It
// panics with a [*set.ShapeError] if a cloud has points without normals.
func BatchNormals(clouds ...Cloud) set.Batch {
	b := set.New(6, sizes(clouds)...)
	i := 0
	for k, c := range clouds {
		if len(c.Normals) != len(c.Points) {
			panic(set.Mismatch("pointcloud.BatchNormals", "a normal for each of %d points of cloud %d, got %d",
				len(c.Points), k, len(c.Normals)))
		}
		for j, p := range c.Points {
			i += copy(b.Values[i:], p[:])
			i += copy(b.Values[i:], c.Normals[j][:])
		}
	}
	return b
}

func sizes(clouds []Cloud) []int {
	n := make([]int, len(clouds))
	for i, c := range clouds {
		n[i] = c.Len()
	}
	return n
}

package pointcloud

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/set"
)

// offered is how many points there are to choose one from, as the paper has it.
const offered = 5

// PoissonDisk returns the indices, in ascending order, of exactly n points of c
// that keep their distance from one another and follow no pattern otherwise, as
// the centres of disks thrown at random that may not overlap: C. Yuksel, "Sample
// elimination for generating Poisson disk sample sets" (2015). While there are
// too many points, the one that is crowded most is left out, which is that of
// the largest
//
//	sum over others j of (1 - max(|p[i] - p[j]|, limit) / reach)^8, where |p[i] - p[j]| < reach
//
// and of those crowded alike the one of highest index; with m points at the
// beginning, limit = 0.65 (1 - (n/m)^1.5) reach. Terms are rounded to 2^-40.
//
// For the reach the paper takes the largest distance that n points can keep,
// which it computes from the area to be covered. A cloud need not be a surface,
// so here it comes from the points: n of them chosen by [Cloud.Farthest] from
// point 0 keep a distance d, and reach = 1.4 d. If in the end nobody is crowded
// but there are still more than n, the reach is doubled. To begin with there
// are not all points, as of those that lie close together any will do: at most
// 5 n, the first that Farthest chooses, and none that is within d/4 of those
// before it. So the cost stays bounded where a part of the cloud is much
// denser than the rest.
//
// If c has no more than n points that differ, the result is what Farthest
// chooses, so equal points come by index. Clouds on a line or a plane, and
// coordinates as large as float32 holds, are like any other; of points on a
// lattice Farthest makes the more even choice. n may be 0, for no points. It is
// an error if n is negative or more than there are points, or if a coordinate is
// not finite. O((points + n) log(points)) time for most clouds.
func (c Cloud) PoissonDisk(n int) ([]int, error) {
	t, err := NewTree(c.Points)
	if err != nil {
		return nil, err
	}
	if n < 0 || n > c.Len() {
		return nil, fmt.Errorf("pointcloud: want 0 to %d points of as many, got %d", c.Len(), n)
	}
	chosen, apart := t.apart(n)
	if len(chosen) < n {
		chosen, _ = t.Farthest(n, 0) // which is no error, as there are as many
	}
	slices.Sort(chosen)
	for reach := 1.4 * apart; len(chosen) > n; reach *= 2 {
		chosen = uncrowd(c.Points, chosen, n, reach)
	}
	return chosen, nil
}

// uncrowd leaves out the most crowded of some points, again and again, until n
// are left or nobody is crowded any more. [Cloud.PoissonDisk] has the rule.
func uncrowd(points [][3]float32, chosen []int, n int, reach float64) []int {
	c := Cloud{Points: points}.Select(chosen...)
	near := c.Ball(reach, 0)
	share := float64(n) / float64(c.Len())
	limit := 0.65 * (1 - float64(share*math.Sqrt(share))) * reach
	// Weights are whole numbers, so sums of them are exact, whatever was added
	// and taken away before: points crowded alike are known to be.
	weight := func(i, j int32) int64 {
		w := 1 - max(math.Sqrt(squared(c.Points[i], c.Points[j])), limit)/reach
		w *= w
		w *= w
		return int64(math.Round(w * w * (1 << 40)))
	}
	q := &crowd{weight: make([]int64, c.Len())}
	for i := range q.weight {
		for _, j := range near.Of(i) {
			if int(j) != i {
				q.weight[i] += weight(int32(i), j)
			}
		}
	}
	q.arrange()
	for len(q.order) > n && q.weight[q.order[0]] > 0 {
		i := q.pop()
		for _, j := range near.Of(int(i)) {
			if q.place[j] >= 0 {
				q.lower(j, weight(i, j))
			}
		}
	}
	kept := make([]int, 0, len(q.order))
	for i, at := range q.place {
		if at >= 0 {
			kept = append(kept, chosen[i])
		}
	}
	return kept
}

// apart returns n points and more, some way from one another, and the distance
// that the first n keep; or fewer than n if all others are equal to those.
func (t *Tree) apart(n int) (points []int, distance float64) {
	if n == 0 {
		return nil, 0
	}
	s := t.spread(0)
	for len(points) < n*offered {
		p := s.next()
		d := math.Sqrt(p.squared)
		if d == 0 || len(points) >= n && d <= distance/4 {
			break
		}
		if len(points) < n {
			distance = d
		}
		points = append(points, int(p.index))
		s.choose()
	}
	return points, distance
}

// PoissonDisk draws n points from the surface that keep their distance from one
// another: 5 n points of [Surface.Sample], of which those that
// [Cloud.PoissonDisk] finds are kept, in the order in which they were drawn. So
// close sheets of a surface, as the two sides of a plate, share their points. It
// takes ten numbers from rng a point, and panics with a [*set.ShapeError] if n
// is negative or above 2^31 / 5. O(n log(n)) time for most surfaces.
func (s *Surface) PoissonDisk(n int, rng *rand.Rand) Cloud {
	if n < 0 || n > mostOffered {
		panic(set.Mismatch("pointcloud.PoissonDisk", "0 to %d points, got %d", mostOffered, n))
	}
	c := s.Sample(n*offered, rng)
	kept, err := c.PoissonDisk(n)
	if err != nil { // the points of a surface are finite
		panic(set.Mismatch("pointcloud.PoissonDisk", "a surface within the range of float32, got %v", err))
	}
	return c.Select(kept...)
}

const mostOffered = (math.MaxInt32 - 1) / offered

// PoissonDisk draws n points from the surface of m that keep their distance from
// one another: see [Surface.PoissonDisk]. Errors are those of [Mesh.Sample], and
// an n above 2^31 / 5. O(faces + n log(n)) time for most meshes.
func (m Mesh) PoissonDisk(n int, rng *rand.Rand) (Cloud, error) {
	if n < 0 || n > mostOffered {
		return Cloud{}, fmt.Errorf("pointcloud: want 0 to %d points from a mesh, got %d", mostOffered, n)
	}
	s, err := NewSurface(m)
	if err != nil {
		return Cloud{}, err
	}
	return s.PoissonDisk(n, rng), nil
}

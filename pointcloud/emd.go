package pointcloud

import (
	"fmt"
	"math"
)

// MostToMatch is the largest cloud that [EarthMover] takes.
const MostToMatch = 2048

// EarthMover returns the earth mover's distance of two clouds of as many points,
// in units of the points, and the matching behind it: the pairing of each point
// of a with one of b, match[i] with point i, for which
//
//	mean over i of |a[i] - b[match[i]]|
//
// is as small as it can be (Y. Rubner and others, "The earth mover's distance as
// a metric for image retrieval", 2000, with a point for each unit of earth). The
// matching is exact up to rounding; of those equally good it is any one, the
// same every time. No points are at distance 0. Points may be equal, and
// coordinates as large as float32 holds.
//
// It is an error if the clouds differ in size, or have more than [MostToMatch]
// points, for which [Sinkhorn] comes near, or if a coordinate is not finite.
// O(points^3) time, though mostly far less, and 8 bytes for each pair of points.
func EarthMover(a, b Cloud) (distance float64, match []int, err error) {
	n := a.Len()
	if n != b.Len() || n > MostToMatch {
		return 0, nil, fmt.Errorf("pointcloud: earth mover: want two clouds of as many points, up to %d, got %d and %d; Sinkhorn takes any",
			MostToMatch, n, b.Len())
	}
	for _, c := range []Cloud{a, b} {
		if err := (Cloud{Points: c.Points}).Validate(); err != nil {
			return 0, nil, err
		}
	}
	a, b = together(a, b)
	cost := make([]float64, n*n)
	for i, p := range a.Points {
		row := cost[i*n : (i+1)*n]
		for j, q := range b.Points {
			row[j] = math.Sqrt(squared(p, q))
		}
	}
	match = assign(cost, n)
	for i, j := range match {
		distance += cost[i*n+j]
	}
	return distance / float64(max(n, 1)), match, nil
}

package pointcloud

import (
	"fmt"
	"math"
)

// Inliers returns the indices, in ascending order, of the points of c that lie
// about as close to others as most do. With d[i] the mean distance of point i
// to its k nearest other points, those with
//
//	d[i] <= mean(d) + ratio * deviation(d)
//
// where the deviation is the square root of the sum of (d[i] - mean(d))^2 over
// one less than the number of points (R. B. Rusu and others, "Towards 3D point
// cloud based object maps for household environments", 2008). A point does not
// count as its own neighbour, as in PCL; Open3D counts it, so that its 21
// neighbours are 20 here. Unlike there, points that are all equally far from
// their neighbours all stay, and so do points that are equal: the distance 0 is
// like any other.
//
//	indices, err := cloud.Inliers(20, 2)
//	if err != nil { ... }
//	cloud = cloud.Select(indices...)
//
// A cloud of fewer points takes all others; a point alone stays. Clouds on a
// line or a plane, and coordinates as large as float32 holds, are like any
// other. It is an error if k is less than 1, if ratio is NaN, or if a
// coordinate is not finite. O(points (log(points) + k)) time for most clouds,
// shared among the cores.
func (c Cloud) Inliers(k int, ratio float64) ([]int, error) {
	if k < 1 {
		return nil, fmt.Errorf("pointcloud: inliers: want 1 neighbour or more, got %d", k)
	}
	if math.IsNaN(ratio) {
		return nil, fmt.Errorf("pointcloud: inliers: want a ratio that is a number, got %v", ratio)
	}
	t, err := NewTree(c.Points)
	if err != nil {
		return nil, err
	}
	d := make([]float64, c.Len())
	// Sums decide as means do, for all points have as many neighbours. The one
	// more is the point itself, or one that equals it, at no distance.
	t.each(t, min(k, c.Len())+1, func(i int, near []Neighbour) {
		for _, p := range near {
			d[i] += math.Sqrt(p.Squared)
		}
	})
	var mean, square float64
	for _, x := range d {
		mean += x / float64(len(d))
	}
	for _, x := range d {
		square += float64((x - mean) * (x - mean))
	}
	limit := mean
	if square > 0 {
		limit += float64(ratio * math.Sqrt(square/float64(len(d)-1)))
	}
	limit += float64(1e-12 * mean) // what all have in common may be rounded
	var kept []int
	for i, x := range d {
		if x <= limit {
			kept = append(kept, i)
		}
	}
	return kept, nil
}

// InliersWithin returns the indices, in ascending order, of the points of c
// that have at least some others no farther than radius, a distance of radius
// included. A point does not count as its own neighbour; points that equal it
// do. A least of 0 keeps all points. Clouds on a line or a plane, and coordinates
// as large as float32 holds, are like any other.
//
// It is an error if radius or least is negative, if radius is NaN, or if a
// coordinate is not finite. O(points (log(points) + least)) time for most
// clouds, shared among the cores.
func (c Cloud) InliersWithin(radius float64, least int) ([]int, error) {
	if !(radius >= 0) {
		return nil, fmt.Errorf("pointcloud: inliers: want a radius of 0 or more, got %v", radius)
	}
	if least < 0 {
		return nil, fmt.Errorf("pointcloud: inliers: want at least 0 neighbours or more, got %d", least)
	}
	t, err := NewTree(c.Points)
	if err != nil {
		return nil, err
	}
	if least >= c.Len() {
		return nil, nil
	}
	inside := make([]bool, c.Len())
	t.each(t, least+1, func(i int, near []Neighbour) {
		inside[i] = near[least].Squared <= radius*radius
	})
	var kept []int
	for i, in := range inside {
		if in {
			kept = append(kept, i)
		}
	}
	return kept, nil
}

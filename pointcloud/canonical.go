package pointcloud

import (
	"cmp"
	"math"
	"slices"
)

// Canonical returns the indices of all points of c in an order that depends on
// the points alone: by x, of equal x by y, then by z, then by the coordinates of
// the normals in the same way. So what depends on the order in which points are
// stored becomes a function of the set, bit for bit:
//
//	cloud = cloud.Select(cloud.Canonical()...)
//	indices, err := cloud.Farthest(1024, cloud.Outermost())
//
// -0 counts as 0; only between points that are equal otherwise does it come
// first. Every NaN counts as the same number, above +Inf. Points that are equal
// in all this come by index, which nothing but a NaN's hidden bits can tell. It
// panics with a [*set.ShapeError] if there are normals, but not one for each
// point. O(points) for most clouds, O(points log(points)) at the most.
func (c Cloud) Canonical() []int {
	c.needMatching("Canonical")
	keys := make([]uint64, c.Len())
	for i, p := range c.Points {
		keys[i] = uint64(ordered(p[0]))<<32 | uint64(ordered(p[1]))
	}
	order := ranked(keys)
	for lo := 0; lo < len(order); {
		hi := lo + 1
		for hi < len(order) && keys[order[hi]] == keys[order[lo]] {
			hi++
		}
		slices.SortFunc(order[lo:hi], c.compare)
		lo = hi
	}
	return whole(order)
}

// compare orders points of equal x and y.
func (c Cloud) compare(i, j int32) int {
	by := cmp.Compare(ordered(c.Points[i][2]), ordered(c.Points[j][2]))
	if by == 0 && c.Normals != nil {
		by = compareAll(c.Normals[i], c.Normals[j], ordered)
	}
	if by == 0 {
		by = compareAll(c.Points[i], c.Points[j], unsigned)
	}
	if by == 0 && c.Normals != nil {
		by = compareAll(c.Normals[i], c.Normals[j], unsigned)
	}
	return cmp.Or(by, cmp.Compare(i, j))
}

// compareAll compares vectors coordinate by coordinate.
func compareAll(p, q [3]float32, key func(float32) uint32) int {
	return cmp.Or(cmp.Compare(key(p[0]), key(q[0])), cmp.Compare(key(p[1]), key(q[1])), cmp.Compare(key(p[2]), key(q[2])))
}

// ordered maps numbers to integers that are ordered like them, -0 to that of 0
// and NaN to the highest.
func ordered(x float32) uint32 {
	b := math.Float32bits(x)
	switch {
	case x != x:
		return math.MaxUint32
	case x < 0:
		return ^b
	}
	return b | 1<<31 // which -0 has already
}

// unsigned tells -0, which comes first, from all others.
func unsigned(x float32) uint32 {
	if x == 0 && math.Signbit(float64(x)) {
		return 0
	}
	return 1
}

package pointcloud

import "setwise/set"

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

package pointcloud

import (
	"cmp"
	"math"
	"slices"
)

// centres returns the centres among points that are in order and of which there
// is one, by ascending number.
func (g Groups) centres(points [][3]float32) ([]int, error) {
	var chosen []int
	switch {
	case g.Cell > 0:
		var err error
		if chosen, err = midmost(points, g.Cell); err != nil {
			return nil, err
		}
	case g.Random:
		chosen = byHash(points, g.Centres)
	default:
		chosen = farApart(points, g.Centres, Cloud{Points: points}.Outermost())
	}
	slices.Sort(chosen)
	return chosen, nil
}

// midmost returns for each voxel the point nearest to the mean of those in it.
func midmost(points [][3]float32, size float64) ([]int, error) {
	cells, err := Cloud{Points: points}.Voxels(size)
	if err != nil {
		return nil, err
	}
	chosen := make([]int, cells.Offsets.Sets())
	for v := range chosen {
		of := cells.Of(v)
		mean := total(points, of)
		for k := range mean {
			mean[k] /= float64(len(of))
		}
		best := math.Inf(1)
		for _, i := range of {
			off := sub(wide(points[i]), mean)
			if d := dot(off, off); d < best {
				chosen[v], best = int(i), d
			}
		}
	}
	return chosen, nil
}

// byHash returns n points at different places, of points that are in order:
// those whose places have the smallest hash.
func byHash(points [][3]float32, n int) []int {
	type entry struct {
		hash uint64
		at   int
	}
	var all []entry
	for i, p := range points {
		if i == 0 || p != points[i-1] {
			all = append(all, entry{hash(p), i})
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.at, b.at)) })
	chosen := make([]int, min(n, len(all)))
	for i := range chosen {
		chosen[i] = all[i].at
	}
	return chosen
}

// hash mixes the bits of a place, by the finalizer of SplitMix64 (G. L. Steele
// and others, "Fast splittable pseudorandom number generators", 2014).
func hash(p [3]float32) uint64 {
	var h uint64
	for _, x := range p {
		h = (h + uint64(ordered(x)) + 1) * 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

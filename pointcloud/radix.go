package pointcloud

import "math/bits"

// ranked returns the order of keys from the lowest to the highest, equal ones
// as they come: a radix sort, of the bits that keys have. O(keys).
func ranked(keys []uint64) []int32 {
	type entry struct {
		key   uint64
		index int32
	}
	var used uint64
	from, to := make([]entry, len(keys)), make([]entry, len(keys))
	for i, k := range keys {
		from[i] = entry{k, int32(i)}
		used |= k
	}
	const digit = 11
	for shift := 0; shift < bits.Len64(used); shift += digit {
		var start [1 << digit]int32
		for _, k := range keys {
			start[k>>shift&(1<<digit-1)]++
		}
		if start[keys[0]>>shift&(1<<digit-1)] == int32(len(keys)) {
			continue // all alike, as the last bits of points on a grid are
		}
		var sum int32
		for d, n := range start {
			start[d] = sum
			sum += n
		}
		for _, e := range from {
			d := e.key >> shift & (1<<digit - 1)
			to[start[d]] = e
			start[d]++
		}
		from, to = to, from
	}
	out := make([]int32, len(keys))
	for i, e := range from {
		out[i] = e.index
	}
	return out
}

// whole returns indices as int.
func whole(indices []int32) []int {
	out := make([]int, len(indices))
	for i, x := range indices {
		out[i] = int(x)
	}
	return out
}

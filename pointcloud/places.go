package pointcloud

import (
	"cmp"
	"fmt"
	"slices"

	"setwise/set"
)

// places are the points of a set of a batch, in order: by place, of equal places
// by the other columns. Between elements that are equal altogether the order is
// that of storage, which nothing can tell.
type places struct {
	order  []int32 // where in the set each point is stored
	points [][3]float32
}

// placesOf returns the places of set s of x. It is an error if there are none,
// or one is not finite.
func placesOf(x set.Batch, s int) (places, error) {
	lo, hi := x.Offsets.Bounds(s)
	if x.Dim < 3 && hi > lo {
		return places{}, fmt.Errorf("pointcloud: want elements whose first three columns are a place, got width %d", x.Dim)
	}
	p := places{order: make([]int32, hi-lo), points: make([][3]float32, hi-lo)}
	for i := range p.order {
		p.order[i] = int32(lo + i)
		if at := placeOf(x, lo+i); !finite(at) {
			return places{}, fmt.Errorf("pointcloud: element %d of set %d: want a finite place in the first three columns, got %v", i, s, at)
		}
	}
	sortByPlace(x, p.order)
	for i, row := range p.order {
		p.points[i] = placeOf(x, int(row))
		p.order[i] -= int32(lo)
	}
	return p, nil
}

func placeOf(x set.Batch, row int) [3]float32 { return [3]float32(x.Values[row*x.Dim:]) }

// rows returns lists of points, one for each point, as lists of the elements of
// the set, one for each element.
func (p places) rows(lists [][]int32, err error) ([][]int32, error) {
	if err != nil {
		return nil, err
	}
	out := make([][]int32, len(lists))
	for i, list := range lists {
		for k, j := range list {
			list[k] = p.order[j]
		}
		out[p.order[i]] = list
	}
	return out, nil
}

// sortByPlace sorts elements of x, which are numbered in ascending order.
func sortByPlace(x set.Batch, rows []int32) {
	const few = 128 // below, a radix sort does not pay
	by := func(i, j int32) int {
		return cmp.Or(compareRows(x, i, j, ordered), compareRows(x, i, j, unsigned), cmp.Compare(i, j))
	}
	if len(rows) < few {
		slices.SortFunc(rows, by)
		return
	}
	keys := make([]uint64, len(rows))
	for i, row := range rows {
		p := placeOf(x, int(row))
		keys[i] = uint64(ordered(p[0]))<<32 | uint64(ordered(p[1]))
	}
	sorted := ranked(keys)
	for i, k := range sorted {
		sorted[i] = rows[k]
	}
	copy(rows, sorted)
	for lo := 0; lo < len(rows); {
		hi := lo + 1
		for first := placeOf(x, int(rows[lo])); hi < len(rows); hi++ {
			if p := placeOf(x, int(rows[hi])); p[0] != first[0] || p[1] != first[1] {
				break
			}
		}
		if hi-lo > 1 {
			slices.SortFunc(rows[lo:hi], by)
		}
		lo = hi
	}
}

// compareRows compares elements column by column.
func compareRows(x set.Batch, i, j int32, key func(float32) uint32) int {
	a, b := x.Row(int(i)), x.Row(int(j))
	for k, v := range a {
		if v != b[k] || v == 0 {
			if c := cmp.Compare(key(v), key(b[k])); c != 0 {
				return c
			}
		}
	}
	return 0
}

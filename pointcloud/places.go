package pointcloud

import (
	"cmp"
	"fmt"
	"slices"

	"setwise/internal/elementary"
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
		if at := placeOf(x, lo+i); !elementary.FiniteVector(at) {
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
	keys, sorted := make([]uint64, len(rows)), true
	for i, row := range rows {
		keys[i] = uint64(ordered(x.Values[int(row)*x.Dim]))
		sorted = sorted && (i == 0 || keys[i-1] < keys[i])
	}
	if sorted {
		return
	}
	order := rank(keys)
	was := slices.Clone(rows)
	for i, k := range order {
		rows[i] = was[k]
	}
	for lo := 0; lo < len(rows); {
		hi := lo + 1
		for hi < len(rows) && keys[order[hi]] == keys[order[lo]] {
			hi++
		}
		if hi-lo > 1 {
			slices.SortFunc(rows[lo:hi], func(i, j int32) int { return compareRows(x, i, j) })
		}
		lo = hi
	}
}

// rank is ranked, by comparisons where there are few keys.
func rank(keys []uint64) []int32 {
	const few = 256
	if len(keys) >= few {
		return ranked(keys)
	}
	order := make([]int32, len(keys))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return cmp.Or(cmp.Compare(keys[i], keys[j]), cmp.Compare(i, j)) })
	return order
}

// compareRows compares elements column by column, -0 with 0 only where all else
// is equal, and then by number.
func compareRows(x set.Batch, i, j int32) int {
	a, b := x.Values[int(i)*x.Dim:][:x.Dim], x.Values[int(j)*x.Dim:][:x.Dim]
	for k, v := range a {
		switch w := b[k]; {
		case v == w:
		case v < w:
			return -1
		case v > w:
			return 1
		default: // NaN
			if c := cmp.Compare(ordered(v), ordered(w)); c != 0 {
				return c
			}
		}
	}
	for k, v := range a {
		if c := cmp.Compare(unsigned(v), unsigned(b[k])); c != 0 {
			return c
		}
	}
	return cmp.Compare(i, j)
}

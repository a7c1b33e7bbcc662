package pointcloud

import (
	"fmt"

	"setwise/set"
)

// Nearest relates each element of x to the k elements of y nearest to it in the
// set of the same number, nearest first, all if there are fewer: a relation to
// another batch, [set.Relation].To. The first three columns of both are places,
// and ties are broken as by [Groups]. It is an error if there are not as many
// sets, if k is less than 1, and otherwise as for [Groups.Relate].
func Nearest(x, y set.Batch, k int) (*set.Relation, error) {
	if x.Sets() != y.Sets() {
		return nil, fmt.Errorf("pointcloud: want as many sets to look from as to look at, got %d and %d", x.Sets(), y.Sets())
	}
	if k < 1 || k > mostPoints {
		return nil, fmt.Errorf("pointcloud: want 1 to %d nearest elements, got %d", mostPoints, k)
	}
	r, err := relate(x, y.Offsets, "", func(s int) ([][]int32, error) {
		from, err := placesOf(x, s)
		if err != nil {
			return nil, err
		}
		to, err := placesOf(y, s)
		if err != nil {
			return nil, err
		}
		lists, err := about(to.points, from.points, k, 0)
		if err != nil {
			return nil, err
		}
		out := make([][]int32, len(lists))
		for i, list := range lists {
			for n, j := range list {
				list[n] = to.order[j]
			}
			out[from.order[i]] = list
		}
		return out, nil
	})
	if err == nil {
		r.To = y.Offsets
	}
	return r, err
}

// back is the name of the relation of Back.
func (g Groups) back(k int) string { return fmt.Sprintf("%d back: %v", k, g) }

// Back relates each element of x to the k centres nearest to it, which are
// elements of x too, under a name of its own: what layers need that give features
// of centres back to all points. See [Groups.Relate] for errors, and [Nearest].
func (g Groups) Back(x set.Batch, k int) (*set.Relation, error) {
	if r := x.Relation(g.back(k)); r != nil {
		return r, nil
	}
	at, err := g.Of(x)
	if err != nil {
		return nil, err
	}
	r, err := Nearest(x, at.places(x), k)
	if err != nil {
		return nil, err
	}
	for i, j := range r.Index {
		r.Index[i] = at.Centres[j]
	}
	r.Name, r.To = g.back(k), nil
	return r, nil
}

// BackTo relates each element of x to the k nearest of the centres y, as
// [Nearest] does: by the relation of [Groups.Back], if x has it. It is an error if
// x has it and y is not as many centres.
func (g Groups) BackTo(x, y set.Batch, k int) (*set.Relation, error) {
	made := x.Relation(g.back(k))
	if made == nil {
		return Nearest(x, y, k)
	}
	at, err := g.Of(x)
	if err != nil {
		return nil, err
	}
	if len(at.Centres) != y.Len() || at.Sets.Sets() != y.Sets() {
		return nil, fmt.Errorf("pointcloud: want the %d centres of %d sets that are %v, got %d elements of %d", len(at.Centres), at.Sets.Sets(), g, y.Len(), y.Sets())
	}
	number := at.numbers(x.Len())
	r := &set.Relation{Offsets: made.Offsets, Index: make([]int32, len(made.Index)), To: y.Offsets}
	for i, j := range made.Index {
		if r.Index[i] = number[j]; number[j] < 0 {
			return nil, fmt.Errorf("pointcloud: want relation %q to lead to centres, got one to element %d, which is none", made.Name, j)
		}
	}
	return r, nil
}

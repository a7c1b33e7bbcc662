package csv

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"math"
	"slices"

	"setwise/set/grad"
)

// rowsFor returns the rows of a sample that a model looks at: all, or of a large
// one some, which chance draws anew while a model learns.
func (s *sample) rowsFor(t *grad.Tape) []int {
	if s.few == nil {
		all := make([]int, s.rows)
		for k := range all {
			all[k] = k
		}
		return all
	}
	if !t.Training() {
		return s.few
	}
	rng := t.Rand()
	some := make([]int, mostElements)
	for k := range some {
		some[k] = rng.IntN(s.rows)
	}
	return some
}

// thin chooses the rows that stand for all of large samples, by what is in them,
// so that it does not matter in which order they come.
func (t *sets) thin() {
	for _, s := range t.samples {
		if s.rows <= mostElements {
			continue
		}
		type place struct {
			hash uint64
			row  int
		}
		places, seen := make([]place, s.rows), map[uint64]uint64{}
		for k := range places {
			h := fnv.New64a()
			var b []byte
			for _, x := range s.numbers[k*len(t.numbers) : (k+1)*len(t.numbers)] {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
			}
			for j, w := range s.words[k*len(t.words) : (k+1)*len(t.words)] {
				b = append(append(b, t.known[j][w]...), 0)
			}
			h.Write(b)
			same := h.Sum64()
			h.Write(binary.LittleEndian.AppendUint64(nil, seen[same])) // equal rows are not equally likely to be chosen
			seen[same]++
			places[k] = place{h.Sum64(), k}
		}
		slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.row, b.row)) })
		for _, p := range places[:mostElements] {
			s.few = append(s.few, p.row)
		}
	}
}

// large returns how many samples have more rows than a model looks at, and the
// rows of the largest.
func (t *sets) large() (n, most int) {
	for _, s := range t.samples {
		if s.rows > mostElements {
			n++
		}
		most = max(most, s.rows)
	}
	return n, most
}

package csv

import (
	"fmt"
	"math"
	"slices"
)

// How numbers of a column may differ.
const (
	leastSpread, mostSpread = 1e-100, 1e100 // squares of them are numbers too
	far                     = 1e6           // times as far from the median as half of all that are not it
	suspicious              = 1e4
	rounding                = 1e-12 // of the size of numbers
)

// checkSpread finds numbers of a column that hide all others, or that no
// computation bears. The numbers are every width-th of what values returns for a
// sample, one for each row unless once is set.
func (t *sets) checkSpread(name string, values func(sample int) []float64, width int, once bool) error {
	var all []float64
	var lines []int32
	for i, s := range t.samples {
		v := values(i)
		for r := range s.rows {
			if !math.IsNaN(v[r*width]) {
				all, lines = append(all, v[r*width]), append(lines, s.lines[r])
			}
			if once {
				break
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(all))
	median := sorted[len(sorted)/2]
	var off []float64
	top := 0
	for i, x := range all {
		if d := math.Abs(x - median); d > 0 {
			off = append(off, d)
		}
		if math.Abs(x-median) > math.Abs(all[top]-median) {
			top = i
		}
	}
	most := math.Abs(all[top] - median)
	same := most <= rounding*math.Abs(median)
	switch {
	case same && once:
		return fmt.Errorf("column %.80q: want numbers that differ from set to set, got %v everywhere", name, median)
	case same:
		t.note("column %.40q is %v everywhere, which says nothing", name, median)
		return nil
	case most < leastSpread || most > mostSpread:
		return fmt.Errorf("line %d: column %.80q: want numbers that differ by %g to %g, got %g, which differs from the median by %.3g, more than any other; another unit may help",
			lines[top], name, leastSpread, mostSpread, all[top], most)
	}
	slices.Sort(off)
	times := most / off[(len(off)-1)/2]
	const what = "line %d: column %.40q: %g is %.2g times as far from the median, %g, as half of the others"
	if times > far {
		return fmt.Errorf(what+": want numbers beside which the others can be told apart; correct it, leave out the row, or name the columns to use by -features",
			lines[top], name, all[top], times, median)
	}
	if times > suspicious {
		t.note(what+": it may hide them", lines[top], name, all[top], times, median)
	}
	return nil
}

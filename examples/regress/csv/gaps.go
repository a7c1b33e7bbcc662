package csv

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"setwise/examples/internal/show"
)

// missingMark is what stands in a column of categories where a cell is missing: a
// category that no cell can name.
const missingMark = ""

// nothing says what a missing cell has.
func nothing(word string) string {
	if word == "" {
		return "nothing"
	}
	return fmt.Sprintf("nothing but %.40q", word)
}

// otherwise says what to do if words for nothing are names of something.
func otherwise(words ...string) string {
	if !slices.ContainsFunc(words, func(w string) bool { return w != "" }) {
		return ""
	}
	return "; where such a word names a category, write another in the table"
}

// noteCategories says what the categories of a column are.
func (t *sets) noteCategories(k int, name string) {
	all := make([]int, len(t.samples))
	for i := range all {
		all[i] = i
	}
	var named, alone []string
	for w, n := range t.setsWith(k, all) {
		if c := t.known[k][w]; c != missingMark {
			if named = append(named, c); n == 1 {
				alone = append(alone, c)
			}
		}
	}
	t.note("categories, each learned as a vector: %d of %.40q, %s", len(named), name, listed(named))
	if len(alone) > 0 {
		t.note("%d of them in one set only, which count as one category: %s", len(alone), listed(alone))
	}
	if len(t.marks[k]) == 0 {
		return
	}
	n, words := 0, slices.Sorted(maps.Keys(t.marks[k]))
	for _, of := range t.marks[k] {
		n += of
	}
	t.note("missing: %d of %d cells of %.40q, %s: a mark that it is missing stands there, learned like a category%s", n, t.rows, name, listed(words), otherwise(words...))
}

// dropBare leaves out sets of which a target is missing in all rows.
func (t *sets) dropBare(gaps int) error {
	var samples []*sample
	var targets [][]float64
	var bare []string
	for i, y := range t.targets {
		if slices.ContainsFunc(y, math.IsNaN) {
			bare = append(bare, t.samples[i].id)
			continue
		}
		samples, targets = append(samples, t.samples[i]), append(targets, y)
	}
	if gaps > 0 {
		t.note("missing: %s of what is to be predicted, not filled in but taken from other rows of the set", show.Count(gaps, "cell"))
	}
	if len(bare) > 0 {
		t.note("not used: %s without what is to be predicted, %s", show.Count(len(bare), "set"), listed(bare))
	}
	t.samples, t.targets = samples, targets
	if len(samples) == 0 {
		return errors.New("want sets with what is to be predicted, got none")
	}
	return nil
}

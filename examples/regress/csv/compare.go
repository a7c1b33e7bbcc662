package csv

import (
	"fmt"
	"math"
	"slices"

	"setwise/examples/internal/show"
)

// beyond is what is known of sets that are not like those that were learned from.
const beyond = "predictions and intervals of such sets promise nothing"

// compare says what of a table is not as in what p was learned from, or what is so
// far from it that no prediction would mean anything.
func (p *predictor) compare(t *sets) (notes []string, err error) {
	if len(p.Radius) == 0 {
		notes = append(notes, "no intervals: too few sets were held back from the model to tell how wide they have to be")
	}
	notes = append(notes, t.otherSizes(p.Rows)...)
	numbers, words := 0, 0
	for _, f := range p.Features {
		if f.Categories != nil {
			notes = append(notes, t.otherCategories(words, f)...)
			words++
			continue
		}
		more, err := t.otherNumbers(numbers, f)
		if err != nil {
			return nil, err
		}
		notes = append(notes, more...)
		numbers++
	}
	return notes, nil
}

// otherSizes says which sets have fewer or more rows than those that were learned
// from.
func (t *sets) otherSizes(rows [2]int) []string {
	var strange []string
	first := 0
	for _, s := range t.samples {
		if s.rows < rows[0] || s.rows > rows[1] {
			s.strange = true
			if strange = append(strange, s.id); first == 0 {
				first = s.rows
			}
		}
	}
	if len(strange) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s of fewer or more than the %d to %d rows of those that were learned from, %s, the first of %s: %s",
		show.Count(len(strange), "set"), rows[0], rows[1], listed(strange), show.Count(first, "row"), beyond)}
}

// otherNumbers says which cells of column k of the numbers are not as those that
// were learned from.
func (t *sets) otherNumbers(k int, f feature) (notes []string, err error) {
	n, gaps, first := 0, 0, 0.0
	var line int32
	for _, s := range t.samples {
		for r, l := range s.lines {
			x := s.numbers[r*len(t.numbers)+k]
			switch {
			case math.IsNaN(x):
				gaps++
				s.strange = s.strange || !f.Gaps
			case math.Abs(x-f.Mean) > far*max(f.Deviation, f.High-f.Low):
				return nil, fmt.Errorf("line %d: column %.80q: want a number like those that were learned from, %g to %g, or at most a million times farther off, got %g", l, f.Name, f.Low, f.High, x)
			case x < f.Low || x > f.High:
				beside := (f.High - f.Low) / 2
				s.strange = s.strange || x < f.Low-beside || x > f.High+beside
				if n++; n == 1 {
					first, line = x, l
				}
			}
		}
	}
	if n > 0 {
		notes = append(notes, fmt.Sprintf("%s of %.40q not between %g and %g, as all that were learned from, the first %g on line %d: %s",
			show.Count(n, "cell"), f.Name, f.Low, f.High, first, line, beyond))
	}
	return append(notes, otherGaps(gaps, f.Name, f.Gaps, "its mean")...), nil
}

// otherGaps says that cells of a column are missing, which some were before or not.
func otherGaps(n int, name string, before bool, taken string) []string {
	switch {
	case n == 0:
		return nil
	case before:
		return []string{fmt.Sprintf("missing: %s of %.40q, as some were in what was learned from", show.Count(n, "cell"), name)}
	}
	return []string{fmt.Sprintf("missing: %s of %.40q, of which none was missing in what was learned from: taken as %s; %s", show.Count(n, "cell"), name, taken, beyond)}
}

// otherCategories says which categories of column k of those were not learned.
func (t *sets) otherCategories(k int, f feature) []string {
	learned := map[string]bool{missingMark: true}
	for _, c := range f.Categories {
		learned[c] = true
	}
	var strange []string
	for _, c := range t.known[k] {
		if !learned[c] {
			strange = append(strange, c)
		}
	}
	gaps, sets := 0, 0
	for _, s := range t.samples {
		other := false
		for r := range s.rows {
			c := t.known[k][s.words[r*len(t.words)+k]]
			other = other || !learned[c]
			if c == missingMark {
				gaps++
				s.strange = s.strange || !slices.Contains(f.Categories, missingMark)
			}
		}
		s.strange = s.strange || other
		if other {
			sets++
		}
	}
	var notes []string
	if len(strange) > 0 {
		notes = append(notes, fmt.Sprintf("not learned, and taken for one category that says nothing: %s of %.40q in %s; %s", listed(strange), f.Name, show.Count(sets, "set"), beyond))
	}
	return append(notes, otherGaps(gaps, f.Name, slices.Contains(f.Categories, missingMark), "a category that says nothing")...)
}

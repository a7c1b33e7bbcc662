package main

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"setwise/io/checkpoint"
	"setwise/layers/train"
)

// A predictor is what is saved beside the parameters of a model that predicts
// for other tables.
type predictor struct {
	Columns  columns   `json:"columns"`
	Model    string    `json:"model"`
	Features []feature `json:"features"`
	Size     scaling   `json:"size"` // of the logarithm of the size of a set
	Truth    scaling   `json:"truth"`
	Radius   []float64 `json:"radius"` // of the interval of each target, in deviations; none if too few sets were held back
}

// save writes the pupil that has not seen the first part, with intervals that
// this part gives.
func (c *tabular) save(file string) error {
	r := c.Pupils[0].(*reader)
	p := predictor{Columns: c.table.columns, Model: c.o.model, Features: r.features(), Size: r.size, Truth: c.scales[0]}
	predictions, doubts := c.all(), c.doubts()
	for j := range c.table.Targets {
		scores := pick(c.scores(predictions, doubts, j), c.held(0))
		if radius := train.Conformal(scores, miss); !math.IsInf(radius, 1) {
			p.Radius = append(p.Radius, radius)
		}
	}
	return checkpoint.Save(file, r, checkpoint.Contents{Config: p})
}

// check reports what is wrong with p, which comes from a file.
func (p *predictor) check() error {
	features, targets := len(p.Features), len(p.Columns.Targets)
	switch {
	case p.Columns.Set == "":
		return errors.New("want what task csv writes as .predictor.safetensors")
	case !slices.Contains(fromTable().models, p.Model):
		return fmt.Errorf("want a model of task csv, got %.80q", p.Model)
	case features < 1 || features > mostFeatures || targets < 1 || targets > mostFeatures:
		return fmt.Errorf("want 1 to %d features and targets, got %d and %d", mostFeatures, features, targets)
	case p.Columns.Missing != refuse && p.Columns.Missing != fill:
		return fmt.Errorf("want missing cells to be %s or %s, got %.80q", refuse, fill, p.Columns.Missing)
	case !p.Size.fits(1):
		return errors.New("want the scaling of the size of a set")
	case !p.Truth.fits(targets):
		return fmt.Errorf("want the scaling of %d targets", targets)
	case len(p.Radius) != 0 && len(p.Radius) != targets:
		return fmt.Errorf("want the radius of an interval for each of %d targets, got %d", targets, len(p.Radius))
	}
	for _, r := range p.Radius {
		if !(r >= 0) || math.IsInf(r, 1) {
			return fmt.Errorf("want a finite radius of an interval from 0, got %v", r)
		}
	}
	categories := 0
	for _, f := range p.Features {
		if categories += len(f.Categories); categories > mostKnown {
			return fmt.Errorf("want at most %d categories, got more", mostKnown)
		}
		if f.Categories == nil && (!(scaling{[]float64{f.Mean}, []float64{f.Deviation}}).fits(1) || !(f.Low <= f.High)) {
			return fmt.Errorf("want the scaling of feature %.80q", f.Name)
		}
	}
	return nil
}

// mostKnown is how many categories all columns of a model may have together.
const mostKnown = 1 << 18

// check says what of a table is not as in what was learned from, or what is so
// far from it that no prediction would mean anything.
func (t *table) check(learned []feature) (notes []string, err error) {
	numbers, words := 0, 0
	for _, f := range learned {
		if f.Categories != nil {
			notes = append(notes, t.unseen(words, f)...)
			words++
			continue
		}
		n, gaps, first := 0, 0, 0.0
		var line int32
		for _, s := range t.samples {
			for k, l := range s.lines {
				x := s.numbers[k*len(t.numbers)+numbers]
				switch {
				case math.IsNaN(x):
					gaps++
				case math.Abs(x-f.Mean) > far*max(f.Deviation, f.High-f.Low):
					return nil, fmt.Errorf("line %d: column %.80q: want a number like those that were learned from, %g to %g, got %g", l, f.Name, f.Low, f.High, x)
				case x < f.Low || x > f.High:
					if n++; n == 1 {
						first, line = x, l
					}
				}
			}
		}
		if n > 0 {
			notes = append(notes, fmt.Sprintf("%s of %.40q not between %g and %g, as all that were learned from, the first %g on line %d: predictions and intervals of such sets promise nothing",
				counted(n, "cell"), f.Name, f.Low, f.High, first, line))
		}
		if gaps > 0 && !f.Gaps {
			notes = append(notes, fmt.Sprintf("missing: %s of %.40q, of which none was missing in what was learned from: taken as its mean", counted(gaps, "cell"), f.Name))
		} else if gaps > 0 {
			notes = append(notes, fmt.Sprintf("missing: %s of %.40q, as some were in what was learned from", counted(gaps, "cell"), f.Name))
		}
		numbers++
	}
	return notes, nil
}

// unseen says which categories of a column were not learned.
func (t *table) unseen(k int, f feature) []string {
	learned := map[string]bool{}
	for _, c := range f.Categories {
		learned[c] = true
	}
	var strange []string
	for _, c := range t.known[k] {
		if !learned[c] {
			strange = append(strange, c)
		}
	}
	if len(strange) == 0 {
		return nil
	}
	sets := 0
	for _, s := range t.samples {
		for r := range s.rows {
			if !learned[t.known[k][s.words[r*len(t.words)+k]]] {
				sets++
				break
			}
		}
	}
	return []string{fmt.Sprintf("not learned, and taken for one category that says nothing: %s of %.40q in %s", listed(strange), f.Name, counted(sets, "set"))}
}

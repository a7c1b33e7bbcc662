package csv

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"setwise/examples/regress/folds"
	"setwise/examples/regress/study"
	"setwise/io/checkpoint"
	"setwise/layers/train"
)

// A predictor is what is saved beside the parameters of a model that predicts
// for other table.
type predictor struct {
	Columns  study.Columns `json:"columns"`
	Model    string        `json:"model"`
	Features []feature     `json:"features"`
	Size     folds.Scaling `json:"size"` // of the logarithm of the size of a set
	Rows     [2]int        `json:"rows"` // of the smallest and of the largest set that it learned from
	Truth    folds.Scaling `json:"truth"`
	Radius   []float64     `json:"radius"` // of the interval of each target, in deviations; none if too few sets were held back
}

// save writes the pupil that has not seen the first part, with intervals that
// this part gives.
func (c *tabular) save(file string) error {
	r := c.Pupils[0].(*reader)
	p := predictor{Columns: c.sets.Columns, Model: c.o.Model, Features: r.features(), Size: r.size, Rows: [2]int{math.MaxInt, 0}, Truth: c.Scales[0]}
	for _, e := range c.learned[0] {
		p.Rows = [2]int{min(p.Rows[0], c.Examples[e].rows), max(p.Rows[1], c.Examples[e].rows)}
	}
	predictions, doubts := c.All(), c.doubts()
	for j := range c.sets.Targets {
		scores := folds.Pick(c.Scores(predictions, doubts, j), c.Held(0))
		if radius := train.Conformal(scores, folds.Miss); !math.IsInf(radius, 1) {
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
	case !slices.Contains(Task().Models, p.Model):
		return fmt.Errorf("want a model of task csv, got %.80q", p.Model)
	case features < 1 || features > mostFeatures || targets < 1 || targets > mostFeatures:
		return fmt.Errorf("want 1 to %d features and targets, got %d and %d", mostFeatures, features, targets)
	case p.Columns.Missing != study.Refuse && p.Columns.Missing != study.Fill:
		return fmt.Errorf("want missing cells to be %s or %s, got %.80q", study.Refuse, study.Fill, p.Columns.Missing)
	case !p.Size.Fits(1):
		return errors.New("want the folds.Scaling of the size of a set")
	case p.Rows[0] < 1 || p.Rows[0] > p.Rows[1]:
		return fmt.Errorf("want the rows of the smallest and the largest set that were learned from, which older versions did not save, got %v: train it again", p.Rows)
	case !p.Truth.Fits(targets):
		return fmt.Errorf("want the folds.Scaling of %d targets", targets)
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
		if f.Categories == nil && (!(folds.Scaling{Mean: []float64{f.Mean}, Deviation: []float64{f.Deviation}}).Fits(1) || !(f.Low <= f.High)) {
			return fmt.Errorf("want the folds.Scaling of feature %.80q", f.Name)
		}
	}
	return nil
}

// mostKnown is how many categories all columns of a model may have together.
const mostKnown = 1 << 18

package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"setwise/io/checkpoint"
	"setwise/layers/train"
	"setwise/set"
)

// A predictor is what is saved beside the parameters of a model that predicts
// for other tables.
type predictor struct {
	Columns  columns   `json:"columns"`
	Model    string    `json:"model"`
	Elements scaling   `json:"elements"`
	Truth    scaling   `json:"truth"`
	Radius   []float64 `json:"radius"` // of the interval of each target; none if too few sets were held back
}

// save writes the pupil that has not seen the first part, with intervals that
// this part gives.
func (c *tabular) save(file string) error {
	r := c.Pupils[0].(*reader)
	p := predictor{Columns: c.table.columns, Model: c.o.model, Elements: r.scale, Truth: c.scales[0]}
	predictions := c.all()
	for j := range c.table.Targets {
		if radius := train.Conformal(c.off(predictions, c.held(0), j), miss); !math.IsInf(radius, 1) {
			p.Radius = append(p.Radius, radius)
		}
	}
	return checkpoint.Save(file, r, checkpoint.Contents{Config: p})
}

// check reports what is wrong with p, which comes from a file.
func (p *predictor) check() error {
	features, targets := len(p.Columns.Features), len(p.Columns.Targets)
	switch {
	case p.Columns.Set == "":
		return errors.New("want what task csv writes as .predictor.safetensors")
	case !slices.Contains(fromTable().models, p.Model):
		return fmt.Errorf("want a model of task csv, got %q", p.Model)
	case features < 1 || features > mostFeatures || targets < 1 || targets > mostFeatures:
		return fmt.Errorf("want 1 to %d features and targets, got %d and %d", mostFeatures, features, targets)
	case !p.Elements.fits(features + 1):
		return fmt.Errorf("want the scaling of %d features and of the size of a set", features)
	case !p.Truth.fits(targets):
		return fmt.Errorf("want the scaling of %d targets", targets)
	case len(p.Radius) != 0 && len(p.Radius) != targets:
		return fmt.Errorf("want the radius of an interval for each of %d targets, got %d", targets, len(p.Radius))
	}
	return nil
}

// predict writes what a saved model says of the sets of a table.
func predict(o options, out io.Writer) error {
	f, err := checkpoint.Open(o.model, bound)
	if err != nil {
		return fmt.Errorf("-model: %w", err)
	}
	var p predictor
	if err := f.Config(&p); err != nil {
		return fmt.Errorf("-model: %w", err)
	}
	if err := p.check(); err != nil {
		return fmt.Errorf("-model: %s: %w", o.model, err)
	}
	r := newReader(p.Model, p.Elements, len(p.Columns.Targets), rand.New(rand.NewPCG(0, 0)))
	if err := f.Load(r); err != nil {
		return fmt.Errorf("-model: %w", err)
	}
	t, err := readTable(o.predict, columns{p.Columns.Set, p.Columns.Features, nil})
	if err != nil {
		return fmt.Errorf("-predict: %w", err)
	}
	one := &folds[set.Batch]{Pupils: []pupil[set.Batch]{r}, scales: []scaling{p.Truth}}
	w := csv.NewWriter(out)
	header := []string{p.Columns.Set}
	for _, name := range p.Columns.Targets {
		header = append(header, name)
		if len(p.Radius) > 0 {
			header = append(header, name+" low", name+" high")
		}
	}
	_ = w.Write(header) // errors stay until the end
	for i, y := range one.predicted(0, t.sets()) {
		line := []string{t.ids[i]}
		for j, v := range y {
			line = append(line, decimal(v))
			if len(p.Radius) > 0 {
				line = append(line, decimal(v-p.Radius[j]), decimal(v+p.Radius[j]))
			}
		}
		_ = w.Write(line)
	}
	w.Flush()
	return w.Error()
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'g', 7, 64) }

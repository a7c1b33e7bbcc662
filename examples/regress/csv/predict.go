package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"

	"setwise/examples/internal/show"
	"setwise/examples/regress/folds"
	"setwise/examples/regress/study"
)

// predict writes what a saved model says of the sets of a table.
func predict(model, table string, in io.Reader, out, notes io.Writer) error {
	p, r, err := openPredictor(model)
	if err != nil {
		return fmt.Errorf("-model: %w", err)
	}
	c := study.Columns{Set: p.Columns.Set, Missing: p.Columns.Missing}
	from, err := named(table, in)
	if err != nil {
		return fmt.Errorf("-predict: %w", err)
	}
	t, err := readSets(from, c, p.Features)
	if err != nil {
		return fmt.Errorf("-predict: %w", err)
	}
	said, err := p.compare(t)
	if err != nil {
		return fmt.Errorf("-predict: table: %s: %w", from.name, err)
	}
	for _, n := range append(t.notes, said...) {
		fmt.Fprintln(notes, n)
	}
	if n, most := t.large(); n > 0 {
		fmt.Fprintf(notes, "%s of more than %d rows, the largest of %d: predictions are from %d of them\n", show.Count(n, "set"), mostElements, most, mostElements)
	}
	t.thin()
	r.open(t)
	return p.write(out, r, t)
}

// openPredictor reads a model that save wrote.
func openPredictor(name string) (p predictor, r *reader, err error) {
	f, err := study.OpenModel(name)
	if err != nil {
		return p, nil, err
	}
	if err := f.Config(&p); err != nil {
		return p, nil, fmt.Errorf("%s: want what task csv writes as .predictor.safetensors, got another model", name)
	}
	if err := p.check(); err != nil {
		return p, nil, fmt.Errorf("%s: %w", name, err)
	}
	r = newReader(p.Model, p.Features, p.Size, len(p.Columns.Targets), rand.New(rand.NewPCG(0, 0)))
	return p, r, f.Load(r)
}

// write writes a row for each sample: its name, and for each target the
// prediction and the ends of its interval.
func (p *predictor) write(out io.Writer, r *reader, t *sets) error {
	w := csv.NewWriter(out)
	header := []string{p.Columns.Set}
	for _, name := range p.Columns.Targets {
		header = append(header, name)
		if len(p.Radius) > 0 {
			header = append(header, name+" low", name+" high")
		}
	}
	_ = w.Write(header) // errors stay until the end
	doubts := r.deviations(t.samples, p.Truth)
	for i, y := range folds.Predict(r, p.Truth, t.samples) {
		line := []string{t.samples[i].id}
		for j, v := range y {
			d := 0.0
			if len(p.Radius) > 0 {
				d = p.Radius[j] * doubts[i][j]
			}
			if low, high := v-d, v+d; math.IsNaN(high-low) || math.IsInf(high-low, 0) {
				return fmt.Errorf("-model: want finite numbers of it, got %v +- %v of %.80q for set %.40q", v, d, p.Columns.Targets[j], t.samples[i].id)
			} else if line = append(line, decimal(v)); len(p.Radius) == 0 {
				continue
			} else if t.samples[i].strange {
				line = append(line, "", "") // they would promise nothing
			} else {
				line = append(line, decimal(low), decimal(high))
			}
		}
		_ = w.Write(line)
	}
	w.Flush()
	return w.Error()
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'g', 7, 64) }

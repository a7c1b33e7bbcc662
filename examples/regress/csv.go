package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/plot/plotter"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

const sample = `Task csv learns from a table of your own: a file of rows with commas, semicolons or tabs between them,
compressed by gzip or not. A row is an element of a set. One column tells which set, one or more have the numbers
to predict, the same in all rows of a set, and the others are the features of an element:

  basket,weight,price,days
  a,0.5,3.20,4
  a,0.1,0.75,4
  b,2.0,1.10,9
  b,0.4,2.00,9

  regress -task csv -data baskets.csv -set basket -target days
  regress -predict new.csv -model regress-out/csv-isab16+pma-1.predictor.safetensors > days.csv

The first prints the errors of a 5-fold cross-validation and saves a model, that of the first fold. It wants ten sets
or more. The second writes a row for each set of another table: its name, the prediction, and the ends of an interval
that holds the truth with a probability of 0.9, if the sets are drawn as those of the first table were.

`

// parts is how many parts the sets of a table are split into: each is left out
// of what one of as many models learns from.
const parts = 5

func fromTable() task {
	return task{
		name:   "csv",
		about:  "numbers that belong to the sets of a table of your own",
		notes:  "5-fold cross-validation: each set is predicted by a model that was trained without its fold.",
		data:   source{files: "a table of rows with a set, features and targets"},
		models: []string{"isab16+pma", "sab+pma", "rff+pma", "rff+mean", "rff+sum", "rff+max"},
		steps:  1000,
		batch:  32,
		chunk:  8,
		sets:   most,
		rate:   1e-3,
		fall:   "cosine",
		begin: func(o options) (lesson, error) {
			return newTabular(o)
		},
		columns: []column{{"rmse", "RMSE"}, {"mae", "MAE"}, {"r2", "R²"}, {"coverage", "coverage of 90 % intervals"}},
	}
}

// tabular learns from a table.
type tabular struct {
	*folds[set.Batch]
	table *table
	o     options
}

func newTabular(o options) (*tabular, error) {
	t, err := readTable(o.data, o.table)
	if err != nil {
		return nil, fmt.Errorf("-data: %w", err)
	}
	rng := rand.New(rand.NewPCG(o.seed, 0))
	sets := t.sets()
	if n := o.sets; n < len(sets) {
		some := rng.Perm(len(sets))[:n]
		sets, t.targets = pick(sets, some), pick(t.targets, some)
	}
	if len(sets) < 2*parts {
		return nil, fmt.Errorf("-data: %s: want at least %d sets to learn from, got %d", o.data, 2*parts, len(sets))
	}
	for j, name := range t.Targets {
		if !slices.ContainsFunc(t.targets, func(y []float64) bool { return y[j] != t.targets[0][j] }) {
			return nil, fmt.Errorf("-data: %s: column %q: want numbers that differ from set to set, got %v everywhere", o.data, name, t.targets[0][j])
		}
	}
	f := newFolds(sets, t.targets, parts, rng, func(known []int) pupil[set.Batch] {
		return newReader(o.model, scaleElements(sets, known), len(t.Targets), rng)
	})
	return &tabular{f, t, o}, nil
}

// fingerprint tells tables, their columns and what of them is used apart.
func (c *tabular) fingerprint() string { return c.table.String() + " " + c.folds.fingerprint() }

// sets returns the sets of the table.
func (t *table) sets() []set.Batch {
	out := make([]set.Batch, len(t.rows))
	for i, rows := range t.rows {
		out[i] = set.Batch{Dim: len(t.Features), Values: rows, Offsets: set.Sizes(len(rows) / len(t.Features))}
	}
	return out
}

// scaleElements returns the scaling of the elements of some sets, with one
// column more for the logarithm of the size of a set.
func scaleElements(sets []set.Batch, known []int) scaling {
	return newScaling(sets[0].Dim+1, func(yield func([]float64) bool) {
		row := make([]float64, sets[0].Dim+1)
		for _, e := range known {
			for i := range sets[e].Len() {
				for j, x := range sets[e].Row(i) {
					row[j] = float64(x)
				}
				row[sets[e].Dim] = math.Log(float64(sets[e].Len()))
				if !yield(row) {
					return
				}
			}
		}
	})
}

// A reader predicts from scaled elements that know how many they are.
type reader struct {
	Net   layers.Layer
	scale scaling
}

func newReader(model string, scale scaling, targets int, rng *rand.Rand) *reader {
	s := shape{in: len(scale.Mean), dim: 64, out: targets, phi: 2, rho: 1, seeds: 1}
	return &reader{s.model(model, rng), scale}
}

func (r *reader) predict(t *grad.Tape, sets []set.Batch) grad.Value {
	sizes, n := make([]int, len(sets)), 0
	for i, s := range sets {
		sizes[i] = s.Len()
	}
	x := set.New(len(r.scale.Mean), sizes...)
	for _, s := range sets {
		for i := range s.Len() {
			row := x.Row(n)
			for j, v := range s.Row(i) {
				row[j] = r.scale.of(j, float64(v))
			}
			row[s.Dim] = r.scale.of(s.Dim, math.Log(float64(s.Len())))
			n++
		}
	}
	return r.Net.Forward(t, grad.Const(x))
}

// summaries returns the mean element of each set and the logarithm of its
// size: what a straight line is drawn through.
func summaries(sets []set.Batch) [][]float64 {
	out := make([][]float64, len(sets))
	for i, s := range sets {
		out[i] = make([]float64, s.Dim+1)
		for k := range s.Len() {
			for j, x := range s.Row(k) {
				out[i][j] += float64(x) / float64(s.Len())
			}
		}
		out[i][s.Dim] = math.Log(float64(s.Len()))
	}
	return out
}

func (c *tabular) test(out io.Writer, prefix string) (map[string]number, error) {
	t := c.table
	fmt.Fprintf(out, "%s: %d sets of %d rows in all, features %s\n", c.o.data, len(c.examples), c.elements(), quoted(t.Features))
	if len(t.left) > 0 {
		fmt.Fprintf(out, "not used, for they do not begin with a number: %s\n", quoted(t.left))
	}
	all, lines := c.all(), c.lines(summaries(c.examples))
	numbers := map[string]number{}
	var last string
	for j, name := range t.Targets {
		suffix := ""
		if j > 0 {
			suffix = " of " + name
		}
		fmt.Fprintf(out, "\n%s, of sets that were not learned from (%d-fold cross-validation)\n", name, parts)
		own := c.report(out, j, []row{{c.o.model, all}, {"straight line", lines}, {"mean", c.means()}})
		for key, n := range own {
			numbers[key+suffix] = n
		}
		file := prefix + ".png"
		if j > 0 {
			file = fmt.Sprintf("%s-%d.png", prefix, j+1)
		}
		if err := c.draw(file, all, j, name); err != nil {
			return nil, err
		}
		fmt.Fprintf(out, "wrote %s: prediction against truth\n", file)
		last += fmt.Sprintf("%s: RMSE %s, MAE %s, R² %.3f; ", name, own["rmse"], own["mae"], own["r2"].Value)
	}
	file := prefix + ".predictor.safetensors"
	if err := c.save(file); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: regress -predict TABLE -model %s\n", file, file)
	fmt.Fprintf(out, "%sover %d sets, %d steps\n", last, len(c.examples), c.o.steps)
	return numbers, nil
}

func (c *tabular) elements() int {
	n := 0
	for _, s := range c.examples {
		n += s.Len()
	}
	return n
}

// A row of a comparison: who predicts, and what.
type row struct {
	name        string
	predictions [][]float64
}

// report prints how wrong several predictions of number j are, and how often
// intervals about the first hold, and returns the numbers of the first.
func (f *folds[E]) report(out io.Writer, j int, rows []row) map[string]number {
	fmt.Fprintf(out, "%-16s %-22s %-22s %s\n", "", "RMSE", "MAE", "R²")
	for _, r := range rows {
		m := f.measure(r.predictions, j)
		fmt.Fprintf(out, "%-16s %-22v %-22v %.3f\n", r.name, m.rmse, m.mae, m.r2.Value)
	}
	m := f.measure(rows[0].predictions, j)
	numbers := map[string]number{"mae": m.mae, "rmse": m.rmse, "r2": m.r2}
	held, radius := f.coverage(rows[0].predictions, j)
	if math.IsInf(radius, 1) {
		fmt.Fprintln(out, "too few sets to tell how often intervals hold the truth")
		return numbers
	}
	fmt.Fprintf(out, "intervals of +- %.4g, promised to hold %.0f %%, hold %.1f +- %.1f %%\n", radius, 100*(1-miss), 100*held.Value, 100*held.Error)
	numbers["coverage"] = held
	return numbers
}

// draw writes a plot of predictions of number j against the truth.
func (f *folds[E]) draw(file string, predictions [][]float64, j int, title string) error {
	points := make(plotter.XYs, min(2000, len(predictions)))
	for i := range points {
		points[i] = plotter.XY{X: f.truth[i][j], Y: predictions[i][j]}
	}
	return drawGuesses(file, points, title)
}

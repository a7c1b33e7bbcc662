// Package csv is a task of regress: numbers that belong to the sets of a table of the
// user's own. It reads the table and says what becomes of its columns (survey,
// gather), learns from the sets by cross-validation, and predicts for those of another
// table.
package csv

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"setwise/examples/internal/show"
	"setwise/examples/regress/folds"
	"setwise/examples/regress/study"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// parts is how many parts the sets of a table are split into: each is left out
// of what one of as many models learns from.
const parts = 5

// Task is the regression from a table.
func Task() study.Task {
	return study.Task{
		Name:  "csv",
		About: "numbers that belong to the sets of a table of your own",
		Help:  help,
		Notes: `5-fold cross-validation: each set is predicted by a model that was trained without its fold. Steps are the most that are
taken: the model is that of the step which was best on sets held back from it.`,
		Data:     study.Data{Files: "a table of rows with a set, features and targets"},
		Models:   []string{"isab16+pma", "sab+pma", "rff+pma", "rff+mean", "rff+sum", "rff+max"},
		Steps:    20_000,
		Batch:    32,
		Chunk:    8,
		Sets:     study.Most,
		Rate:     1e-3,
		Fall:     study.Plateau,
		Begin:    begin,
		Predict:  predict,
		Measures: []study.Measure{{Key: "rmse", Title: "RMSE"}, {Key: "mae", Title: "MAE"}, {Key: "r2", Title: "R²"}, {Key: "coverage", Title: "coverage of 90 % intervals"}},
	}
}

// begin makes a lesson of the task.
func begin(o study.Options) (study.Lesson, error) {
	return newTabular(o)
}

// tabular learns from a table.
type tabular struct {
	*folds.Folds[*sample]
	stopper
	sets *sets
	o    study.Options
}

func newTabular(o study.Options) (*tabular, error) {
	t, err := readSets(file(o.Data), o.Table, nil)
	if err != nil {
		return nil, fmt.Errorf("-data: %w", err)
	}
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	all := len(t.samples)
	if n := o.Sets; n < all {
		some := rng.Perm(len(t.samples))[:n]
		t.note("not used: %d of %d sets, by -sets", len(t.samples)-n, len(t.samples))
		t.samples, t.targets = folds.Pick(t.samples, some), folds.Pick(t.targets, some)
	}
	if n := o.Sets; n < 2*parts && n < all {
		return nil, fmt.Errorf("-sets: want at least %d sets of the table to learn from, got %d", 2*parts, n)
	}
	if len(t.samples) < 2*parts {
		return nil, fmt.Errorf("-data: table: %s: %w", o.Data, tooFew(len(t.samples), t.Set))
	}
	t.thin()
	c := &tabular{sets: t, o: o}
	c.Folds = folds.New(t.samples, t.targets, parts, rng, func(known []int) folds.Pupil[*sample] {
		learned := c.hold(known, rng)
		r := newReader(o.Model, t.learnedFrom(learned), t.sizes(learned), len(t.Targets), rng)
		r.open(t)
		return r
	})
	return c, nil
}

// tooFew is the error of a table with so many sets, by their names in a column.
func tooFew(n int, column string) error {
	return fmt.Errorf("want at least %d sets to learn from, got %d with different names in column %.80q", 2*parts, n, column)
}

// sizes returns the scaling of the logarithm of the sizes of sets.
func (t *sets) sizes(some []int) folds.Scaling {
	return folds.NewScaling(1, func(yield func([]float64) bool) {
		for _, e := range some {
			if !yield([]float64{math.Log(float64(t.samples[e].rows))}) {
				return
			}
		}
	})
}

// Fingerprint tells tables, their columns and what of them is used apart.
func (c *tabular) Fingerprint() string {
	return c.sets.Line() + " " + c.Folds.Fingerprint()
}

// Describe says what is learned from, before it is.
func (c *tabular) Describe(notes io.Writer) {
	t := c.sets
	least, most, rows := c.Examples[0].rows, 0, 0
	for _, s := range c.Examples {
		least, most, rows = min(least, s.rows), max(most, s.rows), rows+s.rows
	}
	fmt.Fprintf(notes, "%s: %s in %d sets of %d to %d, with %s between cells\n", c.o.Data, show.Count(rows, "row"), len(c.Examples), least, most, separators()[t.separator])
	from := "the size of a set"
	if len(t.numbers) > 0 {
		from += ", numbers " + listed(t.numbers)
	}
	if len(t.words) > 0 {
		from += ", categories " + listed(t.words)
	}
	fmt.Fprintf(notes, "predicts %s from %s\n", listed(t.Targets), from)
	for _, n := range t.notes {
		fmt.Fprintln(notes, n)
	}
	if n, most := t.large(); n > 0 {
		fmt.Fprintf(notes, "%s of more than %d rows, the largest of %d: a step learns from %d of them that are drawn anew, and predictions are from %d that are always the same\n",
			show.Count(n, "set"), mostElements, most, mostElements, mostElements)
	}
	fmt.Fprintln(notes, c.stopper.rules(c.o.Steps))
}

func separators() map[byte]string {
	return map[byte]string{',': "commas", ';': "semicolons", '\t': "tabs"}
}

func (c *tabular) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, c.Network(), c.draw, c.loss)
}

// draw returns an example for each pupil that it learns from.
func (c *tabular) draw(rng *rand.Rand) []int {
	drawn := make([]int, len(c.Pupils))
	for i, learned := range c.learned {
		drawn[i] = learned[rng.IntN(len(learned))]
	}
	return drawn
}

// loss returns the sum over pupils of the losses of each on what was drawn for it: the
// squared error of the mean and the negative log likelihood of the deviation, of which
// the mean hears nothing.
func (c *tabular) loss(t *grad.Tape, drawn [][]int) grad.Value {
	return c.Sum(t, drawn, func(i int, examples []*sample, target set.Batch) grad.Value {
		means, doubts := c.Pupils[i].(*reader).both(t, examples)
		still := grad.Const(means.Batch)
		return t.Add(loss.SquaredError(t, means, target), loss.Gaussian(t, t.Join(still, doubts), target))
	})
}

func (c *tabular) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	t := c.sets
	fmt.Fprintln(out, c.stopper.outcome())
	all, lines, doubts := c.All(), c.Lines(t.summaries()), c.doubts()
	numbers := map[string]study.Number{}
	var last string
	for j, name := range t.Targets {
		suffix := ""
		if j > 0 {
			suffix = " of " + name
		}
		fmt.Fprintf(out, "\n%s, of sets that were not learned from (%d-fold cross-validation)\n", name, parts)
		own := c.Report(out, j, []folds.Row{
			{Name: c.o.Model, Predictions: all}, {Name: "straight line", Predictions: lines}, {Name: "mean", Predictions: c.Means()},
		}, doubts)
		for key, n := range own {
			numbers[key+suffix] = n
		}
		file := prefix + ".png"
		if j > 0 {
			file = fmt.Sprintf("%s-%d.png", prefix, j+1)
		}
		if err := c.Plot(file, all, j, name); err != nil {
			return nil, err
		}
		fmt.Fprintf(out, "wrote %s: prediction against truth\n", file)
		last += fmt.Sprintf("%s: RMSE %s, MAE %s, R² %.3f; ", name, own["rmse"], own["mae"], own["r2"].Value)
	}
	file := prefix + ".predictor.safetensors"
	if err := c.save(file); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: regress -predict TABLE -model %s\n", file, study.ShellWord(file))
	fmt.Fprintf(out, "%sover %d sets, %d steps\n", last, len(c.Examples), c.won)
	return numbers, nil
}

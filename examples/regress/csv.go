package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// parts is how many parts the sets of a table are split into: each is left out
// of what one of as many models learns from.
const parts = 5

func fromTable() task {
	return task{
		name:  "csv",
		about: "numbers that belong to the sets of a table of your own",
		notes: `5-fold cross-validation: each set is predicted by a model that was trained without its fold. Steps are the most that are
taken: the model is that of the step which was best on sets held back from it.`,
		data:   source{files: "a table of rows with a set, features and targets"},
		models: []string{"isab16+pma", "sab+pma", "rff+pma", "rff+mean", "rff+sum", "rff+max"},
		steps:  20_000,
		batch:  32,
		chunk:  8,
		sets:   most,
		rate:   1e-3,
		fall:   plateau,
		begin: func(o options) (lesson, error) {
			return newTabular(o)
		},
		columns: []column{{"rmse", "RMSE"}, {"mae", "MAE"}, {"r2", "R²"}, {"coverage", "coverage of 90 % intervals"}},
	}
}

// tabular learns from a table.
type tabular struct {
	*folds[*sample]
	stopper
	table *table
	o     options
}

func newTabular(o options) (*tabular, error) {
	t, err := openTable(o.data, o.table, nil)
	if err != nil {
		return nil, fmt.Errorf("-data: %w", err)
	}
	rng := rand.New(rand.NewPCG(o.seed, 0))
	if n := o.sets; n < len(t.samples) {
		some := rng.Perm(len(t.samples))[:n]
		t.note("not used: %d of %d sets, by -sets", len(t.samples)-n, len(t.samples))
		t.samples, t.targets = pick(t.samples, some), pick(t.targets, some)
	}
	if len(t.samples) < 2*parts {
		return nil, fmt.Errorf("-data: table: %s: %w", o.data, t.tooFew())
	}
	t.thin()
	c := &tabular{table: t, o: o}
	c.folds = newFolds(t.samples, t.targets, parts, rng, func(known []int) pupil[*sample] {
		learned := c.hold(known, rng)
		r := newReader(o.model, t.learnedFrom(learned), t.sizes(learned), len(t.Targets), rng)
		r.open(t)
		return r
	})
	return c, nil
}

func (t *table) tooFew() error {
	return fmt.Errorf("want at least %d sets to learn from, got %d with different names in column %.80q", 2*parts, len(t.samples), t.Set)
}

// sizes returns the scaling of the logarithm of the sizes of sets.
func (t *table) sizes(some []int) scaling {
	return newScaling(1, func(yield func([]float64) bool) {
		for _, e := range some {
			if !yield([]float64{math.Log(float64(t.samples[e].rows))}) {
				return
			}
		}
	})
}

// fingerprint tells tables, their columns and what of them is used apart.
func (c *tabular) fingerprint() string {
	return c.table.line() + " " + c.folds.fingerprint()
}

// describe says what is learned from, before it is.
func (c *tabular) describe(notes io.Writer) {
	t := c.table
	least, most, rows := c.examples[0].rows, 0, 0
	for _, s := range c.examples {
		least, most, rows = min(least, s.rows), max(most, s.rows), rows+s.rows
	}
	fmt.Fprintf(notes, "%s: %s in %d sets of %d to %d, with %s between cells\n", c.o.data, counted(rows, "row"), len(c.examples), least, most, separators[t.separator])
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
			counted(n, "set"), mostElements, most, mostElements, mostElements)
	}
	fmt.Fprintln(notes, c.stopper.rules(c.o.steps))
}

var separators = map[byte]string{',': "commas", ';': "semicolons", '\t': "tabs"}

// loss returns the sum over pupils of the losses of each on n examples that it
// learns from.
func (c *tabular) loss(t *grad.Tape, n int) grad.Value {
	var sum grad.Value
	for i := range c.Pupils {
		drawn := make([]int, n)
		for k := range drawn {
			drawn[k] = c.learned[i][t.Rand().IntN(len(c.learned[i]))]
		}
		if l := c.lossOf(t, i, drawn); i == 0 {
			sum = l
		} else {
			sum = t.Add(sum, l)
		}
	}
	return sum
}

// lossOf returns the loss of pupil i on examples: the squared error of the mean
// and the negative log likelihood of the deviation, of which the mean hears
// nothing.
func (c *tabular) lossOf(t *grad.Tape, i int, examples []int) grad.Value {
	r, d := c.Pupils[i].(*reader), len(c.table.Targets)
	target := set.New(d, slices.Repeat([]int{1}, len(examples))...)
	for k, e := range examples {
		for j, y := range c.truth[e] {
			target.Row(k)[j] = c.scales[i].of(j, y)
		}
	}
	means, doubts := r.both(t, pick(c.examples, examples))
	still := grad.Const(means.Batch)
	return t.Add(loss.SquaredError(t, means, target), loss.Gaussian(t, t.Join(still, doubts), target))
}

func (c *tabular) test(out io.Writer, prefix string) (map[string]number, error) {
	t := c.table
	fmt.Fprintln(out, c.stopper.outcome())
	all, lines, doubts := c.all(), c.lines(t.summaries()), c.doubts()
	numbers := map[string]number{}
	var last string
	for j, name := range t.Targets {
		suffix := ""
		if j > 0 {
			suffix = " of " + name
		}
		fmt.Fprintf(out, "\n%s, of sets that were not learned from (%d-fold cross-validation)\n", name, parts)
		own := c.report(out, j, []row{{c.o.model, all}, {"straight line", lines}, {"mean", c.means()}}, doubts)
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
	fmt.Fprintf(out, "wrote %s: regress -predict TABLE -model %s\n", file, word(file))
	fmt.Fprintf(out, "%sover %d sets, %d steps\n", last, len(c.examples), c.won)
	return numbers, nil
}

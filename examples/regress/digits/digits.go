// Package digits is a task of regress: the sum of a set of pictures of
// digits, as Deep Sets do (Zaheer et al. 2017, arXiv:1703.06114).
package digits

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"setwise/examples/internal/show"
	"setwise/examples/regress/drawings"
	"setwise/examples/regress/models"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
)

const (
	largestKnown = 10  // digits in a set to learn from
	largestSum   = 100 // in a set to test on
	sumStep      = 5   // from one size to the next
	digitsHeld   = 0.2 // of all digits are for testing
)

// Task is the sum of a set of pictures of digits (Zaheer et al. 2017, section
// 4.1.2): learned from sets of up to 10, tested on sets of up to 100.
func Task() study.Task {
	return study.Task{
		Name:  "digits",
		About: "the sum of a set of handwritten digits, learned from 1 to 10 of them and tested on up to 100",
		Notes: `After section 4.1.2 of [Zaheer et al. 2017](https://arxiv.org/abs/1703.06114), which trains on 100,000 sets drawn from
8 million distorted digits and shows its results as a figure only. Here are the 10,000 test digits of MNIST: 2,000 of them
for testing, the others, shifted, rotated and scaled a little, for training. Batch size 32, new sets at every step, squared
error, Adam; convolutions with 16, 32 and 64 channels in front of all models. MAE 10, 50 and 100 are the mean absolute
errors of the sum for sets of that many digits; beside each is the share of sums that are exact after rounding. A mean,
and so attention, cannot tell a set from two copies of it: models that pool by them fail on sets that are larger than those
that they were trained on.`,
		Models: []string{"rff+sum", "rff+mean", "rff+max", "rff+dotprod", "rff+pma", "sab+sum", "sab+mean", "sab+pma"},
		Steps:  20_000,
		Batch:  32,
		Chunk:  4,
		Sets:   500,
		Rate:   3e-3,
		Fall:   "cosine",
		Data:   study.Data{Files: "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte of MNIST, as they are or with .gz", Folder: "mnist-t10k"},
		Begin:  begin,
		Measures: []study.Measure{
			{Key: "mae10", Title: "MAE 10"}, {Key: "right10", Title: "exact 10"}, {Key: "mae50", Title: "MAE 50"}, {Key: "right50", Title: "exact 50"}, {Key: "mae100", Title: "MAE 100"}, {Key: "right100", Title: "exact 100"},
		},
	}
}

// begin makes a lesson of the task.
func begin(o study.Options) (study.Lesson, error) {
	all, err := study.Read(o, readDigits)
	if err != nil {
		return nil, err
	}
	all = study.Shuffled(all, rand.New(rand.NewPCG(0, 3))) // one for all seeds, as the digits to test on are
	held := max(int(digitsHeld*float64(len(all))), 1)
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	eyes, width := drawings.Eyes([]int{16, 32, 64}, rng)
	s := models.Shape{In: width, Dim: 64, Out: 1, Phi: 1, Linear: true, Seeds: 1}
	return &adder{
		net:    append(eyes, s.Model(o.Model, rng)),
		known:  all[held:],
		unseen: all[:held],
		o:      o,
	}, nil
}

// adder learns to tell the sum of digits.
type adder struct {
	net           layers.Layer
	known, unseen []drawings.Drawing
	o             study.Options
}

func (a *adder) Network() any { return a.net }

func (a *adder) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, a.net, a.example, train.Regression(a.net))
}

// example returns a set of digits to learn from.
func (a *adder) example(rng *rand.Rand) train.Targeted {
	return handful(a.known, 1+rng.IntN(largestKnown), &drawings.Distortion{Angle: 0.15, Scale: 0.1, Shift: 2}, rng)
}

// handful returns a set of n drawings, changed within d if that is not nil, and
// the sum of their digits.
func handful(from []drawings.Drawing, n int, d *drawings.Distortion, rng *rand.Rand) train.Targeted {
	e := train.Targeted{Set: set.New(side*side, n), Target: set.New(1, 1)}
	for i := range n {
		one := from[rng.IntN(len(from))]
		d.Apply(e.Set.Row(i), one.Pixels, 0, rng)
		e.Target.Values[0] += float32(one.Class)
	}
	return e
}

// sum returns a set of n digits to test on, the i-th, and what the model says of
// it. The set depends on nothing but n and i.
func (a *adder) sum(n, i int) (e train.Targeted, said float64) {
	e = handful(a.unseen, n, nil, rand.New(rand.NewPCG(uint64(n), uint64(i))))
	return e, float64(layers.Apply(a.net, e.Set).Values[0])
}

// errors returns the mean absolute error for sets of n digits, and the share of
// them whose sum is right.
func (a *adder) errors(n, sets int) (mae, right study.Number) {
	off, exact := make([]float64, sets), make([]float64, sets)
	study.Each(sets, func(i int) {
		e, said := a.sum(n, i)
		truth := float64(e.Target.Values[0])
		off[i] = math.Abs(said - truth)
		if math.Round(said) == truth {
			exact[i] = 1
		}
	})
	return study.Average(off), study.Average(exact)
}

func (a *adder) Glance() string {
	mae, right := a.errors(largestKnown, min(100, a.o.Sets))
	return fmt.Sprintf("10 digits: MAE %.3f, right %.2f", mae.Value, right.Value)
}

func (a *adder) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	r := map[string]study.Number{}
	fmt.Fprintln(out, "digits   MAE                  right when rounded")
	for n := sumStep; n <= largestSum; n += sumStep {
		mae, right := a.errors(n, a.o.Sets)
		r[fmt.Sprint("mae", n)], r[fmt.Sprint("right", n)] = mae, right
		fmt.Fprintf(out, "%6d   %-20s %s\n", n, mae, right)
	}
	name := prefix + ".png"
	if err := drawSizes(name, a.o, r); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: the error by size, of this and of other models with results in %s\n", name, a.o.Out)
	name = prefix + "-sets.png"
	var sets []set.Batch
	var titles []string
	for _, n := range []int{3, 6, largestKnown, 16, 36, largestSum} {
		e, said := a.sum(n, 0)
		sets = append(sets, e.Set)
		titles = append(titles, fmt.Sprintf("%g, model %.1f", e.Target.Values[0], said))
	}
	if err := drawings.Picture(name, "sets of digits: their sum, and what the model says", sets, titles); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: some sets with their sums, and what the model says\n", name)
	fmt.Fprintf(out, "MAE %s for %d digits, %s for %d, over %d sets each, %d steps\n",
		r["mae10"], largestKnown, r["mae100"], largestSum, a.o.Sets, a.o.Steps)
	return r, nil
}

// drawSizes writes a plot of the mean absolute error by the size of sets: of a
// model with the given numbers, and of others with results in the same folder.
func drawSizes(name string, o study.Options, numbers map[string]study.Number) error {
	p := show.New("", "digits in a set", "mean absolute error of the sum")
	p.X.Tick.Marker = show.Marks{Whole: true}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, show.LogMarks{}
	var key []show.Entry
	add := func(model string, numbers map[string]study.Number) {
		line := bySize(numbers)
		show.Dots(p, show.Color(len(key)), 2, line)
		key = append(key, show.Entry{Name: model, Look: show.Line(p, show.Stroke(len(key)), line)})
	}
	add(o.Model, numbers)
	others, err := filepath.Glob(filepath.Join(o.Out, "digits-*.json"))
	if err != nil {
		return err
	}
	named := map[string]bool{o.Model: true}
	for _, other := range others {
		r, err := study.ReadResult(other)
		if err != nil {
			return err
		}
		if !named[r.Model] {
			named[r.Model] = true
			add(r.Model, r.Numbers)
		}
	}
	return show.Sheet{
		Title: fmt.Sprintf("sum of digits, learned from sets of up to %d", largestKnown), Key: key,
		Plots: []*plot.Plot{p}, Width: 13 * vg.Centimeter, Height: 9 * vg.Centimeter,
	}.Save(name)
}

// bySize returns the mean absolute error by the size of sets.
func bySize(numbers map[string]study.Number) plotter.XYs {
	var line plotter.XYs
	for n := sumStep; n <= largestSum; n += sumStep {
		mae := max(numbers[fmt.Sprint("mae", n)].Value, 1e-3) // a logarithm is to be taken
		line = append(line, plotter.XY{X: float64(n), Y: mae})
	}
	return line
}

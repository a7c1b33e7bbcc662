package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"setwise/examples/internal/show"
	"setwise/internal/parallel"
	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
)

const (
	largestKnown = 10  // digits in a set to learn from
	largestSum   = 100 // in a set to test on
	sumStep      = 5   // from one size to the next
	digitsHeld   = 0.2 // of all digits are for testing
)

// digits is the sum of a set of pictures of digits (Zaheer et al. 2017, section
// 4.1.2): learned from sets of up to 10, tested on sets of up to 100.
func digits() task {
	return task{
		name:  "digits",
		about: "the sum of a set of handwritten digits, learned from 1 to 10 of them and tested on up to 100",
		notes: `After section 4.1.2 of [Zaheer et al. 2017](https://arxiv.org/abs/1703.06114), which trains on 100,000 sets drawn from
8 million distorted digits and shows its results as a figure only. Here are the 10,000 test digits of MNIST: 2,000 of them
for testing, the others, shifted, rotated and scaled a little, for training. Batch size 32, new sets at every step, squared
error, Adam; convolutions with 16, 32 and 64 channels in front of all models. MAE 10, 50 and 100 are the mean absolute
errors of the sum for sets of that many digits; beside each is the share of sums that are exact after rounding. A mean,
and so attention, cannot tell a set from two copies of it: models that pool by them fail on sets that are larger than those
that they were trained on.`,
		models: []string{"rff+sum", "rff+mean", "rff+max", "rff+dotprod", "rff+pma", "sab+sum", "sab+mean", "sab+pma"},
		steps:  20_000,
		batch:  32,
		chunk:  4,
		sets:   500,
		rate:   3e-3,
		fall:   "cosine",
		data:   source{"t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte of MNIST, as they are or with .gz", "mnist-t10k"},
		begin: func(o options) (lesson, error) {
			dir, err := o.folder()
			if err != nil {
				return nil, err
			}
			all, err := readDigits(dir)
			if err != nil {
				return nil, err
			}
			all = shuffled(all, rand.New(rand.NewPCG(0, 3))) // one for all seeds, as the digits to test on are
			held := max(int(digitsHeld*float64(len(all))), 1)
			rng := rand.New(rand.NewPCG(o.seed, 0))
			eyes, width := eyes([]int{16, 32, 64}, rng)
			s := shape{in: width, dim: 64, out: 1, phi: 1, linear: true, seeds: 1}
			return &adder{
				net:    append(eyes, s.model(o.model, rng)),
				known:  all[held:],
				unseen: all[:held],
				o:      o,
			}, nil
		},
		columns: []column{
			{"mae10", "MAE 10"}, {"right10", "exact 10"}, {"mae50", "MAE 50"}, {"right50", "exact 50"}, {"mae100", "MAE 100"}, {"right100", "exact 100"},
		},
	}
}

// adder learns to tell the sum of digits.
type adder struct {
	net           layers.Layer
	known, unseen []drawing
	o             options
}

func (a *adder) network() any { return a.net }

func (a *adder) loss(t *grad.Tape, n int) grad.Value {
	sets := make([]train.Targeted, n)
	for i := range sets {
		sets[i] = handful(a.known, 1+t.Rand().IntN(largestKnown), &distortion{angle: 0.15, scale: 0.1, shift: 2}, t.Rand())
	}
	return train.Regression(a.net)(t, sets)
}

// handful returns a set of n drawings, changed within d if that is not nil, and
// the sum of their digits.
func handful(from []drawing, n int, d *distortion, rng *rand.Rand) train.Targeted {
	e := train.Targeted{Set: set.New(side*side, n), Target: set.New(1, 1)}
	for i := range n {
		one := from[rng.IntN(len(from))]
		d.apply(e.Set.Row(i), one.pixels, 0, rng)
		e.Target.Values[0] += float32(one.class)
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
func (a *adder) errors(n, sets int) (mae, right number) {
	off, exact := make([]float64, sets), make([]float64, sets)
	parallel.Each(sets, func(i int) {
		e, said := a.sum(n, i)
		truth := float64(e.Target.Values[0])
		off[i] = math.Abs(said - truth)
		if math.Round(said) == truth {
			exact[i] = 1
		}
	})
	return average(off), average(exact)
}

func (a *adder) glance() string {
	mae, right := a.errors(largestKnown, min(100, a.o.sets))
	return fmt.Sprintf("10 digits: MAE %.3f, right %.2f", mae.Value, right.Value)
}

func (a *adder) test(out io.Writer, prefix string) (map[string]number, error) {
	r := map[string]number{}
	fmt.Fprintln(out, "digits   MAE                  right when rounded")
	for n := sumStep; n <= largestSum; n += sumStep {
		mae, right := a.errors(n, a.o.sets)
		r[fmt.Sprint("mae", n)], r[fmt.Sprint("right", n)] = mae, right
		fmt.Fprintf(out, "%6d   %-20s %s\n", n, mae, right)
	}
	name := prefix + ".png"
	if err := drawSizes(name, a.o, r); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: the error by size, of this and of other models with results in %s\n", name, a.o.out)
	name = prefix + "-sets.png"
	var sets []set.Batch
	var titles []string
	for _, n := range []int{3, 6, largestKnown, 16, 36, largestSum} {
		e, said := a.sum(n, 0)
		sets = append(sets, e.Set)
		titles = append(titles, fmt.Sprintf("%g, model %.1f", e.Target.Values[0], said))
	}
	if err := drawPictures(name, "sets of digits: their sum, and what the model says", sets, titles); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: some sets with their sums, and what the model says\n", name)
	fmt.Fprintf(out, "MAE %s for %d digits, %s for %d, over %d sets each, %d steps\n",
		r["mae10"], largestKnown, r["mae100"], largestSum, a.o.sets, a.o.steps)
	return r, nil
}

// drawSizes writes a plot of the mean absolute error by the size of sets: of a
// model with the given numbers, and of others with results in the same folder.
func drawSizes(name string, o options, numbers map[string]number) error {
	p := show.New("", "digits in a set", "mean absolute error of the sum")
	p.X.Tick.Marker = show.Marks{Whole: true}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, show.LogMarks{}
	var key []show.Entry
	add := func(model string, numbers map[string]number) {
		line := bySize(numbers)
		show.Dots(p, show.Color(len(key)), 2, line)
		key = append(key, show.Entry{Name: model, Look: show.Line(p, show.Stroke(len(key)), line)})
	}
	add(o.model, numbers)
	others, err := filepath.Glob(filepath.Join(o.out, "digits-*.json"))
	if err != nil {
		return err
	}
	named := map[string]bool{o.model: true}
	for _, other := range others {
		r, err := readResult(other)
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
func bySize(numbers map[string]number) plotter.XYs {
	var line plotter.XYs
	for n := sumStep; n <= largestSum; n += sumStep {
		mae := max(numbers[fmt.Sprint("mae", n)].Value, 1e-3) // a logarithm is to be taken
		line = append(line, plotter.XY{X: float64(n), Y: mae})
	}
	return line
}

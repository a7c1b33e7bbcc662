// Package process is a task of regress: functions of one number from a few of their
// points, by neural processes (Garnelo et al. 2018; Nguyen and Grover 2022,
// arXiv:2207.04179).
package process

import (
	"context"
	"fmt"
	"image/color"
	"io"
	"math"
	"math/rand/v2"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"setwise/examples/internal/show"
	"setwise/examples/regress/study"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// Task is the regression of functions of one number from a few of their
// points, with models that have learned from many other functions: neural
// processes.
func Task() study.Task {
	return study.Task{
		Name:  "process",
		About: "the values of a function at target points, from 3 to 46 noisy context points",
		Notes: `The RBF task of [Nguyen and Grover 2022](https://arxiv.org/abs/2207.04179) (TNP), in the settings of its code: batches of 16 new
functions from Gaussian processes with length scales 0.1 to 0.6, output scales 0.1 to 1 and a noise of standard deviation 0.02;
Adam, cosine. cnp is the conditional neural process (Garnelo et al. 2018), canp the same with attention, and tnp-d the transformer
neural process that predicts every target point by itself. The log likelihood is that of a target point, noise included, and the gap is what it falls short of that under the
true process: 48,000 test functions, the same for all rows. As in the paper's code, the standard deviations that CNP and CANP predict
are at least 0.1, so that no point can have more than 1.38; the models with -free are without that bound. That code
trains on the context points as well, ours on the target points alone. The paper's numbers, not checked against its text, are after
100,000 steps at a learning rate of 0.0005; ANP, which has a latent variable, has 0.81 there.`,
		Models:   []string{"tnp-d", "canp", "cnp", "canp-free", "cnp-free"},
		Steps:    100_000,
		Batch:    16,
		Chunk:    8,
		Sets:     48_000,
		Rate:     5e-4,
		Fall:     "cosine",
		Begin:    begin,
		Measures: []study.Measure{{Key: "ll", Title: "log likelihood"}, {Key: "gap", Title: "gap to the process"}},
		Paper:    map[string]map[string]string{"tnp-d": {"ll": "1.39"}, "canp": {"ll": "0.79"}, "cnp": {"ll": "0.26"}},
	}
}

// begin makes a lesson of the task.
func begin(o study.Options) (study.Lesson, error) {
	rng := rand.New(rand.NewPCG(0, 3)) // one for all seeds, so that they are tested on the same curves
	kind, free := strings.CutSuffix(o.Model, "-free")
	p := &processor{
		net:    newNeuralProcess(kind, rand.New(rand.NewPCG(o.Seed, 0))),
		free:   free || kind == "tnp-d",
		unseen: make([]curve, o.Sets),
		o:      o,
	}
	for i := range p.unseen {
		p.unseen[i] = newCurve(rng)
	}
	return p, nil
}

// portion is how many curves are told of at a time.
const portion = 32

// processor learns the process.
type processor struct {
	net    neuralProcess
	free   bool // may deviations be below a tenth?
	unseen []curve
	o      study.Options
}

func (p *processor) Network() any { return p.net }

// tell returns means and logarithms of deviations at the targets of curves,
// and what is to be told.
func (p *processor) tell(t *grad.Tape, curves []curve) (grad.Value, set.Batch) {
	contexts, targets := make([]set.Batch, len(curves)), make([]set.Batch, len(curves))
	for i, c := range curves {
		contexts[i], targets[i] = c.context, c.target
	}
	target := grad.Const(set.Concat(targets...))
	y := p.net.tell(t, grad.Const(set.Concat(contexts...)), t.Columns(target, 0, 1))
	if !p.free {
		y = atLeast(t, y)
	}
	return y, t.Columns(target, 1, 2).Batch
}

func (p *processor) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, p.net, newCurve, p.loss)
}

func (p *processor) loss(t *grad.Tape, curves []curve) grad.Value {
	x, target := p.tell(t, curves)
	return loss.Gaussian(t, x, target)
}

// likelihoods returns the mean log density of the targets of each curve.
func (p *processor) likelihoods(curves []curve) []float64 {
	out := make([]float64, len(curves))
	study.Portions(curves, portion, func(at int, some []curve) {
		grad.Scratch(func(t *grad.Tape) {
			told, truth := p.tell(t, some)
			for k := range some {
				out[at+k] = -float64(loss.Gaussian(t, grad.Const(told.At(k)), truth.At(k)).Values[0])
			}
		})
	})
	return out
}

func (p *processor) Glance() string {
	return fmt.Sprintf("log likelihood %.3f", study.Average(p.likelihoods(p.unseen[:min(1000, len(p.unseen))])).Value)
}

func (p *processor) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	ll, oracle := p.likelihoods(p.unseen), make([]float64, len(p.unseen))
	study.Each(len(p.unseen), func(i int) { oracle[i] = p.unseen[i].likelihoodOfTruth() })
	r := map[string]study.Number{"ll": study.Average(ll), "oracle": study.Average(oracle), "gap": study.Average(study.Short(ll, oracle))}
	name := prefix + ".png"
	if err := p.draw(name); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: functions, points that are known, and what is told of them\n", name)
	if paper := p.o.Task.Paper[p.o.Model]["ll"]; paper != "" {
		fmt.Fprintf(out, "paper: %s after 100000 steps (Nguyen and Grover 2022, from memory)\n", paper)
	}
	fmt.Fprintf(out, "gap to the process itself, on the same functions: %s\n", r["gap"])
	fmt.Fprintf(out, "log likelihood %s of a point (%.4f under the process) over %d functions, %d steps\n", r["ll"], r["oracle"].Value, len(ll), p.o.Steps)
	return r, nil
}

// draw writes a picture of some functions and what is told of them.
func (p *processor) draw(name string) error {
	const fine = 161
	var plots []*plot.Plot
	var key []show.Entry
	rng := rand.New(rand.NewPCG(0, 4))
	for _, known := range []int{4, 8, 15, 5, 10, 30} {
		k := covariance{0.2 + 0.3*rng.Float64(), 0.4 + 0.6*rng.Float64()}
		xs := make([]float64, fine+known)
		for i := range xs {
			xs[i] = -2 + 4*float64(i)/(fine-1)
			if i >= fine {
				xs[i] = 4*rng.Float64() - 2
			}
		}
		ys := k.draw(xs, 1e-5, rng)
		for i := range known {
			ys[fine+i] += noise * rng.NormFloat64()
		}
		c := curve{points(xs[fine:], ys[fine:]), points(xs[:fine], ys), k}
		one := show.New(fmt.Sprintf("%d points known", known), "", "")
		key = p.drawCurve(one, c)
		plots = append(plots, one)
	}
	return show.Sheet{
		Title: "functions, and what is told of them from some of their points", Key: key,
		Plots: plots, Columns: 3, Width: 6 * vg.Centimeter, Height: 5.5 * vg.Centimeter,
	}.Save(name)
}

// drawCurve draws a curve whose targets are in order, and returns the key to it.
func (p *processor) drawCurve(plt *plot.Plot, c curve) []show.Entry {
	told, _ := p.tell(nil, []curve{c})
	n := c.target.Len()
	truth, mean, low, high := make(plotter.XYs, n), make(plotter.XYs, n), make(plotter.XYs, n), make(plotter.XYs, n)
	for i := range n {
		x, mu, deviation := float64(c.target.Row(i)[0]), float64(told.Row(i)[0]), math.Exp(float64(told.Row(i)[1]))
		truth[i] = plotter.XY{X: x, Y: float64(c.target.Row(i)[1])}
		mean[i] = plotter.XY{X: x, Y: mu}
		low[i], high[i] = plotter.XY{X: x, Y: mu - 2*deviation}, plotter.XY{X: x, Y: mu + 2*deviation}
	}
	blue := show.Color(0)
	area := show.Area(plt, color.NRGBA{blue.R, blue.G, blue.B, 50}, low, high)
	xs, ys := columnsOf(c.context)
	known := make(plotter.XYs, len(xs))
	for i := range known {
		known[i] = plotter.XY{X: xs[i], Y: ys[i]}
	}
	return []show.Entry{
		{Name: "function", Look: show.Line(plt, show.Stroke(1), truth)},
		{Name: "told", Look: show.Line(plt, show.Stroke(0), mean)},
		{Name: "two standard deviations around it", Look: area},
		{Name: "points known", Look: show.Dots(plt, color.Black, 2.5, known)},
	}
}

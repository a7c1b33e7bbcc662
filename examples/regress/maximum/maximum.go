// Package maximum is the task max of regress: the largest number of a set, as the
// Set Transformer finds it (Lee et al. 2019, arXiv:1810.00825).
package maximum

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"gonum.org/v1/plot/plotter"

	"setwise/examples/regress/models"
	"setwise/examples/regress/pictures"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
)

// Task is the regression to the largest number of a set (Lee et al. 2019,
// section 5.1 and its supplement): 1 to 10 numbers between 0 and 100.
func Task() study.Task {
	return study.Task{
		Name:  "max",
		About: "the largest of 1 to 10 numbers between 0 and 100",
		Notes: `Table 1 of [Lee et al. 2019](https://arxiv.org/abs/1810.00825), in its settings: batch size 128, new sets at every
step, absolute error, Adam. The paper's learning rate is constant, at which the error jumps up and down from step to
step; ours falls along a cosine unless a row says otherwise. 10,000 test sets, the same for all rows.`,
		Models:   []string{"rff+max", "rff+mean", "rff+sum", "rff+pma", "sab+mean", "sab+sum", "sab+max", "sab+pma"},
		Steps:    20_000,
		Batch:    128,
		Chunk:    32,
		Sets:     10_000,
		Rate:     1e-3,
		Fall:     "cosine", // the paper has constant
		Begin:    begin,
		Measures: []study.Measure{{Key: "mae", Title: "MAE"}},
		Paper: map[string]map[string]string{
			"rff+mean": {"mae": "2.133 ± 0.190"},
			"rff+sum":  {"mae": "1.902 ± 0.137"},
			"rff+max":  {"mae": "0.1355 ± 0.0074"},
			"sab+pma":  {"mae": "0.2085 ± 0.0127"},
		},
	}
}

// begin makes a lesson of the task.
func begin(o study.Options) (study.Lesson, error) {
	s := models.Shape{In: 1, Dim: 64, Out: 1, Phi: 3, Linear: true, Rho: 1, Seeds: 1}
	return &largest{
		net: s.Model(o.Model, rand.New(rand.NewPCG(o.Seed, 0))),
		// One generator for all seeds, so that they are tested on the same sets.
		unseen: manyNumbers(o.Sets, rand.New(rand.NewPCG(0, 1))),
		o:      o,
	}, nil
}

// largest learns to tell the largest number of a set.
type largest struct {
	net    layers.Layer
	unseen []train.Targeted
	o      study.Options
}

// numbers returns a set of numbers and the largest of them.
func numbers(rng *rand.Rand) train.Targeted {
	x := set.New(1, 1+rng.IntN(10))
	top := float32(math.Inf(-1))
	for i := range x.Values {
		x.Values[i] = 100 * rng.Float32()
		top = max(top, x.Values[i])
	}
	return train.Targeted{Set: x, Target: set.Of(1, []float32{top})}
}

// manyNumbers returns n sets of numbers.
func manyNumbers(n int, rng *rand.Rand) []train.Targeted {
	sets := make([]train.Targeted, n)
	for i := range sets {
		sets[i] = numbers(rng)
	}
	return sets
}

func (l *largest) Network() any { return l.net }

func (l *largest) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, l.net, numbers, train.AbsoluteRegression(l.net))
}

func (l *largest) Glance() string {
	mae, _ := train.Errors(l.net, l.unseen[:min(1000, len(l.unseen))])
	return fmt.Sprintf("MAE %.4f", mae)
}

func (l *largest) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	sets := make([]set.Batch, len(l.unseen))
	for i, e := range l.unseen {
		sets[i] = e.Set
	}
	guesses := layers.Apply(l.net, set.Concat(sets...)).Values
	errors, points := make([]float64, len(sets)), make(plotter.XYs, min(1000, len(sets)))
	for i, e := range l.unseen {
		truth := e.Target.Values[0]
		errors[i] = math.Abs(float64(guesses[i]) - float64(truth))
		if i < len(points) {
			points[i] = plotter.XY{X: float64(truth), Y: float64(guesses[i])}
		}
	}
	name := prefix + ".png"
	if err := pictures.Guesses(name, points, fmt.Sprintf("largest study.Number, %s after %d steps", l.o.Model, l.o.Steps)); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: prediction against truth\n", name)
	if p := l.o.Task.Paper[l.o.Model]["mae"]; p != "" {
		fmt.Fprintf(out, "paper: MAE %s after 20000 steps (Lee et al. 2019)\n", p)
	}
	mae := study.Average(errors)
	fmt.Fprintf(out, "MAE %s over %d sets, %d steps\n", mae, len(errors), l.o.Steps)
	return map[string]study.Number{"mae": mae}, nil
}

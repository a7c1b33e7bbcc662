// Package unique is a task of regress: how many different characters a set of
// drawings shows, as the Set Transformer tells (Lee et al. 2019, arXiv:1810.00825).
package unique

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"sync"

	"gonum.org/v1/plot/plotter"

	"setwise/examples/regress/drawings"
	"setwise/examples/regress/models"
	"setwise/examples/regress/pictures"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

const (
	fewestDrawn, mostDrawn = 6, 10 // drawings in a set
	charactersHeld         = 0.2   // of all characters are for testing
)

// Task is the number of different characters in a set of drawings (Lee et al.
// 2019, section 5.2).
func Task() study.Task {
	return study.Task{
		Name:  "unique",
		About: "how many different characters 6 to 10 drawings show",
		Notes: `After section 5.2 of [Lee et al. 2019](https://arxiv.org/abs/1810.00825), which trains convolutions and set model
together on the 1,623 characters of Omniglot, split by character: 200,000 steps, batch size 32, a constant learning rate of
0.0001, and a PMA of width 8 with 8 heads (ours: 64 and 4). Here are the two small background sets of
Omniglot: 242 characters with 20 drawings each, resized to 28 x 28; 194 characters for training, 48 unseen ones for testing.
Rotations by 90 degrees and mirror images make eight training classes of each character. So that all models can be compared
in minutes, the four convolutions (64 channels, stride 2, layer norm instead of batch norm) are trained once for each seed, as
a classifier of characters (the model eyes, 12,000 steps of 256 augmented drawings, 17 minutes), and then frozen; for
0.953 ± 0.007 (seed 1) of the drawings of unseen characters, the nearest neighbour in feature space is of the same character
([unique-eyes-1.json](results/unique-eyes-1.json)). The set models are trained on the frozen features of four augmented
copies of every drawing, with the Poisson likelihood. Attention blocks have layer norm, and hidden layers the initialisation
of He et al. 2015. The paper's accuracy counts the mode of the predicted Poisson distribution, which is its rate rounded down, and
too low whenever the rate is a trifle below the true number; the next column counts the rate rounded to the nearest
integer. 5,000 test sets.`,
		Models: []string{
			"sab+pma", "sab+pool", "rff+pma", "rff+pool", "rffp-mean+pool", "rffp-max+pool", "rff+dotprod", seeing,
		},
		First:    seeing,
		Steps:    100_000,
		Batch:    32,
		Chunk:    4,
		Sets:     5000,
		Rate:     1e-3,
		Fall:     "cosine",
		Data:     study.Data{Files: "images_background_small1.zip and images_background_small2.zip of github.com/brendenlake/omniglot", Folder: "omniglot-small"},
		Begin:    begin,
		Measures: []study.Measure{{Key: "accuracy", Title: "accuracy of the mode"}, {Key: "nearest", Title: "of the nearest integer"}, {Key: "nll", Title: "NLL"}},
		Paper: map[string]map[string]string{
			"rff+pool":       {"accuracy": "0.4382 ± 0.0072"},
			"rffp-mean+pool": {"accuracy": "0.4617 ± 0.0076"},
			"rffp-max+pool":  {"accuracy": "0.4359 ± 0.0077"},
			"rff+dotprod":    {"accuracy": "0.4471 ± 0.0076"},
			"rff+pma":        {"accuracy": "0.4572 ± 0.0076"},
			"sab+pool":       {"accuracy": "0.5659 ± 0.0077"},
			"sab+pma":        {"accuracy": "0.6037 ± 0.0075"},
		},
	}
}

// begin makes a lesson of the task.
func begin(o study.Options) (study.Lesson, error) {
	all, err := study.Read(o, readCharacters)
	if err != nil {
		return nil, err
	}
	all = study.Shuffled(all, rand.New(rand.NewPCG(0, 4))) // one for all seeds, as the characters to test on are
	held := max(int(charactersHeld*float64(len(all))), mostDrawn)
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	v := newViewer(all[held:], all[:held], rng)
	if o.Model == seeing {
		return v, nil
	}
	if err := o.LoadFirst(v); err != nil {
		return nil, err
	}
	return newCounter(v, o, rng), nil
}

// counter learns to tell how many different characters a set has, from what eyes
// that do not change see of them.
type counter struct {
	Eyes, Count layers.Stack

	seen   func() [drawings.Turns][][]drawings.Drawing // characters that it learns from, as the eyes see them turned
	unseen [][]drawings.Drawing
	o      study.Options
}

const glimpses = 4 // of every drawing and turn of it, each distorted by chance

func newCounter(v *viewer, o study.Options, rng *rand.Rand) *counter {
	s := models.Shape{In: v.width, Dim: 64, Out: 1, Phi: 2, Rho: 1, Seeds: 1, Norm: layers.NormPost, He: true}
	c := &counter{
		Eyes:   v.Eyes,
		Count:  layers.Stack{s.Model(o.Model, rng), layers.Func((*grad.Tape).Softplus)},
		unseen: v.unseen,
		o:      o,
	}
	c.seen = sync.OnceValue(func() (seen [drawings.Turns][][]drawings.Drawing) { // a model that was finished needs none of it
		for way := range seen {
			seen[way] = make([][]drawings.Drawing, len(v.known))
		}
		study.Each(len(v.known)*drawings.Turns, func(i int) {
			way, character := i%drawings.Turns, i/drawings.Turns
			seen[way][character] = v.see(v.known[character], drawings.Turn(way), rand.New(rand.NewPCG(o.Seed, uint64(1+i))))
		})
		return seen
	})
	return c
}

func (c *counter) Network() any { return c }

// Forward gives one element for each set of drawings, the rate of a Poisson
// distribution.
func (c *counter) Forward(t *grad.Tape, x grad.Value) grad.Value {
	return c.Count.Forward(t, c.Eyes.Forward(t, x))
}

// drawn returns a set of 6 to 10 drawings that show one to as many characters,
// each of those at least once, and the number of characters.
func drawn(characters [][]drawings.Drawing, rng *rand.Rand) (set.Batch, int) {
	n := fewestDrawn + rng.IntN(mostDrawn-fewestDrawn+1)
	count := 1 + rng.IntN(n)
	left := make([][]drawings.Drawing, count) // of each character
	chosen := rng.Perm(len(characters))[:count]
	s := set.New(len(characters[0][0].Pixels), n)
	for i := range n {
		k := i
		if i >= count {
			k = rng.IntN(count)
		}
		if len(left[k]) == 0 {
			left[k] = study.Shuffled(characters[chosen[k]], rng)
		}
		copy(s.Row(i), left[k][0].Pixels)
		left[k] = left[k][1:]
	}
	return s, count
}

func (c *counter) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, c, c.example, c.loss)
}

// example returns a set to learn from, as the eyes see it, and the number of
// characters in it.
func (c *counter) example(rng *rand.Rand) counted {
	s, count := drawn(c.seen()[rng.IntN(drawings.Turns)], rng)
	return counted{s, count}
}

// counted is a set of drawings with the number of characters in it.
type counted struct {
	set   set.Batch
	count int
}

func (c *counter) loss(t *grad.Tape, examples []counted) grad.Value {
	sets, counts := make([]set.Batch, len(examples)), make([][]float32, len(examples))
	for i, e := range examples {
		sets[i], counts[i] = e.set, []float32{float32(e.count)}
	}
	return loss.Poisson(t, c.Count.Forward(t, grad.Const(set.Concat(sets...))), set.Of(1, counts...))
}

// unseenSet returns a set to test on, the same for all models and seeds, and the
// number of characters in it.
func (c *counter) unseenSet(i int) (set.Batch, int) {
	return drawn(c.unseen, rand.New(rand.NewPCG(5, uint64(i))))
}

// guesses returns, for each of so many sets to test on, the number of different
// characters and the rate that the model gives.
func (c *counter) guesses(sets int) (counts []int, rates []float64) {
	counts, rates = make([]int, sets), make([]float64, sets)
	study.Each(sets, func(i int) {
		var s set.Batch
		s, counts[i] = c.unseenSet(i)
		rates[i] = float64(layers.Apply(c, s).Values[0])
	})
	return counts, rates
}

// measure returns how good rates are for counts: the share of counts that are
// the mode of the Poisson distribution, which is the rate rounded down, or the
// number nearest to the rate, and the negative log likelihood.
func measure(counts []int, rates []float64) map[string]study.Number {
	mode, nearest, nll := make([]float64, len(counts)), make([]float64, len(counts)), make([]float64, len(counts))
	for i, n := range counts {
		if math.Floor(rates[i]) == float64(n) {
			mode[i] = 1
		}
		if math.Round(rates[i]) == float64(n) {
			nearest[i] = 1
		}
		factorial, _ := math.Lgamma(float64(n + 1))
		nll[i] = rates[i] - float64(n)*math.Log(max(rates[i], 1e-8)) + factorial
	}
	return map[string]study.Number{"accuracy": study.Average(mode), "nearest": study.Average(nearest), "nll": study.Average(nll)}
}

func (c *counter) Glance() string {
	r := measure(c.guesses(min(500, c.o.Sets)))
	return fmt.Sprintf("accuracy %.3f, nearest %.3f", r["accuracy"].Value, r["nearest"].Value)
}

func (c *counter) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	counts, rates := c.guesses(c.o.Sets)
	points, jitter := make(plotter.XYs, min(1000, len(counts))), rand.New(rand.NewPCG(6, 6))
	for i := range points { // beside each other, not over each other
		points[i] = plotter.XY{X: float64(counts[i]) + 0.5*(jitter.Float64()-0.5), Y: rates[i]}
	}
	name := prefix + ".png"
	if err := pictures.Guesses(name, points, fmt.Sprintf("different characters, %s after %d steps", c.o.Model, c.o.Steps)); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: prediction against truth\n", name)
	name = prefix + "-sets.png"
	var sets []set.Batch
	var titles []string
	for i := range min(6, len(counts)) {
		s, count := c.unseenSet(i)
		sets = append(sets, s)
		titles = append(titles, fmt.Sprintf("%d, model %.2f", count, rates[i]))
	}
	if err := drawings.Picture(name, "sets: how many different characters there are, and how many the model says", sets, titles); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: some sets, how many characters they have and what the model says\n", name)
	r := measure(counts, rates)
	if p := c.o.Task.Paper[c.o.Model]["accuracy"]; p != "" {
		fmt.Fprintf(out, "paper: accuracy %s after 200000 steps, with 1,623 characters (Lee et al. 2019)\n", p)
	}
	fmt.Fprintf(out, "negative log likelihood %s\n", r["nll"])
	fmt.Fprintf(out, "accuracy %s of the nearest number\n", r["nearest"])
	fmt.Fprintf(out, "accuracy %s over %d sets, %d steps\n", r["accuracy"], len(counts), c.o.Steps)
	return r, nil
}

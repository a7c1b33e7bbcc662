package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"gonum.org/v1/plot/plotter"

	"setwise/internal/parallel"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

const (
	fewestDrawn, mostDrawn = 6, 10 // drawings in a set
	charactersHeld         = 0.2   // of all characters are for testing
)

// unique is the number of different characters in a set of drawings (Lee et al.
// 2019, section 5.2).
func unique() task {
	return task{
		name:  "unique",
		about: "how many different characters 6 to 10 drawings show",
		notes: ``,
		models: []string{
			"sab+pma", "sab+pool", "rff+pma", "rff+pool", "rffp-mean+pool", "rffp-max+pool", "rff+dotprod",
		},
		steps: 6000,
		batch: 32,
		chunk: 4,
		sets:  5000,
		rate:  1e-3,
		fall:  "cosine",
		begin: func(o options) (lesson, error) {
			all, err := readCharacters()
			if err != nil {
				return nil, err
			}
			all = shuffled(all, rand.New(rand.NewPCG(0, 4))) // one for all seeds, as the characters to test on are
			held := max(int(charactersHeld*float64(len(all))), mostDrawn)
			s := shape{dim: 64, out: 1, phi: 2, rho: 1, seeds: 1}
			return &counter{
				net:    layers.Stack{seeing([]int{64, 64, 64, 64}, s, o.model, rand.New(rand.NewPCG(o.seed, 0))), layers.Func((*grad.Tape).Softplus)},
				known:  all[held:],
				unseen: all[:held],
				o:      o,
			}, nil
		},
		columns: []column{{"accuracy", "accuracy"}, {"nearest", "nearest"}, {"nll", "NLL"}},
		paper: map[string]map[string]string{
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

// counter learns to tell how many different characters a set has.
type counter struct {
	net           layers.Layer
	known, unseen [][]drawing // by character
	o             options
}

func (c *counter) network() any { return c.net }

// drawn returns a set of 6 to 10 drawings that show one to as many characters,
// each of those at least once, and the number of characters. If d is not nil,
// every drawing is changed within it, after a turn that drawings of one character
// have in common.
func drawn(characters [][]drawing, d *distortion, rng *rand.Rand) (set.Batch, int) {
	n := fewestDrawn + rng.IntN(mostDrawn-fewestDrawn+1)
	count := 1 + rng.IntN(n)
	left, ways := make([][]drawing, count), make([]turn, count) // of each character
	chosen := rng.Perm(len(characters))[:count]
	s := set.New(side*side, n)
	for i := range n {
		k := i
		if i >= count {
			k = rng.IntN(count)
		}
		if len(left[k]) == 0 {
			left[k] = shuffled(characters[chosen[k]], rng)
		}
		from := left[k][0].pixels
		left[k] = left[k][1:]
		if i < count && d != nil {
			ways[k] = turn(rng.IntN(turns))
		}
		d.apply(s.Row(i), from, ways[k], rng)
	}
	return s, count
}

func (c *counter) loss(t *grad.Tape, n int) grad.Value {
	sets, counts := make([]set.Batch, n), make([][]float32, n)
	for i := range sets {
		s, count := drawn(c.known, &distortion{angle: 0.2, scale: 0.15, shift: 2}, t.Rand())
		sets[i], counts[i] = s, []float32{float32(count)}
	}
	return t.Poisson(c.net.Forward(t, grad.Const(set.Concat(sets...))), set.Of(1, counts...))
}

// unseenSet returns a set to test on, the same for all models and seeds, and the
// number of characters in it.
func (c *counter) unseenSet(i int) (set.Batch, int) {
	return drawn(c.unseen, nil, rand.New(rand.NewPCG(5, uint64(i))))
}

// guesses returns, for each of so many sets to test on, the number of different
// characters and the rate that the model gives.
func (c *counter) guesses(sets int) (counts []int, rates []float64) {
	counts, rates = make([]int, sets), make([]float64, sets)
	parallel.Each(sets, func(i int) {
		var s set.Batch
		s, counts[i] = c.unseenSet(i)
		rates[i] = float64(layers.Apply(c.net, s).Values[0])
	})
	return counts, rates
}

// measure returns how good rates are for counts: the share of counts that are
// the mode of the Poisson distribution, which is the rate rounded down, or the
// number nearest to the rate, and the negative log likelihood.
func measure(counts []int, rates []float64) map[string]number {
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
	return map[string]number{"accuracy": average(mode), "nearest": average(nearest), "nll": average(nll)}
}

func (c *counter) glance() string {
	r := measure(c.guesses(min(500, c.o.sets)))
	return fmt.Sprintf("accuracy %.3f, nearest %.3f", r["accuracy"].Value, r["nearest"].Value)
}

func (c *counter) test(out io.Writer, prefix string) (map[string]number, error) {
	counts, rates := c.guesses(c.o.sets)
	points, jitter := make(plotter.XYs, min(1000, len(counts))), rand.New(rand.NewPCG(6, 6))
	for i := range points { // beside each other, not over each other
		points[i] = plotter.XY{X: float64(counts[i]) + 0.5*(jitter.Float64()-0.5), Y: rates[i]}
	}
	name := prefix + ".png"
	if err := drawGuesses(name, points, fmt.Sprintf("different characters, %s after %d steps", c.o.model, c.o.steps)); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: prediction against truth\n", name)
	name = prefix + "-sets.png"
	var sets []set.Batch
	var titles []string
	for i := range min(6, len(counts)) {
		s, count := c.unseenSet(i)
		sets = append(sets, s)
		titles = append(titles, fmt.Sprintf("%d: %.2f", count, rates[i]))
	}
	if err := drawPictures(name, sets, titles); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: some sets, how many characters they have and what the model says\n", name)
	r := measure(counts, rates)
	if p := c.o.task.paper[c.o.model]["accuracy"]; p != "" {
		fmt.Fprintf(out, "paper: accuracy %s after 200000 steps, with 1,623 characters (Lee et al. 2019)\n", p)
	}
	fmt.Fprintf(out, "negative log likelihood %s\n", r["nll"])
	fmt.Fprintf(out, "accuracy %s of the nearest number\n", r["nearest"])
	fmt.Fprintf(out, "accuracy %s over %d sets, %d steps\n", r["accuracy"], len(counts), c.o.steps)
	return r, nil
}

package train

import (
	"math/rand/v2"

	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
)

// Embed makes the embeddings of some examples: for each tower a value with a
// set for each example.
type Embed[E any] func(t *grad.Tape, examples []E) []grad.Value

// Compare is a loss of the embeddings of a minibatch.
type Compare func(t *grad.Tape, embeddings []grad.Value) grad.Value

// Cached differentiates a loss that compares many examples without a tape of
// them all (GradCache, Gao et al. 2021): it embeds size examples at a time
// without recording, differentiates the loss of the embeddings alone, and embeds
// again, with the same chance, to pass their gradients on. The gradient is that
// of the loss of the whole minibatch; memory is that of size examples, and time
// one forward pass more.
func Cached[E any](embed Embed[E], loss Compare, size int) Rule[E] {
	given("train.Cached", "embeddings and a loss", embed != nil && loss != nil)
	if size < 0 {
		panic(set.Mismatch("train.Cached", "a size of 0 or more, got %d", size))
	}
	if size == 0 {
		size = batchOf
	}
	still := grad.NewScratch(nil)
	still.Train(true)
	return &cached[E]{embed: embed, loss: loss, size: size, still: still, tape: grad.NewTape(nil)}
}

type cached[E any] struct {
	embed       Embed[E]
	loss        Compare
	size        int
	still, tape *grad.Tape
	part, total grad.Gradients
}

// Loss implements [Rule].
func (c *cached[E]) Loss(t *grad.Tape, examples []E) grad.Value {
	return c.loss(t, c.embed(t, examples))
}

// Gradient implements [Rule].
func (c *cached[E]) Gradient(examples []E, _ []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64) {
	c.total.Reset()
	if len(examples) == 0 {
		return &c.total, 0
	}
	chunks := pieces(len(examples), c.size)
	seeds := make([][2]uint64, chunks)
	towers := [][]set.Batch{} // of each, the embeddings of each chunk
	chunk := func(t *grad.Tape, i int) []grad.Value {
		t.Reset()
		t.Reseed(rand.New(rand.NewPCG(seeds[i][0], seeds[i][1])))
		part := examples[i*c.size : min((i+1)*c.size, len(examples))]
		ys := c.embed(t, part)
		for k, y := range ys {
			if y.Sets() != len(part) {
				panic(set.Mismatch("train.Cached", "embeddings of a set for each of %d examples, got %d from tower %d", len(part), y.Sets(), k))
			}
		}
		if i > 0 && len(ys) != len(towers) {
			panic(set.Mismatch("train.Cached", "embeddings of %d towers as for other examples, got %d", len(towers), len(ys)))
		}
		return ys
	}
	for i := range seeds {
		seeds[i] = [2]uint64{rng.Uint64(), rng.Uint64()}
		for k, y := range chunk(c.still, i) {
			if i == 0 {
				towers = append(towers, nil)
			}
			y.Relations = nil
			towers[k] = append(towers[k], c.still.Keep(y.Batch))
		}
	}

	c.tape.Reset()
	c.tape.Reseed(rng)
	embeddings := make([]grad.Value, len(towers))
	for k, parts := range towers {
		embeddings[k] = c.tape.Input(set.Concat(parts...))
	}
	l := c.loss(c.tape, embeddings)
	c.tape.GradientsInto(&c.total, l)
	total := float64(l.Values[0])
	slopes := make([][]float32, len(towers)) // of the loss
	for k, y := range embeddings {
		slopes[k] = append([]float32(nil), c.total.At(y)...)
	}

	for i := range seeds {
		for k, y := range chunk(c.tape, i) {
			if len(slopes[k]) == 0 {
				continue // the loss does not look at this tower
			}
			if len(y.Values) > len(slopes[k]) {
				panic(set.Mismatch("train.Cached", "the same embeddings again with the same chance, got others from tower %d", k))
			}
			dy := slopes[k][:len(y.Values)]
			slopes[k] = slopes[k][len(y.Values):]
			c.tape.GradientsFromInto(&c.part, y, dy)
			c.total.Add(1, &c.part)
		}
	}
	return &c.total, total
}

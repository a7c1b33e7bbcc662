package train

import (
	"math/rand/v2"
	"sync"

	"setwise/internal/parallel"
	"setwise/set"
	"setwise/set/grad"
)

// A Gradient turns the loss of a minibatch, given by the numbers of its
// examples, into a gradient. It is where parallel training differs from plain
// training. The gradients may be changed, and last until the next call. A
// Gradient serves one call of [Fit] at a time.
type Gradient interface {
	Of(batch []int, loss func(t *grad.Tape, batch []int) grad.Value, rng *rand.Rand) (*grad.Gradients, float64)
}

// Whole differentiates the loss of the whole minibatch at once: right for any
// loss, those that compare the examples of a minibatch included.
type Whole struct {
	tape *grad.Tape
	grad grad.Gradients
}

// Of implements [Gradient].
func (w *Whole) Of(batch []int, loss func(*grad.Tape, []int) grad.Value, rng *rand.Rand) (*grad.Gradients, float64) {
	if w.tape == nil {
		w.tape = grad.NewTape(nil)
	}
	w.tape.Reset()
	w.tape.Reseed(rng)
	l := loss(w.tape, batch)
	w.tape.GradientsInto(&w.grad, l)
	return &w.grad, float64(l.Values[0])
}

// Chunks differentiates the loss of a few examples at a time, on all
// processors, and adds up. It is right for a loss that is the mean of losses of
// single examples, and the faster way for sets of some size: a chunk stays in
// the cache of one core. The sum is taken in the order of the examples,
// whatever the number of processors.
type Chunks struct {
	Size int // examples in a chunk; 0 means a sixteenth of the minibatch, rounded up

	tapes sync.Pool
	parts []part
	total grad.Gradients
}

// part is what one chunk contributes.
type part struct {
	seed   [2]uint64
	weight float32
	loss   float64
	grad   grad.Gradients
}

// Of implements [Gradient].
func (c *Chunks) Of(batch []int, loss func(*grad.Tape, []int) grad.Value, rng *rand.Rand) (*grad.Gradients, float64) {
	size := c.Size
	if size < 0 {
		panic(set.Mismatch("train.Chunks", "a Size of 0 or more, got %d", size))
	}
	size = min(size, len(batch))
	if size == 0 {
		size = max((len(batch)+15)/16, 1)
	}
	n := (len(batch) + size - 1) / size
	for len(c.parts) < n {
		c.parts = append(c.parts, part{})
	}
	parts := c.parts[:n]
	for i := range parts {
		parts[i].seed = [2]uint64{rng.Uint64(), rng.Uint64()}
	}
	parallel.Each(n, func(i int) {
		chunk, p := batch[i*size:min((i+1)*size, len(batch))], &parts[i]
		t, _ := c.tapes.Get().(*grad.Tape)
		if t == nil {
			t = grad.NewTape(nil)
		}
		t.Reseed(rand.New(rand.NewPCG(p.seed[0], p.seed[1])))
		l := loss(t, chunk)
		t.GradientsInto(&p.grad, l)
		p.weight = float32(len(chunk)) / float32(len(batch))
		p.loss = float64(l.Values[0])
		t.Reset()
		c.tapes.Put(t)
	})
	c.total.Reset()
	var total float64
	for i := range parts {
		c.total.Add(parts[i].weight, &parts[i].grad)
		total += float64(float64(parts[i].weight) * parts[i].loss)
	}
	return &c.total, total
}

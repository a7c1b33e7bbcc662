package train

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"setwise/internal/parallel"
	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
)

// Each is a loss that is a mean over examples, whatever an example is: that of
// several is the mean of theirs. Chance, for augmentation say, comes from
// t.Rand(), where t.Training() tells whether there is to be any. Chunks and
// PerExample call it from several goroutines at once: it writes to nothing that
// they share.
type Each[E any] func(t *grad.Tape, examples []E) grad.Value

// Joint is a loss that compares the examples of a minibatch with one another,
// so that it has to have them all at once.
type Joint[E any] func(t *grad.Tape, examples []E) grad.Value

// A Rule turns a minibatch into a gradient. It serves one training at a time.
type Rule[E any] interface {
	// Gradient returns the gradient of the loss of some examples with respect
	// to the weights, and the loss. Gradients may be changed, and last until
	// the next call; there may be gradients of weights that the loss does not
	// depend on, such as noise. The rules here have no gradient of no examples,
	// or one of zeros, and a loss of 0. All chance is from rng.
	Gradient(examples []E, weights []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64)

	// Loss is what is differentiated.
	Loss(t *grad.Tape, examples []E) grad.Value
}

// given panics unless something that is needed is there.
func given(op, what string, there bool) {
	if !there {
		panic(set.Mismatch(op, "%s, got nil", what))
	}
}

// reached reports whether any of some parameters has a gradient.
func reached(g *grad.Gradients, params []*grad.Param) bool {
	return slices.ContainsFunc(params, func(p *grad.Param) bool { return g.Of(p) != nil })
}

// unreached says that none of so many parameters has.
func unreached(parameters int) string {
	return fmt.Sprintf("a loss that depends on the model, got a gradient of none of its %d parameters: "+
		"a loss takes them from the model that is trained, on the tape that it is given", parameters)
}

// Whole differentiates the loss of the whole minibatch at once: right for any
// loss.
func Whole[E any, L interface{ Each[E] | Joint[E] }](loss L) Rule[E] {
	given("train.Whole", "a loss", loss != nil)
	return &whole[E]{loss: Joint[E](loss), tape: grad.NewTape(nil)}
}

type whole[E any] struct {
	loss Joint[E]
	tape *grad.Tape
	grad grad.Gradients
}

// Loss implements [Rule].
func (w *whole[E]) Loss(t *grad.Tape, examples []E) grad.Value { return w.loss(t, examples) }

// Gradient implements [Rule].
func (w *whole[E]) Gradient(examples []E, _ []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64) {
	w.grad.Reset()
	if len(examples) == 0 {
		return &w.grad, 0
	}
	w.tape.Reset()
	w.tape.Reseed(rng)
	l := w.loss(w.tape, examples)
	w.tape.GradientsInto(&w.grad, l)
	return &w.grad, float64(l.Values[0])
}

// Chunks differentiates the loss of a few examples at a time, on all
// processors, and adds up: the faster way for sets of some size, for a chunk
// stays in the cache of one core. size is how many examples are in a chunk; 0
// means a sixteenth of the minibatch, rounded up. The sum is taken in the order
// of the examples, whatever the number of processors.
func Chunks[E any](loss Each[E], size int) Rule[E] {
	given("train.Chunks", "a loss", loss != nil)
	if size < 0 {
		panic(set.Mismatch("train.Chunks", "a size of 0 or more, got %d", size))
	}
	return &chunks[E]{loss: loss, size: size}
}

type chunks[E any] struct {
	loss  Each[E]
	size  int
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

// Loss implements [Rule].
func (c *chunks[E]) Loss(t *grad.Tape, examples []E) grad.Value { return c.loss(t, examples) }

// Gradient implements [Rule].
func (c *chunks[E]) Gradient(examples []E, _ []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64) {
	size := min(c.size, len(examples))
	if size == 0 {
		size = max((len(examples)+15)/16, 1)
	}
	n := (len(examples) + size - 1) / size
	for len(c.parts) < n {
		c.parts = append(c.parts, part{})
	}
	parts := c.parts[:n]
	for i := range parts {
		parts[i].seed = [2]uint64{rng.Uint64(), rng.Uint64()}
	}
	parallel.Each(n, func(i int) {
		chunk, p := examples[i*size:min((i+1)*size, len(examples))], &parts[i]
		t, _ := c.tapes.Get().(*grad.Tape)
		if t == nil {
			t = grad.NewTape(nil)
		}
		t.Reseed(rand.New(rand.NewPCG(p.seed[0], p.seed[1])))
		l := c.loss(t, chunk)
		t.GradientsInto(&p.grad, l)
		p.weight = float32(len(chunk)) / float32(len(examples))
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

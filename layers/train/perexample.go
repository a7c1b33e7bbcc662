package train

import (
	"math/rand/v2"
	"sync"

	"setwise/internal/parallel"
	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
)

// PerExample differentiates the loss of every example by itself, scales its
// gradient down so that its Euclidean norm, over all weights together, is at most
// clip, and returns the mean: no example moves the model by more than another may.
// That of no examples is zero. Examples are shared out over all processors, and
// summed in their order. See [Clipped] for the sum by itself.
func PerExample[E any](loss Each[E], clip float64) Rule[E] {
	given("train.PerExample", "a loss", loss != nil)
	if !(clip > 0) {
		panic(set.Mismatch("train.PerExample", "a bound above 0, got %g", clip))
	}
	return &perExample[E]{Clipped[E]{Loss: loss, Most: clip}}
}

type perExample[E any] struct{ Clipped[E] }

// Loss implements [Rule].
func (p *perExample[E]) Loss(t *grad.Tape, examples []E) grad.Value {
	return p.Clipped.Loss(t, examples)
}

// Gradient implements [Rule].
func (p *perExample[E]) Gradient(examples []E, weights []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64) {
	g, total := p.Sum(examples, weights, rng)
	n := max(len(examples), 1)
	g.Scale(1 / float32(n))
	return g, total / float64(n)
}

// Clipped sums gradients of single examples, each of a norm of at most Most: a
// part of private training, which adds noise to the sum (Abadi et al. 2016).
type Clipped[E any] struct {
	Loss Each[E]
	Most float64

	tapes   sync.Pool
	parts   []part
	total   grad.Gradients
	reached bool // whether a loss ever depended on the weights
}

// Sum returns the sum of the clipped gradients of all weights that learn, with
// zeros for those that no loss depends on, and the sum of the losses. It lasts
// until the next call. Sum panics with a [*set.ShapeError] for a Most that is not
// above 0, and if the first examples that it is given have losses that depend on
// none of the weights.
func (c *Clipped[E]) Sum(examples []E, weights []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64) {
	const op = "train.Clipped"
	given(op, "a loss", c.Loss != nil)
	if !(c.Most > 0) {
		panic(set.Mismatch(op, "a bound above 0, got %g", c.Most))
	}
	params := optim.Learned(weights)
	// Some at a time, so that memory does not grow with the minibatch.
	const most = 32
	for len(c.parts) < min(most, len(examples)) {
		c.parts = append(c.parts, part{})
	}
	c.total.Reset()
	for _, p := range params {
		c.total.Slot(p) // zero
	}
	var total float64
	some := len(examples) > 0
	for ; len(examples) > 0; examples = examples[min(most, len(examples)):] {
		parts := c.parts[:min(most, len(examples))]
		for i := range parts {
			parts[i].seed = [2]uint64{rng.Uint64(), rng.Uint64()}
		}
		parallel.Each(len(parts), func(i int) {
			p := &parts[i]
			t, _ := c.tapes.Get().(*grad.Tape)
			if t == nil {
				t = grad.NewTape(nil)
			}
			t.Reseed(rand.New(rand.NewPCG(p.seed[0], p.seed[1])))
			l := c.Loss(t, examples[i:i+1])
			t.GradientsInto(&p.grad, l)
			p.loss, p.weight = float64(l.Values[0]), 1
			if norm := p.grad.Norm(params); norm > c.Most {
				p.weight = float32(c.Most / norm)
			}
			t.Reset()
			c.tapes.Put(t)
		})
		for i := range parts {
			c.total.Add(parts[i].weight, &parts[i].grad)
			total += parts[i].loss
			c.reached = c.reached || reached(&parts[i].grad, params)
		}
	}
	if some && !c.reached {
		panic(set.Mismatch(op, "%s", unreached(len(weights))))
	}
	return &c.total, total
}

package train_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set/grad"
)

// private is DP-SGD (Abadi et al. 2016): the sum of clipped gradients of single
// examples with Gaussian noise, over the expected size of a minibatch. Its seed
// is a secret.
type private struct {
	train.Clipped[train.Labelled]
	noise    float64 // its deviation, as a multiple of the bound
	expected float64 // examples in a minibatch, on average
}

func (p *private) Loss(t *grad.Tape, es []train.Labelled) grad.Value { return p.Clipped.Loss(t, es) }

func (p *private) Gradient(es []train.Labelled, ws []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64) {
	g, total := p.Sum(es, ws, rng)
	for _, w := range optim.Learned(ws) { // those that the loss ignored too
		slope := g.Slot(w)
		for i := range slope {
			slope[i] += float32(p.noise * p.Most * rng.NormFloat64())
		}
	}
	g.Scale(float32(1 / p.expected))
	return g, total / p.expected
}

// Private training: nobody can tell from the weights whether an example was
// among those that they were learned from, up to what an accountant makes of the
// rate, the noise and the number of steps.
func ExampleClipped() {
	public := layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Scale(x, 1./3) }) // points lie within 3: no secret
	model := layers.Stack{public, layers.NewDeepSets(2, 16, 3, 1, layers.Mean, rand.New(rand.NewPCG(1, 2)))}
	known, unseen := rings(600, 1), rings(90, 2)
	source := train.Poisson[train.Labelled]{Examples: known, Rate: 0.1}
	rule := &private{train.Clipped[train.Labelled]{Loss: train.Classification(model), Most: 1}, 1, 0.1 * 600}
	err := train.Run(context.Background(), model, source, rule, train.Options{
		Epochs: 30, Seed: 3, Optimizer: &optim.AdamW{Rate: optim.Constant(1e-2)},
	})
	fmt.Println(err, train.Accuracy(model, unseen) > 0.9)
	// Output: <nil> true
}

package classifier

import (
	"math/rand/v2"

	"setwise/layers/local"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/set"
)

// Labelled is an example with the number of its class.
type Labelled struct {
	Example
	Class int
}

// Draws returns the source of a training: examples in a new random order in every
// epoch, batch of them in a minibatch, their points drawn anew each time and
// varied as [Features.Augment] says. They are drawn, and their local groups found,
// ahead of the training and beside it.
func (c *Classifier) Draws(examples []Labelled, batch int) (train.Source[train.Labelled], error) {
	augment, err := c.Features.Augment()
	if err != nil {
		return nil, err
	}
	return train.Prepared[Labelled, train.Labelled]{
		Source: train.Shuffled[Labelled]{Examples: examples, Batch: batch},
		Prepare: func(e Labelled, rng *rand.Rand) (train.Labelled, error) {
			x, err := c.Config.Prepare(c.Features.Draw(e.Example, augment, rng))
			return train.Labelled{Set: x, Class: e.Class}, err
		},
	}, nil
}

// enough is how many clouds settle a network.
const enough = 64

// Settle brings the weights of a network that is new to the examples: see
// [local.Network.Settle]. A Set Transformer stays as it is.
func (c *Classifier) Settle(examples []Labelled) {
	net, ok := c.Net.(*local.Network)
	if !ok {
		return
	}
	rng := rand.New(rand.NewPCG(0, 3))
	var sets []set.Batch
	for _, i := range rng.Perm(len(examples))[:min(len(examples), enough)] {
		sets = append(sets, c.Features.Draw(examples[i].Example, pointcloud.Augment{}, rng))
	}
	if len(sets) > 0 {
		net.Settle(set.Concat(sets...))
	}
}

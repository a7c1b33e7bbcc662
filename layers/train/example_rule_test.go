package train_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set/grad"
)

// signs is a rule that takes the signs of another's gradient (signSGD, Bernstein
// et al. 2018): every weight moves by as much.
type signs struct{ train.Rule[train.Labelled] }

func (s *signs) Gradient(es []train.Labelled, ws []optim.Weight, rng *rand.Rand) (*grad.Gradients, float64) {
	g, l := s.Rule.Gradient(es, ws, rng)
	for _, w := range ws {
		slope := g.Of(w.Param) // nil if the loss ignored it
		for i, x := range slope {
			slope[i] = float32(math.Copysign(1, float64(x)))
		}
	}
	return g, l
}

// A rule of one's own may build on another.
func ExampleRule() {
	model := layers.NewDeepSets(2, 16, 3, 1, layers.Mean, rand.New(rand.NewPCG(1, 2)))
	rule := &signs{train.Chunks(train.Classification(model), 0)}
	err := train.Run(context.Background(), model, train.Shuffled[train.Labelled]{Examples: rings(120, 1)}, rule, train.Options{
		Epochs: 30, Optimizer: &optim.SGD{Rate: optim.Cosine(1e-2, 0, 120)},
	})
	fmt.Println(err, train.Accuracy(model, rings(60, 2)) > 0.9)
	// Output: <nil> true
}

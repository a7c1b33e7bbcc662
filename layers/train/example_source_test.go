package train_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/train"
)

// oneOfEach is a source whose minibatches hold one example of every class.
type oneOfEach struct {
	classes [][]train.Labelled
	steps   int
}

func (s oneOfEach) Steps() int { return s.steps }

func (s oneOfEach) Epoch(_, from int, rng *rand.Rand) iter.Seq2[train.Minibatch[train.Labelled], error] {
	return func(yield func(train.Minibatch[train.Labelled], error) bool) {
		for k := range s.steps {
			var b train.Minibatch[train.Labelled]
			for _, members := range s.classes {
				b.Examples = append(b.Examples, members[rng.IntN(len(members))])
			}
			if k >= from && !yield(b, nil) { // drawn before from too, to draw the same afterwards
				return
			}
		}
	}
}

func (s oneOfEach) String() string {
	return fmt.Sprintf("one of each of %d classes, %d times an epoch", len(s.classes), s.steps)
}

// A source of one's own says how many minibatches an epoch has, and gives them.
func ExampleSource() {
	source := oneOfEach{make([][]train.Labelled, 3), 2}
	for _, e := range rings(30, 1) {
		source.classes[e.Class] = append(source.classes[e.Class], e)
	}
	model := layers.NewDeepSets(2, 16, 3, 1, layers.Mean, rand.New(rand.NewPCG(1, 2)))
	err := train.Run(context.Background(), model, source, train.Chunks(train.Classification(model), 0), train.Options{
		Epochs: 2,
		Report: func(p train.Progress) error {
			fmt.Printf("epoch %d of %d, step %d of %d\n", p.Epoch, p.Epochs, p.Step, p.Steps)
			return nil
		},
	})
	fmt.Println(err)
	// Output:
	// epoch 0 of 2, step 0 of 4
	// epoch 0 of 2, step 1 of 4
	// epoch 1 of 2, step 2 of 4
	// epoch 1 of 2, step 3 of 4
	// <nil>
}

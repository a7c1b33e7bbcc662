package train_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// infoNCE is the mean loss of finding the partner of each of n embeddings among
// all, in both directions, by their dot products.
func infoNCE(t *grad.Tape, x, y grad.Value) grad.Value {
	partner := make([]int, x.Len())
	for i := range partner {
		partner[i] = i
	}
	all := set.Offsets{0, x.Len()}
	x, y = t.Regroup(x, all), t.Regroup(y, all)
	forth, back := loss.CrossEntropy(t, t.Dots(x, y), partner, 0), loss.CrossEntropy(t, t.Dots(y, x), partner, 0)
	return t.Scale(t.Add(forth, back), 0.5)
}

// captioned is a shape with what is said of it.
type captioned struct{ caption, shape set.Batch }

// Two towers are brought together by comparing 64 pairs at a time, of which 8
// are on a tape at once. The tower of captions is frozen.
func ExampleCached() {
	rng := rand.New(rand.NewPCG(1, 2))
	model := struct{ Captions, Shapes layers.Layer }{
		layers.NewDeepSets(2, 16, 8, 1, layers.Mean, rng),
		layers.NewDeepSets(2, 16, 8, 1, layers.Mean, rng),
	}
	layers.Freeze(model.Captions, true)
	embed := func(t *grad.Tape, es []captioned) []grad.Value {
		var captions, shapes []set.Batch
		for _, e := range es {
			captions, shapes = append(captions, e.caption), append(shapes, e.shape)
		}
		return []grad.Value{
			t.Scale(model.Captions.Forward(t, grad.Const(set.Concat(captions...))), 10), // one over the temperature
			model.Shapes.Forward(t, grad.Const(set.Concat(shapes...))),
		}
	}
	rule := train.Cached(embed, func(t *grad.Tape, y []grad.Value) grad.Value { return infoNCE(t, y[0], y[1]) }, 8)
	known := make([]captioned, 64)
	for i := range known {
		a, b := rng.Float32(), rng.Float32()
		known[i] = captioned{set.Of(2, []float32{a, b}), set.Of(2, []float32{a + 1, b, a - 1, b})}
	}
	err := train.Run(context.Background(), model, train.Shuffled[captioned]{Examples: known, Batch: 64}, rule,
		train.Options{Epochs: 300, Optimizer: &optim.AdamW{Rate: optim.Constant(1e-2)}})
	compare := train.Joint[captioned](rule.Loss)
	fmt.Println(err, train.Evaluate(compare, known, 64) < 2) // by guessing it is log(64) = 4.16
	// Output: <nil> true
}

package train_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
)

// The recipe, for clouds of which other points are drawn every time: circles and
// discs, turned at random, of which the model sees forty points at a time.
func ExampleRecipe() {
	rng := rand.New(rand.NewPCG(1, 2))
	model := layers.NewDeepSets(2, 32, 2, 1, layers.Mean, rng)
	source := train.Prepared[cloud, train.Labelled]{
		Source:  train.Shuffled[cloud]{Examples: circlesAndDiscs(200, rng), Batch: 16},
		Prepare: draw,
	}
	rule := train.Chunks(train.SmoothClassification(model, 0.2), 0)
	options := train.Recipe{Epochs: 20, Rate: 5e-3}.Options(source.Steps())
	if err := train.Run(context.Background(), model, source, rule, options); err != nil {
		fmt.Println(err)
		return
	}
	var unseen []train.Labelled
	for _, c := range circlesAndDiscs(100, rng) {
		e, _ := draw(c, rng)
		unseen = append(unseen, e)
	}
	fmt.Println(train.Accuracy(model, unseen) > 0.95)
	// Output: true
}

// A cloud of points in the plane is a circle (0) or a disc (1).
type cloud struct {
	points [][2]float64
	class  int
}

func circlesAndDiscs(n int, rng *rand.Rand) []cloud {
	clouds := make([]cloud, n)
	for i := range clouds {
		clouds[i].class = i % 2
		for range 200 {
			r := 1.0
			if i%2 == 1 {
				r = math.Sqrt(rng.Float64())
			}
			sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
			clouds[i].points = append(clouds[i].points, [2]float64{r * cos, r * sin})
		}
	}
	return clouds
}

// draw returns forty points of a cloud, turned.
func draw(c cloud, rng *rand.Rand) (train.Labelled, error) {
	sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
	var values []float32
	for _, i := range rng.Perm(len(c.points))[:40] {
		x, y := c.points[i][0], c.points[i][1]
		values = append(values, float32(cos*x-sin*y), float32(sin*x+cos*y))
	}
	return train.Labelled{Set: set.Of(2, values), Class: c.class}, nil
}

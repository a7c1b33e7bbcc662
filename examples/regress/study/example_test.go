package study_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"

	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
)

// mean is a lesson: the mean of three numbers.
type mean struct{ net layers.Layer }

func (m mean) Network() any { return m.net }

func (m mean) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, m.net, example, train.Regression(m.net))
}

func example(rng *rand.Rand) train.Targeted {
	x := []float32{rng.Float32(), rng.Float32(), rng.Float32()}
	return train.Targeted{Set: set.Of(1, x), Target: set.Of(1, []float32{(x[0] + x[1] + x[2]) / 3})}
}

func (m mean) Glance() string { return "" }

func (m mean) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	rng := rand.New(rand.NewPCG(0, 1))
	mae, _ := train.Errors(m.net, []train.Targeted{example(rng), example(rng), example(rng)})
	fmt.Fprintln(out, "learned:", mae < 0.1)
	return map[string]study.Number{"mae": {Value: float64(mae)}}, nil
}

// A task of one's own, as the program runs it.
func Example() {
	task := study.Task{
		Name: "mean", About: "the mean of three numbers", Models: []string{"linear"},
		Steps: 500, Sets: 3, Batch: 16, Rate: 0.02, Fall: "cosine",
		Begin: func(o study.Options) (study.Lesson, error) {
			return mean{layers.Stack{layers.NewLinear(1, 1, rand.New(rand.NewPCG(o.Seed, 0))), layers.Mean}}, nil
		},
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	err = study.Run(context.Background(), []study.Task{task}, []string{"-out", dir}, strings.NewReader(""), os.Stdout, io.Discard)
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// mean, linear: 500 steps of 16 sets, Adam with a rate of 0.02, cosine
	// learned: true
}

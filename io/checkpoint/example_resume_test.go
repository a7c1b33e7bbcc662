package checkpoint_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
)

// learn trains a model, and saves it to the named file after every epoch and
// when ctx ends. If the file is there, it goes on where that stopped.
func learn(ctx context.Context, name string, model layers.Layer, known []train.Labelled, o train.Options) error {
	o.Checkpoint = func(s train.State) error {
		return checkpoint.Save(name, model, checkpoint.Contents{Progress: s, Optimizer: &s.Optimizer, Best: s.Weights, Average: s.Average})
	}
	f, err := checkpoint.Open(name, tensor.Limits{})
	switch {
	case err == nil:
		var s train.State
		c, err := f.Resume(model, &s)
		if err != nil {
			return err
		}
		s.Optimizer, s.Weights, s.Average = *c.Optimizer, c.Best, c.Average
		o.Resume = &s
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return train.Fit(ctx, model, known, train.Classification(model), o)
}

// A training that is saved to a file as it goes, stopped half way and gone on
// with from the file ends with the same weights, bit for bit, as one that was
// never stopped.
func Example_resume() {
	dir, err := os.MkdirTemp("", "resume")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	fresh := func() layers.Stack {
		rng := rand.New(rand.NewPCG(1, 2))
		return layers.Stack{layers.NewPMA(1, layers.Block{Dim: 4, Dropout: 0.1}, rng), layers.NewLinear(4, 2, rng)}
	}
	var known []train.Labelled
	for i := range 40 {
		known = append(known, train.Labelled{Set: set.Of(4, []float32{float32(i % 2), 1, 0, float32(i) / 40}), Class: i % 2})
	}
	options := train.Options{Epochs: 4, Batch: 8, Seed: 3}

	whole := fresh()
	if err := learn(context.Background(), filepath.Join(dir, "whole"), whole, known, options); err != nil {
		log.Fatal(err)
	}

	ctx, stop := context.WithCancel(context.Background()) // signal.NotifyContext stops at Ctrl-C
	stopping := options
	stopping.Report = func(p train.Progress) error {
		if p.Step == p.Steps/2 {
			stop()
		}
		return nil
	}
	part := filepath.Join(dir, "part")
	fmt.Println(learn(ctx, part, fresh(), known, stopping))

	resumed := fresh() // in another process, say
	fmt.Println(learn(context.Background(), part, resumed, known, options))
	fmt.Println(reflect.DeepEqual(layers.List(whole), layers.List(resumed)))
	// Output:
	// context canceled
	// <nil>
	// true
}

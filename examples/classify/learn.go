package main

import (
	"context"
	"io"
	"math/rand/v2"

	"setwise/examples/internal/show"
	"setwise/io/dataset"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

const (
	batch     = 16
	decay     = 0.02
	smoothing = 0.1
	mostNorm  = 1
	votes     = 4 // draws of a shape's points that a verdict is the mean of
)

// lesson is one training: a model, shapes to learn from and shapes to be
// tested on.
type lesson struct {
	*model
	known, unseen []dataset.Shape
	augment       pointcloud.Augment
	epochs        int
	rate          float64 // of learning, at its highest
	seed          uint64
	curve         curve
}

// loss is the cross entropy of newly drawn and varied points of each shape.
func (l *lesson) loss(t *grad.Tape, shapes []dataset.Shape) grad.Value {
	sets, classes := make([]set.Batch, len(shapes)), make([]int, len(shapes))
	for i, s := range shapes {
		sets[i], classes[i] = l.Features.draw(s, l.augment, t.Rand()), s.Class
	}
	return loss.CrossEntropy(t, l.net.Forward(t, grad.Const(set.Concat(sets...))), classes, smoothing)
}

// learn trains the model. save is given the state of training after every
// epoch and when ctx ends it.
func (l *lesson) learn(ctx context.Context, out io.Writer, save func(train.State) error, resume *train.State) error {
	perEpoch := (len(l.known) + batch - 1) / batch
	steps := l.epochs * perEpoch
	done := 0
	if resume != nil {
		done = resume.Step
	}
	progress := show.NewProgress(out, steps, done)
	return train.Fit(ctx, l.net, l.known, l.loss, train.Options{
		Epochs:    l.epochs,
		Batch:     batch,
		Optimizer: &optim.AdamW{Rate: optim.Cosine(l.rate, perEpoch, steps), Decay: decay},
		Clip:      mostNorm,
		Gradient:  &train.Chunks{},
		Seed:      l.seed,
		Report: func(p train.Progress) error {
			l.curve.Sum += p.Loss
			if (p.Step+1)%perEpoch == 0 {
				loss, accuracy := l.curve.Sum/float64(perEpoch), l.test(1).Accuracy()
				l.curve.add(loss, accuracy)
				progress.Describe("epoch %d of %d, loss %.3f, accuracy %.3f", p.Epoch+1, p.Epochs, loss, accuracy)
			}
			progress.Step()
			return nil
		},
		Checkpoint: save,
		Resume:     resume,
	})
}

// test classifies the unseen shapes, each by the mean of several draws of its
// points.
func (l *lesson) test(draws int) train.Confusion {
	guess, truth := make([]int, len(l.unseen)), make([]train.Labelled, len(l.unseen))
	for i, p := range l.classify(l.unseen, draws) {
		guess[i], truth[i].Class = train.Largest(p), l.unseen[i].Class
	}
	return train.Confuse(guess, truth, len(l.Classes))
}

// classify returns the probabilities of the classes for each shape, the mean
// of several draws of its points.
func (m *model) classify(shapes []dataset.Shape, draws int) [][]float64 {
	mean := make([][]float64, len(shapes))
	for d := range draws {
		sets := make([]set.Batch, len(shapes))
		for i, s := range shapes {
			sets[i] = m.Features.draw(s, pointcloud.Augment{}, rand.New(rand.NewPCG(uint64(d), uint64(i))))
		}
		for i, p := range train.Classify(m.net, sets) {
			if mean[i] == nil {
				mean[i] = make([]float64, len(p))
			}
			for j := range p {
				mean[i][j] += p[j] / float64(draws)
			}
		}
	}
	return mean
}

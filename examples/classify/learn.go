package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"time"

	"setwise/examples/internal/files"
	"setwise/examples/internal/show"
	"setwise/io/dataset"
	"setwise/layers"
	"setwise/layers/classifier"
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
)

// lesson is one training: a model, shapes to learn from, to validate with (none
// unless that is asked for), and to be tested on.
type lesson struct {
	*classifier.Classifier
	known, held, unseen []dataset.Item
	augment             pointcloud.Augment
	curve               curve
}

// newLesson returns a lesson with an untrained model.
func newLesson(o options, classes, columns []string, known, held, unseen []dataset.Item) (*lesson, error) {
	l := &lesson{known: known, held: held, unseen: unseen}
	var err error
	l.Classifier, err = classifier.New(classes, newFeatures(o, columns, known), layers.Config{
		Dim:      o.dim,
		Inducing: 16,
		Norm:     layers.NormPre,
		Dropout:  float32(o.dropout),
		Scale:    layers.ScaleHead,
	}, o.seed)
	if err == nil {
		l.augment, err = l.Features.Augment()
	}
	return l, err
}

func (l *lesson) perEpoch() int { return (len(l.known) + batch - 1) / batch }

// loss is the cross entropy of newly drawn and varied points of each shape.
func (l *lesson) loss(t *grad.Tape, shapes []dataset.Item) grad.Value {
	sets, classes := make([]set.Batch, len(shapes)), make([]int, len(shapes))
	for i, e := range examples(shapes) {
		sets[i], classes[i] = l.Features.Draw(e, l.augment, t.Rand()), shapes[i].Class
	}
	return loss.CrossEntropy(t, l.Net.Forward(t, grad.Const(set.Concat(sets...))), classes, smoothing)
}

// learn trains the model, from the beginning or from where it stopped.
func (l *lesson) learn(ctx context.Context, o options, notes io.Writer) error {
	with := l.settings(o)
	var from *train.State
	done := 0
	if o.resume {
		var err error
		if from, err = l.openPart(o.partFile(), with); err != nil {
			return err
		}
		done = from.Step
	}
	steps := o.epochs * l.perEpoch()
	progress := show.NewProgress(notes, steps, done)
	progress.Every = l.perEpoch()
	begun := time.Now()
	if n := len(l.curve.Epochs); n > 0 {
		begun = begun.Add(-time.Duration(l.curve.Epochs[n-1].Seconds * float64(time.Second)))
	}
	rate := optim.Cosine(o.rate, l.perEpoch(), steps)
	var now epoch
	options := train.Options{
		Epochs:    o.epochs,
		Optimizer: &optim.AdamW{Rate: rate, Decay: decay},
		Clip:      mostNorm,
		Seed:      o.seed,
		Report: func(p train.Progress) error {
			l.curve.Sum += p.Loss
			if (p.Step+1)%l.perEpoch() == 0 {
				now.Loss, now.Rate = l.curve.Sum/float64(l.perEpoch()), rate(p.Step)
				now.UnseenLoss, now.Unseen = l.measure(l.unseen)
				now.Seconds = time.Since(begun).Seconds()
				l.curve.Epochs, l.curve.Sum = append(l.curve.Epochs, now), 0
				progress.Describe("epoch %d of %d, %s", p.Epoch+1, p.Epochs, now.describe(len(l.held) > 0))
				if err := l.log(o); err != nil {
					return err
				}
			}
			progress.Step()
			return nil
		},
		Checkpoint: func(s train.State) error { return l.savePart(o.partFile(), s, with) },
		Resume:     from,
	}
	if len(l.held) > 0 {
		options.Validate = func() (float64, error) {
			now.ValidationLoss, now.ValidationAccuracy = l.measure(l.held)
			return now.ValidationLoss, nil
		}
	}
	source := train.Shuffled[dataset.Item]{Examples: l.known, Batch: batch}
	return train.Run(ctx, l.Net, source, train.Chunks(l.loss, 0), options)
}

// log writes the epochs so far.
func (l *lesson) log(o options) error {
	name := filepath.Join(o.out, "epochs.csv")
	if err := files.Write(name, func(w io.Writer) error { return l.curve.writeCSV(w, len(l.held) > 0) }); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// measure returns the loss, smoothed as in training, and the accuracy on shapes,
// by one draw of each.
func (l *lesson) measure(shapes []dataset.Item) (loss, accuracy float64) {
	n := float64(len(shapes))
	for i, p := range l.Probabilities(examples(shapes), 1) {
		for c, x := range p {
			truth := smoothing / float64(len(p))
			if c == shapes[i].Class {
				truth += 1 - smoothing
			}
			loss -= truth * math.Log(max(x, math.SmallestNonzeroFloat64)) / n
		}
		if train.Largest(p) == shapes[i].Class {
			accuracy += 1 / n
		}
	}
	return loss, accuracy
}

// test classifies shapes, each by the mean of several draws of its points.
func (l *lesson) test(shapes []classifier.Example) train.Confusion {
	guess, truth := make([]int, len(shapes)), make([]train.Labelled, len(shapes))
	for i, p := range l.Probabilities(shapes, classifier.Votes) {
		guess[i], truth[i].Class = train.Largest(p), l.unseen[i].Class
	}
	return train.Confuse(guess, truth, len(l.Classes))
}

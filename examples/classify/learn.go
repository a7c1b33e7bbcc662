package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"setwise/examples/internal/files"
	"setwise/examples/internal/show"
	"setwise/io/dataset"
	"setwise/layers"
	"setwise/layers/classifier"
	"setwise/layers/local"
	"setwise/layers/optim"
	"setwise/layers/train"
)

const (
	batch     = 16
	chunk     = 4 // of these, on one core
	smoothing = 0.2
)

// lesson is one training: a model, shapes to learn from, to validate with (none
// unless that is asked for), and to be tested on.
type lesson struct {
	*classifier.Classifier
	known, held, unseen []dataset.Item
	curve               curve
	begin               string // hash of what it begins with, "" for nothing
}

// newLesson returns a lesson with a model that is untrained, or has what -start
// names.
func newLesson(o options, classes, columns []string, known, held, unseen []dataset.Item) (*lesson, error) {
	l := &lesson{known: known, held: held, unseen: unseen}
	var err error
	l.Classifier, err = classifier.New(classes, newFeatures(o, columns, known), o.network(), o.seed)
	if err == nil {
		l.Settle(labelled(known))
	}
	return l, err
}

// network returns what the flags say of the network. Stages of groups have fewer
// centres where there are fewer points, and units that are as wide as groups are.
func (o options) network() classifier.Config {
	if o.kind == kindSet {
		return classifier.Config{Set: &layers.Config{
			Dim: o.dim, Inducing: 16, Norm: layers.NormPre, Dropout: float32(o.dropout), Scale: layers.ScaleHead,
		}}
	}
	stages := local.DefaultStages()
	from := o.points
	for i := range stages {
		s := &stages[i]
		s.Groups.Centres = max(s.Groups.Centres*min(o.points, 512)/512, 16)
		s.Unit = float32(2 * math.Sqrt(float64(s.Groups.Near)/float64(max(from, s.Groups.Near))))
		for k, n := range s.Points {
			s.Points[k] = n * o.dim / 64
		}
		s.Dim = s.Dim * o.dim / 64
		from = s.Groups.Centres
	}
	return classifier.Config{Local: &local.Config{Stages: stages, Dim: 8 * o.dim, Hidden: 4 * o.dim, Dropout: float32(o.dropout)}}
}

func (l *lesson) perEpoch() int { return (len(l.known) + batch - 1) / batch }

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
	progress := show.NewProgress(notes, o.epochs*l.perEpoch(), done)
	progress.Every = l.perEpoch()
	watch := newWatch(l.curve)
	options := train.Recipe{Epochs: o.epochs, Rate: o.rate}.Options(l.perEpoch())
	options.Seed = o.seed
	rate := options.Optimizer.(*optim.AdamW).Rate
	var now epoch
	options.Report = func(p train.Progress) error {
		l.curve.Sum += p.Loss
		watch.clouds += min(batch, len(l.known)-p.Step%l.perEpoch()*batch)
		if (p.Step+1)%l.perEpoch() == 0 {
			watch.stop()
			now.Loss, now.Rate = l.curve.Sum/float64(l.perEpoch()), rate(p.Step)
			now.Speed = watch.speed()
			now.UnseenLoss, now.Unseen = l.measure(l.unseen)
			now.Seconds = watch.seconds()
			l.curve.Epochs, l.curve.Sum = append(l.curve.Epochs, now), 0
			progress.Describe("epoch %d of %d, %s", p.Epoch+1, p.Epochs, now.describe(len(l.held) > 0))
			if err := l.log(o); err != nil {
				return err
			}
			watch.start()
		}
		progress.Step()
		return nil
	}
	options.Checkpoint = func(s train.State) error { return l.savePart(o.partFile(), s, with) }
	options.Resume = from
	if len(l.held) > 0 {
		options.Validate = func() (float64, error) {
			watch.stop()
			now.ValidationLoss, now.ValidationAccuracy = l.measure(l.held)
			return now.ValidationLoss, nil
		}
	}
	source, err := l.Draws(labelled(l.known), batch)
	if err != nil {
		return err
	}
	return train.Run(ctx, l.Net, source, train.Chunks(train.SmoothClassification(l.Net, smoothing), chunk), options)
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

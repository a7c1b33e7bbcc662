package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"setwise/examples/internal/files"
	"setwise/examples/internal/show"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

const (
	batch    = 8
	decay    = 0.02
	mostNorm = 1
	average  = 0.99 // how much the average of the weights keeps in a step
)

// aboutZ turns a cloud all around.
var aboutZ = pointcloud.Augment{Axis: [3]float32{0, 0, 1}, Angle: math.Pi}

// A lesson is one training.
type lesson struct {
	*model
	samples
	epoch   []sample // the samples of an epoch: those of scans once a block
	augment pointcloud.Augment
	curve   []epoch
}

// An epoch is what is known of one after it.
type epoch struct {
	Loss     float64 `json:"loss"`
	IoU      float64 `json:"iou"` // of the unseen samples, one draw of each
	Accuracy float64 `json:"accuracy"`
	Seconds  float64 `json:"seconds"`
}

// newLesson returns a lesson with an untrained model.
func newLesson(o options, s samples) *lesson {
	l := &lesson{samples: s, augment: pointcloud.Augment{Scale: [2]float32{0.8, 1.25}}}
	l.model = newModel(config{vocabulary: s.vocabulary, Dim: o.dim, Points: o.points, Block: o.block}, o.seed)
	switch o.turn {
	case "z":
		l.augment.Axis, l.augment.Angle = aboutZ.Axis, aboutZ.Angle
	case "free":
		l.augment.Free = true
	}
	for _, x := range s.known {
		n := 1
		if x.grid != nil {
			n = max(len(x.grid.cells)/4, 1)
		}
		for range n {
			l.epoch = append(l.epoch, x)
		}
	}
	return l
}

func (l *lesson) perEpoch() int { return (len(l.epoch) + batch - 1) / batch }

// loss is the mean over points that have a label of the cross entropy, for newly
// drawn and varied points of each sample.
func (l *lesson) loss(t *grad.Tape, samples []sample) grad.Value {
	sets := make([]set.Batch, len(samples))
	var rows []int32
	var parts []int
	n := 0
	for i, s := range samples {
		cloud, labels := s.draw(l.Points, t.Rand())
		sets[i] = l.see(l.augment.Apply(centred(cloud), t.Rand()))
		for k, label := range labels {
			if label >= 0 {
				rows, parts = append(rows, int32(n+k)), append(parts, int(label))
			}
		}
		n += len(labels)
	}
	logits := l.net.Forward(t, grad.Const(set.Concat(sets...)))
	if len(rows) < n {
		logits = t.Gather(logits, rows, set.Sizes(len(rows)))
	}
	return loss.CrossEntropy(t, logits, parts, 0)
}

// centred returns a cloud about the origin, for it to be turned there.
func centred(c pointcloud.Cloud) pointcloud.Cloud {
	c.Origin = [3]float64{}
	mid := c.Bounds().Center()
	return c.Translate([3]float32{float32(-mid[0]), float32(-mid[1]), float32(-mid[2])})
}

// measure returns the IoU of the unseen samples and the share of points that are
// labelled right, by one draw of each.
func (l *lesson) measure() (iou, accuracy float64) {
	found, next := make([]train.Segmented, len(l.unseen)), atomic.Int64{}
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(found); i = int(next.Add(1)) - 1 {
				cloud, truth := l.unseen[i].draw(l.Points, rand.New(rand.NewPCG(uint64(i), 8)))
				x := train.Segmented{Class: l.unseen[i].class, Truth: truth, Predicted: make([]int32, len(truth))}
				logits := l.logits(cloud)
				for k := range truth {
					x.Predicted[k] = l.best(logits.Row(k), -1)
				}
				found[i] = x
			}
		})
	}
	workers.Wait()
	right, all := 0, 0
	for _, x := range found {
		for k, part := range x.Truth {
			if part >= 0 {
				all++
			}
			if part >= 0 && part == x.Predicted[k] {
				right++
			}
		}
	}
	return train.MeanIoU(found, l.parts()).Instances, float64(right) / float64(max(all, 1))
}

// learn trains a model, tests it, and writes what there is to see.
func learn(ctx context.Context, o options, out, notes io.Writer) error {
	if err := o.checkPart(); err != nil {
		return err
	}
	s, err := load(o, notes)
	if err != nil {
		return err
	}
	l := newLesson(o, s)
	fmt.Fprintf(out, "%d shapes of %d classes and %d parts to learn from, %d unseen to be tested on\n", len(s.known), len(s.Classes), len(s.Parts), len(s.unseen))
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	if err := l.learn(ctx, o, notes); err != nil {
		if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
			return err
		}
		if _, err := os.Stat(o.partFile()); err != nil {
			fmt.Fprintln(out, "stopped before the first step")
			return nil
		}
		fmt.Fprintf(out, "stopped; the same command with -resume goes on from %s\n", show.Plain(o.partFile()))
		return nil
	}
	if err := l.save(o.modelFile()); err != nil {
		return err
	}
	if err := os.Remove(o.partFile()); err != nil {
		return err
	}
	return l.report(ctx, o, out)
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
	if n := len(l.curve); n > 0 {
		begun = begun.Add(-time.Duration(l.curve[n-1].Seconds * float64(time.Second)))
	}
	options := train.Options{
		Epochs:    o.epochs,
		Optimizer: &optim.AdamW{Rate: optim.Cosine(o.rate, l.perEpoch()/2, steps), Decay: decay},
		Clip:      mostNorm,
		Average:   average,
		Seed:      o.seed,
		Report: func(p train.Progress) error {
			if len(l.curve) == p.Epoch {
				l.curve = append(l.curve, epoch{})
			}
			now := &l.curve[p.Epoch]
			now.Loss += p.Loss / float64(l.perEpoch())
			if (p.Step+1)%l.perEpoch() == 0 {
				now.IoU, now.Accuracy = l.measure()
				now.Seconds = time.Since(begun).Seconds()
				progress.Describe("epoch %d of %d, loss %.3f, unseen: IoU %.3f, accuracy %.3f", p.Epoch+1, p.Epochs, now.Loss, now.IoU, now.Accuracy)
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
	source := train.Shuffled[sample]{Examples: l.epoch, Batch: batch}
	return train.Run(ctx, l.net, source, train.Chunks(l.loss, 1), options)
}

// log writes the epochs so far.
func (l *lesson) log(o options) error {
	var b strings.Builder
	b.WriteString("epoch,loss,unseen_iou,unseen_accuracy,seconds\n")
	for i, e := range l.curve {
		fmt.Fprintf(&b, "%d,%.5f,%.5f,%.5f,%.1f\n", i+1, e.Loss, e.IoU, e.Accuracy, e.Seconds)
	}
	name := filepath.Join(o.out, "epochs.csv")
	if err := files.Write(name, func(w io.Writer) error { _, err := io.WriteString(w, b.String()); return err }); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

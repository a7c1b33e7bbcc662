package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"setwise/examples/internal/show"
	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/set/grad"
)

const (
	every   = 1000 // steps after which an unfinished training is saved
	glances = 500  // steps after which the model is tested in passing
)

// bound is what a model file may hold; ours have about 1 MiB.
var bound = tensor.Limits{Bytes: 1 << 30}

// settings are what the same training must have again to go on.
type settings struct {
	Task  string  `json:"task"`
	Model string  `json:"model"`
	Steps int     `json:"steps"`
	Rate  float64 `json:"rate"`
	Fall  string  `json:"fall"`
	Seed  uint64  `json:"seed"`
	Data  string  `json:"data,omitempty"`
}

func (o *options) settings() settings {
	return settings{o.task.name, o.model, o.steps, o.rate, o.fall, o.seed, o.data}
}

// of returns the settings of o's training of l. Where the examples are split into
// known and unseen ones by chance, they have to be the same too.
func (o *options) of(l lesson) settings {
	s := o.settings()
	if l, ok := l.(interface{ fingerprint() string }); ok {
		s.Data += " " + l.fingerprint()
	}
	return s
}

// unfinished is how far a training is.
type unfinished struct {
	State   train.State `json:"state"`
	Seconds float64     `json:"seconds"`
	Halved  []int       `json:"halved,omitempty"` // steps after which the rate was halved
}

// once trains one model with one seed, tests it, and writes its files. It calls
// begun when nothing is wrong with what it learns from.
func once(ctx context.Context, o options, begun func(), out, notes io.Writer) (result, error) {
	if err := prepare(ctx, o, begun, out, notes); err != nil {
		return result{}, err
	}
	r := result{Task: o.task.name, Model: o.model, Seed: o.seed, Steps: o.steps, Rate: o.rate, Fall: o.fall, Data: o.data, Sets: o.sets, Machine: o.machine}
	if o.task.name == fromTable().name {
		r.Table = &o.table
	}
	l, err := o.task.begin(o)
	if err != nil {
		return r, err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return r, err
	}
	model, part := o.prefix()+".safetensors", o.prefix()+".part"
	from, found, err := o.open(l, part, model)
	if err != nil {
		return r, err
	}
	begun()
	if l, ok := l.(interface{ describe(io.Writer) }); ok {
		l.describe(notes)
	}
	if o.resume && found == "" {
		fmt.Fprintf(notes, "%s: nothing to go on with, so it begins\n", o.prefix())
	}
	if found != model {
		if from, err = o.learn(ctx, l, notes, part, from); err != nil {
			return r, err
		}
		if err := checkpoint.Save(model, l.network(), checkpoint.Contents{Config: o.of(l), Progress: from}); err != nil {
			return r, err
		}
		if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
	}
	r.Seconds = from.Seconds
	if r.Numbers, err = l.test(out, o.prefix()); err != nil {
		return r, err
	}
	return r, r.write(o.prefix() + ".json")
}

// prepare trains the model that the one of o builds on, unless that was done.
func prepare(ctx context.Context, o options, begun func(), out, notes io.Writer) error {
	first := o.before()
	if first.model == "" || first.model == o.model {
		return nil
	}
	name := first.prefix() + ".safetensors"
	f, err := checkpoint.Open(name, bound)
	if err == nil {
		return first.settings().match(f, name)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_, err = once(ctx, first, func() {
		begun()
		fmt.Fprintf(out, "first, %s: %d steps\n", first.model, first.steps)
	}, out, notes)
	return err
}

// match reports that the named file is of another training, if it is.
func (s settings) match(f *checkpoint.File, name string) error {
	var was settings
	if err := f.Config(&was); err != nil {
		return err
	}
	if was != s {
		return fmt.Errorf("%s: want a training of %+v, got %+v", name, s, was)
	}
	return nil
}

// A validator is a lesson that tells when its training may end.
type validator interface {
	// goOn begins where a training was left.
	goOn(from unfinished)

	// validate is what [train.Options] calls after every step.
	validate() (float64, error)

	// rate returns the rate of learning, which falls by what validate finds.
	rate(first float64) optim.Schedule

	// state returns the steps that were taken, the best of them, and those after
	// which the rate was halved.
	state() unfinished
}

// learn takes the steps that are left and returns how far the training came.
// Every step is an epoch of examples that its loss draws anew.
func (o *options) learn(ctx context.Context, l lesson, notes io.Writer, part string, from unfinished) (unfinished, error) {
	begun := time.Now()
	progress := show.NewProgress(notes, o.steps, from.State.Step)
	var recent []float64
	options := train.Options{
		Epochs: o.steps,
		Clip:   o.task.clip,
		Seed:   o.seed,
		Every:  every,
		Report: func(p train.Progress) error {
			if recent = append(recent, p.Loss); (p.Step+1)%glances == 0 {
				progress.Describe("loss %.4f, %s", average(recent).Value, l.glance())
				recent = recent[:0]
			}
			if p.Step == from.State.Step+timed {
				o.foretell(notes, time.Since(begun)/timed, o.steps-p.Step)
			}
			progress.Step()
			return nil
		},
	}
	v, validates := l.(validator)
	if validates {
		v.goOn(from)
		options.Validate, options.Patience = v.validate, patience
	}
	if o.fall == plateau {
		options.Optimizer = &optim.AdamW{Rate: v.rate(o.rate)}
	} else {
		options.Optimizer = &optim.AdamW{Rate: falls[o.fall](o.rate, o.steps)}
	}
	state := func(s train.State) unfinished {
		u := unfinished{State: s, Seconds: from.Seconds + time.Since(begun).Seconds()}
		if validates {
			best := v.state()
			u.State.Step, u.State.Best, u.State.BestEpoch, u.Halved = best.State.Step, best.State.Best, best.State.BestEpoch, best.Halved
		}
		return u
	}
	options.Checkpoint = func(s train.State) error {
		return checkpoint.Save(part, l.network(), checkpoint.Contents{
			Config: o.of(l), Progress: state(s), Optimizer: &s.Optimizer, Best: s.Weights,
		})
	}
	if from.State.Step > 0 {
		options.Resume = &from.State
	}
	loss := func(t *grad.Tape, examples []struct{}) grad.Value { return l.loss(t, len(examples)) }
	source := train.Shuffled[struct{}]{Examples: make([]struct{}, o.task.batch), Batch: o.task.batch}
	err := train.Run(ctx, l.network(), source, train.Chunks(loss, o.task.chunk), options)
	return state(train.State{Step: o.steps}), err
}

const (
	timed = 10          // steps after which it is known how long all take
	long  = time.Minute // is said beforehand
)

// foretell says how long a training may take, if it is long.
func (o *options) foretell(notes io.Writer, step time.Duration, left int) {
	if all := step * time.Duration(left); all > long {
		fmt.Fprintf(notes, "a step takes %v here: the %d that may be left would take %v\n", step.Round(time.Millisecond), left, all.Round(time.Second))
	}
}

// duration returns how long so many seconds of a file are: 0 for less, and
// no more than 30 years.
func duration(seconds float64) time.Duration {
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, 1e9) * float64(time.Second))
}

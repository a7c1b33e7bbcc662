package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"setwise/examples/internal/show"
	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers/optim"
	"setwise/layers/train"
)

const (
	every   = 1000 // steps after which an unfinished training is saved
	glances = 500  // steps after which the model is tested in passing
)

// OpenModel opens the file of a model. Ours have about 1 MiB, and it reads no more
// than 1 GiB.
func OpenModel(name string) (*checkpoint.File, error) {
	return checkpoint.Open(name, tensor.Limits{Bytes: 1 << 30})
}

// LoadFirst fills in the model that others of the task build on, as the run has
// trained it that comes before the one of o.
func (o *Options) LoadFirst(model any) error {
	first := o.before()
	f, err := OpenModel(first.prefix() + ".safetensors")
	if err != nil {
		return err
	}
	return f.Load(model)
}

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

func (o *Options) settings() settings {
	return settings{o.Task.Name, o.Model, o.Steps, o.Rate, o.Fall, o.Seed, o.Data}
}

// of returns the settings of o's training of l. Where the examples are split into
// known and unseen ones by chance, they have to be the same too.
func (o *Options) of(l Lesson) settings {
	s := o.settings()
	if l, ok := l.(interface{ Fingerprint() string }); ok {
		s.Data += " " + l.Fingerprint()
	}
	return s
}

// Unfinished is how far a training is.
type Unfinished struct {
	State   train.State `json:"state"`
	Seconds float64     `json:"seconds"`
	Halved  []int       `json:"halved,omitempty"` // steps after which the rate was halved
}

// once trains one model with one seed, tests it, and writes its files. It calls
// begun when nothing is wrong with what it learns from.
func once(ctx context.Context, o Options, begun func(), out, notes io.Writer) (Result, error) {
	if err := prepare(ctx, o, begun, out, notes); err != nil {
		return Result{}, err
	}
	r := Result{Task: o.Task.Name, Model: o.Model, Seed: o.Seed, Steps: o.Steps, Rate: o.Rate, Fall: o.Fall, Data: o.Data, Sets: o.Sets, Machine: o.machine}
	if o.Task.Predict != nil {
		r.Table = &o.Table
	}
	l, err := o.Task.Begin(o)
	if err != nil {
		return r, err
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return r, err
	}
	model, part := o.prefix()+".safetensors", o.prefix()+".part"
	from, found, err := o.open(l, part, model)
	if err != nil {
		return r, err
	}
	begun()
	if l, ok := l.(interface{ Describe(io.Writer) }); ok {
		l.Describe(notes)
	}
	if o.resume && found == "" {
		fmt.Fprintf(notes, "%s: nothing to go on with, so it begins\n", o.prefix())
	}
	if found != model {
		if from, err = o.learn(ctx, l, notes, part, from); err != nil {
			return r, err
		}
		if err := checkpoint.Save(model, l.Network(), checkpoint.Contents{Config: o.of(l), Progress: from}); err != nil {
			return r, err
		}
		if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
	}
	r.Seconds = from.Seconds
	if r.Numbers, err = l.Test(out, o.prefix()); err != nil {
		return r, err
	}
	return r, r.write(o.prefix() + ".json")
}

// prepare trains the model that the one of o builds on, unless that was done.
func prepare(ctx context.Context, o Options, begun func(), out, notes io.Writer) error {
	first := o.before()
	if first.Model == "" || first.Model == o.Model {
		return nil
	}
	name := first.prefix() + ".safetensors"
	f, err := OpenModel(name)
	if err == nil {
		return first.settings().match(f, name)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_, err = once(ctx, first, func() {
		begun()
		fmt.Fprintf(out, "first, %s: %d steps\n", first.Model, first.Steps)
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
		return fmt.Errorf("%s: want what the training was begun with: %s", name, strings.Join(s.differences(was), "; "))
	}
	return nil
}

// differences says by flags in what a training differs from one that had the
// settings was.
func (s settings) differences(was settings) (found []string) {
	for _, f := range []struct {
		flag     string
		was, now any
	}{
		{"-task", was.Task, s.Task}, {"-model", was.Model, s.Model}, {"-steps", was.Steps, s.Steps}, {"-rate", was.Rate, s.Rate},
		{"-fall", was.Fall, s.Fall}, {"-seed", was.Seed, s.Seed},
	} {
		if f.was != f.now {
			found = append(found, fmt.Sprintf("%s %v, got %v", f.flag, f.was, f.now))
		}
	}
	if was.Data != s.Data {
		found = append(found, fmt.Sprintf("the data %.200q, got %.200q", was.Data, s.Data))
	}
	return found
}

// learn takes the steps that are left and returns how far the training came.
// Every step is an epoch of one minibatch.
func (o *Options) learn(ctx context.Context, l Lesson, notes io.Writer, part string, from Unfinished) (Unfinished, error) {
	begun := time.Now()
	progress := show.NewProgress(notes, o.Steps, from.State.Step)
	var recent []float64
	options := train.Options{
		Epochs: o.Steps,
		Clip:   o.Task.Clip,
		Seed:   o.Seed,
		Every:  every,
		Report: func(p train.Progress) error {
			if recent = append(recent, p.Loss); (p.Step+1)%glances == 0 {
				progress.Describe("loss %.4f, %s", Average(recent).Value, l.Glance())
				recent = recent[:0]
			}
			if p.Step == from.State.Step+timed {
				o.foretell(notes, time.Since(begun)/timed, o.Steps-p.Step)
			}
			progress.Step()
			return nil
		},
	}
	v, validates := l.(Validator)
	if validates {
		v.GoOn(from)
		options.Validate, options.Patience = v.Validate, Patience
	}
	if o.Fall == Plateau {
		options.Optimizer = &optim.AdamW{Rate: v.Rate(o.Rate)}
	} else {
		options.Optimizer = &optim.AdamW{Rate: falls()[o.Fall](o.Rate, o.Steps)}
	}
	state := func(s train.State) Unfinished {
		u := Unfinished{State: s, Seconds: from.Seconds + time.Since(begun).Seconds()}
		if validates {
			best := v.State()
			u.State.Step, u.State.Best, u.State.BestEpoch, u.Halved = best.State.Step, best.State.Best, best.State.BestEpoch, best.Halved
		}
		return u
	}
	options.Checkpoint = func(s train.State) error {
		return checkpoint.Save(part, l.Network(), checkpoint.Contents{
			Config: o.of(l), Progress: state(s), Optimizer: &s.Optimizer, Best: s.Weights,
		})
	}
	if from.State.Step > 0 {
		options.Resume = &from.State
	}
	err := l.Learn(ctx, Steps{o.Task, options})
	return state(train.State{Step: o.Steps}), err
}

const (
	timed = 10          // steps after which it is known how long all take
	long  = time.Minute // is said beforehand
)

// foretell says how long a training may take, if it is long.
func (o *Options) foretell(notes io.Writer, step time.Duration, left int) {
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

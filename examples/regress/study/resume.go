package study

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"setwise/io/checkpoint"
)

// open returns where the training of l begins: at the first step, or with
// -resume where it was stopped, or at its end if that was reached, and the file
// that says so. What was stopped, part, is newer than what was finished, model.
func (o *Options) open(l Lesson, part, model string) (from Unfinished, found string, err error) {
	if !o.resume {
		return from, "", nil
	}
	for _, name := range []string{part, model} {
		f, err := OpenModel(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			from, err = o.restore(f, l, name, name == model)
		}
		if err != nil {
			return from, "", fmt.Errorf("-resume: %w", err)
		}
		return from, name, nil
	}
	return from, "", nil
}

// restore fills in the model of l from a file, and returns how far its training
// is.
func (o *Options) restore(f *checkpoint.File, l Lesson, name string, done bool) (from Unfinished, err error) {
	if err := o.of(l).match(f, name); err != nil {
		return from, err
	}
	if err := f.Progress(&from); err != nil {
		return from, err
	}
	v, validates := l.(Validator)
	if err := from.check(o.Steps, validates, done); err != nil {
		return from, fmt.Errorf("%s: %w", name, err)
	}
	if !done {
		if from.State.Optimizer, err = f.Optimizer(l.Network()); err != nil {
			return from, err
		}
		if n := from.State.Optimizer.Step; n != from.State.Step {
			return from, fmt.Errorf("%s: want as many steps of the optimizer as of the training, %d, got %d", name, from.State.Step, n)
		}
		if from.State.Weights, err = f.Best(l.Network()); err != nil {
			return from, err
		}
		if (from.State.Weights != nil) != validates {
			return from, fmt.Errorf("%s: want the weights of the best step if there is one", name)
		}
	}
	if validates {
		v.GoOn(from)
	}
	return from, f.Load(l.Network())
}

// check reports what cannot be of a training of so many steps at most, which
// may end before if it validates.
func (u *Unfinished) check(steps int, validates, done bool) error {
	s := u.State
	switch {
	case s.Step < 1 || s.Step > steps:
		return fmt.Errorf("progress: want 1 to %d steps, got %d", steps, s.Step)
	case !(u.Seconds >= 0) || math.IsInf(u.Seconds, 1):
		return fmt.Errorf("progress: want seconds from 0, got %v", u.Seconds)
	case !slices.IsSorted(u.Halved) || len(u.Halved) > 0 && (!validates || u.Halved[0] < 1 || u.Halved[len(u.Halved)-1] > s.Step):
		return fmt.Errorf("progress: want steps after which the rate was halved, in order, from 1 to %d, got %.80s", s.Step, fmt.Sprint(u.Halved))
	case !validates && (s.BestEpoch != 0 || s.Best != 0):
		return fmt.Errorf("progress: want no best step, got %d", s.BestEpoch)
	case validates && (s.BestEpoch < 1 || s.BestEpoch > s.Step || math.IsNaN(s.Best) || math.IsInf(s.Best, 0)):
		return fmt.Errorf("progress: want the best of %d steps, got step %d with an error of %v", s.Step, s.BestEpoch, s.Best)
	case done && s.Step != steps && !(validates && s.Step-s.BestEpoch == Patience):
		return fmt.Errorf("progress: want the end of a training of %d steps, got step %d", steps, s.Step)
	}
	return nil
}

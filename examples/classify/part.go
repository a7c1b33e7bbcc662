package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers/classifier"
	"setwise/layers/train"
)

// unfinished is how far a training is.
type unfinished struct {
	State    train.State `json:"state"`
	Curve    curve       `json:"curve"`
	Settings settings    `json:"settings"`
}

// partFile returns where an unfinished training is saved.
func (o options) partFile() string { return o.modelFile() + ".part" }

// checkPart reports whether there is an unfinished training to go on with, if
// that is asked for, and none otherwise: it would be lost.
func (o options) checkPart() error {
	if info, err := os.Stat(o.out); err == nil && !info.IsDir() {
		return fmt.Errorf("-out %s: want a folder, got a file", o.out)
	}
	name := o.partFile()
	_, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.resume:
		return fmt.Errorf("-resume: %s: want an unfinished training to go on with, got none", name)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && !o.resume:
		return fmt.Errorf("%s is an unfinished training: go on with it by -resume, or remove it to begin anew", name)
	}
	return err
}

// checkModel reports what the training would write over that is not to be lost,
// and returns whether there is a model whose place the new one takes.
func (o options) checkModel() (replaced bool, err error) {
	name := o.modelFile()
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case o.resume && info.Mode().IsRegular():
		return false, nil // it is of the same training, which was stopped at its very end
	case o.model != "" || !info.Mode().IsRegular():
		return false, fmt.Errorf("%s: want the name of a new file, for the model, got one that is there: -classify and -serve use a model, and to train it anew remove it first", name)
	}
	return true, nil
}

// savePart writes the training as it stands.
func (l *lesson) savePart(name string, s train.State, with settings) error {
	return checkpoint.Save(name, l.Net, checkpoint.Contents{
		Config: l.Classifier, Progress: unfinished{s, l.curve, with}, Optimizer: &s.Optimizer, Best: s.Weights, Average: s.Average,
	})
}

// openPart goes back to a training that was saved, if it was begun with the
// same shapes and flags.
func (l *lesson) openPart(name string, with settings) (*train.State, error) {
	f, err := checkpoint.Open(name, tensor.Limits{Bytes: classifier.MostBytes})
	if err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	var p unfinished
	if err := f.Progress(&p); err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	if err := with.match(p.Settings); err != nil {
		return nil, fmt.Errorf("-resume: %s: %w", name, err)
	}
	if p.State.Optimizer, err = f.Optimizer(l.Net); err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	if p.State.Weights, err = f.Best(l.Net); err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	if p.State.Average, err = f.Average(l.Net); err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	if epochs := p.State.Step / l.perEpoch(); len(p.Curve.Epochs) != epochs {
		return nil, fmt.Errorf("-resume: %s: want the curve of %d epochs, got %d", name, epochs, len(p.Curve.Epochs))
	}
	l.curve = p.Curve
	return &p.State, f.Load(l.Net)
}

package main

import (
	"fmt"
	"math/rand/v2"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/train"
)

// model is a network with what it takes to use it, which is saved with it.
type model struct {
	Classes  []string      `json:"classes"`
	Features features      `json:"features"`
	Network  layers.Config `json:"network"`

	net *layers.SetTransformer
}

// most bounds a model file; ours have about 1 MiB.
var most = tensor.Limits{Bytes: 1 << 30}

// newModel returns an untrained model.
func newModel(o options, classes []string, f features) (*model, error) {
	m := &model{Classes: classes, Features: f, Network: layers.Config{
		In:       f.width(),
		Out:      len(classes),
		Dim:      o.dim,
		Inducing: 16,
		Norm:     layers.NormPre,
		Dropout:  float32(o.dropout),
		Scale:    layers.ScaleHead,
	}}
	return m, m.build(o.seed)
}

// build makes the network.
func (m *model) build(seed uint64) (err error) {
	m.net, err = m.Network.New(rand.New(rand.NewPCG(seed, 0)))
	return err
}

// save writes the model to a file.
func (m *model) save(name string) error {
	return checkpoint.Save(name, m.net, checkpoint.Contents{Config: m})
}

// open reads a model from a file.
func open(name string) (*model, error) {
	f, err := checkpoint.Open(name, most)
	if err != nil {
		return nil, err
	}
	m := &model{}
	if err := f.Config(m); err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := m.build(0); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, f.Load(m.net)
}

// check reports whether the parts of a model from a file fit together.
func (m *model) check() error {
	f := m.Features
	switch {
	case len(m.Classes) == 0 || len(m.Classes) != m.Network.Out:
		return fmt.Errorf("want a class for each of %d outputs, got %d", m.Network.Out, len(m.Classes))
	case f.width() != m.Network.In || len(f.Scaler) != len(f.Columns):
		return fmt.Errorf("want features of width %d, got %d", m.Network.In, f.width())
	case f.Points < 1 || f.Points > 1<<20:
		return fmt.Errorf("want 1 to %d points, got %d", 1<<20, f.Points)
	}
	return nil
}

// unfinished is how far a training is.
type unfinished struct {
	State train.State `json:"state"`
	Curve curve       `json:"curve"`
}

// savePart writes the training as it stands.
func (l *lesson) savePart(name string, s train.State) error {
	return checkpoint.Save(name, l.net, checkpoint.Contents{
		Config: l.model, Progress: unfinished{s, l.curve}, Optimizer: &s.Optimizer, Best: s.Weights,
	})
}

// openPart goes back to a training that was saved. It must have been started
// with the same shapes and flags.
func (l *lesson) openPart(name string) (*train.State, error) {
	f, err := checkpoint.Open(name, most)
	if err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	var p unfinished
	if err := f.Progress(&p); err != nil {
		return nil, err
	}
	if p.State.Optimizer, err = f.Optimizer(l.net); err != nil {
		return nil, err
	}
	if p.State.Weights, err = f.Best(l.net); err != nil {
		return nil, err
	}
	l.curve = p.Curve
	return &p.State, f.Load(l.net)
}

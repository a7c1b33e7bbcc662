package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"setwise/io/checkpoint"
	"setwise/layers/train"
)

// unfinished is how far a training is.
type unfinished struct {
	State    train.State `json:"state"`
	Curve    []epoch     `json:"curve"`
	Settings settings    `json:"settings"`
}

// settings are what the same training must have again to go on.
type settings struct {
	Points   int     `json:"points"`
	Epochs   int     `json:"epochs"`
	Dim      int     `json:"dim"`
	Rate     float64 `json:"rate"`
	Block    float64 `json:"block"`
	Turn     string  `json:"turn"`
	Seed     uint64  `json:"seed"`
	Solids   int     `json:"solids"` // 0 if there is data
	Known    int     `json:"known"`
	Unseen   int     `json:"unseen"`
	Contents string  `json:"contents"` // hash of all names, points and labels
}

// settings returns those of a training with options o on a lesson's samples.
func (l *lesson) settings(o options) settings {
	s := settings{Points: o.points, Epochs: o.epochs, Dim: o.dim, Rate: o.rate, Block: o.block, Turn: o.turn, Seed: o.seed, Known: len(l.known), Unseen: len(l.unseen)}
	if o.data == "" {
		s.Solids = o.solids
	}
	h := sha256.New()
	for _, list := range [][]sample{l.known, l.unseen} {
		for _, x := range list {
			fmt.Fprintf(h, "%q %d %d ", x.name, x.class, len(x.labels))
			for _, data := range []any{x.cloud.Points, x.cloud.Normals, x.labels} {
				_ = binary.Write(h, binary.LittleEndian, data) // a hash takes everything
			}
		}
	}
	s.Contents = hex.EncodeToString(h.Sum(nil)[:12])
	return s
}

// match reports that a training had other settings, if it had.
func (s settings) match(was settings) error {
	var found []string
	differ := func(what string, was, now any) {
		if was != now {
			found = append(found, fmt.Sprintf("%s %v, got %v", what, was, now))
		}
	}
	if (s.Solids == 0) != (was.Solids == 0) {
		kind := map[bool]string{true: "-data", false: "solids without -data"}
		differ("a training of", kind[was.Solids == 0], kind[s.Solids == 0])
	} else {
		differ("-solids", was.Solids, s.Solids)
	}
	differ("-points", was.Points, s.Points)
	differ("-epochs", was.Epochs, s.Epochs)
	differ("-dim", was.Dim, s.Dim)
	differ("-rate", was.Rate, s.Rate)
	differ("-block", was.Block, s.Block)
	differ("-turn", was.Turn, s.Turn)
	differ("-seed", was.Seed, s.Seed)
	if len(found) == 0 { // which may have made other shapes
		differ("shapes to learn from:", was.Known, s.Known)
		differ("unseen shapes:", was.Unseen, s.Unseen)
	}
	if len(found) == 0 && was.Contents != s.Contents {
		found = append(found, "the shapes as they were, got other names, points or labels")
	}
	if len(found) == 0 {
		return nil
	}
	return fmt.Errorf("want what the training was begun with: %s", strings.Join(found, "; "))
}

// partFile returns where an unfinished training is saved.
func (o options) partFile() string { return o.modelFile() + ".part" }

// checkPart reports whether there is an unfinished training to go on with, if that
// is asked for, and none otherwise: it would be lost.
func (o options) checkPart() error {
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

// savePart writes the training as it stands.
func (l *lesson) savePart(name string, s train.State, with settings) error {
	return checkpoint.Save(name, l.net, checkpoint.Contents{
		Config: l.config, Progress: unfinished{s, l.curve, with}, Optimizer: &s.Optimizer, Average: s.Average,
	})
}

// openPart goes back to a training that was saved, if it was begun with the same
// shapes and flags.
func (l *lesson) openPart(name string, with settings) (*train.State, error) {
	f, err := checkpoint.Open(name, most)
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
	if p.State.Optimizer, err = f.Optimizer(l.net); err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	if p.State.Average, err = f.Average(l.net); err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	if epochs := (p.State.Step + l.perEpoch() - 1) / l.perEpoch(); len(p.Curve) != epochs {
		return nil, fmt.Errorf("-resume: %s: want the curve of %d epochs, got %d", name, epochs, len(p.Curve))
	}
	l.curve = p.Curve
	return &p.State, f.Load(l.net)
}

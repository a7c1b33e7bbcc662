package train

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"setwise/layers/optim"
)

// State is what training needs besides the parameters to go on, and what it
// was training on, so that it does not go on with something else.
//
// As JSON it leaves out what is better kept as tensors.
type State struct {
	Step      int                  `json:"step"` // steps taken
	Optimizer optim.State          `json:"-"`
	Best      float64              `json:"best"`      // least result of Validate so far
	BestEpoch int                  `json:"bestEpoch"` // counted from 1; 0 is none yet
	Weights   map[string][]float32 `json:"-"`         // parameters at BestEpoch, by name
	Average   map[string][]float32 `json:"-"`         // averages of parameters, by name, if there are any

	Source string `json:"source"` // what the source says of itself
	Seed   uint64 `json:"seed"`   // of Options
}

// resume makes o's optimizer go on from s, and reports whether training can:
// with so many steps an epoch, from a source.
func (s *State) resume(o Options, weights []optim.Weight, source string, perEpoch int) error {
	if s.Step < 0 || s.BestEpoch < 0 {
		return fmt.Errorf("train: resume: want a step and an epoch from 0, got %d and %d", s.Step, s.BestEpoch)
	}
	switch epochs := s.Step / perEpoch; {
	case s.Source == "":
		return fmt.Errorf("train: resume: want a state that says what it learned from, got one that does not, as of an earlier version")
	case s.Source != source:
		return fmt.Errorf("train: resume: want what training began with, %.200s, got %.200s", s.Source, source)
	case s.Seed != o.Seed:
		return fmt.Errorf("train: resume: want the seed %d that training began with, got %d", s.Seed, o.Seed)
	case s.Step > o.Epochs*perEpoch:
		return fmt.Errorf("train: resume: want %d epochs or more, for %d steps of %d an epoch are taken, got %d",
			(s.Step-1)/perEpoch+1, s.Step, perEpoch, o.Epochs)
	case (epochs > 0 && o.Validate != nil) != (s.BestEpoch > 0):
		return fmt.Errorf("train: resume: want Validate or none as training began with: after %d epochs the best is %d, counted from 1, and Validate set is %t",
			epochs, s.BestEpoch, o.Validate != nil)
	case s.BestEpoch > epochs || math.IsNaN(s.Best):
		return fmt.Errorf("train: resume: want a best epoch of %d so far, got %d with %g", epochs, s.BestEpoch, s.Best)
	case (s.BestEpoch > 0) != (s.Weights != nil):
		return fmt.Errorf("train: resume: want best weights if there was a best epoch, got epoch %d and weights of %d parameters", s.BestEpoch, len(s.Weights))
	case s.Step > 0 && (o.Average > 0) != (s.Average != nil):
		return fmt.Errorf("train: resume: want averages of parameters or none as training began with, got averages of %d and an Average of %g", len(s.Average), o.Average)
	}
	if err := fits("best weights", s.Weights, weights); err != nil {
		return err
	}
	if err := fits("averages", s.Average, weights); err != nil {
		return err
	}
	if err := o.Optimizer.SetState(weights, s.Optimizer); err != nil {
		return fmt.Errorf("train: resume: %w", err)
	}
	return nil
}

// fits reports whether numbers by name, unless there are none, are those of all
// weights.
func fits(what string, of map[string][]float32, weights []optim.Weight) error {
	if of == nil {
		return nil
	}
	left := maps.Clone(of)
	for _, w := range weights {
		x, ok := of[w.Name]
		if !ok || len(x) != len(w.Data) {
			return fmt.Errorf("train: resume: %s: want %d numbers of parameter %s, got %d", what, len(w.Data), w.Name, len(x))
		}
		delete(left, w.Name)
	}
	if len(left) > 0 {
		return fmt.Errorf("train: resume: %s: want those of the parameters of the model, got some of %.100q", what, slices.Sorted(maps.Keys(left))[0])
	}
	return nil
}

// cloned returns a copy, nil of nil.
func cloned(of map[string][]float32) map[string][]float32 {
	c := maps.Clone(of)
	for name, x := range c {
		c[name] = slices.Clone(x)
	}
	return c
}

// copied returns the numbers of weights, by name.
func copied(weights []optim.Weight) map[string][]float32 {
	c := make(map[string][]float32, len(weights))
	for _, w := range weights {
		c[w.Name] = slices.Clone(w.Data)
	}
	return c
}

// put gives weights numbers by name.
func put(weights []optim.Weight, of map[string][]float32) {
	for _, w := range weights {
		copy(w.Data, of[w.Name])
	}
}

package train

import (
	"fmt"
	"math"

	"setwise/layers/optim"
	"setwise/set/grad"
)

// State is what training needs besides the parameters to go on, and what it
// was training on, so that it does not go on with something else.
//
// As JSON it leaves out what is better kept as tensors.
type State struct {
	Step      int         `json:"step"` // steps taken
	Optimizer optim.State `json:"-"`
	Best      float64     `json:"best"`      // least result of Validate so far
	BestEpoch int         `json:"bestEpoch"` // counted from 1; 0 is none yet
	Weights   [][]float32 `json:"-"`         // parameters at BestEpoch, in the order of layers.List

	Examples int    `json:"examples"` // how many there are
	Batch    int    `json:"batch"`    // of them in a minibatch
	Seed     uint64 `json:"seed"`     // of Options
}

// resume makes o's optimizer go on from s, and reports whether training can:
// with so many steps an epoch, of so many examples.
func (s *State) resume(o Options, params []*grad.Param, examples, perEpoch int) error {
	if s.Step < 0 || s.BestEpoch < 0 {
		return fmt.Errorf("train: resume: want a step and an epoch from 0, got %d and %d", s.Step, s.BestEpoch)
	}
	if err := o.Optimizer.SetState(params, s.Optimizer); err != nil {
		return fmt.Errorf("train: resume: %w", err)
	}
	if s.Weights != nil && len(s.Weights) != len(params) {
		return fmt.Errorf("train: resume: want best weights of %d parameters, got %d", len(params), len(s.Weights))
	}
	for i, w := range s.Weights {
		if len(w) != len(params[i].Data) {
			return fmt.Errorf("train: resume: best weights of parameter %d: want %d numbers, got %d", i, len(params[i].Data), len(w))
		}
	}
	switch epochs := s.Step / perEpoch; {
	case s.Examples == 0:
		return fmt.Errorf("train: resume: want a state that says of how many examples it is, got one that does not, as of an earlier version")
	case s.Examples != examples:
		return fmt.Errorf("train: resume: want the %d examples that training began with, got %d", s.Examples, examples)
	case s.Batch != o.Batch:
		return fmt.Errorf("train: resume: want minibatches of %d examples as training began with, got %d", s.Batch, o.Batch)
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
	}
	return nil
}

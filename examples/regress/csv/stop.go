package csv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/examples/regress/folds"
	"setwise/examples/regress/study"
	"setwise/layers/optim"
	"setwise/layers/train"
)

// When the training from a table ends.
const (
	heldBack = 6   // one in so many of the sets that could be learned from
	tries    = 100 // steps after which a model is tried on those
	slower   = 500 // steps without improvement after which the rate of learning is halved
)

// A stopper ends a training when sets that are held back from it are not
// predicted better any more.
type stopper struct {
	learned, back [][]int // examples of each pupil: to learn from, and held back

	step   int     // taken
	last   float64 // error on what is held back, at the last try
	best   float64
	won    int   // step of the best
	halved []int // steps after which the rate was halved
}

// hold splits the examples that a pupil knows, and returns those to learn from.
func (s *stopper) hold(known []int, rng *rand.Rand) []int {
	n := max(len(known)/heldBack, 1)
	some := folds.Pick(known, rng.Perm(len(known)))
	s.back, s.learned = append(s.back, some[:n]), append(s.learned, some[n:])
	return some[n:]
}

func (s *stopper) rules(steps int) string {
	return fmt.Sprintf("each of %d models learns from %d sets or so and is tried on %d others every %d steps: the best is kept, the rate halved after %d steps that bring nothing better, and the training ends after %d such steps, or %d in all",
		parts, len(s.learned[0]), len(s.back[0]), tries, slower, study.Patience, steps)
}

func (s *stopper) outcome() string {
	if s.won == s.step {
		return fmt.Sprintf("step %d, the last, was the best on the sets held back: more -steps may be better", s.won)
	}
	return fmt.Sprintf("step %d of %d was the best on the sets held back", s.won, s.step)
}

// GoOn begins where a training was left.
func (s *stopper) GoOn(from study.Unfinished) {
	s.step, s.best, s.won = from.State.Step, from.State.Best, from.State.BestEpoch
	s.last, s.halved = s.best, slices.Clone(from.Halved)
}

// Validate is called after every step and returns the error of the pupils on what
// is held back from them, in deviations of the truth, at the last try.
func (c *tabular) Validate() (float64, error) {
	c.step++
	if c.step%tries != 0 && c.step != 1 && c.step != c.o.Steps {
		return c.last, nil
	}
	var squares []float64
	for i := range c.Pupils {
		squares = append(squares, c.Squares(i, c.back[i])...)
	}
	c.last = math.Sqrt(study.Average(squares).Value)
	if c.won == 0 || c.last < c.best {
		c.best, c.won = c.last, c.step
	}
	c.slow()
	return c.last, nil
}

// slow halves the rate of learning if nothing better has come for long.
func (s *stopper) slow() {
	since := s.won
	if n := len(s.halved); n > 0 {
		since = max(since, s.halved[n-1])
	}
	if s.step-since >= slower {
		s.halved = append(s.halved, s.step)
	}
}

// Rate returns the rate of learning, halved as often as it was found to be
// too high.
func (s *stopper) Rate(first float64) optim.Schedule {
	return func(int) float64 { return math.Ldexp(first, -len(s.halved)) }
}

func (s *stopper) State() study.Unfinished {
	return study.Unfinished{State: train.State{Step: s.step, Best: s.best, BestEpoch: s.won}, Halved: s.halved}
}

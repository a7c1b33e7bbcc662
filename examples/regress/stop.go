package main

import (
	"fmt"
	"math/rand/v2"

	"setwise/internal/parallel"
	"setwise/layers/train"
	"setwise/set/grad"
)

// When the training from a table ends.
const (
	heldBack = 6    // one in so many of the sets that could be learned from
	tries    = 100  // steps after which a model is tried on those
	patience = 2000 // steps without improvement
)

// A stopper ends a training when sets that are held back from it are not
// predicted better any more.
type stopper struct {
	learned, back [][]int // examples of each pupil: to learn from, and held back

	step  int     // taken
	last  float64 // loss on what is held back, at the last try
	best  float64
	won   int // step of the best
	ended int // step of the end
}

// hold splits the examples that a pupil knows, and returns those to learn from.
func (s *stopper) hold(known []int, rng *rand.Rand) []int {
	n := max(len(known)/heldBack, 1)
	some := pick(known, rng.Perm(len(known)))
	s.back, s.learned = append(s.back, some[:n]), append(s.learned, some[n:])
	return some[n:]
}

func (s *stopper) rules(steps int) string {
	return fmt.Sprintf("each of %d models learns from %d sets or so and is tried on %d others every %d steps: the best is kept, and the training ends after %d steps that bring nothing better, or %d in all",
		parts, len(s.learned[0]), len(s.back[0]), tries, patience, steps)
}

func (s *stopper) outcome() string {
	if s.won == s.ended {
		return fmt.Sprintf("step %d, the last, was the best on the sets held back: more -steps may be better", s.won)
	}
	return fmt.Sprintf("step %d of %d was the best on the sets held back", s.won, s.ended)
}

// goOn begins where a training was left.
func (s *stopper) goOn(from train.State) {
	s.step, s.ended, s.best, s.won = from.Step, from.Step, from.Best, from.BestEpoch
	s.last = s.best
}

// validate is called after every step and returns the mean loss of the pupils on
// what is held back from them, at the last try.
func (c *tabular) validate() (float64, error) {
	c.step++
	c.ended = c.step
	if c.step%tries != 0 && c.step != 1 && c.step != c.o.steps {
		return c.last, nil
	}
	losses := make([]float64, len(c.Pupils))
	parallel.Each(len(c.Pupils), func(i int) {
		sum, n := 0.0, 0
		for at := 0; at < len(c.back[i]); at += portion {
			some := c.back[i][at:min(at+portion, len(c.back[i]))]
			grad.Scratch(func(t *grad.Tape) { sum += float64(len(some)) * float64(c.lossOf(t, i, some).Values[0]) })
			n += len(some)
		}
		losses[i] = sum / float64(n)
	})
	c.last = average(losses).Value
	if c.won == 0 || c.last < c.best {
		c.best, c.won = c.last, c.step
	}
	return c.last, nil
}

func (s *stopper) state() train.State {
	return train.State{Step: s.step, Best: s.best, BestEpoch: s.won}
}

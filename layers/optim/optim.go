// Package optim moves parameters down their gradients.
//
// An [Optimizer] changes parameters given the gradients of a loss: [SGD] with
// momentum or [AdamW]. It knows them by name, with factors on its rate and its
// decay for each ([Weight]); [setwise/layers.Weights] makes the list of a model.
// A [Schedule] gives the learning rate at each step; [Clip] bounds gradients
// beforehand. The state of an optimizer can be taken out and put back, so that
// training resumes as if it had never stopped.
//
//	opt := &optim.AdamW{Rate: optim.Cosine(1e-3, 100, 10_000)}
//	optim.Clip(weights, g, 1)
//	opt.Step(weights, g)
//
// A rate, or a field of an optimizer, that is negative, NaN or beyond its range
// panics with a [*set.ShapeError] when a step is taken or the schedule is made;
// zero fields stand for the usual values.
package optim

import (
	"fmt"
	"math"
	"strconv"

	"setwise/internal/kernel"
	"setwise/set"
	"setwise/set/grad"
)

// A Weight is a parameter of a model as optimizers know it.
type Weight struct {
	Name string
	*grad.Param

	// Rate and Decay are factors on what the optimizer has: a Rate of 0 leaves
	// the parameter as it is, and a Decay of 0 does not shrink it.
	Rate, Decay float64
}

// Learns reports whether a step may move the weight: it is not frozen, and its
// Rate is not 0.
func (w Weight) Learns() bool { return !w.Frozen && w.Rate != 0 }

// Weights returns parameters that are named by their numbers, with factors of 1.
func Weights(params ...*grad.Param) []Weight {
	ws := make([]Weight, len(params))
	for i, p := range params {
		ws[i] = Weight{Name: strconv.Itoa(i), Param: p, Rate: 1, Decay: 1}
	}
	return ws
}

// Learned returns the parameters of those weights that learn.
func Learned(weights []Weight) []*grad.Param {
	params := make([]*grad.Param, 0, len(weights))
	for _, w := range weights {
		if w.Learns() {
			params = append(params, w.Param)
		}
	}
	return params
}

// An Optimizer changes weights given the gradients of a loss. It remembers
// parameters by their names. A parameter without a gradient is left as it is, and
// so is one that is frozen.
type Optimizer interface {
	Step(weights []Weight, g *grad.Gradients)

	// State returns what the optimizer remembers, sharing memory.
	State() State

	// SetState makes the optimizer continue from s, which it copies. It
	// returns an error, and changes nothing, if s is not a state of such an
	// optimizer for weights: memory that is missing, unknown, of another size
	// or not finite.
	SetState(weights []Weight, s State) error
}

// learned returns the gradient of a weight, nil if it stays as it is.
func learned(g *grad.Gradients, w Weight) []float32 {
	if !w.Learns() {
		return nil
	}
	return g.Of(w.Param)
}

// A field is a number in the settings of an optimizer, at least 0.
type field struct {
	name  string
	value float64
	below float64 // what it must be
}

// beyond is above all that float32 holds.
const beyond = 1 << 128

// check panics unless the fields of an optimizer, its rate at a step and the
// factors of all weights are numbers in their ranges, also when they are rounded
// to float32, and gradients are as long as their weights.
func check(op string, step int, rate float64, weights []Weight, g *grad.Gradients, fields ...field) {
	for _, w := range weights {
		if !(w.Rate >= 0 && w.Rate < beyond && w.Decay >= 0 && w.Decay < beyond) {
			panic(set.Mismatch(op, "finite factors of 0 or more for %.100q, got a rate of %g and a decay of %g", w.Name, w.Rate, w.Decay))
		}
		if d := learned(g, w); d != nil && len(d) != len(w.Data) {
			panic(set.Mismatch(op, "a gradient of %d numbers for %.100q, got %d", len(w.Data), w.Name, len(d)))
		}
	}
	for _, f := range fields {
		if !(f.value >= 0 && float64(float32(f.value)) < f.below) {
			panic(set.Mismatch(op, "%s of at least 0 and below %.3g, got %g", f.name, f.below, f.value))
		}
	}
	if !(rate >= 0 && float64(float32(rate)) < beyond) {
		panic(set.Mismatch(op, "a finite rate of 0 or more at step %d, got %g", step, rate))
	}
}

// SGD is stochastic gradient descent with momentum (Polyak 1964), in the form
// v = Momentum v + g; p -= rate (v + Decay p). A nil Rate is 1e-2 throughout.
type SGD struct {
	Rate     Schedule
	Momentum float64
	Decay    float64 // weight decay

	step     int
	velocity memory
}

// Step moves weights. It panics with a [*set.ShapeError] for a rate or Decay that
// is negative or not finite, and for a Momentum that is not at least 0 and below 1.
func (s *SGD) Step(weights []Weight, g *grad.Gradients) {
	rate := s.Rate.at(s.step, 1e-2)
	check("optim.SGD", s.step, rate, weights, g, field{"Momentum", s.Momentum, 1}, field{"Decay", s.Decay, beyond})
	s.step++
	for _, w := range weights {
		d := learned(g, w)
		if d == nil {
			continue
		}
		v := d
		if s.Momentum != 0 {
			v = s.velocity.of(w)
			kernel.Scale(v, float32(s.Momentum), v)
			kernel.AddTo(v, d)
		}
		if decay := s.Decay * w.Decay; decay != 0 {
			kernel.Scale(w.Data, float32(1-float64(rate*w.Rate*decay)), w.Data)
		}
		kernel.Axpy(w.Data, float32(-rate*w.Rate), v)
	}
}

// State returns the velocity of each parameter, as "velocity".
func (s *SGD) State() State {
	return State{Step: s.step, Moments: map[string]map[string][]float32{"velocity": s.velocity}}
}

// SetState restores the velocities: there are some after the first step if, and
// only if, there is Momentum.
func (s *SGD) SetState(weights []Weight, from State) error {
	m, err := from.restore(weights, "velocity")
	if err != nil {
		return err
	}
	if some := from.Step > 0 && s.Momentum != 0; some != (len(m[0]) > 0) {
		return fmt.Errorf("optim: state: velocity: want %t after %d steps with a momentum of %g, got %t", some, from.Step, s.Momentum, !some)
	}
	s.step, s.velocity = from.Step, m[0]
	return nil
}

// AdamW is Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov
// and Hutter 2019). Zero fields take the usual values: Rate 1e-3 throughout,
// Beta1 0.9, Beta2 0.999, Epsilon 1e-8. With a zero Decay it is Adam.
type AdamW struct {
	Rate                  Schedule
	Beta1, Beta2, Epsilon float64
	Decay                 float64 // weight decay

	step          int
	first, second memory
}

// Step moves weights. It panics with a [*set.ShapeError] for a rate, Epsilon or
// Decay that is negative or not finite, and for a Beta1 or Beta2 that is not at
// least 0 and below 1.
func (a *AdamW) Step(weights []Weight, g *grad.Gradients) {
	rate := a.Rate.at(a.step, 1e-3)
	check("optim.AdamW", a.step, rate, weights, g,
		field{"Beta1", a.Beta1, 1}, field{"Beta2", a.Beta2, 1}, field{"Epsilon", a.Epsilon, beyond}, field{"Decay", a.Decay, beyond})
	if a.Epsilon != 0 && float32(a.Epsilon) == 0 {
		panic(set.Mismatch("optim.AdamW", "an Epsilon that float32 holds, got %g", a.Epsilon))
	}
	a.step++
	b1, b2, eps := or(a.Beta1, 0.9), or(a.Beta2, 0.999), or(a.Epsilon, 1e-8)
	c1, c2 := 1-math.Pow(b1, float64(a.step)), 1-math.Pow(b2, float64(a.step))
	for _, w := range weights {
		if d := learned(g, w); d != nil {
			kernel.Adam(w.Data, d, a.first.of(w), a.second.of(w),
				float32(rate*w.Rate), float32(b1), float32(b2), float32(eps), float32(c1), float32(c2), float32(a.Decay*w.Decay))
		}
	}
}

func or(x, otherwise float64) float64 {
	if x == 0 {
		return otherwise
	}
	return x
}

// State returns the moving averages of the gradients and of their squares, as
// "first" and "second".
func (a *AdamW) State() State {
	return State{Step: a.step, Moments: map[string]map[string][]float32{"first": a.first, "second": a.second}}
}

// SetState restores the moving averages: after the first step there are both,
// of the parameters that had a gradient.
func (a *AdamW) SetState(weights []Weight, from State) error {
	m, err := from.restore(weights, "first", "second")
	if err != nil {
		return err
	}
	if from.Step > 0 && len(m[0]) == 0 {
		return fmt.Errorf("optim: state: want memory of the parameters after %d steps, got none", from.Step)
	}
	for _, w := range weights {
		for j, v := range m[1][w.Name] {
			if v < 0 {
				return fmt.Errorf("optim: state: second: %s: want numbers of 0 or more, got %g at %d", w.Name, v, j)
			}
		}
	}
	a.step, a.first, a.second = from.Step, m[0], m[1]
	return nil
}

// Clip scales the gradients of the weights that learn down so that their
// Euclidean norm, taken together, is at most most, and returns the norm that they
// had. A most of 0 leaves them as they are, and so does a norm that is not finite. It panics with
// a [*set.ShapeError] for a most that is negative or NaN.
func Clip(weights []Weight, g *grad.Gradients, most float64) float64 {
	if !(most >= 0) {
		panic(set.Mismatch("optim.Clip", "a bound of 0 or more, got %g", most))
	}
	norm := g.Norm(Learned(weights))
	if most > 0 && norm > most && !math.IsInf(norm, 1) {
		g.Scale(float32(most / norm))
	}
	return norm
}

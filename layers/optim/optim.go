// Package optim moves parameters down their gradients.
//
// An [Optimizer] changes parameters given the gradients of a loss: [SGD] with
// momentum or [AdamW]. A [Schedule] gives the learning rate at each step; [Clip]
// bounds gradients beforehand. The state of an optimizer can be taken out and
// put back, so that training resumes as if it had never stopped.
//
//	opt := &optim.AdamW{Rate: optim.Cosine(1e-3, 100, 10_000)}
//	optim.Clip(params, g, 1)
//	opt.Step(params, g)
//
// A rate, or a field of an optimizer, that is negative, NaN or beyond its range
// panics with a [*set.ShapeError] when a step is taken or the schedule is made;
// zero fields stand for the usual values.
package optim

import (
	"fmt"
	"math"

	"setwise/internal/kernel"
	"setwise/set"
	"setwise/set/grad"
)

// An Optimizer changes params given the gradients of a loss. It remembers
// parameters by their place in params, which must be the same list in every
// step. A parameter without a gradient is left as it is.
type Optimizer interface {
	Step(params []*grad.Param, g *grad.Gradients)

	// State returns what the optimizer remembers, sharing memory.
	State() State

	// SetState makes the optimizer continue from s, which it copies. It
	// returns an error, and changes nothing, if s is not a state of such an
	// optimizer for params.
	SetState(params []*grad.Param, s State) error
}

// State is what an optimizer remembers between steps: how many it has taken,
// and for each kind of memory one slice a parameter, nil before the first
// step that concerns it.
type State struct {
	Step    int
	Moments map[string][][]float32
}

// moments is a list of slices as long as the parameters.
type moments [][]float32

// of returns the memory of parameter i.
func (m *moments) of(i, params int, p *grad.Param) []float32 {
	if *m == nil {
		*m = make(moments, params)
	}
	if len(*m) != params {
		panic(set.Mismatch("optim.Step", "%d parameters as before, got %d", len(*m), params))
	}
	if (*m)[i] == nil {
		(*m)[i] = make([]float32, len(p.Data))
	}
	if len((*m)[i]) != len(p.Data) {
		panic(set.Mismatch("optim.Step", "%d numbers in parameter %d as before, got %d", len((*m)[i]), i, len(p.Data)))
	}
	return (*m)[i]
}

// gradient returns the gradient of parameter i, nil for none.
func gradient(g *grad.Gradients, i int, p *grad.Param) []float32 {
	d := g.Of(p)
	if d != nil && len(d) != len(p.Data) {
		panic(set.Mismatch("optim.Step", "a gradient of %d numbers for parameter %d, got %d", len(p.Data), i, len(d)))
	}
	return d
}

// A field is a number in the settings of an optimizer, at least 0.
type field struct {
	name  string
	value float64
	below float64 // what it must be
}

// beyond is above all that float32 holds.
const beyond = 1 << 128

// check panics unless the fields of an optimizer, and its rate at a step, are
// numbers in their ranges, also when they are rounded to float32.
func check(op string, step int, rate float64, fields ...field) {
	for _, f := range fields {
		if !(f.value >= 0 && float64(float32(f.value)) < f.below) {
			panic(set.Mismatch(op, "%s of at least 0 and below %.3g, got %g", f.name, f.below, f.value))
		}
	}
	if !(rate >= 0 && float64(float32(rate)) < beyond) {
		panic(set.Mismatch(op, "a finite rate of 0 or more at step %d, got %g", step, rate))
	}
}

// restore copies the named memory of s.
func restore(s State, name string, params []*grad.Param) (moments, error) {
	if s.Step < 0 {
		return nil, fmt.Errorf("optim: state: want a step from 0, got %d", s.Step)
	}
	from, ok := s.Moments[name]
	if !ok {
		return nil, fmt.Errorf("optim: state: want memory %q, got none", name)
	}
	if len(from) == 0 {
		return nil, nil
	}
	if len(from) != len(params) {
		return nil, fmt.Errorf("optim: state: %s: want %d parameters, got %d", name, len(params), len(from))
	}
	m := make(moments, len(from))
	for i, x := range from {
		if x == nil {
			continue
		}
		if len(x) != len(params[i].Data) {
			return nil, fmt.Errorf("optim: state: %s: parameter %d: want %d numbers, got %d", name, i, len(params[i].Data), len(x))
		}
		m[i] = append([]float32(nil), x...)
	}
	return m, nil
}

// SGD is stochastic gradient descent with momentum (Polyak 1964), in the form
// v = Momentum v + g; p -= rate (v + Decay p). A nil Rate is 1e-2 throughout.
type SGD struct {
	Rate     Schedule
	Momentum float64
	Decay    float64 // weight decay

	step     int
	velocity moments
}

// Step moves params. It panics with a [*set.ShapeError] for a rate or Decay that
// is negative or not finite, and for a Momentum that is not at least 0 and below 1.
func (s *SGD) Step(params []*grad.Param, g *grad.Gradients) {
	rate := s.Rate.at(s.step, 1e-2)
	check("optim.SGD", s.step, rate, field{"Momentum", s.Momentum, 1}, field{"Decay", s.Decay, beyond})
	s.step++
	for i, p := range params {
		d := gradient(g, i, p)
		if d == nil {
			continue
		}
		v := d
		if s.Momentum != 0 {
			v = s.velocity.of(i, len(params), p)
			kernel.Scale(v, float32(s.Momentum), v)
			kernel.AddTo(v, d)
		}
		if s.Decay != 0 {
			kernel.Scale(p.Data, float32(1-float64(rate*s.Decay)), p.Data)
		}
		kernel.Axpy(p.Data, float32(-rate), v)
	}
}

// State returns the velocity of each parameter, as "velocity".
func (s *SGD) State() State {
	return State{Step: s.step, Moments: map[string][][]float32{"velocity": s.velocity}}
}

// SetState restores the velocities.
func (s *SGD) SetState(params []*grad.Param, from State) error {
	v, err := restore(from, "velocity", params)
	if err != nil {
		return err
	}
	s.step, s.velocity = from.Step, v
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
	first, second moments
}

// Step moves params. It panics with a [*set.ShapeError] for a rate, Epsilon or
// Decay that is negative or not finite, and for a Beta1 or Beta2 that is not at
// least 0 and below 1.
func (a *AdamW) Step(params []*grad.Param, g *grad.Gradients) {
	rate := a.Rate.at(a.step, 1e-3)
	check("optim.AdamW", a.step, rate,
		field{"Beta1", a.Beta1, 1}, field{"Beta2", a.Beta2, 1}, field{"Epsilon", a.Epsilon, beyond}, field{"Decay", a.Decay, beyond})
	if a.Epsilon != 0 && float32(a.Epsilon) == 0 {
		panic(set.Mismatch("optim.AdamW", "an Epsilon that float32 holds, got %g", a.Epsilon))
	}
	a.step++
	b1, b2, eps := or(a.Beta1, 0.9), or(a.Beta2, 0.999), or(a.Epsilon, 1e-8)
	c1, c2 := 1-math.Pow(b1, float64(a.step)), 1-math.Pow(b2, float64(a.step))
	for i, p := range params {
		if d := gradient(g, i, p); d != nil {
			kernel.Adam(p.Data, d, a.first.of(i, len(params), p), a.second.of(i, len(params), p),
				float32(rate), float32(b1), float32(b2), float32(eps), float32(c1), float32(c2), float32(a.Decay))
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
	return State{Step: a.step, Moments: map[string][][]float32{"first": a.first, "second": a.second}}
}

// SetState restores the moving averages.
func (a *AdamW) SetState(params []*grad.Param, from State) error {
	first, err := restore(from, "first", params)
	if err != nil {
		return err
	}
	second, err := restore(from, "second", params)
	if err != nil {
		return err
	}
	a.step, a.first, a.second = from.Step, first, second
	return nil
}

// Clip scales the gradients of params down so that their Euclidean norm, taken
// together, is at most most, and returns the norm that they had. A most of 0
// leaves them as they are, and so does a norm that is not finite. It panics with
// a [*set.ShapeError] for a most that is negative or NaN.
func Clip(params []*grad.Param, g *grad.Gradients, most float64) float64 {
	if !(most >= 0) {
		panic(set.Mismatch("optim.Clip", "a bound of 0 or more, got %g", most))
	}
	norm := g.Norm(params)
	if most > 0 && norm > most && !math.IsInf(norm, 1) {
		g.Scale(float32(most / norm))
	}
	return norm
}

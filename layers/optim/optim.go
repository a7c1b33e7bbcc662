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
package optim

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"setwise/internal/kernel"
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
	// optimizer for params: memory that is missing, unknown, of another size
	// or not finite.
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
	for len(*m) < params {
		*m = append(*m, nil)
	}
	if (*m)[i] == nil {
		(*m)[i] = make([]float32, len(p.Data))
	}
	return (*m)[i]
}

// restore copies the memory of s, which must have just the given names, and of
// each parameter all of them or none.
func restore(s State, params []*grad.Param, names ...string) ([]moments, error) {
	if s.Step < 0 {
		return nil, fmt.Errorf("optim: state: want a step from 0, got %d", s.Step)
	}
	for _, name := range names {
		if _, ok := s.Moments[name]; !ok {
			return nil, fmt.Errorf("optim: state: want memory %q, got none", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Moments)) {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("optim: state: want no memory but %q, got %.100q", names, name)
		}
	}
	all := make([]moments, len(names))
	for k, name := range names {
		from := s.Moments[name]
		switch {
		case len(from) == 0:
			continue
		case s.Step == 0 && !moments(from).none():
			return nil, fmt.Errorf("optim: state: %s: want none before the first step, got some", name)
		case len(from) != len(params):
			return nil, fmt.Errorf("optim: state: %s: want %d parameters, got %d", name, len(params), len(from))
		}
		all[k] = make(moments, len(from))
		for i, x := range from {
			if x == nil {
				continue
			}
			if len(x) != len(params[i].Data) {
				return nil, fmt.Errorf("optim: state: %s: parameter %d: want %d numbers, got %d", name, i, len(params[i].Data), len(x))
			}
			for j, v := range x {
				if v-v != 0 {
					return nil, fmt.Errorf("optim: state: %s: parameter %d: want finite numbers, got %g at %d", name, i, v, j)
				}
			}
			all[k][i] = append([]float32(nil), x...)
		}
	}
	for k, m := range all {
		for i := range params {
			if has, want := m.has(i), all[0].has(i); has != want {
				return nil, fmt.Errorf("optim: state: parameter %d: want memory %q together, got %t for %s and %t for %s", i, names, want, names[0], has, names[k])
			}
		}
	}
	return all, nil
}

// has reports whether there is memory of parameter i.
func (m moments) has(i int) bool { return i < len(m) && m[i] != nil }

// none reports whether there is memory of no parameter.
func (m moments) none() bool {
	return !slices.ContainsFunc(m, func(x []float32) bool { return x != nil })
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

// Step moves params.
func (s *SGD) Step(params []*grad.Param, g *grad.Gradients) {
	rate := s.Rate.at(s.step, 1e-2)
	s.step++
	for i, p := range params {
		d := g.Of(p)
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
			kernel.Scale(p.Data, float32(1-rate*s.Decay), p.Data)
		}
		kernel.Axpy(p.Data, float32(-rate), v)
	}
}

// State returns the velocity of each parameter, as "velocity".
func (s *SGD) State() State {
	return State{Step: s.step, Moments: map[string][][]float32{"velocity": s.velocity}}
}

// SetState restores the velocities: there are some after the first step if, and
// only if, there is Momentum.
func (s *SGD) SetState(params []*grad.Param, from State) error {
	m, err := restore(from, params, "velocity")
	if err != nil {
		return err
	}
	if some := from.Step > 0 && s.Momentum != 0; some == m[0].none() {
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
	first, second moments
}

// Step moves params.
func (a *AdamW) Step(params []*grad.Param, g *grad.Gradients) {
	rate := a.Rate.at(a.step, 1e-3)
	a.step++
	b1, b2, eps := or(a.Beta1, 0.9), or(a.Beta2, 0.999), or(a.Epsilon, 1e-8)
	c1, c2 := 1-math.Pow(b1, float64(a.step)), 1-math.Pow(b2, float64(a.step))
	for i, p := range params {
		if d := g.Of(p); d != nil {
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

// SetState restores the moving averages: after the first step there are both,
// of the parameters that had a gradient.
func (a *AdamW) SetState(params []*grad.Param, from State) error {
	m, err := restore(from, params, "first", "second")
	if err != nil {
		return err
	}
	if from.Step > 0 && m[0].none() {
		return fmt.Errorf("optim: state: want memory of the parameters after %d steps, got none", from.Step)
	}
	for i, x := range m[1] {
		for j, v := range x {
			if v < 0 {
				return fmt.Errorf("optim: state: second: parameter %d: want averages of squares, got %g at %d", i, v, j)
			}
		}
	}
	a.step, a.first, a.second = from.Step, m[0], m[1]
	return nil
}

// Clip scales the gradients of params down so that their Euclidean norm, taken
// together, is at most most, and returns the norm that they had. A most of 0
// leaves them as they are.
func Clip(params []*grad.Param, g *grad.Gradients, most float64) float64 {
	norm := g.Norm(params)
	if most > 0 && norm > most {
		g.Scale(float32(most / norm))
	}
	return norm
}

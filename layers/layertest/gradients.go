package layertest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

const (
	probes     = 120 // slopes of all parameters together, at least
	fewest     = 3   // slopes of one parameter, at least
	most       = 8   // slopes of one parameter, at most
	steps      = 7   // sizes of step, each half of the one before
	firstStep  = 1. / 16
	relative   = 0.02 // how far slopes may be apart, as a part of the largest of the parameter
	negligible = 1e-4 // slopes that rounding hides, as a part of the root of the sum of squares of the results
	rounding   = 4e-7 // of the results, as such a part
)

// With returns l with x as a parameter beside its own, and a function that
// applies l to it: arguments for [Gradients], which then checks the gradient
// of the input too.
func With(l layers.Layer, x set.Batch) (model any, f func(t *grad.Tape) grad.Value) {
	in := &grad.Param{Rows: x.Len(), Cols: x.Dim, Data: slices.Clone(x.Values)}
	model = struct {
		Layer layers.Layer
		Input *grad.Param
	}{l, in}
	return model, func(t *grad.Tape) grad.Value {
		v := t.Param(in)
		v.Offsets, v.Relations = x.Offsets, x.Relations
		return l.Forward(t, v)
	}
}

// Gradients returns an error unless the gradient of f with respect to each
// parameter of the model agrees with finite differences. Where f returns more
// than one number, a fixed combination of them is differentiated.
//
// Parameters move by themselves, a few of each tensor, and all together in a
// random direction, forward and backward, by steps of several sizes;
// differences are extrapolated to a step of zero. A slope must be in the range
// of what they give, which is wide where a kink, as of a ReLU, is near, or apart
// from it by at most two parts in a hundred of the largest of its parameter, for
// the numbers are float32. If most ranges are so wide that they say nothing,
// because f has steps in it, that is an error too. f is called with the same
// chance each time, some fifty times a parameter tensor.
func Gradients(model any, f func(t *grad.Tape) grad.Value) error {
	c := &comparison{f: f, tape: grad.NewTape(nil), rng: rand.New(rand.NewPCG(15, 16))}
	var err error
	if e := set.Try(func() { err = c.all(model) }); e != nil {
		return e
	}
	return err
}

// comparison is one call of Gradients.
type comparison struct {
	f            func(t *grad.Tape) grad.Value
	tape         *grad.Tape
	rng          *rand.Rand
	weights      []float32 // of the results in the number that is differentiated
	size         float64   // root of the sum of squares of the results
	each         int       // slopes of each parameter
	tried, rough int       // slopes so far
}

func (c *comparison) all(model any) error {
	c.tape.Reseed(chance())
	y := c.f(c.tape)
	if i := odd(y.Values); i >= 0 {
		return fmt.Errorf("result, number %d: want a finite number, got %g", i, y.Values[i])
	}
	c.weights = make([]float32, len(y.Values))
	fill(c.weights)
	for _, v := range y.Values {
		c.size += float64(float64(v) * float64(v))
	}
	c.size = max(math.Sqrt(c.size), 1e-3)
	g := c.tape.GradientsFrom(y, c.weights).Clone()
	c.tape.Reset()
	n := len(layers.List(model))
	c.each = min(max(probes/max(n, 1), fewest), most)
	for name, p := range layers.Params(model) {
		d := g.Of(p)
		if d == nil {
			d = make([]float32, len(p.Data))
		}
		if i := odd(d); i >= 0 {
			return fmt.Errorf("gradient of %s, number %d: want a finite number, got %g", name, i, d[i])
		}
		if err := c.param(name, p, d); err != nil {
			return err
		}
	}
	switch {
	case n == 0:
		return fmt.Errorf("want a model with parameters, got none in its exported fields")
	case c.rough*2 > c.tried:
		return fmt.Errorf("want a function that is smooth almost everywhere, got differences that mean nothing for %d of %d slopes", c.rough, c.tried)
	}
	return nil
}

// param checks the gradient d of p.
func (c *comparison) param(name string, p *grad.Param, d []float32) error {
	n := len(p.Data)
	if n == 0 {
		return nil
	}
	u := make([]float64, n)
	// Half along the gradient, half at random: what the gradient has too much
	// of shows, and what it lacks.
	along, across, both := 0.0, 0.0, 0.0
	for i := range u {
		g := float64(d[i])
		u[i] = c.rng.NormFloat64()
		along, across, both = along+float64(g*g), across+float64(u[i]*u[i]), both+float64(g*u[i])
	}
	for i := range u {
		u[i] /= math.Copysign(math.Sqrt(2*across), both) // so that the halves never cancel
		if along > 0 {
			u[i] += float64(d[i]) / math.Sqrt(2*along)
		}
	}
	if err := c.slope(p, d, u, 0); err != nil {
		return fmt.Errorf("gradient of %s in a random direction: %w", name, err)
	}
	top := largest(d)
	tried := map[int]bool{}
	for k := range min(c.each-1, n) {
		i := c.rng.IntN(n)
		if k == 0 { // one where the slope is largest
			i = slices.IndexFunc(d, func(x float32) bool { return math.Abs(float64(x)) >= top })
		}
		if i < 0 || tried[i] {
			continue
		}
		tried[i] = true
		clear(u)
		u[i] = 1
		if err := c.slope(p, d, u, top); err != nil {
			return fmt.Errorf("gradient of %s, row %d, column %d: %w", name, i/p.Cols, i%p.Cols, err)
		}
	}
	return nil
}

// slope compares the slope in direction u by differences with that of the
// gradient. largest is another slope of the same parameter, or 0.
func (c *comparison) slope(p *grad.Param, d []float32, u []float64, largest float64) error {
	got := 0.0
	for i, x := range d {
		got += float64(float64(x) * u[i])
	}
	least := float64(negligible * c.size)
	lo, hi := c.differences(p, u, float64(relative/2*max(math.Abs(got), largest))+least)
	scale := max(math.Abs(lo), math.Abs(hi), math.Abs(got), largest)
	c.tried++
	if hi-lo > float64(scale/4)+least {
		c.rough++
		return nil
	}
	if allowed := float64((hi-lo)/2) + float64(relative*scale) + least; !(got >= lo-allowed && got <= hi+allowed) {
		return fmt.Errorf("want %.4g to %.4g, by differences, got %.4g", lo, hi, got)
	}
	return nil
}

// differences returns the range of the slopes in direction u that steps of
// several sizes, forward and backward, give, as long as rounding makes less of a
// difference than resolution.
func (c *comparison) differences(p *grad.Param, u []float64, resolution float64) (lo, hi float64) {
	was := slices.Clone(p.Data)
	defer copy(p.Data, was)
	norm := 0.0
	for _, a := range u {
		norm += float64(a * a)
	}
	at := func(h float64) (result, moved float64) {
		for i, x := range was {
			p.Data[i] = float32(float64(x) + float64(h*u[i]))
			moved += (float64(p.Data[i]) - float64(x)) * u[i] / norm
		}
		c.tape.Reseed(chance())
		for i, v := range c.f(c.tape).Values {
			result += float64(float64(v) * float64(c.weights[i]))
		}
		c.tape.Reset()
		return result, moved
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	middle, _ := at(0)
	var last [2]float64
	for k := range steps {
		h := firstStep / float64(int(1)<<k)
		if k > 2 && rounding*c.size/h > resolution {
			break
		}
		for side := range last {
			result, moved := at(h * float64(1-2*side))
			slope := (result - middle) / moved
			if k > 0 {
				finer := 2*slope - last[side]
				lo, hi = min(lo, finer), max(hi, finer)
			}
			last[side] = slope
		}
	}
	return lo, hi
}

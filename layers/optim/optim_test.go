package optim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
)

// gradients returns given gradients of parameters, none where d is nil.
func gradients(ps []optim.Weight, d [][]float32) *grad.Gradients {
	var g grad.Gradients
	for i, p := range ps {
		if d[i] == nil {
			continue
		}
		t := grad.NewTape(nil)
		g.Add(1, t.GradientsFrom(t.Scale(t.Param(p.Param), 1), d[i]))
	}
	return &g
}

func params() []optim.Weight {
	rng := rand.New(rand.NewPCG(1, 2))
	return optim.Weights(grad.Normal(3, 4, 1, rng), grad.Normal(1, 4, 1, rng), grad.Normal(1, 1, 1, rng))
}

// some returns random gradients for step k; that of the last parameter is
// missing in every other step.
func some(ps []optim.Weight, k int) [][]float32 {
	rng := rand.New(rand.NewPCG(uint64(k), 3))
	d := make([][]float32, len(ps))
	for i, p := range ps {
		if i == len(ps)-1 && k%2 == 0 {
			continue
		}
		for range p.Data {
			d[i] = append(d[i], float32(rng.NormFloat64()))
		}
	}
	return d
}

func exact(ps []optim.Weight) [][]float64 {
	x := make([][]float64, len(ps))
	for i, p := range ps {
		for _, v := range p.Data {
			x[i] = append(x[i], float64(v))
		}
	}
	return x
}

func TestAdamW(t *testing.T) {
	for _, c := range []struct {
		opt                            optim.AdamW
		rate, beta1, beta2, eps, decay float64
	}{
		{optim.AdamW{}, 1e-3, 0.9, 0.999, 1e-8, 0},
		{optim.AdamW{Rate: optim.Constant(0.02), Decay: 0.1}, 0.02, 0.9, 0.999, 1e-8, 0.1},
		{optim.AdamW{Rate: optim.Constant(0.1), Beta1: 0.5, Beta2: 0.9, Epsilon: 1e-2}, 0.1, 0.5, 0.9, 1e-2, 0},
	} {
		ps := params()
		want := exact(ps)
		m, v := make([][]float64, len(ps)), make([][]float64, len(ps))
		for i, p := range ps {
			m[i], v[i] = make([]float64, len(p.Data)), make([]float64, len(p.Data))
		}
		for k := range 30 {
			d := some(ps, k)
			c.opt.Step(ps, gradients(ps, d))
			c1, c2 := 1-math.Pow(c.beta1, float64(k+1)), 1-math.Pow(c.beta2, float64(k+1))
			for i := range ps {
				for j, g := range d[i] {
					g := float64(g)
					m[i][j] = c.beta1*m[i][j] + (1-c.beta1)*g
					v[i][j] = c.beta2*v[i][j] + (1-c.beta2)*g*g
					want[i][j] -= c.rate * c.decay * want[i][j]
					want[i][j] -= c.rate * (m[i][j] / c1) / (math.Sqrt(v[i][j]/c2) + c.eps)
				}
			}
			agree(t, want, ps, fmt.Sprintf("%+v, step %d", c.opt.Beta1, k))
		}
		assert.Equal(t, 30, c.opt.State().Step)
	}
}

func TestSGD(t *testing.T) {
	for _, c := range []struct {
		opt                   optim.SGD
		rate, momentum, decay float64
	}{
		{optim.SGD{}, 1e-2, 0, 0},
		{optim.SGD{Rate: optim.Constant(0.1), Momentum: 0.9}, 0.1, 0.9, 0},
		{optim.SGD{Rate: optim.Constant(0.1), Momentum: 0.5, Decay: 0.2}, 0.1, 0.5, 0.2},
		{optim.SGD{Decay: 0.2}, 1e-2, 0, 0.2},
	} {
		ps := params()
		want := exact(ps)
		v := exact(ps)
		for i := range v {
			clear(v[i])
		}
		for k := range 30 {
			d := some(ps, k)
			given := gradients(ps, d)
			c.opt.Step(ps, given)
			for i, p := range ps {
				assert.Equal(t, d[i], given.Of(p.Param), "gradients are left alone")
				for j, g := range d[i] {
					v[i][j] = c.momentum*v[i][j] + float64(g)
					want[i][j] -= c.rate * (v[i][j] + c.decay*want[i][j])
				}
			}
			agree(t, want, ps, fmt.Sprintf("%+v, step %d", c.opt.Momentum, k))
		}
	}
}

// agree requires that parameters agree to within 1e-5 of the largest.
func agree(t *testing.T, want [][]float64, ps []optim.Weight, what string) {
	t.Helper()
	for i, p := range ps {
		for j, x := range p.Data {
			require.InDelta(t, want[i][j], float64(x), 2e-5, "%s: parameter %d, number %d", what, i, j)
		}
	}
}

// copied returns s with memory of its own, as a file would give it back.
func copied(s optim.State) optim.State {
	c := optim.State{Step: s.Step, Moments: map[string]map[string][]float32{}}
	for kind, m := range s.Moments {
		c.Moments[kind] = map[string][]float32{}
		for name, x := range m {
			c.Moments[kind][name] = slices.Clone(x)
		}
	}
	return c
}

// An optimizer that continues from a state takes the same steps, to the bit.
func TestStateContinues(t *testing.T) {
	for name, fresh := range map[string]func() optim.Optimizer{
		"adam":     func() optim.Optimizer { return &optim.AdamW{Decay: 0.01, Rate: optim.Cosine(0.1, 3, 20)} },
		"sgd":      func() optim.Optimizer { return &optim.SGD{Rate: optim.Steps(0.1, 0.5, 4), Decay: 0.01} },
		"momentum": func() optim.Optimizer { return &optim.SGD{Momentum: 0.9} },
	} {
		for stop := range 12 {
			straight, broken := params(), params()
			a, b := fresh(), fresh()
			for k := range 12 {
				a.Step(straight, gradients(straight, some(straight, k)))
				if k == stop {
					saved, weights := copied(b.State()), exact(broken)
					b.Step(broken, gradients(broken, some(broken, 99))) // is lost
					for i, p := range broken {
						for j, x := range weights[i] {
							p.Data[j] = float32(x)
						}
					}
					b = fresh()
					require.NoError(t, b.SetState(broken, saved))
				}
				b.Step(broken, gradients(broken, some(broken, k)))
			}
			for i := range straight {
				require.Equal(t, straight[i].Data, broken[i].Data, "%s, stopped at %d", name, stop)
			}
			assert.Equal(t, a.State(), b.State())
		}
	}
}

// What an optimizer was given stays the giver's.
func TestSetStateCopies(t *testing.T) {
	ps := params()
	a := &optim.AdamW{}
	a.Step(ps, gradients(ps, some(ps, 1)))
	saved := copied(a.State())
	b := &optim.AdamW{}
	require.NoError(t, b.SetState(ps, saved))
	before := copied(saved)
	b.Step(ps, gradients(ps, some(ps, 2)))
	assert.Equal(t, before, saved)
}

func TestSetStateRefuses(t *testing.T) {
	ps := params()
	adam := &optim.AdamW{}
	adam.Step(ps, gradients(ps, some(ps, 1)))
	sgd := &optim.SGD{Momentum: 0.9}
	sgd.Step(ps, gradients(ps, some(ps, 1)))
	for name, c := range map[string]struct {
		opt   optim.Optimizer
		state func() optim.State
	}{
		"of another kind":     {adam, sgd.State},
		"of the other kind":   {sgd, adam.State},
		"of nothing":          {adam, func() optim.State { return optim.State{} }},
		"negative":            {adam, func() optim.State { s := copied(adam.State()); s.Step = -1; return s }},
		"negative velocity":   {sgd, func() optim.State { s := copied(sgd.State()); s.Step = -1; return s }},
		"of fewer parameters": {adam, func() optim.State { s := copied(adam.State()); delete(s.Moments["second"], "1"); return s }},
		"of more parameters": {sgd, func() optim.State {
			s := copied(sgd.State())
			s.Moments["velocity"]["3"] = []float32{1}
			return s
		}},
		"of other shapes":  {adam, func() optim.State { s := copied(adam.State()); s.Moments["first"]["1"] = []float32{1}; return s }},
		"of unknown parts": {adam, func() optim.State { s := copied(adam.State()); s.Moments["third"] = nil; return s }},
		"without one":      {adam, func() optim.State { s := copied(adam.State()); delete(s.Moments["second"], "1"); return s }},
		"without all": {adam, func() optim.State {
			return optim.State{Step: 7, Moments: map[string]map[string][]float32{"first": nil, "second": nil}}
		}},
		"without all of them": {sgd, func() optim.State {
			return optim.State{Step: 7, Moments: map[string]map[string][]float32{"velocity": nil}}
		}},
		"of no momentum": {&optim.SGD{}, func() optim.State { return copied(sgd.State()) }},
		"before a step":  {adam, func() optim.State { s := copied(adam.State()); s.Step = 0; return s }},
		"of NaN": {adam, func() optim.State {
			s := copied(adam.State())
			s.Moments["first"]["0"][2] = float32(math.NaN())
			return s
		}},
		"of infinity": {sgd, func() optim.State {
			s := copied(sgd.State())
			s.Moments["velocity"]["0"][2] = float32(math.Inf(1))
			return s
		}},
		"of negative squares":  {adam, func() optim.State { s := copied(adam.State()); s.Moments["second"]["0"][2] = -1; return s }},
		"of half of its parts": {adam, func() optim.State { s := copied(adam.State()); delete(s.Moments, "second"); return s }},
	} {
		t.Run(name, func(t *testing.T) {
			before := copied(c.opt.State())
			err := c.opt.SetState(ps, c.state())
			require.Error(t, err)
			assert.Regexp(t, "^optim: state: (.*: )?want ", err.Error())
			assert.Equal(t, before, copied(c.opt.State()), "nothing is changed")
		})
	}
	fresh := &optim.AdamW{}
	require.NoError(t, fresh.SetState(ps, (&optim.AdamW{}).State()), "a state before the first step")
}

func TestClip(t *testing.T) {
	ps := params()[1:]
	d := [][]float32{{3, 0, 0, 0}, {-4}}
	for _, c := range []struct{ most, want float64 }{{0, 5}, {10, 5}, {5, 5}, {2.5, 2.5}, {1e-3, 1e-3}} {
		g := gradients(ps, d)
		assert.InDelta(t, 5, optim.Clip(ps, g, c.most), 1e-12, "the norm before")
		assert.InEpsilon(t, c.want, g.Norm([]*grad.Param{ps[0].Param, ps[1].Param}), 1e-6)
		assert.InEpsilon(t, 3*c.want/5, float64(g.Of(ps[0].Param)[0]), 1e-6)
	}
	var none grad.Gradients
	assert.Zero(t, optim.Clip(ps, &none, 1))
}

func TestSchedules(t *testing.T) {
	const rate = 0.5
	for _, c := range []struct {
		name string
		s    optim.Schedule
		want map[int]float64
	}{
		{"constant", optim.Constant(rate), map[int]float64{0: rate, 1e6: rate}},
		{"steps", optim.Steps(rate, 0.1, 3), map[int]float64{0: rate, 2: rate, 3: rate / 10, 5: rate / 10, 6: rate / 100}},
		{"steps every none", optim.Steps(rate, 0.5, 0), map[int]float64{0: rate, 1: rate / 2}},
		{"cosine", optim.Cosine(rate, 0, 100), map[int]float64{0: rate, 25: rate * (2 + math.Sqrt2) / 4, 50: rate / 2, 100: 0, 1000: 0}},
		{"cosine with warmup", optim.Cosine(rate, 4, 104), map[int]float64{0: rate / 4, 1: rate / 2, 3: rate, 4: rate, 54: rate / 2, 104: 0}},
		{"cosine of nothing", optim.Cosine(rate, 0, 0), map[int]float64{0: rate, 1: 0}},
		{"warmup", optim.Warmup(2, optim.Constant(rate)), map[int]float64{0: rate / 2, 1: rate, 2: rate}},
		{"no warmup", optim.Warmup(0, optim.Constant(rate)), map[int]float64{0: rate}},
	} {
		for step, want := range c.want {
			assert.InDelta(t, want, c.s(step), 1e-12, "%s, step %d", c.name, step)
		}
	}
	// Each step has its own rate, counted from 0.
	p := optim.Weights(grad.Filled(1, 1, 0))
	opt := &optim.SGD{Rate: func(step int) float64 { return float64(step + 1) }}
	for range 3 {
		opt.Step(p, gradients(p, [][]float32{{-1}}))
	}
	assert.Equal(t, []float32{1 + 2 + 3}, p[0].Data)
}

// Settings that make no sense panic, and change nothing.
func TestSettingsRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	rate := func(x float64) optim.Schedule { return func(int) float64 { return x } }
	for want, o := range map[string]optim.Optimizer{
		"optim.SGD: want a finite rate of 0 or more at step 0, got NaN":         &optim.SGD{Rate: rate(nan)},
		"optim.SGD: want a finite rate of 0 or more at step 0, got -1":          &optim.SGD{Rate: rate(-1)},
		"optim.SGD: want a finite rate of 0 or more at step 0, got +Inf":        &optim.SGD{Rate: rate(inf)},
		"optim.SGD: want Momentum of at least 0 and below 1, got 1":             &optim.SGD{Momentum: 1},
		"optim.SGD: want Momentum of at least 0 and below 1, got NaN":           &optim.SGD{Momentum: nan},
		"optim.SGD: want Momentum of at least 0 and below 1, got -0.5":          &optim.SGD{Momentum: -0.5},
		"optim.SGD: want Decay of at least 0 and below 3.4e+38, got -1":         &optim.SGD{Decay: -1},
		"optim.AdamW: want a finite rate of 0 or more at step 0, got NaN":       &optim.AdamW{Rate: rate(nan)},
		"optim.AdamW: want a finite rate of 0 or more at step 0, got 1e+39":     &optim.AdamW{Rate: rate(1e39)},
		"optim.AdamW: want Decay of at least 0 and below 3.4e+38, got NaN":      &optim.AdamW{Decay: nan},
		"optim.AdamW: want Decay of at least 0 and below 3.4e+38, got +Inf":     &optim.AdamW{Decay: inf},
		"optim.AdamW: want Beta1 of at least 0 and below 1, got 1":              &optim.AdamW{Beta1: 1},
		"optim.AdamW: want Beta1 of at least 0 and below 1, got 0.999999999999": &optim.AdamW{Beta1: 0.999999999999},
		"optim.AdamW: want Beta2 of at least 0 and below 1, got -0.1":           &optim.AdamW{Beta2: -0.1},
		"optim.AdamW: want Beta2 of at least 0 and below 1, got NaN":            &optim.AdamW{Beta2: nan},
		"optim.AdamW: want Epsilon of at least 0 and below 3.4e+38, got -1e-08": &optim.AdamW{Epsilon: -1e-8},
		"optim.AdamW: want an Epsilon that float32 holds, got 1e-60":            &optim.AdamW{Epsilon: 1e-60},
	} {
		ps := params()
		before := exact(ps)
		err := set.Try(func() { o.Step(ps, gradients(ps, some(ps, 1))) })
		var shape *set.ShapeError
		if assert.ErrorAs(t, err, &shape, want) {
			assert.ErrorContains(t, err, want)
		}
		assert.Equal(t, before, exact(ps), want)
		assert.Zero(t, o.State().Step, want)
	}

	ps := params()
	g := gradients(ps, some(ps, 1))
	adam := &optim.AdamW{}
	adam.Step(ps, g)
	for want, f := range map[string]func(){
		"optim.Step: want 12 numbers in parameter 0 as before, got 4": func() { adam.Step(optim.Weights(ps[1].Param, ps[1].Param, ps[2].Param), g) },
		"optim.Clip: want a bound of 0 or more, got NaN":              func() { optim.Clip(ps, g, nan) },
		"optim.Clip: want a bound of 0 or more, got -1":               func() { optim.Clip(ps, g, -1) },
		"optim.Constant: want a finite rate of 0 or more, got NaN":    func() { optim.Constant(nan) },
		"optim.Constant: want a finite rate of 0 or more, got -1":     func() { optim.Constant(-1) },
		"optim.Constant: want a finite rate of 0 or more, got +Inf":   func() { optim.Constant(inf) },
		"optim.Steps: want a finite rate of 0 or more, got NaN":       func() { optim.Steps(nan, 0.5, 1) },
		"optim.Steps: want a finite factor of 0 or more, got -0.5":    func() { optim.Steps(1, -0.5, 1) },
		"optim.Steps: want every from 0 to":                           func() { optim.Steps(1, 0.5, -1) },
		"optim.Cosine: want a finite rate of 0 or more, got NaN":      func() { optim.Cosine(nan, 1, 2) },
		"optim.Cosine: want warmup from 0 to 10, got 11":              func() { optim.Cosine(1, 11, 10) },
		"optim.Cosine: want warmup from 0 to 10, got -1":              func() { optim.Cosine(1, -1, 10) },
		"optim.Cosine: want total from 0 to":                          func() { optim.Cosine(1, 0, -10) },
		"optim.Warmup: want steps from 0 to":                          func() { optim.Warmup(-1, optim.Constant(1)) },
		"optim.Warmup: want a schedule to follow, got nil":            func() { optim.Warmup(1, nil) },
	} {
		var shape *set.ShapeError
		if err := set.Try(f); assert.ErrorAs(t, err, &shape, want) {
			assert.ErrorContains(t, err, want)
		}
	}
}

// A gradient whose norm is not finite is left as it is, for who looks at it.
func TestClipOfInfinite(t *testing.T) {
	ps := params()[1:]
	g := gradients(ps, [][]float32{{3, float32(math.Inf(1)), 0, 0}, {-4}})
	assert.Equal(t, math.Inf(1), optim.Clip(ps, g, 1))
	assert.Equal(t, []float32{-4}, g.Of(ps[1].Param))
	assert.Equal(t, float32(3), g.Of(ps[0].Param)[0])
}

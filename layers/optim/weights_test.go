package optim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers/optim"
	"setwise/set"
	"setwise/set/grad"
)

// factored returns parameters with factors: as they are, slow, without decay, with
// more of it, of rate 0, and frozen.
func factored() []optim.Weight {
	rng := params()[0].Data
	ws := make([]optim.Weight, 6)
	for i := range ws {
		p := grad.NewParam(1, 2)
		copy(p.Data, rng[2*i:])
		ws[i] = optim.Weight{Name: fmt.Sprint("w", i), Param: p, Rate: 1, Decay: 1}
	}
	ws[1].Rate, ws[2].Decay, ws[3].Decay, ws[4].Rate, ws[5].Frozen = 0.25, 0, 3, 0, true
	return ws
}

// A weight moves as if the optimizer had its rate and decay.
func TestFactors(t *testing.T) {
	for name, of := range map[string]func(rate, decay float64) optim.Optimizer{
		"sgd": func(rate, decay float64) optim.Optimizer { return &optim.SGD{Rate: optim.Constant(rate), Decay: decay} },
		"momentum": func(rate, decay float64) optim.Optimizer {
			return &optim.SGD{Rate: optim.Constant(rate), Decay: decay, Momentum: 0.9}
		},
		"adam": func(rate, decay float64) optim.Optimizer {
			return &optim.AdamW{Rate: optim.Constant(rate), Decay: decay}
		},
	} {
		ws := factored()
		all := of(0.1, 0.2)
		var alone []optim.Optimizer
		for _, w := range ws {
			alone = append(alone, of(0.1*w.Rate, 0.2*w.Decay))
		}
		single := factored()
		for k := range 10 {
			d := some(ws, k+1)
			d[5] = []float32{1, 1}
			all.Step(ws, gradients(unfrozen(ws), d))
			for i, w := range single {
				if w.Learns() {
					own := []optim.Weight{{Name: w.Name, Param: w.Param, Rate: 1, Decay: 1}}
					alone[i].Step(own, gradients(own, d[i:]))
				}
			}
			if k == 4 { // goes on from a state
				s := copied(all.State())
				all = of(0.1, 0.2)
				require.NoError(t, all.SetState(ws, s))
			}
		}
		for i, w := range ws {
			assert.InDeltaSlice(t, single[i].Data, w.Data, 1e-6, "%s, weight %d", name, i)
			assert.Equal(t, i >= 4, !w.Learns())
			if i >= 4 {
				assert.Equal(t, factored()[i].Data, w.Data)
			}
		}
		for _, m := range all.State().Moments {
			assert.NotContains(t, m, "w4", "what does not move is not remembered")
			assert.NotContains(t, m, "w5")
		}
	}
	assert.Equal(t, 4, len(optim.Learned(factored())))
}

// unfrozen returns weights of the same parameters whose gradients a tape gives.
func unfrozen(ws []optim.Weight) []optim.Weight {
	all := append([]optim.Weight(nil), ws...)
	p := *ws[5].Param
	p.Frozen = false
	all[5].Param = &p
	return all
}

// Weights are known by their names: in another order, or beside others, they go
// on as they did.
func TestStateByName(t *testing.T) {
	for name, fresh := range map[string]func() optim.Optimizer{
		"adam":     func() optim.Optimizer { return &optim.AdamW{} },
		"momentum": func() optim.Optimizer { return &optim.SGD{Momentum: 0.9} },
	} {
		straight, turned := params(), params()
		a, b := fresh(), fresh()
		for k := range 6 {
			d := some(straight, k)
			a.Step(straight, gradients(straight, d))
			b.Step(turned, gradients(inOrder(turned), d))
			if k == 2 {
				s := copied(b.State())
				b = fresh()
				turned = []optim.Weight{turned[2], turned[0], turned[1], {Name: "new", Param: grad.NewParam(3, 3), Rate: 1}}
				require.NoError(t, b.SetState(turned, s))
			}
		}
		assert.Equal(t, a.State(), b.State(), name)
		for _, w := range straight {
			for _, v := range turned {
				if v.Name == w.Name {
					assert.Equal(t, w.Data, v.Data)
				}
			}
		}
	}
	ws := params()
	adam := &optim.AdamW{}
	adam.Step(ws, gradients(ws, some(ws, 1)))
	renamed := params()
	renamed[1].Name = "another"
	assert.ErrorContains(t, adam.SetState(renamed, copied(adam.State())), `want memory of the parameters of the model, got some of "1"`)
	for want, spoil := range map[string]func(optim.State){
		`want memory ["first" "second"] together`:    func(s optim.State) { delete(s.Moments["first"], "0") },
		"want finite numbers, got NaN at 3":          func(s optim.State) { s.Moments["first"]["0"][3] = float32(math.NaN()) },
		"second: 0: want numbers of 0 or more":       func(s optim.State) { s.Moments["second"]["0"][3] = -1 },
		"first: parameter 1: want 4 numbers, got 3":  func(s optim.State) { s.Moments["first"]["1"] = s.Moments["first"]["1"][1:] },
		`want no memory but ["first" "second"], got`: func(s optim.State) { s.Moments["third"] = nil },
	} {
		s := copied(adam.State())
		spoil(s)
		assert.ErrorContains(t, adam.SetState(ws, s), want)
	}
	s := copied(adam.State())
	s.Step = 0
	assert.ErrorContains(t, adam.SetState(ws, s), "first: want none before the first step, got some")
}

// inOrder returns weights in the order of their names.
func inOrder(ws []optim.Weight) []optim.Weight {
	byName := map[string]optim.Weight{}
	for _, w := range ws {
		byName[w.Name] = w
	}
	return []optim.Weight{byName["0"], byName["1"], byName["2"]}
}

// Factors that make no sense, of any weight, are refused before any has moved.
func TestFactorsRefused(t *testing.T) {
	for name, opt := range map[string]optim.Optimizer{"optim.SGD": &optim.SGD{}, "optim.AdamW": &optim.AdamW{}} {
		for _, bad := range []float64{-1, math.NaN(), math.Inf(1), 1e39} {
			for _, spoil := range []func(w *optim.Weight){func(w *optim.Weight) { w.Rate = bad }, func(w *optim.Weight) { w.Decay = bad }} {
				ws := params()
				spoil(&ws[2])
				before := exact(ws)
				err := set.Try(func() { opt.Step(ws, gradients(ws, some(ws, 1))) })
				assert.ErrorContains(t, err, name+`: want finite factors of 0 or more for "2", got a rate of `)
				assert.Equal(t, before, exact(ws))
				assert.Zero(t, opt.State().Step)
			}
		}
		ws := params()
		g := gradients(ws, some(ws, 1))
		before := exact(ws[:1])
		ws[1].Data = ws[1].Data[:1]
		assert.ErrorContains(t, set.Try(func() { opt.Step(ws, g) }), name+`: want a gradient of 1 numbers for "1", got 4`)
		assert.Equal(t, before, exact(ws[:1]))
	}
}

// What does not learn does not count for a bound.
func TestClipOfLearned(t *testing.T) {
	ps := params()[1:]
	g := gradients(ps, [][]float32{{3, 0, 0, 4}, {-40}})
	ps[1].Rate = 0
	assert.InDelta(t, 5, optim.Clip(ps, g, 2.5), 1e-6)
	assert.InDeltaSlice(t, []float32{1.5, 0, 0, 2}, g.Of(ps[0].Param), 1e-6)
}

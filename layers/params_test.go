package layers_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/set"
	"setwise/set/grad"
)

func names(model any) []string {
	var all []string
	for name := range layers.Params(model) {
		all = append(all, name)
	}
	return all
}

// mabNames are the names of the parameters of a block with the given norms.
func mabNames(prefix string, norms ...string) []string {
	var all []string
	for _, part := range []string{"NormX", "NormY", "Attn.Query", "Attn.Key", "Attn.Value", "Norm1", "FF.In", "Norm2"} {
		switch {
		case !strings.HasPrefix(part, "Norm"):
			all = append(all, prefix+part+".Weight", prefix+part+".Bias")
		case slices.Contains(norms, part):
			all = append(all, prefix+part+".Gain", prefix+part+".Bias")
		}
	}
	return all
}

// The names are what checkpoints hold: they must never change.
func TestParamNames(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	b := layers.Block{Dim: 8}
	linear := func(prefix string) []string { return []string{prefix + "Weight", prefix + "Bias"} }
	norm := func(norming layers.Norming) layers.Block { return layers.Block{Dim: 8, Norm: norming} }
	for _, c := range []struct {
		name  string
		model any
		want  []string
	}{
		{"linear", layers.NewLinear(2, 3, rng), linear("")},
		{"linear without bias", &layers.Linear{Weight: grad.NewParam(1, 1)}, []string{"Weight"}},
		{"feed-forward", layers.NewFeedForward(4, 0, rng), linear("In.")},
		{"feed-forward hidden", layers.NewFeedForward(4, 8, rng), append(linear("In."), linear("Out.")...)},
		{"norm", layers.NewNorm(4), []string{"Gain", "Bias"}},
		{"no norm", (*layers.Norm)(nil), nil},
		{"embedding", layers.NewEmbedding(5, 2, rng), []string{"Table"}},
		{"multi-head", layers.NewMultiHead(2, 3, b, rng), slices.Concat(linear("Query."), linear("Key."), linear("Value."), linear("Out."))},
		{"mab", layers.NewMAB(2, 3, b, rng), mabNames("")},
		{"sab", layers.NewSAB(2, b, rng), mabNames("Read.")},
		{"sab post", layers.NewSAB(2, norm(layers.NormPost), rng), mabNames("Read.", "Norm1", "Norm2")},
		{"sab pre", layers.NewSAB(8, norm(layers.NormPre), rng), mabNames("Read.", "NormX", "Norm1")},
		{"mab pre", layers.NewMAB(8, 8, norm(layers.NormPre), rng), mabNames("", "NormX", "NormY", "Norm1")},
		{"sab pre from another width", layers.NewSAB(3, norm(layers.NormPre), rng), mabNames("Read.", "Norm1")},
		{"isab", layers.NewISAB(2, 4, b, rng), slices.Concat([]string{"Inducing"}, mabNames("Write."), mabNames("Read."))},
		{"isab set norm", layers.NewISAB(8, 4, norm(layers.NormSet), rng), slices.Concat([]string{"Inducing"},
			mabNames("Write.", "NormY", "Norm1"), mabNames("Read.", "NormX", "NormY", "Norm1"))},
		{"pma", layers.NewPMA(2, b, rng), append([]string{"Seeds"}, mabNames("Write.")...)},
		{"pma pre", layers.NewPMA(2, norm(layers.NormPre), rng), append([]string{"Seeds"}, mabNames("Write.", "NormY", "Norm1")...)},
		{"deep sets", layers.NewDeepSets(2, 4, 3, 1, layers.Mean, rng), slices.Concat(linear("Phi.0."), linear("Phi.2."), linear("Rho.0."), linear("Rho.2."))},
		{"stack", layers.Stack{layers.NewISAB(3, 2, b, rng), layers.ReLU, layers.NewPMA(1, b, rng), layers.Dropout(0.1), layers.NewLinear(8, 2, rng)},
			slices.Concat([]string{"0.Inducing"}, mabNames("0.Write."), mabNames("0.Read."), []string{"2.Seeds"}, mabNames("2.Write."), linear("4."))},
		{"set transformer", layers.NewSetTransformer(layers.Config{In: 2, Out: 3, Dim: 8, Inducing: 2, Decoder: 1, Fourier: 2}, rng), slices.Concat(
			[]string{"Encoder.0.Inducing"}, mabNames("Encoder.0.Write."), mabNames("Encoder.0.Read."),
			[]string{"Encoder.1.Inducing"}, mabNames("Encoder.1.Write."), mabNames("Encoder.1.Read."),
			[]string{"Pool.Seeds"}, mabNames("Pool.Write."), mabNames("Decoder.0.Read."), linear("Head."))},
	} {
		assert.Equal(t, c.want, names(c.model), c.name)
	}
}

// learning is a mechanism with a parameter.
type learning struct {
	attention.Full
	Temperature *grad.Param
}

type base struct{ W *grad.Param }

type knot struct {
	W    *grad.Param
	Next *knot
	Back *knot
}

func TestParamsWalk(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := func() *grad.Param { return grad.NewParam(1, 2) }
	shared := p()
	type inner struct{ A, B *grad.Param }
	type Exported struct{ C *grad.Param }
	a := &knot{W: p()}
	a.Next = &knot{W: p(), Back: a}
	for _, c := range []struct {
		name  string
		model any
		want  []string
	}{
		{"nothing", nil, nil},
		{"a function", layers.ReLU, nil},
		{"a parameter", p(), []string{""}},
		{"nil parameter", (*grad.Param)(nil), nil},
		{"array", [2]*grad.Param{p(), p()}, []string{"0", "1"}},
		{"map", map[string]*grad.Param{"b": p(), "a": p()}, []string{"a", "b"}},
		{"map by numbers", map[int]*grad.Param{1: p()}, nil},
		{"unexported", struct{ w *grad.Param }{p()}, nil},
		{"tags", struct {
			X *grad.Param `param:"-"`
			Y *grad.Param `param:"why"`
			Z inner       `param:"zed"`
		}{p(), p(), inner{p(), p()}}, []string{"why", "zed.A", "zed.B"}},
		{"shared", struct{ A, B, C *grad.Param }{shared, p(), shared}, []string{"A", "B"}},
		{"shared layer", func() any { l := layers.NewLinear(1, 1, rng); return layers.Stack{l, layers.ReLU, l} }(), []string{"0.Weight", "0.Bias"}},
		{"embedded", struct {
			Exported
			D *grad.Param
		}{Exported{p()}, p()}, []string{"C", "D"}},
		{"embedded, of a type that is not exported", struct {
			base
			D *grad.Param
		}{base{p()}, p()}, []string{"W", "D"}},
		{"embedded pointer to a type that is not exported", struct {
			*base
			D *grad.Param
		}{&base{p()}, p()}, []string{"W", "D"}},
		{"embedded parameter", struct{ *grad.Param }{p()}, []string{""}},
		{"mechanism", &layers.MultiHead{Mixer: &learning{Temperature: p()}}, []string{"Mixer.Temperature"}},
		{"in a circle", a, []string{"W", "Next.W"}},
		{"struct and its first field", func() any {
			x := &struct{ In inner }{inner{p(), p()}}
			return struct{ First, Whole any }{&x.In, x}
		}(), []string{"First.A", "First.B"}},
		{"nil layers", struct {
			L layers.Layer
			M *layers.MAB
			N []layers.Layer
		}{N: []layers.Layer{nil, layers.NewNorm(1)}}, []string{"N.1.Gain", "N.1.Bias"}},
	} {
		assert.Equal(t, c.want, names(c.model), c.name)
	}
	for range layers.Params(layers.NewLinear(1, 1, rng)) {
		break // stops at once
	}
}

func TestListAndCount(t *testing.T) {
	l := layers.NewLinear(3, 5, rand.New(rand.NewPCG(1, 2)))
	assert.Equal(t, []*grad.Param{l.Weight, l.Bias}, layers.List(l))
	assert.Equal(t, 3*5+5, layers.Count(l))
	assert.Zero(t, layers.Count(layers.ReLU))
}

// Find gives parts of any type, under the names that parameters begin with.
func TestFind(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	shared := layers.NewLinear(2, 2, rng)
	m := struct {
		First  *layers.Linear
		Second layers.Linear
		Again  *layers.Linear
		Stack  layers.Stack
		Block  *layers.SAB
		W      *grad.Param
	}{shared, *layers.NewLinear(2, 2, rng), shared, layers.Stack{layers.ReLU, layers.NewLinear(2, 2, rng)}, layers.NewSAB(2, layers.Block{Dim: 4}, rng), grad.NewParam(1, 1)}
	for _, model := range []any{m, &m} {
		var names []string
		for name, l := range layers.Find[*layers.Linear](model) {
			names = append(names, name)
			assert.NotNil(t, l.Weight)
		}
		assert.Equal(t, []string{"First", "Second", "Stack.1", "Block.Read.Attn.Query", "Block.Read.Attn.Key", "Block.Read.Attn.Value", "Block.Read.FF.In"}, names)
	}
	for name, b := range layers.Find[*layers.MAB](m) {
		assert.Equal(t, "Block.Read", name)
		assert.Same(t, m.Block.Read, b)
	}
	for name, b := range layers.Find[*layers.SAB](m.Block) {
		assert.Empty(t, name)
		assert.Same(t, m.Block, b)
	}
}

func TestNames(t *testing.T) {
	l := layers.Stack{layers.NewLinear(3, 5, rand.New(rand.NewPCG(1, 2))), layers.NewNorm(5)}
	all := layers.Names(l)
	assert.Len(t, all, 4)
	for name, p := range layers.Params(l) {
		assert.Equal(t, name, all[p])
	}
	assert.Equal(t, "1.Gain", all[l[1].(*layers.Norm).Gain])
	assert.Empty(t, layers.Names(layers.ReLU))
}

// By default everything learns at one rate, and biases and gains do not decay.
func TestWeightFactors(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	model := struct {
		Embed  *layers.Embedding
		Layers layers.Stack
		Gains  *grad.Param // is none, nor are these
		Bias   struct{ Of *grad.Param }
	}{layers.NewEmbedding(3, 4, rng), layers.Stack{layers.NewLinear(4, 4, rng), layers.NewNorm(4)}, grad.NewParam(1, 1), struct{ Of *grad.Param }{grad.NewParam(1, 1)}}
	got := map[string][2]float64{}
	var order []string
	for _, w := range layers.Weights(model, nil, nil) {
		got[w.Name] = [2]float64{w.Rate, w.Decay}
		order = append(order, w.Name)
		assert.Equal(t, w.Name, layers.Names(model)[w.Param])
	}
	assert.Equal(t, names(model), order)
	assert.Equal(t, map[string][2]float64{
		"Embed.Table": {1, 1}, "Layers.0.Weight": {1, 1}, "Layers.0.Bias": {1, 0}, "Layers.1.Gain": {1, 0}, "Layers.1.Bias": {1, 0},
		"Gains": {1, 1}, "Bias.Of": {1, 1},
	}, got)
	for _, w := range layers.Weights(model, func(name string) float64 { return float64(len(name)) }, func(name string) float64 { return float64(name[0]) }) {
		assert.Equal(t, [2]float64{float64(len(w.Name)), float64(w.Name[0])}, [2]float64{w.Rate, w.Decay})
	}
	assert.Equal(t, 1.0, layers.Weights(grad.NewParam(1, 1), nil, nil)[0].Decay, "without a name")
}

// Freezing a part makes constants of its parameters, and of no others.
func TestFreeze(t *testing.T) {
	l := layers.Stack{layers.NewLinear(2, 3, rand.New(rand.NewPCG(1, 2))), layers.NewLinear(3, 1, rand.New(rand.NewPCG(1, 2)))}
	learned := func() (all []string) {
		tape := grad.NewTape(nil)
		g := tape.Gradients(tape.Sum(l.Forward(tape, grad.Const(set.Of(2, []float32{1, 2})))))
		for name, p := range layers.Params(l) {
			if g.Of(p) != nil {
				all = append(all, name)
			}
		}
		return all
	}
	assert.Equal(t, []string{"0.Weight", "0.Bias", "1.Weight", "1.Bias"}, learned())
	layers.Freeze(l[0], true)
	assert.Equal(t, []string{"1.Weight", "1.Bias"}, learned())
	layers.Freeze(l, true)
	assert.Empty(t, learned())
	layers.Freeze(l, false)
	layers.Freeze(l[1], true)
	assert.Equal(t, []string{"0.Weight", "0.Bias"}, learned())
}

package layers_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/set"
	"setwise/set/grad"
)

// A layer that is given elements of another width than it takes says so, in
// the same words wherever in a model it is and whichever way it would have
// computed: which part of it, the width that it wants and the one that it got.
func TestWidths(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const in, wrong = 6, 7
	block := func(norm layers.Norming) layers.Block { return layers.Block{Dim: 8, Heads: 2, Norm: norm} }
	plain, before, over := block(layers.NormNone), block(layers.NormPre), block(layers.NormSet)
	full := plain
	full.Mechanism = attention.Full{}
	wide := func(b layers.Block) layers.Block { b.Dim = in; return b } // norms come before
	config := layers.Config{In: in, Out: 3, Dim: 8, Heads: 2}
	inducing := config
	inducing.Inducing = 2
	em := &layers.EM{Net: layers.NewPMA(2, wide(plain), rng), Steps: 1}

	type refusal struct {
		path string // of the part that refuses
		what string // the width that it wants
	}
	wants := func(path string) refusal { return refusal{path, fmt.Sprintf("elements of width %d", in)} }
	for name, c := range map[string]struct {
		layer layers.Layer
		refusal
	}{
		"Linear":            {layers.NewLinear(in, 3, rng), wants("")},
		"FeedForward":       {layers.NewFeedForward(in, 5, rng), wants("In")},
		"Norm":              {layers.NewNorm(in), wants("")},
		"SetNorm":           {layers.NewSetNorm(in), wants("")},
		"Embedding":         {layers.NewEmbedding(3, 2, rng), refusal{"", "elements of width 1"}},
		"Conv":              {layers.NewConv(1, 3, 2, 4, 1, rng), wants("")},
		"Unfold":            {layers.Unfold(3), refusal{"", "a width that 3 divides"}},
		"DotPool":           {layers.NewDotPool(in, rng), wants("")},
		"Equivariant":       {layers.NewEquivariant(in, 2, layers.Mean, rng), wants("Shared")},
		"DeepSets":          {layers.NewDeepSets(in, 4, 2, 1, layers.Max, rng), wants("Phi.0")},
		"LSTM":              {&layers.Recurrent{Cell: layers.NewLSTM(in, 4, rng)}, wants("Cell.Input")},
		"GRU":               {&layers.Recurrent{Cell: layers.NewGRU(in, 4, rng), Backward: true}, wants("Cell.Input")},
		"MultiHead":         {layers.NewMultiHead(in, in, plain, rng), wants("Key")},
		"SAB":               {layers.NewSAB(in, plain, rng), wants("Read.Attn.Key")},
		"SAB, norm first":   {layers.NewSAB(in, wide(before), rng), wants("Read.NormY")},
		"ISAB":              {layers.NewISAB(in, 2, plain, rng), wants("Write.Attn.Key")},
		"ISAB, many points": {layers.NewISAB(in, 50, plain, rng), wants("Write.Attn.Key")},
		"ISAB, norm first":  {layers.NewISAB(in, 2, wide(before), rng), wants("Write.NormY")},
		"ISAB, set norm":    {layers.NewISAB(in, 2, wide(over), rng), wants("Write.NormY")},
		"ISAB, mechanism":   {layers.NewISAB(in, 2, full, rng), wants("Write.Attn.Key")},
		"PMA":               {layers.NewPMA(1, wide(plain), rng), wants("Write.Attn.Key")},
		"PMA, many seeds":   {layers.NewPMA(60, wide(plain), rng), wants("Write.Attn.Key")},
		"PMA, norm first":   {layers.NewPMA(1, wide(before), rng), wants("Write.NormY")},
		"EM":                {em, wants("Net.Write.Attn.Key")},
		"SetTransformer":    {layers.NewSetTransformer(config, rng), wants("Encoder.0.Read.Attn.Key")},
		"SetTransformer, I": {layers.NewSetTransformer(inducing, rng), wants("Encoder.0.Write.Attn.Key")},
		"weights of a PMA":  {layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return layers.NewPMA(1, wide(plain), rng).Weights(t, x) }), wants("Write.Attn.Key")},
		"weights of a model": {layers.Func(func(t *grad.Tape, x grad.Value) grad.Value {
			return grad.Const(layers.NewSetTransformer(config, rng).Attention(x.Batch))
		}), wants("Encoder.0.Read.Attn.Key")},
	} {
		for at, model := range map[string]layers.Layer{"": c.layer, "1": layers.Stack{layers.ReLU, c.layer}, "0.1": layers.Stack{layers.Stack{layers.ReLU, c.layer}}} {
			for _, x := range []set.Batch{set.New(wrong, 3, 0, 1), set.New(wrong, 3000), set.New(wrong, 0)} {
				check(t, name, func() { layers.Apply(model, x) }, below(at, c.path), c.what, wrong)
				check(t, name, func() { model.Forward(grad.NewTape(rng), grad.Const(x)) }, below(at, c.path), c.what, wrong)
			}
		}
	}

	ok, bad := grad.Const(set.New(in, 3, 1)), grad.Const(set.New(wrong, 3, 1))
	for name, c := range map[string]struct {
		pair layers.Pair
		x, y refusal
	}{
		"MAB":             {layers.NewMAB(in, in, plain, rng), wants("Attn.Query"), wants("Attn.Key")},
		"MAB, mechanism":  {layers.NewMAB(in, in, full, rng), wants("Attn.Query"), wants("Attn.Key")},
		"MAB, norm first": {layers.NewMAB(in, in, wide(before), rng), wants("NormX"), wants("NormY")},
		"MultiHead":       {layers.NewMultiHead(in, in, plain, rng), wants("Query"), wants("Key")},
	} {
		check(t, name, func() { c.pair.Attend(nil, bad, ok) }, c.x.path, c.x.what, wrong)
		check(t, name, func() { c.pair.Attend(nil, ok, bad) }, c.y.path, c.y.what, wrong)
		check(t, name, func() { c.pair.Attend(grad.NewTape(rng), bad, bad) }, c.y.path, c.y.what, wrong)
	}

	for name, c := range map[string]struct {
		cell       layers.Cell
		x, state   int
		projection string
		states     string
	}{
		"LSTM": {layers.NewLSTM(in, 4, rng), 16, 8, "projected elements of width 16", "states of width 8"},
		"GRU":  {layers.NewGRU(in, 4, rng), 12, 4, "projected elements of width 12", "states of width 4"},
	} {
		step := func(x, state int) func() {
			return func() { c.cell.Step(nil, grad.Const(set.New(x, 1)), grad.Const(set.New(state, 1))) }
		}
		check(t, name, step(wrong, c.state), "", c.projection, wrong)
		check(t, name, step(c.x, wrong), "", c.states, wrong)
	}
}

// below returns the path of a part of what is at another path.
func below(at, path string) string {
	if at == "" || path == "" {
		return at + path
	}
	return at + "." + path
}

// check holds a refusal to its words.
func check(t *testing.T, name string, f func(), path, wants string, got int) {
	t.Helper()
	var shape *set.ShapeError
	err := set.Try(f)
	require.ErrorAs(t, err, &shape, name)
	require.Regexp(t, "^"+pathOf(path)+`(layers|grad)\.\w+: want `+wants+`(, .*)?, got `+fmt.Sprint(got)+"$", err.Error(), name)
	require.NotContains(t, err.Error(), "head", name)
}

func pathOf(path string) string {
	if path == "" {
		return ""
	}
	return path + ": "
}

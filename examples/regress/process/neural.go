package process

import (
	"math"
	"math/rand/v2"

	"setwise/examples/regress/models"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// A neuralProcess tells, for every x of a set, a mean and the logarithm of a
// deviation of y, from a set of points (x, y) that are known: regression as a
// function of a set.
type neuralProcess interface {
	tell(t *grad.Tape, context, x grad.Value) grad.Value
}

// newNeuralProcess returns the named model:
//
//	cnp    what is known is pooled into one vector (Garnelo et al. 2018)
//	canp   every x attends to what is known, and there is a pooled vector too (Kim et al. 2019)
//	tnp-d  layers in which what is known attends to itself, and every x to it (Nguyen and Grover 2022)
func newNeuralProcess(model string, rng *rand.Rand) neuralProcess {
	switch model {
	case "cnp":
		return &pooling{
			Pools:   []layers.Stack{poolOf(mlp(2, 128, 4, rng), rng), poolOf(mlp(2, 128, 4, rng), rng)},
			Decoder: decoder(1+2*128, rng),
		}
	case "canp":
		b := layers.Block{Dim: 128, Heads: 8, Norm: layers.NormPost}
		attending := func() layers.Stack { return append(mlp(2, 128, 2, rng), layers.ReLU, layers.NewSAB(128, b, rng)) }
		return &attentive{
			Values:  attending(),
			Places:  mlp(1, 128, 2, rng),
			Cross:   layers.NewMAB(128, 128, b, rng),
			Pool:    poolOf(attending(), rng),
			Decoder: decoder(1+2*128, rng),
		}
	}
	tr := &transformer{Embed: mlp(2, 64, 4, rng), Head: append(layers.Stack{models.Hidden(64, 128, rng)}, layers.NewLinear(128, 2, rng))}
	for range 6 {
		tr.Blocks = append(tr.Blocks, layers.NewMAB(64, 64, layers.Block{Dim: 64, Heads: 4, Hidden: 128, Norm: layers.NormPre, Scale: layers.ScaleHead}, rng))
	}
	return tr
}

// mlp returns so many linear layers with ReLUs between them.
func mlp(in, dim, depth int, rng *rand.Rand) layers.Stack {
	var m layers.Stack
	for range depth - 1 {
		m = append(m, models.Hidden(in, dim, rng))
		in = dim
	}
	return append(m, layers.NewLinear(in, dim, rng))
}

// poolOf returns a network that pools what another makes of the elements.
func poolOf(elements layers.Stack, rng *rand.Rand) layers.Stack {
	return append(append(elements, layers.Mean), mlp(128, 128, 2, rng)...)
}

func decoder(in int, rng *rand.Rand) layers.Stack {
	return layers.Stack{models.Hidden(in, 128, rng), models.Hidden(128, 128, rng), layers.NewLinear(128, 2, rng)}
}

type pooling struct {
	Pools   []layers.Stack
	Decoder layers.Stack
}

func (p *pooling) tell(t *grad.Tape, context, x grad.Value) grad.Value {
	parts := []grad.Value{x}
	for _, pool := range p.Pools {
		parts = append(parts, t.Spread(pool.Forward(t, context), x.Offsets))
	}
	return p.Decoder.Forward(t, t.Join(parts...))
}

type attentive struct {
	Values, Places layers.Stack
	Cross          *layers.MAB
	Pool, Decoder  layers.Stack
}

func (a *attentive) tell(t *grad.Tape, context, x grad.Value) grad.Value {
	values := a.Values.Forward(t, context)
	keys := a.Places.Forward(t, t.Columns(context, 0, 1))
	queries := a.Places.Forward(t, x)
	// A MAB whose keys are other elements than its values.
	h := a.Cross.Attn
	kept := layers.Kept{Key: h.Key.Forward(t, keys), Value: h.Value.Forward(t, values), Of: context.Batch}
	y := a.Cross.Over(t, queries, kept, grad.Value{})
	return a.Decoder.Forward(t, t.Join(x, y, t.Spread(a.Pool.Forward(t, context), x.Offsets)))
}

type transformer struct {
	Embed  layers.Stack
	Blocks []*layers.MAB
	Head   layers.Stack
}

func (r *transformer) tell(t *grad.Tape, context, x grad.Value) grad.Value {
	nothing := grad.Const(set.New(1, x.Len()))
	known, told := r.Embed.Forward(t, context), r.Embed.Forward(t, t.Join(x, nothing))
	for i, b := range r.Blocks {
		told = b.Attend(t, told, known)
		if i+1 < len(r.Blocks) {
			known = b.Attend(t, known, known)
		}
	}
	return r.Head.Forward(t, told)
}

// atLeast raises deviations above a tenth, which the code of the papers on
// pooled and attentive processes does too: log σ becomes log 0.1 + softplus.
func atLeast(t *grad.Tape, y grad.Value) grad.Value {
	tenth := set.New(1, y.Len())
	for i := range tenth.Values {
		tenth.Values[i] = float32(math.Log(0.1))
	}
	return t.Join(t.Columns(y, 0, 1), t.Add(t.Softplus(t.Columns(y, 1, 2)), grad.Const(tenth)))
}

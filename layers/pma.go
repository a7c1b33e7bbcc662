package layers

import (
	"math"
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// PMA pools each set by attention into as many elements as there are seeds S:
//
//	PMA(X) = MAB(S, X)
//
// The paper has a feed-forward layer before it, which all of its
// implementations leave out. An empty set pools to what the seeds alone give.
type PMA struct {
	Seeds *grad.Param
	Write *MAB
}

// NewPMA returns a pool of elements of width b.Dim. Seeds are drawn uniformly
// within ±√(6/(b.Dim (seeds+1))), as in the authors' code. It panics with a
// [*set.ShapeError] if b has a mechanism that cannot pool, or is causal.
func NewPMA(seeds int, b Block, rng *rand.Rand) *PMA {
	need("layers.NewPMA", argument{"seeds", seeds, 1})
	b.must()
	b.mustPool("layers.NewPMA")
	return &PMA{Seeds: learned(seeds, b.Dim, rng), Write: learnedQueries(NewMAB(b.Dim, b.Dim, b, rng))}
}

// Forward returns as many elements for every set of x as there are seeds.
func (p *PMA) Forward(t *grad.Tape, x grad.Value) grad.Value {
	p.must()
	defer set.Within("Write")
	return p.Write.summarise(t, t.Param(p.Seeds), x)
}

// must panics unless p has its parts.
func (p *PMA) must() {
	if p == nil {
		panic(set.Mismatch("layers.PMA", "a layer, got nil"))
	}
	p.Write.must()
}

// learned returns rows as PyTorch's xavier_uniform_ draws a tensor of shape (1,
// rows, dim).
func learned(rows, dim int, rng *rand.Rand) *grad.Param {
	return grad.Uniform(rows, dim, float32(math.Sqrt(6/float64(dim*(rows+1)))), rng)
}

// learnedQueries returns m for queries that are parameters, which are not
// normed beforehand.
func learnedQueries(m *MAB) *MAB {
	m.NormX = nil
	return m
}

// Weights returns how much attention the seeds pay to each element of x: an
// element of width heads * seeds for each of x, heads first, positive numbers
// that sum to one over each set in every column.
func (p *PMA) Weights(t *grad.Tape, x grad.Value) grad.Value {
	w := p.pairs(t, x)
	seeds := make([]grad.Value, p.Seeds.Rows) // what each pays to the elements, a column a head
	for i := range seeds {
		var rows []int32
		for s := range x.Sets() {
			lo, hi := w.Offsets.Bounds(s*len(seeds) + i)
			for pair := lo; pair < hi; pair++ {
				rows = append(rows, int32(pair))
			}
		}
		seeds[i] = t.Gather(w, rows, x.Offsets)
	}
	var columns []grad.Value
	for h := range w.Dim {
		for _, s := range seeds {
			columns = append(columns, t.Columns(s, h, h+1))
		}
	}
	return t.Join(columns...)
}

// pairs returns how much each seed attends to each element, as
// [MultiHead.Weights] has it.
func (p *PMA) pairs(t *grad.Tape, x grad.Value) grad.Value {
	p.must()
	defer set.Within("Write")
	x = normed("NormY", p.Write.NormY, t, x)
	defer set.Within("Attn")
	return p.Write.Attn.Weights(t, t.Param(p.Seeds), x)
}

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
	MAB   *MAB
}

// NewPMA returns a pool of elements of width b.Dim. Seeds are drawn uniformly
// within ±√(6/(b.Dim (seeds+1))), as in the authors' code.
func NewPMA(seeds int, b Block, rng *rand.Rand) *PMA {
	need("layers.NewPMA", argument{"seeds", seeds, 1})
	b.must()
	return &PMA{Seeds: learned(seeds, b.Dim, rng), MAB: learnedQueries(NewMAB(b.Dim, b.Dim, b.full(), rng))}
}

// Forward returns as many elements for every set of x as there are seeds.
func (p *PMA) Forward(t *grad.Tape, x grad.Value) grad.Value {
	p.must()
	return p.MAB.summarise(t, p.Seeds, x)
}

// must panics unless p has its parts.
func (p *PMA) must() {
	if p == nil {
		panic(set.Mismatch("layers.PMA", "a layer, got nil"))
	}
	p.MAB.must()
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
// element of width heads * seeds for each of x, positive numbers that sum to one
// over each set in every column.
func (p *PMA) Weights(t *grad.Tape, x grad.Value) grad.Value {
	p.must()
	a := p.MAB.Attn
	q := a.Query.Forward(t, t.Param(p.Seeds))
	k := a.Key.Forward(t, p.MAB.NormY.Forward(t, x))
	q = spread(t, q, k)
	heads := a.heads(q.Dim)
	width := q.Dim / heads
	columns := make([]grad.Value, heads)
	for h := range columns {
		dots := t.Dots(t.Columns(k, h*width, (h+1)*width), t.Columns(q, h*width, (h+1)*width))
		columns[h] = t.Softmax(t.Scale(dots, a.scale(q.Dim)))
	}
	return t.Join(columns...)
}

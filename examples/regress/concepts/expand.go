package concepts

import (
	"math"
	"math/rand/v2"
	"slices"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// An expander scores words by how well they go with a few others.
type expander interface {
	// scores returns, for each query, an element of a number for every word.
	scores(t *grad.Tape, queries [][]int) set.Batch

	// loss is of queries and other words of the same topics.
	loss(t *grad.Tape, queries, others [][]int) grad.Value
}

// summing is the model of Zaheer et al. (2017): the score of a word x in the
// company of X is ρ(φ(x) + Σ φ(y) over X), or with the maximum for both sums.
type summing struct {
	Words    *layers.Embedding
	Phi, Rho layers.Stack
	max      bool
}

// newSumming returns the model in the sizes of the authors' code.
func newSumming(words int, max bool, rng *rand.Rand) *summing {
	const dim, wide = 50, 150
	linear := func(in, out int) layers.Layer { return layers.NewLinear(in, out, rng) }
	deviation := float32(math.Sqrt(2 / float64(words+dim)))
	s := &summing{Words: &layers.Embedding{Table: grad.Normal(words, dim, deviation, rng)}, max: max}
	if max {
		s.Phi = layers.Stack{linear(dim, wide), layers.ReLU, linear(wide, wide)}
		s.Rho = layers.Stack{linear(wide, wide), layers.ReLU, linear(wide, wide/2), layers.ReLU, linear(wide/2, 1)}
	} else {
		s.Phi = layers.Stack{linear(dim, wide), layers.Tanh, linear(wide, wide), layers.Tanh}
		s.Rho = layers.Stack{linear(wide, wide), layers.Tanh, linear(wide, wide/2), layers.Tanh, linear(wide/2, 1)}
	}
	return s
}

// know returns Σ φ(y) for each query.
func (s *summing) know(t *grad.Tape, queries [][]int) grad.Value {
	x := s.Phi.Forward(t, s.Words.Embed(t, queries...))
	if s.max {
		return t.Max(x)
	}
	return t.Sum(x)
}

// with returns the scores of words, given φ of them, sets of words beside
// queries.
func (s *summing) with(t *grad.Tape, x, known grad.Value) grad.Value {
	company := t.Spread(known, x.Offsets)
	if s.max {
		return s.Rho.Forward(t, t.Add(x, t.ReLU(t.Sub(company, x))))
	}
	return s.Rho.Forward(t, t.Add(x, company))
}

func (s *summing) scores(t *grad.Tape, queries [][]int) set.Batch {
	words := s.Words.Table.Rows
	all := make([]int, words)
	for w := range all {
		all[w] = w
	}
	x := s.Phi.Forward(t, s.Words.Embed(t, all))
	out := set.New(words, slices.Repeat([]int{1}, len(queries))...)
	for i, known := range s.know(t, queries).All() {
		grad.Scratch(func(t *grad.Tape) { copy(out.Row(i), s.with(t, x, grad.Const(known)).Values) })
	}
	return out
}

// margin is by how much a word of the topic should score more than another.
const margin = 0.1

// pairsOfTopic is how many of the other words of a topic a step learns from.
const pairsOfTopic = 10

// loss is the mean of max(0, margin - s(x) + s(x')) over ten of the other words
// x of each topic, each with a word x' drawn from all.
func (s *summing) loss(t *grad.Tape, queries, others [][]int) grad.Value {
	some, drawn, sizes := make([][]int, len(others)), make([][]int, len(others)), make([]int, len(others))
	for i, words := range others {
		some[i] = words[:min(pairsOfTopic, len(words))]
		sizes[i] = len(some[i])
		for range some[i] {
			drawn[i] = append(drawn[i], t.Rand().IntN(s.Words.Table.Rows))
		}
	}
	known := s.know(t, queries)
	score := func(words [][]int) grad.Value { return s.with(t, s.Phi.Forward(t, s.Words.Embed(t, words...)), known) }
	zero, full := set.New(1, sizes...), set.New(1, sizes...)
	for i := range full.Values {
		full.Values[i] = margin
	}
	return loss.AbsoluteError(t, t.ReLU(t.Add(t.Sub(score(drawn), score(some)), grad.Const(full))), zero)
}

// pointing has one vector for each word. The score of a word is the dot product
// of its own with the mean of those that are known, times ten, and how common
// it is: the simplest Deep Sets. It learns as a classifier does that is to tell
// the other words of the topic, with all words for classes.
type pointing struct {
	Words  *layers.Embedding
	Common *grad.Param
}

func newPointing(words int, rng *rand.Rand) *pointing {
	return &pointing{&layers.Embedding{Table: grad.Normal(words, 64, 0.1, rng)}, grad.NewParam(1, words)}
}

// logits returns one set of an element for each query.
func (p *pointing) logits(t *grad.Tape, queries [][]int) grad.Value {
	x := t.Regroup(t.Scale(t.Mean(p.Words.Embed(t, queries...)), 10), set.Sizes(len(queries)))
	return t.Shift(t.Dots(x, t.Param(p.Words.Table)), t.Param(p.Common))
}

func (p *pointing) scores(t *grad.Tape, queries [][]int) set.Batch { return p.logits(t, queries).Batch }

func (p *pointing) loss(t *grad.Tape, queries, others [][]int) grad.Value {
	return likelihoodOf(t, p.logits(t, queries), others)
}

// likelihoodOf returns the mean over elements of logits of the mean over
// some of their classes of the negative log probability that the softmax of the
// logits gives to the class.
func likelihoodOf(t *grad.Tape, logits grad.Value, classes [][]int) grad.Value {
	n := logits.Len()
	slope := t.Floats(len(logits.Values))
	var total float64
	for i, some := range classes {
		x, d := logits.Row(i), slope[i*logits.Dim:(i+1)*logits.Dim]
		top := slices.Max(x)
		var sum float64
		for j, v := range x {
			e := math.Exp(float64(v - top))
			d[j] = float32(e)
			sum += e
		}
		for j := range d {
			d[j] /= float32(sum * float64(n))
		}
		for _, c := range some {
			total += (float64(top-x[c]) + math.Log(sum)) / float64(n*len(some))
			d[c] -= 1 / float32(n*len(some))
		}
	}
	loss := set.Of(1, []float32{float32(total)})
	return t.Record(grad.Op{Name: "LikelihoodOf"}, loss, func(dy []float32, din [][]float32) {
		for i, d := range slope {
			din[0][i] += dy[0] * d
		}
	}, logits)
}

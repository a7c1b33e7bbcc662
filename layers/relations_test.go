package layers_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers"
	"setwise/layers/attention"
	"setwise/set"
	"setwise/set/grad"
)

// A layer that changes each element keeps the relations of a batch for the
// layers after it; one that makes other elements leaves them behind.
func TestRelationsAreKept(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	block := layers.Block{Dim: 2, Heads: 1, Norm: layers.NormPre, Dropout: 0.1}
	sparse := block
	sparse.Mechanism = attention.Sparse{Patterns: []attention.Pattern{attention.Edges{Name: "near"}}}
	x := set.New(1, 3, 0, 1)
	near := attention.Window{Radius: 1}.Relate(x, x)
	near.Name = "near"
	x = x.Relate(near)
	kept := map[string]layers.Layer{
		"Linear": layers.NewLinear(1, 2, rng), "FeedForward": layers.NewFeedForward(1, 3, rng), "Norm": layers.NewNorm(1), "SetNorm": layers.NewSetNorm(1),
		"ReLU": layers.ReLU, "Dropout": layers.Dropout(0.5), "Fourier": layers.Fourier{Bands: 2}, "Conv": layers.NewConv(1, 1, 1, 2, 1, rng),
		"Embedding": layers.NewEmbedding(4, 2, rng), "Equivariant": layers.NewEquivariant(1, 2, layers.Mean, rng),
		"Recurrent": &layers.Recurrent{Cell: layers.NewGRU(1, 2, rng)}, "MultiHead": layers.NewMultiHead(1, 1, block, rng),
		"SAB": layers.NewSAB(1, block, rng), "SAB, sparse": layers.NewSAB(1, sparse, rng), "ISAB": layers.NewISAB(1, 2, block, rng), "Stack": layers.Stack{},
	}
	left := map[string]layers.Layer{
		"Mean": layers.Mean, "Sum": layers.Sum, "Max": layers.Max, "Last": layers.Last, "PMA": layers.NewPMA(2, layers.Block{Dim: 1, Heads: 1}, rng),
		"DotPool": layers.NewDotPool(1, rng), "Unfold": layers.Unfold(1),
	}
	for _, tape := range []*grad.Tape{nil, grad.NewTape(rng)} {
		for name, l := range kept {
			assert.Equal(t, []*set.Relation{near}, l.Forward(tape, grad.Const(x)).Relations, name)
		}
		for name, l := range left {
			assert.Empty(t, l.Forward(tape, grad.Const(x)).Relations, name)
		}
	}
}

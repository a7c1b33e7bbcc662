package layers

import (
	"math"
	"math/rand/v2"

	"setwise/set"
	"setwise/set/grad"
)

// Embedding gives each token, a number from 0, a learned element: the row of
// Table that it numbers.
type Embedding struct{ Table *grad.Param }

// NewEmbedding returns an embedding of tokens 0 to tokens-1 with elements of
// width dim drawn from a standard normal distribution, as PyTorch's does.
func NewEmbedding(tokens, dim int, rng *rand.Rand) *Embedding {
	need("layers.NewEmbedding", argument{"tokens", tokens, 0}, argument{"dim", dim, 0})
	return &Embedding{Table: grad.Normal(tokens, dim, 1, rng)}
}

// Embed returns the elements of sets of tokens. It panics with a
// [*set.ShapeError] if a token is not in the table.
func (e *Embedding) Embed(t *grad.Tape, sets ...[]int) grad.Value {
	offsets := make(set.Offsets, 1, len(sets)+1)
	var rows []int32
	for _, s := range sets {
		for _, token := range s {
			rows = append(rows, e.row(float64(token)))
		}
		offsets = append(offsets, len(rows))
	}
	return t.Gather(t.Param(e.Table), rows, offsets)
}

// Forward returns the embedding of elements of width 1 that hold token
// numbers. It panics with a [*set.ShapeError] if one is not a whole number, or
// not in the table.
func (e *Embedding) Forward(t *grad.Tape, x grad.Value) grad.Value {
	needWidth("layers.Embedding", "elements", 1, x)
	rows := t.Ints(x.Len())
	for i, v := range x.Values {
		rows[i] = e.row(float64(v))
	}
	y := t.Gather(t.Param(e.Table), rows, x.Offsets)
	y.Relations = x.Relations
	return y
}

// row returns a token as the number of a row.
func (e *Embedding) row(token float64) int32 {
	if e.Table == nil {
		panic(set.Mismatch("layers.Embedding", "a table, got nil"))
	}
	if !(token >= 0 && token < float64(e.Table.Rows)) || token != math.Trunc(token) {
		panic(set.Mismatch("layers.Embedding", "tokens that are whole numbers from 0 to %d, got %v", e.Table.Rows-1, float32(token)))
	}
	return int32(token)
}

package layers

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/internal/gradtest"
	"setwise/set"
	"setwise/set/grad"
)

func TestKeyQueries(t *testing.T) {
	for _, c := range []struct {
		name         string
		queries      int
		dim, in      int
		heads        int
		wantElements int
	}{
		{"one head", 2, 4, 3, 1, 2},
		{"heads", 3, 6, 5, 3, 9},
		{"one wide", 2, 4, 1, 2, 4},
		{"no queries", 0, 4, 3, 2, 0},
	} {
		(&gradtest.Check{
			Name: c.name, In: []set.Batch{gradtest.Ragged(1, c.dim, c.queries)}, Params: []*grad.Param{gradtest.Normal(2, c.in, c.dim)},
			Op: func(t *grad.Tape, in, p []grad.Value) grad.Value {
				return keyQueries(t, in[0], p[0], c.heads)
			},
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				q, w := x[0], x[1]
				y := gradtest.Zeros(set.Offsets{0, c.wantElements}, c.in)
				width := c.dim / c.heads
				for h := range c.heads {
					for i := range c.queries {
						for a := range c.in {
							y.Row(h*c.queries + i)[a] = dotted(q.Row(i)[h*width:(h+1)*width], w.Row(a)[h*width:(h+1)*width])
						}
					}
				}
				return y
			},
		}).Run(t)
	}
}

func TestHeadValues(t *testing.T) {
	for _, c := range []struct {
		name    string
		sets    []int // sizes of the sets of keys
		queries int
		dim, in int
		heads   int
		bias    bool
	}{
		{"one head", []int{3, 0, 1}, 2, 4, 3, 1, true},
		{"heads", []int{0, 2, 5, 0}, 3, 6, 5, 3, true},
		{"no bias", []int{3, 0, 1}, 2, 4, 3, 2, false},
		{"no queries", []int{3, 1}, 0, 4, 3, 2, true},
	} {
		keys := set.Sizes(c.sets...)
		sizes := make([]int, len(c.sets))
		for i := range sizes {
			sizes[i] = c.heads * c.queries
		}
		params := []*grad.Param{gradtest.Normal(2, c.in, c.dim)}
		if c.bias {
			params = append(params, gradtest.Normal(3, 1, c.dim))
		}
		(&gradtest.Check{
			Name: c.name, In: []set.Batch{gradtest.Ragged(1, c.in, sizes...)}, Params: params,
			Op: func(t *grad.Tape, in, p []grad.Value) grad.Value {
				var bias grad.Value
				if c.bias {
					bias = p[1]
				}
				return headValues(t, in[0], p[0], bias, c.heads, keys)
			},
			Twin: func(x []gradtest.Sets) gradtest.Sets {
				off := make(set.Offsets, len(sizes)+1)
				for s := range off {
					off[s] = s * c.queries
				}
				y, width := gradtest.Zeros(off, c.dim), c.dim/c.heads
				for s := range sizes {
					for i := range c.queries {
						for j := range c.dim {
							met := x[0].Row(x[0].Off[s] + j/width*c.queries + i)
							out := &y.Row(off[s] + i)[j]
							for a, b := range met {
								*out += b * x[1].Row(a)[j]
							}
							if c.bias && c.sets[s] > 0 {
								*out += x[2].V[j]
							}
						}
					}
				}
				return y
			},
		}).Run(t)
	}
}

// Queries that meet the elements themselves gather what they would gather
// from keys and values.
func TestHeadsAreAttention(t *testing.T) {
	x, seeds := gradtest.Usual(1, 3), gradtest.Ragged(2, 6, 2)
	wk, wv, bv := gradtest.Normal(3, 3, 6), gradtest.Normal(4, 3, 6), gradtest.Normal(5, 1, 6)
	const heads = 3
	straight := func(t *grad.Tape, in, p []grad.Value) grad.Value {
		return t.Attend(in[1], t.Affine(in[0], p[0], grad.Value{}), t.Affine(in[0], p[1], p[2]), grad.Attention{Heads: heads, Scale: 0.7})
	}
	short := func(t *grad.Tape, in, p []grad.Value) grad.Value {
		met := t.Attend(keyQueries(t, in[1], p[0], heads), in[0], in[0], grad.Attention{Scale: 0.7})
		return headValues(t, met, p[1], p[2], heads, in[0].Offsets)
	}
	dy := gradtest.Ragged(6, 6, 2, 2, 2, 2, 2).Values
	c := gradtest.Check{In: []set.Batch{x, seeds}, Params: []*grad.Param{wk, wv, bv}, Op: straight}
	want := c.On(grad.NewTape(nil), c.In, dy)
	c.Op = short
	got := c.On(grad.NewTape(nil), c.In, dy)
	assert.Equal(t, want.Y.Offsets, got.Y.Offsets)
	assert.InDeltaSlice(t, want.Y.Values, got.Y.Values, 1e-5)
	for i := range want.In {
		assert.InDeltaSlice(t, want.In[i], got.In[i], 2e-5)
	}
	for i := range want.Params {
		assert.InDeltaSlice(t, want.Params[i], got.Params[i], 2e-5)
	}
	c.SameBits(t, got, dy)
}

func dotted(x, y []float64) (d float64) {
	for i, a := range x {
		d += a * y[i]
	}
	return d
}

func TestFoldErrors(t *testing.T) {
	b := func(dim int, sizes ...int) grad.Value { return grad.Const(set.New(dim, sizes...)) }
	p := func(rows, cols int) grad.Value { return b(cols, rows) }
	x := b(3, 2, 1)
	for _, c := range []struct {
		name, op string
		f        func(t *grad.Tape)
	}{
		{"sets", "layers.keyQueries", func(t *grad.Tape) { keyQueries(t, x, p(2, 3), 1) }},
		{"width", "layers.keyQueries", func(t *grad.Tape) { keyQueries(t, b(3, 2), p(2, 4), 1) }},
		{"heads", "layers.keyQueries", func(t *grad.Tape) { keyQueries(t, b(3, 2), p(2, 3), 2) }},
		{"no heads", "layers.keyQueries", func(t *grad.Tape) { keyQueries(t, b(3, 2), p(2, 3), 0) }},
		{"heads", "layers.headValues", func(t *grad.Tape) { headValues(t, x, p(3, 3), grad.Value{}, 2, set.Sizes(2, 1)) }},
		{"width", "layers.headValues", func(t *grad.Tape) { headValues(t, b(3, 2, 2), p(2, 4), grad.Value{}, 2, set.Sizes(2, 1)) }},
		{"sets", "layers.headValues", func(t *grad.Tape) { headValues(t, b(3, 2, 2), p(3, 4), grad.Value{}, 2, set.Sizes(2)) }},
		{"elements", "layers.headValues", func(t *grad.Tape) { headValues(t, b(3, 2, 4), p(3, 4), grad.Value{}, 2, set.Sizes(2, 1)) }},
		{"elements by head", "layers.headValues", func(t *grad.Tape) { headValues(t, b(3, 3, 3), p(3, 4), grad.Value{}, 2, set.Sizes(2, 1)) }},
		{"bias", "layers.headValues", func(t *grad.Tape) { headValues(t, b(3, 2, 2), p(3, 4), p(1, 3), 2, set.Sizes(2, 1)) }},
	} {
		var shape *set.ShapeError
		if assert.ErrorAs(t, set.Try(func() { c.f(nil) }), &shape, c.name) {
			assert.Equal(t, c.op, shape.Op, c.name)
		}
	}
}

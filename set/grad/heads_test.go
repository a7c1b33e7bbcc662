package grad_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

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
		(&check{
			name: c.name, in: []set.Batch{ragged(1, c.dim, c.queries)}, params: []*grad.Param{normal(2, c.in, c.dim)},
			op: func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value {
				return t.KeyQueries(in[0], p[0], c.heads)
			},
			twin: func(x []sets) sets {
				q, w := x[0], x[1]
				y := zeros(set.Offsets{0, c.wantElements}, c.in)
				width := c.dim / c.heads
				for h := range c.heads {
					for i := range c.queries {
						for a := range c.in {
							y.row(h*c.queries + i)[a] = dot(q.row(i)[h*width:(h+1)*width], w.row(a)[h*width:(h+1)*width])
						}
					}
				}
				return y
			},
		}).run(t)
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
		params := []*grad.Param{normal(2, c.in, c.dim)}
		if c.bias {
			params = append(params, normal(3, 1, c.dim))
		}
		(&check{
			name: c.name, in: []set.Batch{ragged(1, c.in, sizes...)}, params: params,
			op: func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value {
				var bias *grad.Param
				if c.bias {
					bias = p[1]
				}
				return t.HeadValues(in[0], p[0], bias, c.heads, keys)
			},
			twin: func(x []sets) sets {
				off := make(set.Offsets, len(sizes)+1)
				for s := range off {
					off[s] = s * c.queries
				}
				y, width := zeros(off, c.dim), c.dim/c.heads
				for s := range sizes {
					for i := range c.queries {
						for j := range c.dim {
							met := x[0].row(x[0].off[s] + j/width*c.queries + i)
							out := &y.row(off[s] + i)[j]
							for a, b := range met {
								*out += b * x[1].row(a)[j]
							}
							if c.bias && c.sets[s] > 0 {
								*out += x[2].v[j]
							}
						}
					}
				}
				return y
			},
		}).run(t)
	}
}

// Queries that meet the elements themselves gather what they would gather
// from keys and values.
func TestHeadsAreAttention(t *testing.T) {
	x, seeds := usual(1, 3), ragged(2, 6, 2)
	wk, wv, bv := normal(3, 3, 6), normal(4, 3, 6), normal(5, 1, 6)
	const heads = 3
	straight := func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value {
		return t.Attend(in[1], t.Affine(in[0], p[0], nil), t.Affine(in[0], p[1], p[2]), grad.Attention{Heads: heads, Scale: 0.7})
	}
	short := func(t *grad.Tape, in []grad.Value, p []*grad.Param) grad.Value {
		met := t.Attend(t.KeyQueries(in[1], p[0], heads), in[0], in[0], grad.Attention{Scale: 0.7})
		return t.HeadValues(met, p[1], p[2], heads, in[0].Offsets)
	}
	dy := ragged(6, 6, 2, 2, 2, 2, 2).Values
	c := check{in: []set.Batch{x, seeds}, params: []*grad.Param{wk, wv, bv}, op: straight}
	want := c.on(grad.NewTape(nil), c.in, dy)
	c.op = short
	got := c.on(grad.NewTape(nil), c.in, dy)
	assert.Equal(t, want.y.Offsets, got.y.Offsets)
	assert.InDeltaSlice(t, want.y.Values, got.y.Values, 1e-5)
	for i := range want.in {
		assert.InDeltaSlice(t, want.in[i], got.in[i], 2e-5)
	}
	for i := range want.params {
		assert.InDeltaSlice(t, want.params[i], got.params[i], 2e-5)
	}
	c.sameBits(t, got, dy)
}
